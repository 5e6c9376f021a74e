"""Build again after words of some texts changed and nothing else: what a preview does at nearly every save.

What only shows a text (a page, the feeds that carry it whole) is drawn again; all else stands, for none of it can have
read what changed. Whoever finds anything else changed leaves the work to a whole build.
"""

import os
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

from msgspec import structs

from generator.engine.cache import Kept
from generator.engine.digest import digest_bytes
from generator.engine.executors import Serial
from generator.engine.lock import build_lock
from generator.model.document import Entry, File
from generator.model.job import LedgerLine, Output
from generator.model.report import Report
from generator.pipeline.session import Built, Session
from generator.pipeline.timings import Clock
from generator.stages.budget import is_set, over_budget
from generator.stages.jobs import Maker
from generator.stages.parse_all import parse_again
from generator.stages.render_all import Foreman, Order, render_all
from generator.stages.write import prepared, rewrite


def rebuild(session: Session, changed: Collection[str], *, now: int, clock: Clock) -> Report | None:
    """Build again after the files `changed` (paths from the site's folder) may have changed, and no others.

    `now` is in UTC seconds; `clock` is a monotonic one. None when more changed than words, when something is wrong, or
    when nothing is known of the last build: then only a whole build can tell.
    """
    began = clock()
    built = session.built
    if built is None or not changed or not built.ledger.holds_at(now):
        return None
    entries = {entry.path: entry for entry in built.parsed.entries}
    if any(entry.card.unredacted for entry in entries.values()):
        # What is drawn has to be looked through for what is redacted.
        return None
    told = {problem.path for problem in built.report.problems}
    read: list[tuple[File, bytes]] = []
    for path in sorted(changed):
        before = entries.get(path)
        content = _content(built.root / path)
        if before is None or content is None or path in told or not _is_shown(before, built):
            return None
        read.append((File(path, digest_bytes(content), len(content)), content))
    fresh: dict[str, Entry] = {}
    kept = []
    for value, entry in _parsed_again(read, built):
        if value is None or entry is None or entry.problems or value.outline != built.parsed.outlines[entry.path]:
            return None
        fresh[entry.path] = entry
        kept.append(value)
    with build_lock(built.state):
        session.cache.keep(kept)
        report = _drawn(session, built, fresh)
        if report is None:
            return None
        return structs.replace(report, timings={"rebuild": clock() - began})


def warm(session: Session) -> None:
    """Draw what shows one text once, for nothing: the templates are compiled then, and the next save is quick."""
    built = session.built
    if built is None or not session.readers:
        return
    newest = max(session.readers, key=lambda path: len(session.readers[path]))
    orders = [Order(built.maker.job(output)[0]) for output in session.readers[newest] if output.template]
    with prepared(built.target) as aside:
        for _ in render_all(orders, _foreman(session, built, built.maker, aside), Serial()):
            pass


def _foreman(session: Session, built: Built, maker: Maker, aside: Path) -> Foreman:
    def text(path: str) -> bytes:
        return session.cache.text(path) or b""

    where = (built.root, built.state, f"{aside}/")
    weighed = is_set(built.config.budget)
    return Foreman(built.theme, maker.setup, maker.values, text, *where, plugins=built.site.plugins, weighed=weighed)


def _parsed_again(read: list[tuple[File, bytes]], built: Built) -> Iterator[tuple[Kept | None, Entry | None]]:
    return parse_again(read, built.config, built.parsed.sections, built.theme.declarations, built.site.plugins)


def _content(file: Path) -> bytes | None:
    try:
        if not stat.S_ISREG(os.lstat(file).st_mode):
            return None
        return file.read_bytes()
    except OSError:
        return None


def _is_shown(entry: Entry, built: Built) -> bool:
    """Whether a page shows the text: nothing is drawn of what is left out, and little of what was retracted."""
    library = built.site.library
    listed = entry.path in library.entries or entry.path in {text.path for text in library.texts.values()}
    return listed and entry.card.status != "retracted"


def _drawn(session: Session, built: Built, fresh: dict[str, Entry]) -> Report | None:
    """Draw what shows these texts, and put it in its place; None when something goes wrong."""
    maker = built.maker.with_texts({path: entry.body_digest for path, entry in fresh.items()})
    outputs = {output.path: output for path in fresh for output in session.readers.get(path, ())}
    lines = dict(built.ledger.outputs)
    names = {known: number for number, known in enumerate(built.ledger.names)}
    made = [maker.job(output) for output in sorted(outputs.values(), key=_in_order)]
    with prepared(built.target) as aside:
        foreman = _foreman(session, built, maker, aside)
        orders = [Order(job, lines[job.path].digest) for job, _ in made if job.path in lines]
        if len(orders) != len(made):
            return None
        artifacts = list(render_all(orders, foreman, Serial()))
        if any(artifact.problems for artifact in artifacts) or any(lines[each.path].problems for each in artifacts):
            return None
        fresh_weights = {each.path: each.weight for each in artifacts if each.weight is not None}
        weights = {**built.ledger.weights, **fresh_weights}
        if over_budget(weights, built.config, {}, among=fresh_weights):
            return None
        stats = rewrite(artifacts, output=built.target, aside=aside, state=built.state)
    for (job, cause), artifact in zip(made, artifacts, strict=True):
        number = names.setdefault((cause.names, cause.shared), len(names))
        found = stats.get(artifact.path, lines[artifact.path].stat)
        lines[artifact.path] = LedgerLine(
            job.key, artifact.digest, found, artifact.problems, lines[artifact.path].planned, number, cause.digests
        )
    written = tuple(sorted(stats))
    report = structs.replace(
        built.report,
        written=written,
        unchanged=len(lines) - len(written),
        removed=(),
        adopted=(),
    )
    parsed = structs.replace(
        built.parsed, entries=tuple(fresh.get(entry.path, entry) for entry in built.parsed.entries)
    )
    ledger = structs.replace(built.ledger, outputs=lines, names=tuple(names), weights=weights)
    session.remember(structs.replace(built, parsed=parsed, maker=maker, ledger=ledger, report=report))
    return report


def _in_order(output: Output) -> tuple[int, str]:
    return (output.round, output.path)
