"""Aliases: a page at each old address, and `_redirects` for hosts that read it."""

from collections.abc import Iterable

from generator.hooks import Site, hookimpl
from generator.kinds.frame import Frame, frame_of, page
from generator.model.job import Output
from generator.model.page import Link
from generator.text.addresses import base_path, encoded, old_address, output_path


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    redirects: list[Link] = []
    base = base_path(site.config.site.base_url).rstrip("/")
    frames: dict[str, Frame] = {}
    for entry in site.library.entries.values():
        card = entry.card
        for url in dict.fromkeys(old_address(alias) for alias in entry.matter.aliases):
            # Some hosts show this file to anybody: it does not tell of what is found by its address only.
            if card.status != "unlisted":
                redirects.append(Link(base + encoded(url), base + encoded(card.url)))
            if not output_path(url).endswith(".html"):
                continue
            frame = frames.get(card.language) or frames.setdefault(card.language, frame_of(site, card.language))
            yield Output(
                path=output_path(url),
                kind="redirect",
                language=card.language,
                template="redirect.html",
                inputs={
                    "page": page(frame, "redirect", card.title, url, robots="noindex"),
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
