"""Files that go out as they are: those a document names, and the site's own `static/`."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from generator.engine.digest import digest_bytes
from generator.engine.refusal import Refused
from generator.hooks import Producer, Site, hookimpl
from generator.media.metadata import personal, removed
from generator.model.job import Output
from generator.model.problem import Problem


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
    root: Path = inputs["root"]
    file: str = inputs["file"]
    content = (root / file).read_bytes()
    if digest_bytes(content) != inputs["digest"]:
        message, hint = f"{file} changed while the site was built", "Build again when nothing changes the folder."
        raise Refused(Problem("error", "CL690", message, file, hint=hint))
    told = personal(removed(content))
    if told:
        hint = "Pictures beside an article are rebuilt without it; save this one without it, or put it there."
        message = f"{file} would go out as it is, with its {', '.join(told)}"
        raise Refused(Problem("error", "CL611", message, file, hint=hint))
    return content
