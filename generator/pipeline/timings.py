"""How long a build takes: by stage, text and output."""

from collections.abc import Callable

from generator.model.job import Artifact, Job
from generator.model.report import Profile, Took
from generator.theme import Theme

Clock = Callable[[], float]


class Timings:
    """Seconds by stage, from a monotonic clock that is passed in."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.last = clock()
        self.seconds: dict[str, float] = {}

    def mark(self, stage: str) -> None:
        """The time since the last mark belongs to `stage`."""
        moment = self.clock()
        self.seconds[stage] = moment - self.last
        self.last = moment


class Measured:
    """How long each text and each output took in one build."""

    def __init__(self) -> None:
        self._texts: list[Took] = []
        self._outputs: list[Took] = []
        self._templates: dict[str, list[float]] = {}

    def text(self, path: str, seconds: float) -> None:
        """A text that was parsed."""
        self._texts.append(Took(path, seconds))

    def output(self, job: Job, artifact: Artifact, theme: Theme) -> None:
        """An output that was made."""
        self._outputs.append(Took(artifact.path, artifact.seconds, of=job.kind))
        if job.template in theme.templates:
            self._templates.setdefault(theme.templates[job.template].path, []).append(artifact.seconds)

    def profile(self) -> Profile:
        """All of it."""
        templates = (Took(path, sum(seconds), len(seconds)) for path, seconds in self._templates.items())
        return Profile(tuple(self._texts), tuple(self._outputs), tuple(templates))
