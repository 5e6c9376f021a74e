"""The documents of a site and their state, with nothing built."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from generator.config import load_config
from generator.model.document import Card
from generator.model.problem import Problem, errors_of, in_order
from generator.pipeline.verdicts import unanswered
from generator.plugins import load_plugins
from generator.stages.find import find
from generator.stages.gather import Choice, left_out_because
from generator.stages.parse_all import parse_here
from generator.theme import load_theme


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


def survey(root: Path, *, now: int, overrides: Sequence[str] = ()) -> Survey:
    """The state of every document at `now`, without building anything."""
    config, problems = load_config(root, overrides)
    if config is None:
        return Survey(problems=in_order(problems))
    named, found_wrong = load_plugins(root, config)
    problems = (*problems, *found_wrong)
    if errors_of(found_wrong, strict=False):
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
        in_order(unanswered((*problems, *theme_problems, *found.problems, *parsed.problems), config, parsed.entries)),
    )
