"""The pipeline: from a folder to a site, one stage after the other."""

import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pluggy
from msgspec import Struct, structs

from generator.config import Config, load_config
from generator.engine.artifacts import ArtifactStore
from generator.engine.cache import Cache, DiskCache, MemoryCache, ReadOnly
from generator.engine.collector import looking_seldom
from generator.engine.digest import digest_exact, digest_value
from generator.engine.executors import Executor
from generator.engine.index import Index, load_index, path_key, save_index, time_of
from generator.engine.ledger import load_ledger, save_ledger
from generator.engine.lock import build_lock
from generator.engine.refusal import Refused
from generator.engine.settled import settle, settled_for, unsettle
from generator.engine.workforce import Workforce
from generator.hooks import Site
from generator.media.known import load_known, save_known
from generator.media.pictures import picture_key
from generator.model.document import Card, Entry, File
from generator.model.job import Artifact, Cause, Job, Ledger, LedgerLine, Output, Stat, Summary, Weight
from generator.model.library import LeftOut, Library, Parsed
from generator.model.plugin import Plugins
from generator.model.problem import Problem, in_order
from generator.model.report import Profile, Report, Took
from generator.plugins import load_plugins, plugin_manager, versions_with
from generator.source.suggest import did_you_mean
from generator.stages.budget import heaviest, is_set, over_budget
from generator.stages.find import Found, find
from generator.stages.gather import EXPIRED, SCHEDULED, Choice, gather, left_out_because
from generator.stages.jobs import Maker
from generator.stages.parse_all import Parsing, kept_entry, parse_all, parse_here, with_sections
from generator.stages.plan import ABSENT, Plan, known_facts, plan, plan_texts
from generator.stages.reasons import Known, Reasons, changed_fields, changes, known_of, packed
from generator.stages.redactions import Search, Sweep, sought_in
from generator.stages.render import asset_of
from generator.stages.render_all import Foreman, Order, render_all, render_assets
from generator.stages.write import (
    Standing,
    check_output_folder,
    clear_leftovers,
    is_sound,
    look,
    prepared,
    rewrite,
    write,
)
from generator.theme import LINKS, Theme, load_theme

Clock = Callable[[], float]
Progress = Callable[[str, int, int], None]
_Names = tuple[tuple[str, ...], bytes]
STATE = ".clarion"
OUTPUT = "output"
_WITHOUT = "Name a file or a folder in content/, such as content/posts/river.md."
_SOURCES = ("content", "plugins", "themes", *LINKS)
_TOLD_EVERY = 50
_ENOUGH_TEXTS = 300
_ENOUGH_PAGES = 300
_ENOUGH_PICTURES = 4
_ENOUGH_FOR_SWIFT = 150
"""Less work than this is done sooner than a process is started."""


class Built(Struct, frozen=True):
    """What a build leaves in the memory of a process that builds again and again."""

    root: Path
    target: Path
    state: Path
    config: Config
    theme: Theme
    choice: Choice
    strict: bool
    parsed: Parsed
    site: Site
    plan: Plan
    maker: Maker
    ledger: Ledger
    report: Report


class Session:
    """What one process remembers from build to build: the cache, which is in memory, and the last build that stood.

    `readers` are the outputs that show the text of a document, by its path.
    """

    def __init__(self) -> None:
        self.cache: Cache = MemoryCache()
        self.built: Built | None = None
        self.readers: dict[str, list[Output]] = {}

    def remember(self, built: Built) -> None:
        """Keep in mind what a build has left."""
        if self.built is None or built.plan is not self.built.plan:
            self.readers = {}
            for output in (output for outputs in built.plan.rounds for output in outputs):
                for path in output.texts:
                    self.readers.setdefault(path, []).append(output)
        self.built = built


class Outlook(Struct, frozen=True):
    """A site as a build would find it now, read and planned, with nothing made of it but what assets are called.

    `reasons` says of a job why it has to be done; `standing` is what the output folder `target` holds.
    """

    root: Path
    target: Path
    files: tuple[File, ...]
    parsed: Parsed
    choice: Choice
    site: Site
    plan: Plan
    maker: Maker
    ledger: Ledger
    standing: Standing
    reasons: Reasons


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
    timed: bool = False,
    session: Session | None = None,
    wait: float = 0.0,
    progress: Progress | None = None,
) -> Report:
    """Builds the site in `root` as of `now` (UTC seconds) and tells what became of it.

    Nothing is written while an error stands (with `strict`, a warning). `clock` is a monotonic one; it serves the
    timings and nothing else. `progress(stage, done, all)` is called now and then.

    `state` is the folder for what is kept from build to build (`.clarion/` of the site). What shows drafts or
    scheduled texts keeps nothing unless it names a folder: they must not stay behind there. What parse makes of
    their texts is in memory then; who builds again and again gives a `session`, which holds it.

    `jobs` is the number of processes, 0 for as many as pay; `executor` takes what needs no file of this machine. With
    `explain` the report says of each output that was drawn why, with `timed` how long each text and output took. A
    build that finds another one at work waits at most `wait` seconds for it.
    """
    target = output or root / OUTPUT
    timings = _Timings(clock)
    try:
        _refuse_sources(root, target)
        check_output_folder(target)
        with _alone(root, state, wait, keeps=not (drafts or future)) as (folder, stack):
            order = _Order(
                root=root,
                target=target,
                state=folder,
                overrides=tuple(overrides),
                choice=Choice(now, drafts, future, tuple(without)),
                strict=strict,
                explain=explain,
                measured=_Measured() if timed else None,
                say=progress or _silent,
                timings=timings,
                workforce=Workforce(stack, jobs, executor),
                session=session,
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
    say: Progress
    timings: "_Timings"
    workforce: Workforce
    strict: bool = False
    explain: bool = False
    measured: "_Measured | None" = None
    session: Session | None = None


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
    parsed: Parsed, before: Site, choice: Choice, now: Plan, manager: pluggy.PluginManager
) -> tuple[tuple[Problem, ...], frozenset[str]]:
    """The errors that texts to come will bring, and the outputs this site has at some time and not now.

    So time never turns a green build red: what would be wrong on a later day is an error today, and a link to what
    comes and goes is a link or its text, never an error.
    """
    library = gather(parsed, before.config, structs.replace(choice, ever=True))
    site = structs.replace(before, library=library)
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


@contextmanager
def _alone(root: Path, given: Path | None, wait: float, *, keeps: bool) -> Iterator[tuple[Path, ExitStack]]:
    """The state folder, in which no other build is at work meanwhile, and a stack for what has to end with this one."""
    with (
        _state(root, given, keeps=keeps) as folder,
        build_lock(folder, wait),
        looking_seldom(),
        ExitStack() as stack,
    ):
        yield folder, stack


class _Sources(Struct, frozen=True):
    """What a build is made from, before anything is made of it; `digest` is that of all of it."""

    config: Config
    theme: Theme
    plugins: Plugins
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
        if sources.found.read:
            _keep_index(sources, order)
        order.timings.mark("find")
        return _as_before(sources, ledger, order)
    order.timings.mark("find")
    # From here on the state folder holds what must not stay in it if this build is ended from outside.
    unsettle(order.state)
    clear_leftovers(order.target)
    report = _built(sources, ledger, standing, order)
    if report.ok:
        settle(order.state, sources.digest)
    return report


def _built(sources: _Sources, ledger: Ledger, standing: Standing, order: _Order) -> Report:
    """The report of a build that has something to do."""
    with ExitStack() as stack:
        cache = order.session.cache if order.session else _cache_of(order)
        stack.callback(cache.close)
        parsed = parse_all(sources.found.files, _parsing(sources, cache, order), order.say)
        order.timings.mark("parse")
        quick = _only_texts(sources, parsed, ledger, standing, cache, order)
        if quick is not None:
            return quick
        unknown = _unknown_paths(parsed, order.choice.without)
        if unknown:
            return _refused(unknown, order)
        site, the_plan, told = _planned(sources, parsed, order)
        # What no page shows is not public, whatever its front matter says.
        cache.forget(lambda path: path not in site.library.unseen)
        heeded = _heeded(told, sources.config, parsed.entries)
        order.timings.mark("plan")
        if the_plan is None or _stands(heeded, order.strict):
            return _refused(heeded, order, site.library)
        with prepared(order.target) as aside, ExitStack() as leaving:
            # Whatever happens, nobody writes there any more when it is cleared up.
            leaving.callback(order.workforce.dismiss)
            maker = _maker(site, the_plan)
            why = _reasons(sources, parsed, site, maker, cache, ledger, order) if order.explain else None
            made = _Made(ledger, standing, why, weighs=is_set(sources.config.budget))
            shown = (*site.library.entries.values(), *site.library.texts.values())
            search = Search(sought_in(order.root, shown))
            _render_rounds(the_plan, maker, made, _foreman(site, maker, cache, aside, sources, order), order, search)
            order.workforce.dismiss()
            order.timings.mark("render")
            told = (*told, *(problem for artifact in made.artifacts for problem in artifact.problems))
            if made.weights:
                made_from = {output.path: output.source for outputs in the_plan.rounds for output in outputs}
                drafts = {entry.path for entry in parsed.entries if entry.card.status == "draft"}
                told = (*told, *over_budget(made.weights, sources.config, made_from, drafts))
            heeded = _heeded(told, sources.config, parsed.entries)
            if _stands(heeded, order.strict):
                return _refused(heeded, order, site.library)
            report, ledger = _written(sources, parsed, site, maker, made, heeded, aside, order)
        if order.session:
            order.session.remember(
                Built(
                    root=order.root,
                    target=order.target,
                    state=order.state,
                    config=sources.config,
                    theme=sources.theme,
                    choice=order.choice,
                    strict=order.strict,
                    parsed=parsed,
                    site=site,
                    plan=the_plan,
                    maker=maker,
                    ledger=ledger,
                    report=report,
                )
            )
        return report


def _only_texts(
    sources: _Sources, parsed: Parsed, ledger: Ledger, standing: Standing, cache: Cache, order: _Order
) -> Report | None:
    """The report of a build for which only texts had changed: what shows them was drawn again, and nothing else.

    None when more changed, or when something is to be told about one of them: then a whole build is needed.
    """
    changed = _changed_texts(sources, parsed, ledger, standing, order)
    if changed is None:
        return None
    if not changed:
        # Bytes of files changed, and nothing that parse makes of them.
        _keep_known(structs.replace(ledger, found=sources.digest), sources, order)
        return _as_before(sources, ledger, order)
    site = Site(gather(parsed, sources.config, order.choice), sources.config, sources.theme, sources.plugins)
    order.timings.mark("gather")
    the_plan = plan_texts(site, plugin_manager(site.plugins), changed)
    order.timings.mark("plan")
    made = _Made(ledger, standing, names=ledger.names, weighs=is_set(sources.config.budget))
    with prepared(order.target) as aside:
        maker = _maker(site, the_plan)
        _render_rounds(the_plan, maker, made, _foreman(site, maker, cache, aside, sources, order), order, Search({}))
        order.timings.mark("render")
        if any(each.problems or each.path not in ledger.outputs for each in made.artifacts):
            return None
        weights = {**ledger.weights, **made.weights}
        if over_budget(weights, sources.config, {}, among=made.weights):
            return None
        fresh = [each for each in made.artifacts if each.digest != ledger.outputs[each.path].digest]
        stats = rewrite(fresh, output=order.target, aside=aside, state=order.state)
    lines = {
        path: structs.replace(line, stat=stats.get(path, ledger.outputs[path].stat))
        for path, line in made.lines.items()
    }
    _keep_known(
        structs.replace(
            ledger,
            outputs={**ledger.outputs, **lines},
            found=sources.digest,
            texts={**ledger.texts, **changed},
            names=tuple(made.names),
            weights=weights,
        ),
        sources,
        order,
    )
    order.timings.mark("write")
    report = _as_before(sources, structs.replace(ledger, weights=weights), order)
    return structs.replace(report, written=tuple(sorted(stats)), unchanged=len(ledger.outputs) - len(stats))


def _changed_texts(
    sources: _Sources, parsed: Parsed, ledger: Ledger, standing: Standing, order: _Order
) -> dict[str, str] | None:
    """The documents of which the text changed and nothing else, with its digest; None when anything else changed.

    A session looks for that by itself, and has to remember the whole of each build.
    """
    if order.session is not None or order.explain or not ledger.found or not ledger.holds_at(order.choice.now):
        return None
    if ledger.shape != _shape(sources, parsed, order.choice):
        return None
    if _stands(ledger.summary.problems, order.strict) or not is_sound(order.target, ledger, standing):
        return None
    entries = {entry.path: entry for entry in parsed.entries}
    if any(left_out_because(entry, order.choice)[0] in (SCHEDULED, EXPIRED) for entry in parsed.entries):
        return None
    if any(entry.card.unredacted for entry in parsed.entries):
        # What is drawn has to be looked through, for which a whole build reads the redacted texts.
        return None
    changed = {
        path: entries[path].body_digest for path, digest in ledger.texts.items() if entries[path].body_digest != digest
    }
    told = {problem.path for problem in ledger.summary.problems}
    if any(path in told or entries[path].problems for path in changed):
        return None
    return changed


def _shape(sources: _Sources, parsed: Parsed, choice: Choice) -> str:
    """The digest of everything a site is made from but the texts of its documents."""
    rest = (parsed.outlines, parsed.media, parsed.refused, parsed.files, parsed.sections, parsed.data, parsed.problems)
    chosen = (choice.drafts, choice.future, choice.without)
    return digest_exact(
        (sources.config, sources.theme.digest, sources.problems, versions_with(sources.plugins), chosen, rest)
    )


def _keep_known(ledger: Ledger, sources: _Sources, order: _Order) -> None:
    """Keep ledger and index: they only save time, so a folder that cannot hold them costs just that."""
    with suppress(OSError):
        save_ledger(order.state, order.target, ledger)
    _keep_index(sources, order)


def _look_for_sources(order: _Order) -> tuple[_Sources | None, tuple[Problem, ...]]:
    config, problems = load_config(order.root, order.overrides)
    if config is None:
        return None, problems
    named, found_wrong = load_plugins(order.root, config)
    problems = (*problems, *found_wrong)
    if _stands(found_wrong, strict=False):
        # What a plugin lacks, the rest would miss: more messages would only hide this one.
        return None, problems
    theme, theme_problems = load_theme(order.root, config, named.folders)
    order.timings.mark("settings")
    # The clock is read before the files are looked at: whoever changes one later changes its stat.
    seen_ns = time_of(order.state)
    found = find(order.root, load_index(order.state))
    choice = order.choice
    told = (*problems, *theme_problems, *found.problems)
    chosen = (choice.drafts, choice.future, choice.without)
    made_by = versions_with(named.plugins)
    digest = digest_value((found.files, theme.digest, config, made_by, chosen, told))
    usable = all(problem.severity != "error" for problem in theme_problems)
    return _Sources(config, theme, named.plugins, found, told, usable, digest, seen_ns), ()


def _nothing_changed(sources: _Sources, ledger: Ledger, standing: Standing, order: _Order) -> bool:
    """Whether the folder is what this build would make of it: then nothing is loaded and nothing is made."""
    if not ledger.found or ledger.found != sources.digest or not ledger.holds_at(order.choice.now):
        return False
    if settled_for(order.state) != sources.digest:
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
        profile=order.measured.profile() if order.measured else None,
        heaviest=heaviest(ledger.weights, sources.config),
    )


def _left_out_again(sources: _Sources, ledger: Ledger, order: _Order) -> tuple[LeftOut, ...]:
    """What is not published and why: of those documents nothing is kept, so they are read again."""
    hidden = ledger.summary.hidden
    if not hidden:
        return ()
    files = with_sections(sources.found.files, lambda file: path_key(file.path) in hidden)
    parsed = parse_all(files, _parsing(sources, MemoryCache(), order), _silent)
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
        took=order.measured.text if order.measured else None,
        plugins=sources.plugins,
        known=lambda: load_known(order.state, sources.config.images.max_pixels),
    )


def _planned(sources: _Sources, parsed: Parsed, order: _Order) -> tuple[Site, Plan | None, tuple[Problem, ...]]:
    """The site as of now, its plan (None when its theme cannot be used), and everything that is wrong so far."""
    config, theme = sources.config, sources.theme
    manager = plugin_manager(sources.plugins)
    site = Site(gather(parsed, config, order.choice), config, theme, sources.plugins)
    order.timings.mark("gather")
    if not sources.theme_is_usable:
        return site, None, (*sources.problems, *site.library.problems, *_checked(site, manager))
    the_plan = plan(site, manager)
    to_come: tuple[Problem, ...] = ()
    lacks = any(problem.code == ABSENT for problem in the_plan.problems)
    reasons = {out.reason for out in site.library.left_out}
    if SCHEDULED in reasons or (lacks and EXPIRED in reasons):
        to_come, absent = _at_other_times(parsed, site, order.choice, the_plan, manager)
        if lacks and absent:
            library = gather(parsed, config, structs.replace(order.choice, absent=absent))
            site = structs.replace(site, library=library)
            the_plan = plan(site, manager)
    found_now = (*site.library.problems, *the_plan.problems, *_checked(site, manager))
    said = Search(sought_in(order.root, parsed.entries)).unsaid((*found_now, *_new(to_come, found_now)))
    return site, the_plan, (*sources.problems, *said)


def _maker(site: Site, the_plan: Plan) -> Maker:
    texts = {entry.path: entry.body_digest for entry in (*site.library.entries.values(), *site.library.texts.values())}
    facts, made_by = known_facts(plugin_manager(site.plugins)), versions_with(site.plugins)
    return Maker(site, facts, the_plan.readings, the_plan.keys, made_by, texts)


def _foreman(site: Site, maker: Maker, cache: Cache, aside: Path | None, sources: _Sources, order: _Order) -> Foreman:
    """Without a folder `aside` every artifact comes with its bytes, and no disk sees them."""

    def text(path: str) -> bytes:
        found = cache.text(path)
        if found is not None:
            return found
        # What was kept is damaged: it is made anew from its file.
        files = with_sections(sources.found.files, lambda file: file.path == path)
        again = MemoryCache()
        parse_all(files, _parsing(sources, again, order), _silent)
        return again.text(path) or b""

    where = (order.root, order.state, f"{aside}/" if aside else "")
    timed, weighed = order.measured is not None, is_set(sources.config.budget)
    return Foreman(
        site.theme, maker.setup, maker.values, text, *where, plugins=site.plugins, timed=timed, weighed=weighed
    )


def _known(sources: _Sources, parsed: Parsed, site: Site, maker: Maker) -> Known:
    files = {file.path: file.digest for file in sources.found.files}
    return known_of(site.library, sources.config, parsed.outlines, files, maker.card_digest)


def _reasons(
    sources: _Sources, parsed: Parsed, site: Site, maker: Maker, cache: Cache, before: Ledger, order: _Order
) -> Reasons:
    """Who says of an output why it is drawn, by what is known of the build before."""
    entries = {entry.path: entry for entry in parsed.entries}
    parsing = _parsing(sources, cache, order)

    def fields(path: str, digest: str) -> tuple[str, ...]:
        then = kept_entry(path, digest, parsed.sections, parsing)
        return changed_fields(then, entries[path]) if then else ()

    texts = {path: entry.body_digest for path, entry in entries.items()}
    paths = [file.path for file in sources.found.files]
    found = changes(before, _known(sources, parsed, site, maker), texts, paths, fields)
    urls = {entry.path: entry.card.url for entry in site.library.entries.values()}
    return Reasons(before, maker.environment, found, site.theme, urls, order.target.name)


class _Measured:
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


class _Made:
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


def _render_rounds(the_plan: Plan, maker: Maker, made: _Made, foreman: Foreman, order: _Order, search: Search) -> None:
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
            todo = [output for output in outputs if _way(output) == kind]
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


def _way(output: Output) -> str:
    if output.kind == "asset":
        return "asset"
    return "producer" if output.producer else "template"


def _orders(
    outputs: Sequence[Output],
    maker: Maker,
    made: _Made,
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


def _written(
    sources: _Sources,
    parsed: Parsed,
    site: Site,
    maker: Maker,
    made: _Made,
    heeded: tuple[Problem, ...],
    aside: Path,
    order: _Order,
) -> tuple[Report, Ledger]:
    """The report of what was written, and the ledger of it."""
    library = site.library
    left_out = {out.path for out in library.left_out}
    told = in_order(heeded)
    summary = Summary(
        problems=told,
        articles=_articles(library),
        pages=made.pages(),
        hidden=frozenset(map(path_key, left_out)),
    )
    # Of what is not published nothing is kept, not even what is wrong with it: then the next build looks again.
    shown = (*library.entries.values(), *library.texts.values())
    public = {entry.path for entry in shown if entry.card.status != "retracted"} - library.unseen
    secret = any(problem.path.startswith("content/") and problem.path not in public for problem in told)
    ledger = Ledger(
        found="" if secret else sources.digest,
        shape=_shape(sources, parsed, order.choice),
        texts={entry.path: entry.body_digest for entry in shown if entry.path in public},
        names=tuple(made.names),
        environment=maker.environment,
        known=packed(_known(sources, parsed, site, maker)),
        weights=made.weights,
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
    with suppress(OSError):
        shown_pictures = (picture.source for picture in library.pictures)
        save_known(order.state, sources.config.images.max_pixels, shown_pictures)
    order.timings.mark("write")
    report = Report(
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
        reasons=made.reasons,
        profile=order.measured.profile() if order.measured else None,
        heaviest=heaviest(made.weights, sources.config),
    )
    return report, written.ledger


def _articles(library: Library) -> int:
    return sum(1 for entry in library.entries.values() if entry.type == "article")


def _keep_index(sources: _Sources, order: _Order) -> None:
    """The index only saves time: a state folder that cannot hold it costs that."""
    with suppress(OSError):
        save_index(order.state, Index(sources.found.seen, sources.seen_ns))


def check(
    root: Path,
    *,
    now: int,
    clock: Clock,
    overrides: Sequence[str] = (),
    drafts: bool = False,
    future: bool = False,
    without: Sequence[str] = (),
    strict: bool = False,
    jobs: int = 0,
    wait: float = 0.0,
    progress: Progress | None = None,
) -> Report:
    """What a build of the site in `root` would tell, and where else its outputs say what is redacted (CL569).

    The arguments are those of `build`. Every output is made in memory, or read where it stands; nothing is written but
    what makes the next build quicker, of pictures. What a build would make is neither `written` nor `unchanged`.
    """
    target = root / OUTPUT
    timings = _Timings(clock)
    keeps = not (drafts or future) and os.access(root / STATE, os.R_OK | os.W_OK | os.X_OK)
    try:
        with _alone(root, None, wait, keeps=keeps) as (folder, stack):
            order = _Order(
                root=root,
                target=target,
                state=folder,
                overrides=tuple(overrides),
                choice=Choice(now, drafts, future, tuple(without)),
                strict=strict,
                say=progress or _silent,
                timings=timings,
                workforce=Workforce(stack, jobs),
            )
            return _swept(order)
    except Refused as refusal:
        return Report(ok=False, problems=(refusal.problem,), output=str(target), timings=timings.seconds)


def _swept(order: _Order) -> Report:
    """The report of a check."""
    sources, problems = _look_for_sources(order)
    if sources is None:
        return _refused(problems, order)
    ledger = load_ledger(order.state, order.target)
    standing = look(order.target, ledger, order.state)
    order.timings.mark("find")
    with ExitStack() as stack:
        cache = ReadOnly(_cache_of(order))
        stack.callback(cache.close)
        parsed = parse_all(sources.found.files, _parsing(sources, cache, order), order.say)
        order.timings.mark("parse")
        unknown = _unknown_paths(parsed, order.choice.without)
        if unknown:
            return _refused(unknown, order)
        site, the_plan, told = _planned(sources, parsed, order)
        heeded = _heeded(told, sources.config, parsed.entries)
        order.timings.mark("plan")
        # Warnings are no reason not to look further, whatever they count as in the end.
        if the_plan is None or _stands(heeded, strict=False):
            return _refused(heeded, order, site.library)
        library = site.library
        shown = (*library.entries.values(), *library.texts.values())
        sweep = Sweep(order.root, sought_in(order.root, shown))
        maker, made = _maker(site, the_plan), _Made(ledger, standing)
        _render_rounds(the_plan, maker, made, _foreman(site, maker, cache, None, sources, order), order, sweep)
        order.timings.mark("render")
    found = (problem for artifact in made.artifacts for problem in artifact.problems)
    heeded = _heeded((*told, *found, *sweep.problems()), sources.config, parsed.entries)
    return Report(
        ok=not _stands(heeded, order.strict),
        problems=in_order(heeded),
        left_out=library.left_out,
        next_change=library.next_change,
        articles=_articles(library),
        pages=made.pages(),
        output=str(order.target),
        without=order.choice.without,
        timings=order.timings.seconds,
    )


def outlook(
    root: Path, *, now: int, overrides: Sequence[str] = (), without: Sequence[str] = (), wait: float = 0.0
) -> tuple[Outlook | None, tuple[Problem, ...]]:
    """What a build of the site in `root` would find at `now`, and what is wrong; None when it cannot be planned.

    Neither the output folder nor what is known of it is touched.
    """
    target = root / OUTPUT
    try:
        with _alone(root, None, wait, keeps=(root / STATE).is_dir()) as (folder, stack):
            order = _Order(
                root=root,
                target=target,
                state=folder,
                overrides=tuple(overrides),
                choice=Choice(now, without=tuple(without)),
                explain=True,
                say=_silent,
                timings=_Timings(lambda: 0.0),
                workforce=Workforce(stack),
            )
            return _outlook(order)
    except Refused as refusal:
        return None, (refusal.problem,)


def _outlook(order: _Order) -> tuple[Outlook | None, tuple[Problem, ...]]:
    sources, problems = _look_for_sources(order)
    if sources is None:
        return None, problems
    ledger = load_ledger(order.state, order.target)
    standing = look(order.target, ledger, order.state)
    with ExitStack() as stack:
        cache = ReadOnly(_cache_of(order))
        stack.callback(cache.close)
        parsed = parse_all(sources.found.files, _parsing(sources, cache, order), order.say)
        site, the_plan, told = _planned(sources, parsed, order)
        heeded = _heeded((*told, *_unknown_paths(parsed, order.choice.without)), sources.config, parsed.entries)
        if the_plan is None:
            return None, in_order(heeded)
        maker = _maker(site, the_plan)
        foreman = _foreman(site, maker, cache, order.state, sources, order)
        for outputs in the_plan.rounds:
            for output in outputs:
                if _way(output) == "asset":
                    job, _ = maker.job(output)
                    (artifact,) = render_assets([Order(job)], foreman)
                    maker.assets[job.inputs["name"]] = asset_of(artifact)
        reasons = _reasons(sources, parsed, site, maker, cache, ledger, order)
    found = Outlook(
        root=order.root,
        target=order.target,
        files=tuple(sources.found.files),
        parsed=parsed,
        choice=order.choice,
        site=site,
        plan=the_plan,
        maker=maker,
        ledger=ledger,
        standing=standing,
        reasons=reasons,
    )
    return found, in_order(heeded)


def survey(root: Path, *, now: int, overrides: Sequence[str] = ()) -> Survey:
    """The state of every document at `now`, without building anything."""
    config, problems = load_config(root, overrides)
    if config is None:
        return Survey(problems=in_order(problems))
    named, found_wrong = load_plugins(root, config)
    problems = (*problems, *found_wrong)
    if _stands(found_wrong, strict=False):
        return Survey(problems=in_order(problems))
    theme, theme_problems = load_theme(root, config, named.folders)
    found = find(root)
    parsed = parse_here(root, found.files, config, theme.declarations, named.plugins)
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
