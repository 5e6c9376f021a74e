"""Sound recordings and videos, packed anew."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from generator.engine.refusal import Refused
from generator.hooks import Producer, Site, hookimpl
from generator.media.recordings import Unreadable, packer_version, repack
from generator.media.unchanged import read_unchanged
from generator.model.job import Output
from generator.model.problem import Problem


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    for order in site.library.recordings:
        yield Output(
            path=order.path,
            kind="recording",
            language=site.config.site.language,
            producer="recording",
            inputs={"file": order.source.path, "digest": order.source.digest, "packer": packer_version()},
            source=order.source.path,
            round=0,
        )


@hookimpl
def clarion_producers() -> Mapping[str, Producer]:
    return {"recording": _recording}


def _recording(inputs: Mapping[str, Any]) -> bytes:
    file: str = inputs["file"]
    content = read_unchanged(inputs)
    try:
        return repack(content, PurePosixPath(file).suffix.lower())
    except Unreadable as problem:
        hint = "Save it once more: a video as MP4 (H.264) or WebM, sound as MP3, M4A or Opus."
        message = f"this recording is not published: {problem}"
        raise Refused(Problem("error", "CL617", message, file, hint=hint)) from problem
