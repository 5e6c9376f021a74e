"""Aliases: a page at each old address, and `_redirects` for hosts that read it."""

from collections.abc import Iterable

from generator.hooks import Site, hookimpl
from generator.kinds.frame import page
from generator.model.job import Output
from generator.model.page import Link
from generator.text.addresses import base_path, encoded, old_address, output_path


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    redirects: list[Link] = []
    base = base_path(site.config.site.base_url).rstrip("/")
    for document in site.library.documents.values():
        entry = document.entry
        card = entry.card
        for url in dict.fromkeys(old_address(alias) for alias in entry.matter.aliases):
            # Some hosts show this file to anybody: it does not tell of what is found by its address only.
            if card.status != "unlisted":
                redirects.append(Link(base + encoded(url), base + encoded(card.url)))
            if not output_path(url).endswith(".html"):
                continue
            yield Output(
                path=output_path(url),
                kind="redirect",
                language=card.language,
                template="redirect.html",
                inputs={
                    "page": page(site, "redirect", card.title, url, card.language, robots="noindex"),
                    "target": card.url,
                },
                source=entry.path,
            )
    if redirects:
        yield Output(
            path="_redirects",
            kind="redirects",
            language=site.config.site.language,
            template="redirects.txt",
            inputs={"redirects": tuple(sorted(redirects, key=lambda link: link.text))},
        )
