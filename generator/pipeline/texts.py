"""A build for which only texts have changed: nothing is planned but what shows them."""

from msgspec import structs

from generator.engine.cache import Cache
from generator.hooks import Site
from generator.model.job import Ledger
from generator.model.library import Parsed
from generator.model.problem import errors_of
from generator.model.report import Report
from generator.pipeline.keeping import keep_known
from generator.pipeline.making import Made, foreman_of, maker_of, render_rounds
from generator.pipeline.order import BuildOrder
from generator.pipeline.reports import as_before
from generator.pipeline.sources import Sources, shape_of
from generator.plugins import plugin_manager
from generator.stages.budget import is_set, over_budget
from generator.stages.gather import EXPIRED, SCHEDULED, gather, left_out_because
from generator.stages.plan import plan_texts
from generator.stages.redactions import Search
from generator.stages.write import Standing, is_sound, prepared, rewrite


def only_texts(
    sources: Sources, parsed: Parsed, ledger: Ledger, standing: Standing, cache: Cache, order: BuildOrder
) -> Report | None:
    """The report of a build for which only texts had changed: what shows them was drawn again, and nothing else.

    None when more changed, or when something is to be told about one of them: then a whole build is needed.
    """
    changed = _changed_texts(sources, parsed, ledger, standing, order)
    if changed is None:
        return None
    if not changed:
        # Bytes of files changed, and nothing that parse makes of them.
        keep_known(structs.replace(ledger, found=sources.digest), sources, order)
        return as_before(sources, ledger, order)
    site = Site(gather(parsed, sources.config, order.choice), sources.config, sources.theme, sources.plugins)
    order.timings.mark("gather")
    the_plan = plan_texts(site, plugin_manager(site.plugins), changed)
    order.timings.mark("plan")
    made = Made(ledger, standing, names=ledger.names, weighs=is_set(sources.config.budget))
    with prepared(order.target) as aside:
        maker = maker_of(site, the_plan)
        render_rounds(the_plan, maker, made, foreman_of(site, maker, cache, aside, sources, order), order, Search({}))
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
    keep_known(
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
    report = as_before(sources, structs.replace(ledger, weights=weights), order)
    return structs.replace(report, written=tuple(sorted(stats)), unchanged=len(ledger.outputs) - len(stats))


def _changed_texts(
    sources: Sources, parsed: Parsed, ledger: Ledger, standing: Standing, order: BuildOrder
) -> dict[str, str] | None:
    """The documents of which the text changed and nothing else, with its digest; None when anything else changed.

    A session looks for that by itself, and has to remember the whole of each build.
    """
    if order.session is not None or order.explain or not ledger.found or not ledger.holds_at(order.choice.now):
        return None
    if ledger.shape != shape_of(sources, parsed, order.choice):
        return None
    if errors_of(ledger.summary.problems, order.strict) or not is_sound(order.target, ledger, standing):
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
