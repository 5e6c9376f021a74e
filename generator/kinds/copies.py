"""Files that go out as they are: those a document names, and the site's own `static/`."""

from collections.abc import Iterable, Mapping
from typing import Any

from generator.engine.refusal import Refused
from generator.hooks import Producer, Site, hookimpl
from generator.markup.redaction import may_redact_bytes, misplaced
from generator.media.unchanged import read_unchanged
from generator.model.job import Output


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    language = site.config.site.language
    for order in site.library.copies:
        yield Output(
            path=order.path,
            kind="copy",
            language=language,
            producer="copy",
            inputs={"file": order.source.path, "digest": order.source.digest},
            source=order.source.path,
            round=0,
        )
    for name, static in site.theme.static.items():
        # Fonts of share images are for drawing: readers get pictures.
        if static.of_site and not name.endswith(".jinja") and name not in site.config.share.fonts:
            yield Output(
                path=name,
                kind="copy",
                language=language,
                producer="copy",
                inputs={"file": static.path, "digest": static.digest},
                source=static.path,
                round=0,
            )


@hookimpl
def clarion_producers() -> Mapping[str, Producer]:
    return {"copy": _copy}


def _copy(inputs: Mapping[str, Any]) -> bytes:
    content = read_unchanged(inputs)
    if may_redact_bytes(content):
        for problem in misplaced(content.decode("utf-8", "replace"), inputs["file"]):
            raise Refused(problem)
    return content
