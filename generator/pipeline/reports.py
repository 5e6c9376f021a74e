"""What a build tells that made nothing: it was refused, or there was nothing to do."""

from collections.abc import Sequence

from generator.engine.cache import MemoryCache
from generator.engine.index import path_key
from generator.model.job import Ledger
from generator.model.library import LeftOut, Library
from generator.model.problem import Problem, in_order
from generator.model.report import Report
from generator.pipeline.order import BuildOrder, silent
from generator.pipeline.sources import Sources, parsing_of
from generator.stages.budget import heaviest
from generator.stages.gather import left_out_because
from generator.stages.parse_all import parse_all, with_sections


def refused(problems: Sequence[Problem], order: BuildOrder, library: Library | None = None) -> Report:
    """The report of a build that stops here."""
    return Report(
        ok=False,
        problems=in_order(problems),
        left_out=library.left_out if library else (),
        next_change=library.next_change if library else None,
        output=str(order.target),
        without=order.choice.without,
        timings=order.timings.seconds,
    )


def as_before(sources: Sources, ledger: Ledger, order: BuildOrder) -> Report:
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


def _left_out_again(sources: Sources, ledger: Ledger, order: BuildOrder) -> tuple[LeftOut, ...]:
    """What is not published and why: of those documents nothing is kept, so they are read again."""
    hidden = ledger.summary.hidden
    if not hidden:
        return ()
    files = with_sections(sources.found.files, lambda file: path_key(file.path) in hidden)
    parsed = parse_all(files, parsing_of(sources, MemoryCache(), order), silent)
    reasons = ((entry.path, *left_out_because(entry, order.choice)) for entry in parsed.entries)
    return tuple(LeftOut(path, reason, until) for path, reason, until in sorted(reasons) if reason)


def articles_of(library: Library) -> int:
    """How many articles are published."""
    return sum(1 for entry in library.entries.values() if entry.type == "article")
