"""Every picture and every recording that goes out is opened once more: it tells of nobody."""

from msgspec import structs

from generator.hooks import hookimpl
from generator.media.carried import carried_by
from generator.media.metadata import find_metadata, personal
from generator.media.notices import notice
from generator.media.pictures import PICTURE_SUFFIXES
from generator.media.recordings import RECORDING_SUFFIXES
from generator.model.job import Artifact, Job
from generator.model.problem import Problem

_AS_THEY_ARE = frozenset({"asset", "copy"})
_SUFFIXES = (*PICTURE_SUFFIXES, *RECORDING_SUFFIXES, ".ico")


@hookimpl
def clarion_finish(artifact: Artifact, job: Job) -> Artifact:
    """The artifact, with an error where it carries a place, a name, a device, or can run (CL611).

    What was made anew may carry its declared notice and nothing else, whoever changed it on the way. What goes out as
    it is may be built as it likes.
    """
    if job.kind not in _AS_THEY_ARE and not artifact.path.endswith(_SUFFIXES):
        return artifact
    if job.kind == "picture" and not artifact.path.endswith(".svg"):
        order = job.inputs["order"]
        told = find_metadata(artifact.content, notice(order.credit, order.licence))
    else:
        told = personal(carried_by(artifact.content, artifact.path))
    if not told:
        return artifact
    hint = "Beside an article, pictures and recordings are made anew without it; put it there, or save it without."
    message = f"{job.source or artifact.path} would go out as it is, with its {', '.join(told)}"
    problem = Problem("error", "CL611", message, job.source, hint=hint)
    return structs.replace(artifact, problems=(*artifact.problems, problem))
