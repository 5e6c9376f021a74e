"""What a build did, as sentences or as one JSON object."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click
import msgspec

from generator.cli.show import counted, visible
from generator.cli.words import count, fine_span, moment, span, stamp, until
from generator.model.library import LeftOut
from generator.model.report import PageWeight, Report, Took

if TYPE_CHECKING:
    from generator.work.explain.spending import Spending

_LEFT_OUT_SHOWN = 20
_OUTPUTS_SHOWN = 5


class Circumstances(msgspec.Struct, frozen=True):
    """What a report does not know: the site's folder and zone, the instant, seconds taken, whether it was the first."""

    root: Path
    zone: ZoneInfo
    now: int
    seconds: float
    first: bool = False


def echo_json(value: dict[str, Any]) -> None:
    """One JSON object on stdout, in ASCII, so that no text in it can act on a terminal."""
    click.echo(json.dumps(value, indent=2))


def shown_path(path: Path) -> str:
    """A path as short as it can be written from where the command was called."""
    try:
        short = path.relative_to(Path.cwd())
    except ValueError:
        return visible(str(path))
    return visible(f"{short}/") if path.is_dir() else visible(str(short))


def report_lines(report: Report, facts: Circumstances) -> Iterator[str]:
    """The summary of a build: what was made, what was left out and why, what comes next."""
    told = counted(report.problems)
    if not report.ok:
        yield f"Nothing was written: {told or 'the build did not succeed'}. It took {span(facts.seconds)}."
        return
    yield f"Built {count(report.articles, 'article')} and {count(report.pages, 'page')} in {span(facts.seconds)}."
    yield f"  {_changes(report)}"
    yield from left_out_lines(report.left_out, facts)
    if report.without:
        yield f"  Built without: {', '.join(visible(path) for path in report.without)}"
    if report.next_change is not None:
        yield f"  The site changes next on {_when(report.next_change, facts)}: build again then."
    if report.heaviest:
        yield f"  The heaviest page is {_weight(report.heaviest[0])}."
    if told:
        yield f"  To look at: {told} (above)."
    output = Path(report.output)
    yield f"  The site is in {shown_path(output)}"
    if facts.first:
        yield from next_steps(output, facts.root)


def _changes(report: Report) -> str:
    parts = [f"{count(len(report.written), 'file')} written", f"{report.unchanged or 'none'} unchanged"]
    if report.removed:
        parts.append(f"{len(report.removed)} removed")
    if report.adopted:
        parts.append(f"{len(report.adopted)} were there already, and right")
    return ", ".join(parts)


def left_out_lines(left_out: tuple[LeftOut, ...], facts: Circumstances) -> Iterator[str]:
    """Each text that is not published, with its reason and when that changes."""
    if not left_out:
        return
    yield f"  Left out: {count(len(left_out), 'text')}"
    for item in left_out[:_LEFT_OUT_SHOWN]:
        change = f", until {_when(item.until, facts)}" if item.until is not None else ""
        yield f"    {visible(item.path)}: {visible(item.reason)}{change}"
    if len(left_out) > _LEFT_OUT_SHOWN:
        yield f"    and {len(left_out) - _LEFT_OUT_SHOWN} more (clarion list shows all)"


def _when(instant: int, facts: Circumstances) -> str:
    return f"{moment(instant, facts.zone)}, {until(instant - facts.now)}"


def next_steps(output: Path, root: Path) -> Iterator[str]:
    """What to do after the first build."""
    site = "" if root == Path.cwd() else f" --site {shown_path(root)}"
    yield ""
    yield "What to do next:"
    if output == root / "output":
        yield f"  clarion serve --built{site}   look at it in a browser"
    yield f"  put everything in {shown_path(output)} on a web host"


def reason_lines(report: Report) -> Iterator[str]:
    """Why each output was drawn; outputs with the same reasons together."""
    if not report.ok:
        return
    if not report.reasons:
        yield "  Nothing was drawn: no input of any output changed."
        return
    yield f"  Drawn: {count(len(report.reasons), 'output')}"
    written = frozenset(report.written)
    groups: dict[tuple[str, ...], list[str]] = {}
    for path, reasons in report.reasons.items():
        groups.setdefault(reasons, []).append(path if path in written else f"{path} (the same bytes)")
    for reasons, paths in groups.items():
        more = f" and {len(paths) - _OUTPUTS_SHOWN} more" if len(paths) > _OUTPUTS_SHOWN else ""
        yield f"    {visible(', '.join(paths[:_OUTPUTS_SHOWN]))}{more}"
        for reason in reasons:
            yield f"      {visible(reason)}"


def weight_lines(report: Report) -> Iterator[str]:
    """The pages that weigh most, where the site has a budget."""
    if len(report.heaviest) > 1:
        yield "  Heaviest pages:"
        yield from (f"    {_weight(page)}" for page in report.heaviest)


def _weight(page: PageWeight) -> str:
    parts = ("HTML", page.html), ("CSS", page.css), ("script", page.script), ("pictures", page.images)
    told = ", ".join(f"{name} {size:,}" for name, size in parts if size)
    return f"/{visible(page.path)}: {page.total:,} bytes ({told})"


def spending_lines(spent: "Spending") -> Iterator[str]:
    """Where the time of a build went, and what makes it less."""
    if spent.idle:
        yield "  Nothing had to be done: no text was parsed, and no output was drawn."
    whole = sum(each.seconds for each in spent.stages) or 1.0
    yield "  Time by stage:"
    for each in spent.stages:
        yield f"    {each.name:<10} {span(each.seconds):>10} {each.seconds / whole:>6.0%}"
    if spent.idle:
        return
    yield from _took("Slowest texts to parse", spent.texts)
    yield from _took("Slowest outputs", spent.outputs)
    yield from _took("Slowest templates", spent.templates, "page")
    yield from _took("Outputs by kind", spent.kinds, "output")
    if spent.extensions:
        yield from _took(f"Markdown extensions, in a sample of {count(spent.sample, 'text')}", spent.extensions)
    if spent.advice:
        yield "  What would make it less:"
        for sentence in spent.advice:
            yield f"    {visible(sentence)}"


def _took(title: str, items: tuple[Took, ...], noun: str = "") -> Iterator[str]:
    if not items:
        return
    yield f"  {title}:"
    for each in items:
        number = f" ({count(each.number, noun)})" if noun else ""
        yield f"    {fine_span(each.seconds):>10}  {visible(each.name)}{number}"


def spending_json(spent: "Spending") -> dict[str, Any]:
    """The same as plain values; seconds are numbers."""
    return {"spending": msgspec.to_builtins(spent)}


def report_json(report: Report, facts: Circumstances, code: int, *, explained: bool = False) -> dict[str, Any]:
    """The facts of the summary as plain values; instants are RFC 3339 in the site's zone, seconds are numbers."""
    value: dict[str, Any] = msgspec.to_builtins(report)
    del value["profile"]
    if not explained:
        del value["reasons"]
    value["next_change"] = stamp(report.next_change, facts.zone)
    value["left_out"] = [
        {"path": item.path, "reason": item.reason, "until": stamp(item.until, facts.zone)} for item in report.left_out
    ]
    return {"command": "build", "exit": code, "seconds": round(facts.seconds, 3), **value}
