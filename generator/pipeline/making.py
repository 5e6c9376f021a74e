"""What is planned is made, as far as it is not there yet."""

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from msgspec import structs

from generator.engine.cache import Cache, MemoryCache
from generator.hooks import Site
from generator.media.pictures import picture_key
from generator.model.job import Artifact, Cause, Job, Ledger, LedgerLine, Output, Stat, Weight
from generator.pipeline.order import BuildOrder, silent
from generator.pipeline.sources import Sources, parsing_of
from generator.plugins import plugin_manager, versions_with
from generator.stages.budget import is_set
from generator.stages.jobs import Maker
from generator.stages.parse_all import parse_all, with_sections
from generator.stages.plan import Plan, known_facts
from generator.stages.reasons import Reasons
from generator.stages.redactions import Search, Sweep
from generator.stages.render import asset_of
from generator.stages.render_all import Foreman, Order, render_all, render_assets
from generator.stages.write import Standing

_Names = tuple[tuple[str, ...], bytes]
_TOLD_EVERY = 50
_ENOUGH_PAGES = 300
_ENOUGH_PICTURES = 4
_ENOUGH_FOR_SWIFT = 150
"""Less work than this is done sooner than a process is started."""


def maker_of(site: Site, the_plan: Plan) -> Maker:
    """Who makes jobs of what is planned."""
    texts = {entry.path: entry.body_digest for entry in site.library.shown}
    facts, made_by = known_facts(plugin_manager(site.plugins)), versions_with(site.plugins)
    return Maker(site, facts, the_plan.readings, the_plan.keys, made_by, texts)


def foreman_of(
    site: Site, maker: Maker, cache: Cache, aside: Path | None, sources: Sources, order: BuildOrder
) -> Foreman:
    """Who draws what is planned. Without a folder `aside` every artifact has its bytes, and no disk sees them."""

    def text(path: str) -> bytes:
        found = cache.text(path)
        if found is not None:
            return found
        # What was kept is damaged: it is made anew from its file.
        files = with_sections(sources.found.files, lambda file: file.path == path)
        again = MemoryCache()
        parse_all(files, parsing_of(sources, again, order), silent)
        return again.text(path) or b""

    where = (order.root, order.state, f"{aside}/" if aside else "")
    timed, weighed = order.measured is not None, is_set(sources.config.budget)
    return Foreman(
        site.theme, maker.setup, maker.values, text, *where, plugins=site.plugins, timed=timed, weighed=weighed
    )


class Made:
    """What became of each output so far: artifacts in the order of their jobs, and the lines of the new ledger."""

    def __init__(
        self,
        before: Ledger,
        standing: Standing,
        why: Reasons | None = None,
        names: Sequence[_Names] = (),
        *,
        weighs: bool = False,
    ) -> None:
        self.before = before
        self.why = why
        self.standing = standing
        self.artifacts: list[Artifact] = []
        self.lines: dict[str, LedgerLine] = {}
        self.reasons: dict[str, tuple[str, ...]] = {}
        self.pictures: list[str] = []
        self.weighs = weighs
        self.weights: dict[str, Weight] = {}
        self.names: dict[_Names, int] = {each: number for number, each in enumerate(names)}
        self._planned = {line.planned or path: path for path, line in before.outputs.items()}

    def is_there(self, job: Job, cause: Cause) -> bool:
        """Whether the output folder holds what this job would make; its artifact is then noted."""
        path = self._planned.get(job.path, "")
        line = self.before.outputs.get(path)
        if line is None or line.key != job.key or self.standing.digests.get(path) != line.digest:
            return False
        weight = self.before.weights.get(path)
        if self.weighs and weight is None:
            return False
        self.note(job, cause, Artifact(path, job.key, line.digest, kept=True, problems=line.problems, weight=weight))
        return True

    def note(self, job: Job, cause: Cause, artifact: Artifact) -> None:
        """An artifact that is done."""
        number = self.names.setdefault((cause.names, cause.shared), len(self.names))
        planned = "" if artifact.path == job.path else job.path
        if self.weighs and artifact.weight is not None:
            self.weights[artifact.path] = artifact.weight
        self.artifacts.append(artifact)
        self.lines[artifact.path] = LedgerLine(
            job.key, artifact.digest, Stat(0, 0, 0), artifact.problems, planned, number, cause.digests
        )

    def pages(self) -> int:
        """How many pages there are so far."""
        return sum(1 for artifact in self.artifacts if artifact.path.endswith(".html"))

    def explain(self, job: Job, cause: Cause, artifact: Artifact) -> None:
        """Note why an artifact had to be made; of an asset, which is made in any case, only if it had to be."""
        if self.why is not None:
            path = self._planned.get(job.path, "")
            standing = self.standing.digests.get(path, "")
            reasons = self.why.of(job, cause, self.before.outputs.get(path), standing)
            if reasons:
                self.reasons[artifact.path] = reasons


def render_rounds(
    the_plan: Plan, maker: Maker, made: Made, foreman: Foreman, order: BuildOrder, search: Search
) -> None:
    """Every round in turn: what is not there yet is made, by whom it pays, and looked through for what is redacted.

    A sweep is shown all of it, and what is there; then no bytes are kept.
    """
    sweep = search if isinstance(search, Sweep) else None
    total = sum(len(outputs) for outputs in the_plan.rounds)
    for number, outputs in enumerate(the_plan.rounds):
        often = _often(outputs, the_plan)
        for kind in ("asset", "producer", "template"):
            staging = f"{foreman.staging}{number}-{kind}-" if foreman.staging else ""
            at_work = structs.replace(foreman, staging=staging, often=often)
            todo = [output for output in outputs if way_of(output) == kind]
            waiting: deque[tuple[Job, Cause]] = deque()
            orders = _orders(todo, maker, made, waiting, sweep, order.target)
            if kind == "asset":
                artifacts = render_assets(orders, at_work)
            elif kind == "producer":
                # Pictures are made before all else.
                enough = _ENOUGH_PAGES if number else _ENOUGH_PICTURES
                artifacts = render_all(orders, at_work, order.workforce.here(len(todo), enough))
            else:
                artifacts = render_all(orders, at_work, order.workforce.anywhere(len(todo), _ENOUGH_PAGES))
            for artifact in artifacts:
                job, cause = waiting.popleft()
                if search.concerns(job):
                    found = search.found(job, artifact.path, _bytes_of(artifact, Path(foreman.staging), order.target))
                    artifact = structs.replace(artifact, problems=(*artifact.problems, *found))
                if sweep:
                    sweep.look(job, artifact.path, partial(_bytes_of, artifact, Path(), order.target))
                    artifact = artifact if kind == "asset" else structs.replace(artifact, content=b"")
                made.note(job, cause, artifact)
                made.explain(job, cause, artifact)
                if order.measured:
                    order.measured.output(job, artifact, foreman.theme)
                if kind == "asset":
                    maker.assets[job.inputs["name"]] = asset_of(artifact)
                if len(made.artifacts) % _TOLD_EVERY == 0:
                    order.say("render", len(made.artifacts), total)
        order.say("render", len(made.artifacts), total)


def _often(outputs: Sequence[Output], the_plan: Plan) -> tuple[str, ...]:
    """The templates to compile for speed: where there are many outputs, those of pages, which share a layout.

    A feed has nothing in common with pages: what it includes is compiled for the JSON feed in any case, and where it is
    drawn a few times, taking that in takes longer than it saves. What includes nothing, as the sitemap, may be long.
    """
    if len(outputs) < _ENOUGH_FOR_SWIFT:
        return ()
    drawn = Counter(output.template for output in outputs)
    read = {output.template: the_plan.readings[the_plan.keys[output.path]] for output in outputs if output.template}
    return tuple(
        name
        for name, reading in read.items()
        if name.endswith(".html")
        or (name.endswith(".xml") and (len(reading.templates) == 1 or drawn[name] >= _ENOUGH_FOR_SWIFT // 3))
    )


def _bytes_of(artifact: Artifact, aside: Path, target: Path) -> bytes:
    """The bytes of an artifact: at hand, in the staging folder, or in the output folder where they stood before."""
    if artifact.file:
        return (aside / artifact.file).read_bytes()
    return (target / artifact.path).read_bytes() if artifact.kept else artifact.content


def way_of(output: Output) -> str:
    """How an output is made: as an asset, by a producer, or from a template."""
    if output.kind == "asset":
        return "asset"
    return "producer" if output.producer else "template"


def _orders(
    outputs: Sequence[Output],
    maker: Maker,
    made: Made,
    waiting: deque[tuple[Job, Cause]],
    sweep: Sweep | None,
    target: Path,
) -> Iterator[Order]:
    """The jobs that have to be done; who waits for them stands in `waiting`, and a sweep is shown the others."""
    for job, cause in maker.jobs(outputs):
        if job.kind == "picture":
            made.pictures.append(picture_key(job.inputs["order"]))
        elif job.kind == "share-image":
            made.pictures.append(job.inputs["keep"])
        # An asset is made in any case: who names it needs its address.
        if job.kind != "asset" and made.is_there(job, cause):
            if sweep:
                path = made.artifacts[-1].path
                sweep.look(job, path, (target / path).read_bytes)
            continue
        waiting.append((job, cause))
        yield Order(job, made.standing.digests.get(job.path, ""))
