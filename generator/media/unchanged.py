"""The bytes of a file of the site, if they are still those that the build found."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.engine.digest import digest_bytes
from generator.engine.refusal import Refused
from generator.model.problem import Problem


def read_unchanged(inputs: Mapping[str, Any]) -> bytes:
    """The bytes of the `file` below `root` whose `digest` the inputs of a job name. Raises: Refused with CL690."""
    root: Path = inputs["root"]
    file: str = inputs["file"]
    content = (root / file).read_bytes()
    if digest_bytes(content) != inputs["digest"]:
        message, hint = f"{file} changed while the site was built", "Build again when nothing changes the folder."
        raise Refused(Problem("error", "CL690", message, file, hint=hint))
    return content
