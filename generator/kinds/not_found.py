"""The page shown for an address that does not exist."""

from collections.abc import Iterable

from generator.hooks import Site, hookimpl
from generator.kinds.frame import frame_of, page, text
from generator.model.job import Output


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    language = site.config.site.language
    title = text(site, "not_found", language)
    yield Output(
        path="404.html",
        kind="not-found",
        language=language,
        template="not_found.html",
        inputs={"page": page(frame_of(site, language), "not-found", title, "/404.html", robots="noindex")},
    )
