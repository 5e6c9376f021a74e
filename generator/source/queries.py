"""Queries over articles as `[facts.NAME]` declares them: which fields there are, and what is wrong with one."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, get_args

from generator.model.document import KINDS, ActionState
from generator.model.fields import ACTION_KINDS
from generator.model.problem import Problem
from generator.model.query import Query
from generator.source.expression import Mistake, Rule, read_condition
from generator.source.places import Places
from generator.source.suggest import did_you_mean

FACTS = "facts"
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_SORT_FIELD = re.compile(r"[^,]+")

RULES: Mapping[str, Rule] = {
    "kind": Rule("text", tuple(kind for kind in KINDS if kind != "page")),
    "section": Rule("text"),
    "language": Rule("text"),
    "title": Rule("text"),
    "summary": Rule("text"),
    "path": Rule("text"),
    "date": Rule("day"),
    "updated": Rule("day"),
    "authors": Rule("texts"),
    "series.name": Rule("text"),
    "series.part": Rule("number"),
    "campaign": Rule("text"),
    "pinned": Rule("truth"),
    "order": Rule("number"),
    "minutes": Rule("number"),
    "image": Rule("truth"),
    "repost": Rule("truth"),
    "actions.kind": Rule("texts", ACTION_KINDS),
    "actions.state": Rule("texts", get_args(ActionState)),
    "content_note.level": Rule("text", ("described", "graphic", "images")),
    "content_note.topics": Rule("texts"),
}
"""The fields of an article that a query may name; beside them each taxonomy of the site, which holds texts."""


def rules_of(taxonomies: Iterable[str]) -> dict[str, Rule]:
    """All fields that queries of a site may name."""
    return {**RULES, **{name: Rule("texts") for name in taxonomies}}


def queries_of(
    written: Mapping[str, Mapping[str, Any]], places: Places, path: str, taxonomies: Iterable[str]
) -> tuple[dict[str, Query], list[Problem]]:
    """The queries by name that clean values of `[facts]` declare, and what is wrong with them."""
    rules = rules_of(taxonomies)
    queries = {}
    problems = []
    for name, value in written.items():
        if not _NAME.match(name):
            hint = "Write small letters, digits and underscores: templates read it as facts.latest_appeals."
            message = f"a template could not name the query “{name}”"
            problems.append(Problem("error", "CL334", message, path, *places.key((FACTS, name)), hint))
            continue
        query = queries[name] = Query(**value)
        for setting, check in (("where", read_condition), ("sort", sort_keys)):
            text = value.get(setting, "")
            if not text:
                continue
            try:
                check(text, rules)
            except Mistake as mistake:
                line, column = places.value((FACTS, name, setting))
                # The value begins behind its quotation mark.
                column += mistake.at + 1 if (FACTS, name, setting) in places.values else 0
                problems.append(Problem("error", mistake.code, str(mistake), path, line, column, mistake.hint))
                query = queries[name] = Query(limit=query.limit)
    return queries, problems


def sort_keys(text: str, rules: Mapping[str, Rule]) -> tuple[tuple[str, bool], ...]:
    """The fields that `sort` names, the first counting most, each with whether it falls. Raises: Mistake."""
    keys = []
    for match in _SORT_FIELD.finditer(text):
        word = match[0].strip()
        name = word.removeprefix("-")
        at = match.start() + match[0].find(word)
        if name not in rules:
            hint = did_you_mean(name, rules) or 'Write fields with commas: sort = "-pinned, -date".'
            raise Mistake("CL331", f"articles have no field “{name}”", at, hint)
        if rules[name].kind == "texts":
            raise Mistake("CL332", f"“{name}” holds several values and gives no order", at, "Sort by another field.")
        keys.append((name, word.startswith("-")))
    return tuple(keys)
