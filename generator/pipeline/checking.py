"""What a build would tell, with nothing written."""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from generator.engine.cache import ReadOnly
from generator.engine.ledger import load_ledger
from generator.engine.refusal import Refused
from generator.engine.workforce import Workforce
from generator.model.problem import errors_of, in_order
from generator.model.report import Report
from generator.pipeline.making import Made, foreman_of, maker_of, render_rounds
from generator.pipeline.order import OUTPUT, STATE, BuildOrder, Progress, alone, silent
from generator.pipeline.planning import planned, unknown_paths
from generator.pipeline.reports import articles_of, refused
from generator.pipeline.sources import cache_of, look_for_sources, parsing_of
from generator.pipeline.timings import Clock, Timings
from generator.pipeline.verdicts import unanswered
from generator.stages.gather import Choice
from generator.stages.parse_all import parse_all
from generator.stages.redactions import Sweep, sought_in
from generator.stages.write import look


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
    timings = Timings(clock)
    keeps = not (drafts or future) and os.access(root / STATE, os.R_OK | os.W_OK | os.X_OK)
    try:
        with alone(root, None, wait, keeps=keeps) as (folder, stack):
            order = BuildOrder(
                root=root,
                target=target,
                state=folder,
                overrides=tuple(overrides),
                choice=Choice(now, drafts, future, tuple(without)),
                strict=strict,
                say=progress or silent,
                timings=timings,
                workforce=Workforce(stack, jobs),
            )
            return _swept(order)
    except Refused as refusal:
        return Report(ok=False, problems=(refusal.problem,), output=str(target), timings=timings.seconds)


def _swept(order: BuildOrder) -> Report:
    """The report of a check."""
    sources, problems = look_for_sources(order)
    if sources is None:
        return refused(problems, order)
    ledger = load_ledger(order.state, order.target)
    standing = look(order.target, ledger, order.state)
    order.timings.mark("find")
    with ExitStack() as stack:
        cache = ReadOnly(cache_of(order))
        stack.callback(cache.close)
        parsed = parse_all(sources.found.files, parsing_of(sources, cache, order), order.say)
        order.timings.mark("parse")
        unknown = unknown_paths(parsed, order.choice.without)
        if unknown:
            return refused(unknown, order)
        site, the_plan, told = planned(sources, parsed, order)
        heeded = unanswered(told, sources.config, parsed.entries)
        order.timings.mark("plan")
        # Warnings are no reason not to look further, whatever they count as in the end.
        if the_plan is None or errors_of(heeded, strict=False):
            return refused(heeded, order, site.library)
        library = site.library
        sweep = Sweep(order.root, sought_in(order.root, library.shown))
        maker, made = maker_of(site, the_plan), Made(ledger, standing)
        render_rounds(the_plan, maker, made, foreman_of(site, maker, cache, None, sources, order), order, sweep)
        order.timings.mark("render")
    found = (problem for artifact in made.artifacts for problem in artifact.problems)
    heeded = unanswered((*told, *found, *sweep.problems()), sources.config, parsed.entries)
    return Report(
        ok=not errors_of(heeded, order.strict),
        problems=in_order(heeded),
        left_out=library.left_out,
        next_change=library.next_change,
        articles=articles_of(library),
        pages=made.pages(),
        output=str(order.target),
        without=order.choice.without,
        timings=order.timings.seconds,
    )
