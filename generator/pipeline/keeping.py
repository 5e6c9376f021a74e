"""What was made goes to the output folder, and what is known of it to the state folder."""

from contextlib import suppress
from pathlib import Path

from generator.engine.artifacts import ArtifactStore
from generator.engine.index import path_key
from generator.engine.ledger import save_ledger
from generator.hooks import Site
from generator.media.known import save_known
from generator.model.job import Ledger, Summary
from generator.model.library import Parsed
from generator.model.problem import Problem, in_order
from generator.model.report import Report
from generator.pipeline.making import Made
from generator.pipeline.order import BuildOrder
from generator.pipeline.reports import articles_of
from generator.pipeline.sources import Sources, keep_index, shape_of
from generator.pipeline.verdicts import unanswered
from generator.pipeline.why import known_now
from generator.stages.budget import heaviest
from generator.stages.jobs import Maker
from generator.stages.reasons import packed
from generator.stages.write import write


def write_out(
    sources: Sources,
    parsed: Parsed,
    site: Site,
    maker: Maker,
    made: Made,
    heeded: tuple[Problem, ...],
    aside: Path,
    order: BuildOrder,
) -> tuple[Report, Ledger]:
    """The report of what was written, and the ledger of it."""
    library = site.library
    left_out = {out.path for out in library.left_out}
    told = in_order(heeded)
    summary = Summary(
        problems=told,
        articles=articles_of(library),
        pages=made.pages(),
        hidden=frozenset(map(path_key, left_out)),
    )
    # Of what is not published nothing is kept, not even what is wrong with it: then the next build looks again.
    shown = library.shown
    public = {entry.path for entry in shown if entry.card.status != "retracted"} - library.unseen
    secret = any(problem.path.startswith("content/") and problem.path not in public for problem in told)
    ledger = Ledger(
        found="" if secret else sources.digest,
        shape=shape_of(sources, parsed, order.choice),
        texts={entry.path: entry.body_digest for entry in shown if entry.path in public},
        names=tuple(made.names),
        environment=maker.environment,
        known=packed(known_now(sources, parsed, site, maker)),
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
    keep_index(sources, order)
    ArtifactStore(order.state).prune(made.pictures)
    with suppress(OSError):
        shown_pictures = (picture.source for picture in library.pictures)
        save_known(order.state, sources.config.images.max_pixels, shown_pictures)
    order.timings.mark("write")
    report = Report(
        ok=True,
        problems=in_order((*told, *unanswered(written.problems, sources.config, parsed.entries))),
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


def keep_known(ledger: Ledger, sources: Sources, order: BuildOrder) -> None:
    """Keep ledger and index: they only save time, so a folder that cannot hold them costs just that."""
    with suppress(OSError):
        save_ledger(order.state, order.target, ledger)
    keep_index(sources, order)
