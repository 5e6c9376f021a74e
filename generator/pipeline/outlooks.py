"""A site as a build would find it, for who asks about it."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from msgspec import Struct

from generator.engine.cache import ReadOnly
from generator.engine.ledger import load_ledger
from generator.engine.refusal import Refused
from generator.engine.workforce import Workforce
from generator.hooks import Site
from generator.model.document import File
from generator.model.job import Ledger
from generator.model.library import Parsed
from generator.model.problem import Problem, in_order
from generator.pipeline.making import foreman_of, maker_of, way_of
from generator.pipeline.order import OUTPUT, STATE, BuildOrder, alone, silent
from generator.pipeline.planning import planned, unknown_paths
from generator.pipeline.sources import cache_of, look_for_sources, parsing_of
from generator.pipeline.timings import Timings
from generator.pipeline.verdicts import unanswered
from generator.pipeline.why import reasons_for
from generator.stages.gather import Choice
from generator.stages.jobs import Maker
from generator.stages.parse_all import parse_all
from generator.stages.plan import Plan
from generator.stages.reasons import Reasons
from generator.stages.render import asset_of
from generator.stages.render_all import Order, render_assets
from generator.stages.write import Standing, look


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


def outlook(
    root: Path, *, now: int, overrides: Sequence[str] = (), without: Sequence[str] = (), wait: float = 0.0
) -> tuple[Outlook | None, tuple[Problem, ...]]:
    """What a build of the site in `root` would find at `now`, and what is wrong; None when it cannot be planned.

    Neither the output folder nor what is known of it is touched.
    """
    target = root / OUTPUT
    try:
        with alone(root, None, wait, keeps=(root / STATE).is_dir()) as (folder, stack):
            order = BuildOrder(
                root=root,
                target=target,
                state=folder,
                overrides=tuple(overrides),
                choice=Choice(now, without=tuple(without)),
                explain=True,
                say=silent,
                timings=Timings(lambda: 0.0),
                workforce=Workforce(stack),
            )
            return _outlook(order)
    except Refused as refusal:
        return None, (refusal.problem,)


def _outlook(order: BuildOrder) -> tuple[Outlook | None, tuple[Problem, ...]]:
    sources, problems = look_for_sources(order)
    if sources is None:
        return None, problems
    ledger = load_ledger(order.state, order.target)
    standing = look(order.target, ledger, order.state)
    with ExitStack() as stack:
        cache = ReadOnly(cache_of(order))
        stack.callback(cache.close)
        parsed = parse_all(sources.found.files, parsing_of(sources, cache, order), order.say)
        site, the_plan, told = planned(sources, parsed, order)
        heeded = unanswered((*told, *unknown_paths(parsed, order.choice.without)), sources.config, parsed.entries)
        if the_plan is None:
            return None, in_order(heeded)
        maker = maker_of(site, the_plan)
        foreman = foreman_of(site, maker, cache, order.state, sources, order)
        for outputs in the_plan.rounds:
            for output in outputs:
                if way_of(output) == "asset":
                    job, _ = maker.job(output)
                    (artifact,) = render_assets([Order(job)], foreman)
                    maker.assets[job.inputs["name"]] = asset_of(artifact)
        reasons = reasons_for(sources, parsed, site, maker, cache, ledger, order)
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
