"""The archive: an index of years, and the list of each."""

from collections.abc import Iterable

from generator.hooks import Site, hookimpl
from generator.kinds.frame import page, path_of, shelves, text, text_above
from generator.model.body import Body
from generator.model.job import Output
from generator.model.page import Group, Listing
from generator.text.addresses import language_root


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    for shelf in shelves(site):
        if not shelf.years:
            continue
        language = shelf.language
        root = f"{language_root(language, site.config)}archive/"
        above = text_above(site, language, "pages/archive")
        title = above.title or text(site, "archive", language)
        years = sorted(shelf.years, reverse=True)
        groups = tuple(Group(year, f"{root}{year}/", shelf.years[year]) for year in years)
        yield Output(
            path=path_of(root),
            kind="archive",
            language=language,
            template="archive.html",
            inputs={
                "page": page(site, "archive", title, root, language),
                "groups": groups,
                "text": above.body,
            },
            source=above.source,
        )
        for number, group in enumerate(groups):
            newer = groups[number - 1].url if number else ""
            older = groups[number + 1].url if number + 1 < len(groups) else ""
            yield Output(
                path=path_of(group.url),
                kind="year",
                language=language,
                template="list.html",
                inputs={
                    "page": page(site, "year", group.title, group.url, language),
                    "listing": Listing(group.title, group.cards, Body(), 0, newer, older),
                    "feed": "",
                },
            )
