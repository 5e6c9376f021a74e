"""Pictures and recordings that go out as they are tell of nobody: those of `static/`, of themes, and copies."""

from msgspec import structs

from generator.hooks import hookimpl
from generator.media.carried import carried_by
from generator.media.metadata import personal
from generator.model.job import Artifact, Job
from generator.model.problem import Problem

_AS_THEY_ARE = frozenset({"asset", "copy"})


@hookimpl
def clarion_finish(artifact: Artifact, job: Job) -> Artifact:
    """The artifact, with an error where it carries a place, a name, a device, or can run (CL611)."""
    if job.kind not in _AS_THEY_ARE:
        return artifact
    told = personal(carried_by(artifact.content, artifact.path))
    if not told:
        return artifact
    hint = "Beside an article, pictures and recordings are made anew without it; put it there, or save it without."
    message = f"{job.source} would go out as it is, with its {', '.join(told)}"
    problem = Problem("error", "CL611", message, job.source, hint=hint)
    return structs.replace(artifact, problems=(*artifact.problems, problem))
