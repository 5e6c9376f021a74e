"""The page of a series (`/series/SLUG/`)."""

from collections.abc import Iterable

from generator.hooks import Site, hookimpl
from generator.kinds.frame import frame_of, page, path_of, shelves
from generator.model.job import Listed, Output, View


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    for shelf in shelves(site):
        for series in shelf.series:
            yield Output(
                path=path_of(series.url),
                kind="series",
                language=shelf.language,
                template="series.html",
                inputs={
                    "page": page(frame_of(site, shelf.language), "series", series.name, series.url),
                    "series": View("series_place", (series.name, series.url, series.cards, -1)),
                },
                listed=Listed(series.url),
            )
