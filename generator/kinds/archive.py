"""The archive: an index of years, and the list of each."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from generator.hooks import Site, hookimpl
from generator.kinds.frame import Frame, frame_of, list_page, page, path_of, shelves, text, text_above
from generator.kinds.listing import NOTHING, listing_view
from generator.model.job import Listed, Output, View
from generator.model.page import Group, Listing
from generator.text.addresses import language_root

MANY = 200
"""Articles that fit on the first page of the archive, all years together; of more, each year shows its newest."""

SHOWN = 5


@hookimpl
def clarion_views() -> Mapping[str, Any]:
    return {"group": Group}


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    for shelf in shelves(site):
        if not shelf.years:
            continue
        language = shelf.language
        frame = frame_of(site, language)
        root = f"{language_root(language, site.config)}archive/"
        above = text_above(site, language, "pages/archive")
        title = above.title or text(site, "archive", language)
        years = sorted(shelf.years, reverse=True)
        groups = tuple(Group(year, f"{root}{year}/", shelf.years[year]) for year in years)
        shown = SHOWN if len(shelf.articles) > MANY else MANY
        inputs = {
            "page": page(frame, "archive", title, root),
            "groups": tuple(
                View("group", (group.title, group.url, group.cards[:shown], len(group.cards))) for group in groups
            ),
            "text": above.body,
        }
        yield list_page("archive", language, root, above, inputs)
        for number, group in enumerate(groups):
            newer = groups[number - 1].url if number else ""
            older = groups[number + 1].url if number + 1 < len(groups) else ""
            listing = Listing(group.title, group.cards, number=0, newer=newer, older=older)
            yield Output(
                path=path_of(group.url),
                kind="year",
                language=language,
                template="list.html",
                inputs=partial(_year, frame, group, listing),
                listed=Listed(group.url),
            )


def _year(frame: Frame, group: Group, listing: Listing) -> dict[str, Any]:
    return {
        "page": page(frame, "year", group.title, group.url),
        "listing": listing_view(group.title, NOTHING, listing),
        "feed": "",
    }
