"""The pipeline: from a folder to a site, one stage after the other."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pluggy
from msgspec import Struct, structs

from generator.config import Config, load_config
from generator.engine.artifacts import ArtifactStore
from generator.engine.cache import Cache, DiskCache, MemoryCache
from generator.engine.digest import digest_value
from generator.engine.executors import Executor
from generator.engine.index import Index, load_index, path_key, save_index, time_of
from generator.engine.ledger import load_ledger
from generator.engine.lock import build_lock
from generator.engine.refusal import Refused
from generator.engine.versions import versions
from generator.engine.workforce import Workforce
from generator.hooks import Site
from generator.media.pictures import picture_key
from generator.model.document import Card, Entry
from generator.model.job import Artifact, Cause, Job, Ledger, LedgerLine, Output, Stat, Summary
from generator.model.library import LeftOut, Library, Parsed
from generator.model.problem import Problem, in_order
from generator.model.report import Report
from generator.plugins import plugin_manager
from generator.source.suggest import did_you_mean
from generator.stages.find import Found, find
from generator.stages.gather import EXPIRED, SCHEDULED, Choice, gather, left_out_because
from generator.stages.jobs import Maker
from generator.stages.parse_all import Parsing, parse_all, parse_here
from generator.stages.plan import ABSENT, Plan, known_facts, plan
from generator.stages.render import asset_of
from generator.stages.render_all import Foreman, Order, render_all, render_assets
from generator.stages.write import Standing, check_output_folder, is_sound, look, prepared, write
from generator.theme import LINKS, Theme, load_theme

Clock = Callable[[], float]
Progress = Callable[[str, int, int], None]
STATE = ".clarion"
OUTPUT = "output"
_WITHOUT = "Name a file or a folder in content/, such as content/posts/river.md."
_SOURCES = ("content", "plugins", "themes", *LINKS)
_TOLD_EVERY = 50
_ENOUGH_TEXTS = 300
_ENOUGH_PAGES = 300
_ENOUGH_PICTURES = 4
"""Less work than this is done sooner than a process is started."""


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
    jobs: int = 0,
    executor: Executor | None = None,
    explain: bool = False,
    cache: Cache | None = None,
    wait: float = 0.0,
    progress: Progress | None = None,
) -> Report:
    """Builds the site in `root` as of `now` (UTC seconds) and tells what became of it.

    Nothing is written while an error stands (with `strict`, a warning). `clock` is a monotonic one; it serves the
    timings and nothing else. `progress(stage, done, all)` is called now and then.

    `state` is the folder for what is kept from build to build (`.clarion/` of the site). What shows drafts or
    scheduled texts keeps nothing unless it names a folder: they must not stay behind there. What parse makes of their
    texts is in `cache`, which is in memory then; who builds again and again gives one.

    `jobs` is the number of processes, 0 for as many as pay; `executor` takes what needs no file of this machine. With
    `explain` the report says of each output that was drawn why. A build that finds another one at work waits at most
    `wait` seconds for it.
    """
    target = output or root / OUTPUT
    timings = _Timings(clock)
    try:
        _refuse_sources(root, target)
        check_output_folder(target)
        with (
            _state(root, state, keeps=not (drafts or future)) as folder,
            build_lock(folder, wait),
            ExitStack() as stack,
        ):
            order = _Order(
                root=root,
                target=target,
                state=folder,
                overrides=tuple(overrides),
                choice=Choice(now, drafts, future, tuple(without)),
                strict=strict,
                explain=explain,
                say=progress or _silent,
                timings=timings,
                workforce=Workforce(stack, jobs, executor),
                cache=cache,
            )
            return _build(order)
    except Refused as refusal:
        return Report(ok=False, problems=(refusal.problem,), output=str(target), timings=timings.seconds)


class _Order(Struct, frozen=True):
    """What is asked of one build, and what it is done with."""

    root: Path
    target: Path
    state: Path
    overrides: tuple[str, ...]
    choice: Choice
    strict: bool
    explain: bool
    say: Progress
    timings: "_Timings"
    workforce: Workforce
    cache: Cache | None


def _unknown_paths(parsed: Parsed, without: tuple[str, ...]) -> list[Problem]:
    """What `--without` names and is not there: a mistyped path would publish what was to be left out."""
    known = {entry.path for entry in parsed.entries} | {problem.path for problem in parsed.problems}
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
    over = {entry.path for entry in parsed.entries if left_out_because(entry, choice)[0] == EXPIRED}
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


class _Sources(Struct, frozen=True):
    """What a build is made from, before anything is made of it; `digest` is that of all of it."""

    config: Config
    theme: Theme
    found: Found
    problems: tuple[Problem, ...]
    theme_is_usable: bool
    digest: str
    seen_ns: int


def _build(order: _Order) -> Report:
    sources, problems = _look_for_sources(order)
    if sources is None:
        return _refused(problems, order)
    ledger = load_ledger(order.state, order.target)
    standing = look(order.target, ledger, order.state)
    if _nothing_changed(sources, ledger, standing, order):
        order.timings.mark("find")
        return _as_before(sources, ledger, order)
    order.timings.mark("find")
    with ExitStack() as stack:
        cache = order.cache or _cache_of(order)
        stack.callback(cache.close)
        parsed = parse_all(sources.found.files, _parsing(sources, cache, order), order.say)
        order.timings.mark("parse")
        unknown = _unknown_paths(parsed, order.choice.without)
        if unknown:
            return _refused(unknown, order)
        site, the_plan, told = _planned(sources, parsed, order)
        heeded = _heeded(told, sources.config, parsed.entries)
        order.timings.mark("plan")
        if the_plan is None or _stands(heeded, order.strict):
            return _refused(heeded, order, site.library)
        with prepared(order.target) as aside:
            maker = _maker(site, the_plan)
            made = _Made(ledger, standing)
            _render_rounds(the_plan, maker, made, _foreman(site, maker, cache, aside, sources, order), order)
            order.timings.mark("render")
            told = (*told, *(problem for artifact in made.artifacts for problem in artifact.problems))
            heeded = _heeded(told, sources.config, parsed.entries)
            if _stands(heeded, order.strict):
                return _refused(heeded, order, site.library)
            return _written(sources, parsed, site, maker, made, heeded, aside, order)


def _look_for_sources(order: _Order) -> tuple[_Sources | None, tuple[Problem, ...]]:
    config, problems = load_config(order.root, order.overrides)
    if config is None:
        return None, problems
    theme, theme_problems = load_theme(order.root, config)
    order.timings.mark("settings")
    # The clock is read before the files are looked at: whoever changes one later changes its stat.
    seen_ns = time_of(order.state)
    found = find(order.root, load_index(order.state))
    choice = order.choice
    digest = digest_value((found.files, theme.digest, config, versions(), choice.drafts, choice.future, choice.without))
    told = (*problems, *theme_problems, *found.problems)
    usable = all(problem.severity != "error" for problem in theme_problems)
    return _Sources(config, theme, found, told, usable, digest, seen_ns), ()


def _nothing_changed(sources: _Sources, ledger: Ledger, standing: Standing, order: _Order) -> bool:
    """Whether the folder is what this build would make of it: then nothing is loaded and nothing is made."""
    if not ledger.found or ledger.found != sources.digest or order.choice.now < ledger.since:
        return False
    if ledger.next_change is not None and order.choice.now >= ledger.next_change:
        return False
    return not _stands(ledger.summary.problems, order.strict) and is_sound(order.target, ledger, standing)


def _as_before(sources: _Sources, ledger: Ledger, order: _Order) -> Report:
    """The report of a build for which there is nothing to do."""
    return Report(
        ok=True,
        problems=ledger.summary.problems,
        unchanged=len(ledger.outputs),
        left_out=_left_out_again(sources, ledger, order),
        next_change=ledger.next_change,
        articles=ledger.summary.articles,
        pages=ledger.summary.pages,
        output=str(order.target),
        without=order.choice.without,
        timings=order.timings.seconds,
    )


def _left_out_again(sources: _Sources, ledger: Ledger, order: _Order) -> tuple[LeftOut, ...]:
    """What is not published and why: of those documents nothing is kept, so they are read again."""
    hidden = ledger.summary.hidden
    if not hidden:
        return ()
    found = sources.found.files
    files = [file for file in found if path_key(file.path) in hidden or file.path.endswith("/_section.toml")]
    parsed = parse_all(files, _parsing(sources, order.cache or MemoryCache(), order), _silent)
    reasons = ((entry.path, *left_out_because(entry, order.choice)) for entry in parsed.entries)
    return tuple(LeftOut(path, reason, until) for path, reason, until in sorted(reasons) if reason)


def _cache_of(order: _Order) -> Cache:
    """On the disk; in memory where drafts are shown, or the disk refuses: then the next build does its work anew."""
    if order.choice.drafts or order.choice.future:
        return MemoryCache()
    try:
        return DiskCache(order.state)
    except OSError:
        return MemoryCache()


def _parsing(sources: _Sources, cache: Cache, order: _Order) -> Parsing:
    return Parsing(
        root=order.root,
        config=sources.config,
        declarations=sources.theme.declarations,
        cache=cache,
        private=MemoryCache(),
        is_public=lambda entry: entry.card.status != "retracted" and not left_out_because(entry, order.choice)[0],
        executor=lambda items: order.workforce.anywhere(items, _ENOUGH_TEXTS),
    )


def _planned(sources: _Sources, parsed: Parsed, order: _Order) -> tuple[Site, Plan | None, tuple[Problem, ...]]:
    """The site as of now, its plan (None when its theme cannot be used), and everything that is wrong so far."""
    config, theme = sources.config, sources.theme
    manager = plugin_manager()
    site = Site(gather(parsed, config, order.choice), config, theme)
    order.timings.mark("gather")
    if not sources.theme_is_usable:
        return site, None, (*sources.problems, *site.library.problems, *_checked(site, manager))
    the_plan = plan(site, manager)
    to_come: tuple[Problem, ...] = ()
    lacks = any(problem.code == ABSENT for problem in the_plan.problems)
    reasons = {out.reason for out in site.library.left_out}
    if SCHEDULED in reasons or (lacks and EXPIRED in reasons):
        to_come, absent = _at_other_times(parsed, config, theme, order.choice, the_plan, manager)
        if lacks and absent:
            site = Site(gather(parsed, config, structs.replace(order.choice, absent=absent)), config, theme)
            the_plan = plan(site, manager)
    found_now = (*site.library.problems, *the_plan.problems, *_checked(site, manager))
    return site, the_plan, (*sources.problems, *found_now, *_new(to_come, found_now))


def _maker(site: Site, the_plan: Plan) -> Maker:
    return Maker(site, known_facts(plugin_manager()), the_plan.readings, the_plan.keys, versions())


def _foreman(site: Site, maker: Maker, cache: Cache, aside: Path, sources: _Sources, order: _Order) -> Foreman:
    def text(path: str) -> bytes:
        found = cache.text(path)
        if found is not None:
            return found
        # What was kept is damaged: it is made anew from its file.
        files = [file for file in sources.found.files if file.path == path or file.path.endswith("/_section.toml")]
        again = MemoryCache()
        parse_all(files, _parsing(sources, again, order), _silent)
        return again.text(path) or b""

    return Foreman(site.theme, maker.setup, maker.values, text, order.root, order.state, f"{aside}/")


class _Made:
    """What became of each output so far: artifacts in the order of their jobs, and the lines of the new ledger."""

    def __init__(self, before: Ledger, standing: Standing) -> None:
        self.before = before
        self.standing = standing
        self.artifacts: list[Artifact] = []
        self.lines: dict[str, LedgerLine] = {}
        self.reasons: dict[str, tuple[str, ...]] = {}
        self.pictures: list[str] = []
        self.names: dict[tuple[str, ...], int] = {}
        self._planned = {line.planned or path: path for path, line in before.outputs.items()}

    def is_there(self, job: Job, cause: Cause) -> bool:
        """Whether the output folder holds what this job would make; its artifact is then noted."""
        path = self._planned.get(job.path, "")
        line = self.before.outputs.get(path)
        if line is None or line.key != job.key or self.standing.digests.get(path) != line.digest:
            return False
        self.note(job, cause, Artifact(path, job.key, line.digest, kept=True, problems=line.problems))
        return True

    def note(self, job: Job, cause: Cause, artifact: Artifact) -> None:
        """An artifact that is done."""
        number = self.names.setdefault(cause.names, len(self.names))
        planned = "" if artifact.path == job.path else job.path
        self.artifacts.append(artifact)
        self.lines[artifact.path] = LedgerLine(
            job.key, artifact.digest, Stat(0, 0, 0), artifact.problems, planned, number, cause.digests
        )


def _render_rounds(the_plan: Plan, maker: Maker, made: _Made, foreman: Foreman, order: _Order) -> None:
    """Every round in turn: what is not there yet is made, by whom it pays."""
    total = sum(len(outputs) for outputs in the_plan.rounds)
    for number, outputs in enumerate(the_plan.rounds):
        at_work = structs.replace(foreman, staging=f"{foreman.staging}{number}-")
        for kind in ("asset", "producer", "template"):
            todo = [output for output in outputs if _way(output) == kind]
            waiting: deque[tuple[Job, Cause]] = deque()
            orders = _orders(todo, maker, made, waiting)
            if kind == "asset":
                artifacts = render_assets(orders, at_work)
            elif kind == "producer":
                artifacts = render_all(orders, at_work, order.workforce.here(len(todo), _ENOUGH_PICTURES))
            else:
                artifacts = render_all(orders, at_work, order.workforce.anywhere(len(todo), _ENOUGH_PAGES))
            for artifact in artifacts:
                job, cause = waiting.popleft()
                made.note(job, cause, artifact)
                if kind == "asset":
                    maker.assets[job.inputs["name"]] = asset_of(artifact)
                if len(made.artifacts) % _TOLD_EVERY == 0:
                    order.say("render", len(made.artifacts), total)
        order.say("render", len(made.artifacts), total)


def _way(output: Output) -> str:
    if output.kind == "asset":
        return "asset"
    return "producer" if output.producer else "template"


def _orders(outputs: Sequence[Output], maker: Maker, made: _Made, waiting: deque[tuple[Job, Cause]]) -> Iterator[Order]:
    """The jobs that have to be done; who waits for them stands in `waiting`."""
    for job, cause in maker.jobs(outputs):
        if job.kind == "picture":
            made.pictures.append(picture_key(job.inputs["order"]))
        # An asset is made in any case: who names it needs its address.
        if job.kind != "asset" and made.is_there(job, cause):
            continue
        waiting.append((job, cause))
        yield Order(job, made.standing.digests.get(job.path, ""))


def _written(
    sources: _Sources,
    parsed: Parsed,
    site: Site,
    maker: Maker,
    made: _Made,
    heeded: tuple[Problem, ...],
    aside: Path,
    order: _Order,
) -> Report:
    library = site.library
    left_out = {out.path for out in library.left_out}
    told = in_order(heeded)
    summary = Summary(
        problems=told,
        articles=sum(1 for entry in library.entries.values() if entry.type == "article"),
        pages=sum(1 for artifact in made.artifacts if artifact.path.endswith(".html")),
        hidden=frozenset(map(path_key, left_out)),
    )
    # Of what is not published nothing is kept, not even what is wrong with it: then the next build looks again.
    shown = (*library.entries.values(), *library.texts.values())
    public = {entry.path for entry in shown if entry.card.status != "retracted"}
    secret = any(problem.path.startswith("content/") and problem.path not in public for problem in told)
    ledger = Ledger(
        found="" if secret else sources.digest,
        names=tuple(made.names),
        environment=maker.environment,
        summary=Summary() if secret else summary,
        since=order.choice.now,
        next_change=library.next_change,
    )
    written = write(
        made.artifacts,
        output=order.target,
        state=order.state,
        previous=made.before,
        ledger=ledger,
        lines=made.lines,
        standing=made.standing,
        aside=aside,
    )
    _keep_index(sources, order)
    ArtifactStore(order.state).prune(made.pictures)
    order.timings.mark("write")
    return Report(
        ok=True,
        problems=in_order((*told, *_heeded(written.problems, sources.config, parsed.entries))),
        written=written.written,
        unchanged=written.unchanged,
        removed=written.removed,
        adopted=written.adopted,
        left_out=library.left_out,
        next_change=library.next_change,
        articles=summary.articles,
        pages=summary.pages,
        output=str(order.target),
        without=order.choice.without,
        timings=order.timings.seconds,
    )


def _keep_index(sources: _Sources, order: _Order) -> None:
    """The index only saves time: a state folder that cannot hold it costs that."""
    with suppress(OSError):
        save_index(order.state, Index(sources.found.seen, sources.seen_ns))


def survey(root: Path, *, now: int, overrides: Sequence[str] = ()) -> Survey:
    """The state of every document at `now`, without building anything."""
    config, problems = load_config(root, overrides)
    if config is None:
        return Survey(problems=in_order(problems))
    theme, theme_problems = load_theme(root, config)
    found = find(root)
    parsed = parse_here(root, found.files, config, theme.declarations)
    rows = []
    for entry in parsed.entries:
        if entry.type == "text":
            continue
        reason, until = left_out_because(entry, Choice(now))
        later = entry.ends if not reason and entry.ends is not None and entry.ends > now else until
        rows.append(Row(entry.path, reason or entry.card.status, entry.card, later))
    rows.sort(key=lambda row: row.path)
    rows.sort(key=lambda row: row.card.date.day.toordinal() if row.card.date else 0, reverse=True)
    return Survey(
        tuple(rows),
        in_order(_heeded((*problems, *theme_problems, *found.problems, *parsed.problems), config, parsed.entries)),
    )


def _heeded(problems: Sequence[Problem], config: Config, entries: Iterable[Entry]) -> tuple[Problem, ...]:
    """The problems without those an author has answered, in `[[ignore]]` or in an article; errors cannot be."""
    if not problems:
        return ()
    answered = {entry.path: entry.matter.ignore for entry in entries if entry.matter.ignore}
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


def _refused(problems: Sequence[Problem], order: _Order, library: Library | None = None) -> Report:
    return Report(
        ok=False,
        problems=in_order(problems),
        left_out=library.left_out if library else (),
        next_change=library.next_change if library else None,
        output=str(order.target),
        without=order.choice.without,
        timings=order.timings.seconds,
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
