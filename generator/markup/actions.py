"""Actions that a text places, or declares, by a directive."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from html import escape, unescape
from typing import Any

from msgspec import Struct, structs

from generator.markup.converted import Converted
from generator.markup.redaction import DIRECTIVE as REDACTED
from generator.model.body import Body, Call, Html, Part
from generator.model.document import Action
from generator.model.fields import ACTION
from generator.model.problem import Problem, Severity
from generator.source.actions import Say, Written, actions_of
from generator.source.check import Rules, check
from generator.source.places import KeyPath, Place, Places
from generator.source.suggest import did_you_mean

DIRECTIVE = "action"
_LISTS = ("asks_for", "languages", "alternatives")
_TAG = re.compile("<[^>]*>")


class Acting(Struct, frozen=True):
    """What a document asks of its readers, and its text and lead, where each call names its action by `id` alone.

    `places` are those of the actions that the text declares, as `actions.2`.
    """

    actions: tuple[Action, ...]
    body: Body
    lead: Body
    places: dict[str, Place] = {}


def with_actions(
    converted: Converted, written: Sequence[Written], *, allowed: bool, rules: Rules, path: str, problems: list[Problem]
) -> Acting:
    """The actions that front matter has `written` and those that the text declares, checked alike.

    A directive that gives an `id` alone places the action of that name; with more it declares one. Where none is
    `allowed` it is a Problem. A lead shows none: lists have the leads of many articles on one page.
    """
    if DIRECTIVE not in converted.directives:
        return Acting(actions_of(written, rules.zone), converted.body, converted.lead)
    mentions = _mentions(converted)
    declared: list[tuple[_Mention, Written]] = []
    for mention in mentions if allowed else ():
        if mention.declares:
            say = mention.teller(path, problems)
            clean, found = check(mention.values(say), ACTION, mention.places, path=path, rules=rules)
            problems.extend(found)
            if clean:
                declared.append((mention, Written(clean, (), say, "url" in mention.call.attributes)))
    actions = actions_of((*written, *(value for _, value in declared)), rules.zone)
    own = actions[: len(actions) - len(declared)]
    ids = {mention.place: action.id for (mention, _), action in zip(declared, actions[len(own) :], strict=True)}
    known = [action.id for action in own]
    for mention in mentions:
        if not allowed:
            message, hint = "an action cannot stand in this text", "Write it in an article or in a page."
            mention.teller(path, problems)("error", "CL527", message, (), hint)
        elif mention.name in known and not mention.declares:
            ids[mention.place] = mention.name
        elif not mention.declares:
            mention.teller(path, problems)("error", "CL526", *_nothing_meant(mention.name, known))
    placed = set(ids.values())
    return Acting(
        tuple(structs.replace(action, placed=True) if action.id in placed else action for action in actions),
        structs.replace(converted.body, parts=_named(converted.body.parts, ids)),
        structs.replace(converted.lead, parts=_named(converted.lead.parts, {})),
        {f"actions.{number}": mention.place for number, (mention, _) in enumerate(declared, len(own))},
    )


class _Mention(Struct, frozen=True):
    """A directive that is about an action; `places` are those of its values."""

    call: Call
    places: Places

    @property
    def place(self) -> Place:
        return self.call.line, self.call.column

    @property
    def name(self) -> str:
        return str(self.call.attributes.get("id", ""))

    @property
    def declares(self) -> bool:
        """Whether it says more than which action is meant."""
        return bool(self.call.text or self.call.attributes.keys() - {"id"})

    def teller(self, path: str, problems: list[Problem]) -> Say:
        """Tells what is wrong with one of its values, at that value."""

        def say(severity: Severity, code: str, message: str, at: KeyPath, hint: str) -> None:
            problems.append(Problem(severity, code, message, path, *self.places.value(at), hint))

        return say

    def values(self, say: Say) -> dict[str, Any]:
        """What it says as front matter would: lists by their commas, who is named as a group of keys."""
        values: dict[str, Any] = dict(self.call.attributes)
        for key in _LISTS:
            if key in values:
                values[key] = _parted(values[key])
        if "organiser" in values:
            values["organiser"] = {"name": values["organiser"]}
        if "recipients" in values:
            values["recipients"] = [{"name": name} for name in _parted(values["recipients"])]
        if self.call.text and "title" in values:
            say("error", "CL210", "“title” is given twice", ("title",), "Keep this one, or that in square brackets.")
        values["title"] = values.get("title") or self.call.text
        values["summary"] = values.get("summary") or words_of(self.call.inner)
        return values


def words_of(parts: Sequence[Part]) -> str:
    """The words of some parts of a text in one line."""

    def pieces(parts: Sequence[Part]) -> Iterator[str]:
        for part in parts:
            if isinstance(part, Html):
                yield part.text
            elif isinstance(part, Call):
                yield from (escape(part.text),) if part.name == REDACTED else pieces(part.inner)

    return " ".join(unescape(_TAG.sub("", "".join(pieces(parts)))).split())


def _parted(value: Any) -> list[str]:
    return [word.strip() for word in str(value).split(",") if word.strip()]


def _mentions(converted: Converted) -> list[_Mention]:
    """The action directives in their order. A second one of a name has been told: ids are unique in a text."""
    found: dict[str, _Mention] = {}
    for call in _calls(converted.body.parts):
        start = call.line, call.column
        spots = converted.spots.get(start, {})
        mention = _Mention(call, Places(values={(key,): place for key, place in spots.items()}, start=start))
        found.setdefault(mention.name or f" {len(found)}", mention)
    return list(found.values())


def _calls(parts: Sequence[Part]) -> Iterator[Call]:
    for part in parts:
        if isinstance(part, Call):
            if part.name == DIRECTIVE:
                yield part
            yield from _calls(part.inner)


def _named(parts: Sequence[Part], ids: Mapping[Place, str]) -> tuple[Part, ...]:
    """The parts with each action called by its id alone, without those that have none."""
    made: list[Part] = []
    for part in parts:
        if not isinstance(part, Call):
            made.append(part)
            continue
        inner = _named(part.inner, ids)
        if part.name != DIRECTIVE:
            made.append(structs.replace(part, inner=inner))
        elif (part.line, part.column) in ids:
            made.append(Call(DIRECTIVE, {"id": ids[part.line, part.column]}, inner, "", part.line, part.column))
    return tuple(made)


def _nothing_meant(name: str, known: Collection[str]) -> tuple[str, KeyPath, str]:
    """Message, place and hint for a directive that neither declares an action nor names one of the front matter."""
    if name:
        hint = did_you_mean(name, known) or "Write it under `actions`, or say here what it is: ::action{url=…}."
        return f"there is no action “{name}” in the front matter", ("id",), hint
    hint = "Name one of the front matter, ::action{id=…}, or say here what it is: ::action[Title]{url=…}."
    return "this says neither which action is meant nor what it is", (), hint
