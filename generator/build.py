"""The pipeline: from a folder to a site, one stage after the other."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from generator.engine.executors import Executor
from generator.engine.ledger import load_ledger
from generator.engine.refusal import Refused
from generator.engine.settled import settle, settled_for, unsettle
from generator.engine.workforce import Workforce
from generator.model.job import Ledger
from generator.model.problem import errors_of
from generator.model.report import Report
from generator.pipeline.keeping import write_out
from generator.pipeline.making import Made, foreman_of, maker_of, render_rounds
from generator.pipeline.order import OUTPUT, BuildOrder, Progress, alone, refuse_sources, silent
from generator.pipeline.planning import planned, unknown_paths
from generator.pipeline.reports import as_before, refused
from generator.pipeline.session import Built, Session
from generator.pipeline.sources import Sources, cache_of, keep_index, look_for_sources, parsing_of
from generator.pipeline.texts import only_texts
from generator.pipeline.timings import Clock, Measured, Timings
from generator.pipeline.verdicts import unanswered
from generator.pipeline.why import reasons_for
from generator.stages.budget import is_set, over_budget
from generator.stages.gather import Choice
from generator.stages.parse_all import parse_all
from generator.stages.redactions import Search, sought_in
from generator.stages.write import Standing, check_output_folder, clear_leftovers, is_sound, look, prepared


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
    timings = Timings(clock)
    try:
        refuse_sources(root, target)
        check_output_folder(target)
        with alone(root, state, wait, keeps=not (drafts or future)) as (folder, stack):
            order = BuildOrder(
                root=root,
                target=target,
                state=folder,
                overrides=tuple(overrides),
                choice=Choice(now, drafts, future, tuple(without)),
                strict=strict,
                explain=explain,
                measured=Measured() if timed else None,
                say=progress or silent,
                timings=timings,
                workforce=Workforce(stack, jobs, executor),
                session=session,
            )
            return _build(order)
    except Refused as refusal:
        return Report(ok=False, problems=(refusal.problem,), output=str(target), timings=timings.seconds)


def _build(order: BuildOrder) -> Report:
    sources, problems = look_for_sources(order)
    if sources is None:
        return refused(problems, order)
    ledger = load_ledger(order.state, order.target)
    standing = look(order.target, ledger, order.state)
    if _nothing_changed(sources, ledger, standing, order):
        if sources.found.read:
            keep_index(sources, order)
        order.timings.mark("find")
        return as_before(sources, ledger, order)
    order.timings.mark("find")
    # From here on the state folder holds what must not stay in it if this build is ended from outside.
    unsettle(order.state)
    clear_leftovers(order.target)
    report = _built(sources, ledger, standing, order)
    if report.ok:
        settle(order.state, sources.digest)
    return report


def _built(sources: Sources, ledger: Ledger, standing: Standing, order: BuildOrder) -> Report:
    """The report of a build that has something to do."""
    with ExitStack() as stack:
        cache = order.session.cache if order.session else cache_of(order)
        stack.callback(cache.close)
        parsed = parse_all(sources.found.files, parsing_of(sources, cache, order), order.say)
        order.timings.mark("parse")
        quick = only_texts(sources, parsed, ledger, standing, cache, order)
        if quick is not None:
            return quick
        unknown = unknown_paths(parsed, order.choice.without)
        if unknown:
            return refused(unknown, order)
        site, the_plan, told = planned(sources, parsed, order)
        # What no page shows is not public, whatever its front matter says.
        cache.forget(lambda path: path not in site.library.unseen)
        heeded = unanswered(told, sources.config, parsed.entries)
        order.timings.mark("plan")
        if the_plan is None or errors_of(heeded, order.strict):
            return refused(heeded, order, site.library)
        with prepared(order.target) as aside, ExitStack() as leaving:
            # Whatever happens, nobody writes there any more when it is cleared up.
            leaving.callback(order.workforce.dismiss)
            maker = maker_of(site, the_plan)
            why = reasons_for(sources, parsed, site, maker, cache, ledger, order) if order.explain else None
            made = Made(ledger, standing, why, weighs=is_set(sources.config.budget))
            search = Search(sought_in(order.root, site.library.shown))
            render_rounds(the_plan, maker, made, foreman_of(site, maker, cache, aside, sources, order), order, search)
            order.workforce.dismiss()
            order.timings.mark("render")
            told = (*told, *(problem for artifact in made.artifacts for problem in artifact.problems))
            if made.weights:
                made_from = {output.path: output.source for outputs in the_plan.rounds for output in outputs}
                drafts = {entry.path for entry in parsed.entries if entry.card.status == "draft"}
                told = (*told, *over_budget(made.weights, sources.config, made_from, drafts))
            heeded = unanswered(told, sources.config, parsed.entries)
            if errors_of(heeded, order.strict):
                return refused(heeded, order, site.library)
            report, ledger = write_out(sources, parsed, site, maker, made, heeded, aside, order)
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


def _nothing_changed(sources: Sources, ledger: Ledger, standing: Standing, order: BuildOrder) -> bool:
    """Whether the folder is what this build would make of it: then nothing is loaded and nothing is made."""
    if not ledger.found or ledger.found != sources.digest or not ledger.holds_at(order.choice.now):
        return False
    if settled_for(order.state) != sources.digest:
        return False
    return not errors_of(ledger.summary.problems, order.strict) and is_sound(order.target, ledger, standing)
