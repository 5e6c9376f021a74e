"""The pipeline: from a folder to a site, one stage after the other."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pluggy
from msgspec import Struct, structs

from generator.config import Config, load_config
from generator.engine.artifacts import ArtifactStore
from generator.engine.digest import digest_value
from generator.engine.executors import Serial
from generator.engine.ledger import load_ledger
from generator.engine.lock import build_lock
from generator.engine.refusal import Refused
from generator.hooks import Site
from generator.model.document import Card, Document
from generator.model.job import Artifact
from generator.model.library import Library, Parsed
from generator.model.page import Asset
from generator.model.problem import Problem, in_order
from generator.model.report import Report
from generator.plugins import plugin_manager
from generator.source.suggest import did_you_mean
from generator.stages.find import find
from generator.stages.gather import EXPIRED, SCHEDULED, Choice, gather, left_out_because
from generator.stages.parse_all import parse_all
from generator.stages.plan import ABSENT, Plan, known_facts, make_jobs, plan, versions
from generator.stages.render import asset_of, render, workshop
from generator.stages.write import check_output_folder, write
from generator.theme import LINKS, Theme, load_theme

Clock = Callable[[], float]
Progress = Callable[[str, int, int], None]
STATE = ".clarion"
OUTPUT = "output"
_WITHOUT = "Name a file or a folder in content/, such as content/posts/river.md."
_SOURCES = ("content", "plugins", "themes", *LINKS)


class Row(Struct, frozen=True):
    """A document as `clarion list` tells of it; `until` is the UTC second of its next change of state."""

    path: str
    state: str
    card: Card
    until: int | None = None


class Survey(Struct, frozen=True):
    """All documents of a site, published or not, newest first, and what is wrong with them."""

    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()


def build(
    root: Path,
    *,
    now: int,
    clock: Clock,
    overrides: Sequence[str] = (),
    output: Path | None = None,
    state: Path | None = None,
    drafts: bool = False,
    future: bool = False,
    without: Sequence[str] = (),
    strict: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Builds the site in `root` as of `now` (UTC seconds) and tells what became of it.

    Nothing is written while an error stands (with `strict`, a warning). `clock` is a monotonic one; it serves the
    timings and nothing else. `progress(stage, done, all)` is called now and then.

    `state` is the folder for what is kept from build to build (`.clarion/` of the site). What shows drafts or
    scheduled texts keeps nothing unless it names a folder: they must not stay behind there.
    """
    say = progress or _silent
    target = output or root / OUTPUT
    timings = _Timings(clock)
    choice = Choice(now, drafts, future, tuple(without))
    try:
        _refuse_sources(root, target)
        check_output_folder(target)
        with _state(root, state, keeps=not (drafts or future)) as folder, build_lock(folder):
            return _build(root, target, folder, tuple(overrides), choice, strict, say, timings)
    except Refused as refusal:
        return Report(ok=False, problems=(refusal.problem,), output=str(target), timings=timings.seconds)


def _unknown_paths(parsed: Parsed, without: tuple[str, ...]) -> list[Problem]:
    """What `--without` names and is not there: a mistyped path would publish what was to be left out."""
    known = {document.entry.path for document in parsed.documents} | {problem.path for problem in parsed.problems}
    folders = {path[:end] for path in known for end in range(len(path)) if path[end] == "/"}
    absent = [path for path in without if path.rstrip("/") not in known | folders]
    return [
        Problem("error", "CL712", f"there is no text {path} to leave out", hint=did_you_mean(path, known) or _WITHOUT)
        for path in absent
    ]


def _checked(site: Site, manager: pluggy.PluginManager) -> Iterator[Problem]:
    for checks in manager.hook.clarion_checks():
        for check in checks:
            yield from check.run(site)


def _at_other_times(
    parsed: Parsed, config: Config, theme: Theme, choice: Choice, now: Plan, manager: pluggy.PluginManager
) -> tuple[tuple[Problem, ...], frozenset[str]]:
    """The errors that texts to come will bring, and the outputs this site has at some time and not now.

    So time never turns a green build red: what would be wrong on a later day is an error today, and a link to what
    comes and goes is a link or its text, never an error.
    """
    library = gather(parsed, config, structs.replace(choice, ever=True))
    site = Site(library, config, theme)
    the_plan = plan(site, manager)
    over = {
        document.entry.path for document in parsed.documents if left_out_because(document.entry, choice)[0] == EXPIRED
    }
    errors = tuple(
        problem
        for problem in (*library.problems, *the_plan.problems, *_checked(site, manager))
        if problem.severity == "error" and problem.path not in over
    )
    return errors, frozenset(_paths(the_plan) - _paths(now))


def _paths(the_plan: Plan) -> set[str]:
    return {output.path for outputs in the_plan.rounds for output in outputs}


def _new(problems: Iterable[Problem], known: Iterable[Problem]) -> Iterator[Problem]:
    """The problems that say nothing `known` says already of the same place."""
    told = {(problem.code, problem.path, problem.line, problem.column) for problem in known}
    return (each for each in problems if (each.code, each.path, each.line, each.column) not in told)


def _refuse_sources(root: Path, target: Path) -> None:
    """What is made of a site does not go where the site is made from: the next build would take it for a source."""
    for name in _SOURCES:
        if target.resolve().is_relative_to((root / name).resolve()):
            message = f"{name}/ holds what the site is made from"
            hint = "Name another folder with --output."
            raise Refused(Problem("error", "CL751", message, target.name, hint=hint))


@contextmanager
def _state(root: Path, given: Path | None, *, keeps: bool) -> Iterator[Path]:
    if given is not None or keeps:
        yield given or root / STATE
        return
    with TemporaryDirectory(prefix="clarion-") as folder:
        yield Path(folder) / STATE


def _build(
    root: Path,
    target: Path,
    state: Path,
    overrides: tuple[str, ...],
    choice: Choice,
    strict: bool,
    say: Progress,
    timings: "_Timings",
) -> Report:
    config, problems = load_config(root, overrides)
    if config is None:
        return Report(ok=False, problems=in_order(problems), output=str(target), timings=timings.seconds)
    theme, theme_problems = load_theme(root, config)
    timings.mark("settings")
    found = find(root)
    timings.mark("find")
    say("parse", 0, len(found.files))
    parsed = parse_all(root, found.files, config, theme.declarations, say)
    timings.mark("parse")
    unknown = _unknown_paths(parsed, choice.without)
    if unknown:
        return Report(ok=False, problems=in_order(unknown), output=str(target), timings=timings.seconds)
    library = gather(parsed, config, choice)
    timings.mark("gather")
    manager = plugin_manager()
    site = Site(library, config, theme)
    if any(problem.severity == "error" for problem in theme_problems):
        known = (*problems, *theme_problems, *found.problems, *library.problems, *_checked(site, manager))
        return _refused(_heeded(known, config, parsed.documents), library, target, choice, timings)
    the_plan = plan(site, manager)
    to_come: tuple[Problem, ...] = ()
    lacks = any(problem.code == ABSENT for problem in the_plan.problems)
    reasons = {out.reason for out in library.left_out}
    if SCHEDULED in reasons or (lacks and EXPIRED in reasons):
        to_come, absent = _at_other_times(parsed, config, theme, choice, the_plan, manager)
        if lacks and absent:
            site = Site(gather(parsed, config, structs.replace(choice, absent=absent)), config, theme)
            library, the_plan = site.library, plan(site, manager)
    found_now = (*library.problems, *the_plan.problems, *_checked(site, manager))
    everything = (*problems, *theme_problems, *found.problems, *found_now, *_new(to_come, found_now))
    timings.mark("plan")
    heeded = _heeded(everything, config, parsed.documents)
    if _stands(heeded, strict):
        return _refused(heeded, library, target, choice, timings)

    store = ArtifactStore(state)
    shop = workshop(
        theme,
        manager,
        base_url=config.site.base_url,
        links=config.urls.links,
        zone=config.site.timezone,
        precision=config.content.date_precision,
        root=root,
        store=store.get,
    )
    facts = known_facts(manager)
    assets: dict[str, Asset] = {}
    memory: dict[tuple[str, str], tuple[str, Any]] = {}
    artifacts: list[Artifact] = []
    total = sum(len(each) for each in the_plan.rounds)
    for outputs in the_plan.rounds:
        jobs, values = make_jobs(outputs, the_plan, site, facts, assets, memory)
        made = Serial().run(partial(render, facts=values, shop=shop), jobs)
        for job, artifact in zip(jobs, made, strict=True):
            artifacts.append(artifact)
            if job.output.kind == "asset":
                assets[job.output.inputs["name"]] = asset_of(artifact)
        say("render", len(artifacts), total)
    timings.mark("render")
    everything = (*everything, *(problem for artifact in artifacts for problem in artifact.problems))
    heeded = _heeded(everything, config, parsed.documents)
    if _stands(heeded, strict):
        return _refused(heeded, library, target, choice, timings)

    fingerprint = digest_value(
        (found.files, theme.digest, config, versions(), choice.drafts, choice.future, choice.without)
    )
    ledger = load_ledger(state, target)
    written = write(
        artifacts,
        output=target,
        state=state,
        previous=ledger,
        found=fingerprint,
        next_change=library.next_change,
    )
    store.prune()
    timings.mark("write")
    return Report(
        ok=True,
        problems=in_order(_heeded((*everything, *written.problems), config, parsed.documents)),
        written=written.written,
        unchanged=written.unchanged,
        removed=written.removed,
        adopted=written.adopted,
        left_out=library.left_out,
        next_change=library.next_change,
        articles=sum(1 for document in library.documents.values() if document.entry.type == "article"),
        pages=sum(1 for artifact in artifacts if artifact.path.endswith(".html")),
        output=str(target),
        without=choice.without,
        timings=timings.seconds,
    )


def survey(root: Path, *, now: int, overrides: Sequence[str] = ()) -> Survey:
    """The state of every document at `now`, without building anything."""
    config, problems = load_config(root, overrides)
    if config is None:
        return Survey(problems=in_order(problems))
    theme, theme_problems = load_theme(root, config)
    found = find(root)
    parsed = parse_all(root, found.files, config, theme.declarations, _silent)
    rows = []
    for document in parsed.documents:
        entry = document.entry
        if entry.type == "text":
            continue
        reason, until = left_out_because(entry, Choice(now))
        later = entry.ends if not reason and entry.ends is not None and entry.ends > now else until
        rows.append(Row(entry.path, reason or entry.card.status, entry.card, later))
    rows.sort(key=lambda row: row.path)
    rows.sort(key=lambda row: row.card.date.day.toordinal() if row.card.date else 0, reverse=True)
    return Survey(
        tuple(rows),
        in_order(_heeded((*problems, *theme_problems, *found.problems, *parsed.problems), config, parsed.documents)),
    )


def _heeded(problems: Sequence[Problem], config: Config, documents: Iterable[Document]) -> tuple[Problem, ...]:
    """The problems without those an author has answered, in `[[ignore]]` or in an article; errors cannot be."""
    answered = {document.entry.path: document.entry.matter.ignore for document in documents}
    return tuple(
        problem
        for problem in problems
        if problem.severity == "error"
        or not (
            problem.code in answered.get(problem.path, ())
            or any(rule.code == problem.code and _matches(problem.path, rule.path) for rule in config.ignore)
        )
    )


def _matches(path: str, pattern: str) -> bool:
    return not pattern or Path(path).match(pattern)


def _stands(problems: Sequence[Problem], strict: bool) -> bool:
    return any(problem.severity == "error" or (strict and problem.severity == "warning") for problem in problems)


def _refused(
    problems: Sequence[Problem], library: Library, target: Path, choice: Choice, timings: "_Timings"
) -> Report:
    return Report(
        ok=False,
        problems=in_order(problems),
        left_out=library.left_out,
        next_change=library.next_change,
        output=str(target),
        without=choice.without,
        timings=timings.seconds,
    )


def _silent(stage: str, done: int, everything: int) -> None:
    """Progress nobody looks at."""


class _Timings:
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
