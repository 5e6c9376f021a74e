"""Pictures, rebuilt from pixels."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from generator.engine.refusal import Refused
from generator.hooks import Producer, Site, hookimpl
from generator.media.encoding import encode_picture
from generator.model.job import Output
from generator.model.problem import Problem


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    for order in site.library.pictures:
        yield Output(
            path=order.path,
            kind="picture",
            language=site.config.site.language,
            producer="picture",
            inputs={"order": order},
            source=order.source.path,
            round=0,
        )


@hookimpl
def clarion_producers() -> Mapping[str, Producer]:
    return {"picture": _picture}


def _picture(inputs: Mapping[str, Any]) -> bytes:
    order = inputs["order"]
    root: Path = inputs["root"]
    made = encode_picture(root / order.source.path, order)
    if isinstance(made, Problem):
        raise Refused(made)
    return made
