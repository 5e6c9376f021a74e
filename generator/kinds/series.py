"""The page of a series (`/series/SLUG/`)."""

from collections.abc import Iterable

from generator.hooks import Site, hookimpl
from generator.kinds.frame import page, path_of, shelves
from generator.model.job import Output
from generator.model.page import SeriesPlace


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
                    "page": page(site, "series", series.name, series.url, shelf.language),
                    "series": SeriesPlace(series.name, series.url, series.cards, -1),
                },
            )
