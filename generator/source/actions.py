"""Actions and sources as values, with the rules that hold between their fields."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from typing import Any

from msgspec import Struct, structs

from generator.model.document import Action, ArchivedCopy, Goal, Moment, Named, Recipient, Source
from generator.model.problem import Severity
from generator.source.moments import end_second, first_second
from generator.source.places import KeyPath
from generator.source.suggest import did_you_mean

Say = Callable[[Severity, str, str, KeyPath, str], None]
"""Takes severity, code, message, the path of the value it is about, and a hint."""

OVER = ("closed", "delivered", "won", "lost")
_WITHOUT_ADDRESS = ("write", "call", "event")
_ANCHOR = "#act-"
_STEP = re.compile(r"\s*(?:[-*•]|\d{1,3}[.)])\s+")


class Written(Struct, frozen=True):
    """The clean values of an action, the path to them, and who is told what is wrong.

    With `linked` its author gave a `url`, be it one that was refused and told of.
    """

    values: Mapping[str, Any]
    at: KeyPath
    say: Say
    linked: bool = False


def actions_of(written: Sequence[Written], zone: tzinfo) -> tuple[Action, ...]:
    """The actions of an article, one for each that says anything. Ids default to the kind, the second to `KIND-2`.

    A deadline that is a day ends with its last second in `zone`, an opening begins with its first.
    """
    if not written:
        return ()
    kinds: dict[str, int] = {}
    seen: set[str] = {str(each.values["id"]) for each in written if each.values.get("id")}
    given: set[str] = set()
    actions = []
    for each in written:
        value, at, say = each.values, each.at, each.say
        if not value:
            continue
        kind = value.get("kind", "petition")
        kinds[kind] = kinds.get(kind, 0) + 1
        action_id = value.get("id", "")
        if action_id and action_id in given:
            say("error", "CL510", f"two actions have the id “{action_id}”", (*at, "id"), "Give one of them another.")
        if not action_id:
            number = kinds[kind]
            action_id = kind if number == 1 else f"{kind}-{number}"
            while action_id in seen:
                number += 1
                action_id = f"{kind}-{number}"
        given.add(action_id)
        seen.add(action_id)
        goal = goal_of(value.get("goal"), (*at, "goal"), say)
        action = _action(value, action_id, kind, goal, zone)
        _weigh_action(action, zone, each)
        actions.append(action)
    anchors = [f"{_ANCHOR}{action.id}" for action in actions]
    for each in written:
        for number, place in enumerate(each.values.get("alternatives", ())):
            if place.startswith("#") and place not in anchors:
                hint = did_you_mean(place, anchors) or f"Write {_ANCHOR} and the id of another action of this article."
                message = f"there is no action “{place}” in this article"
                each.say("error", "CL535", message, (*each.at, "alternatives", number), hint)
    return tuple(actions)


def steps_of(script: Sequence[str]) -> tuple[str, ...]:
    """The steps of a call: those of a list, or of a text whose lines are numbered or marked; else the text, whole."""
    if len(script) != 1:
        return tuple(step.strip() for step in script)
    lines = [line for line in script[0].splitlines() if line.strip()]
    if len(lines) < 2 or not all(_STEP.match(line) for line in lines):
        return tuple(script)
    return tuple(_STEP.sub("", line, count=1).strip() for line in lines)


def goal_of(value: Mapping[str, Any] | None, at: KeyPath, say: Say) -> Goal | None:
    """A goal of clean values; None without a target."""
    if not value or "target" not in value:
        return None
    goal = Goal(**value)
    if goal.current is not None and goal.current > goal.target:
        message = f"the goal is {goal.target}, but the count is already {goal.current}"
        say("error", "CL513", message, (*at, "target"), "Raise `target`.")
    if goal.current is not None and (goal.as_of is None or not goal.source):
        hint = "Add `as_of`, the day of the count, and `source`, where it can be seen."
        say("note", "CL514", "a count without its day and source", (*at, "current"), hint)
    return goal


def sources_of(values: tuple[Mapping[str, Any], ...], say: Say) -> tuple[Source, ...]:
    """The sources of clean values; ids default to `source-N`."""
    sources = []
    given: set[str] = set()
    for index, value in enumerate(values):
        at: KeyPath = ("sources", index)
        if not value:
            continue
        source_id = value.get("id", f"source-{index + 1}")
        if source_id in given:
            say("error", "CL515", f"two sources have the id “{source_id}”", (*at, "id"), "Give one of them another.")
        given.add(source_id)
        if not value.get("title") and not value.get("url"):
            say("error", "CL516", "a source without `title` or `url`", at, "Give it at least one of them.")
        archived = tuple(ArchivedCopy(**copy) for copy in value.get("archived", ()) if "url" in copy)
        sources.append(Source(**{**value, "id": source_id, "archived": archived}))
    return tuple(sources)


def _action(value: Mapping[str, Any], action_id: str, kind: str, goal: Goal | None, zone: tzinfo) -> Action:
    organiser = value.get("organiser")
    closes = _exact(value.get("closes"), lambda moment: end_second(moment, zone) - 1)
    last = value.get("ends") or value.get("starts") if kind == "event" else None
    event_over = _end_of_event(last, zone, whole="ends" not in value)
    ends = (closes.instant if closes else None, event_over)
    return Action(
        **{
            **value,
            "id": action_id,
            "kind": kind,
            "organiser": Named(**organiser) if organiser and "name" in organiser else None,
            "recipients": tuple(_recipient(each) for each in value.get("recipients", ()) if each),
            "opens": _exact(value.get("opens"), lambda moment: first_second(moment, zone)),
            "closes": closes,
            "goal": goal,
            "script": steps_of(value.get("script", ())),
            "until": min((end for end in ends if end is not None), default=None),
            "event_over": event_over,
        }
    )


def _end_of_event(moment: Moment | None, zone: tzinfo, *, whole: bool) -> int | None:
    """The UTC second from which an event is over; with `whole`, of which only the beginning is known, its day."""
    if moment is None:
        return None
    return end_second(Moment(moment.day) if whole else moment, zone)


def _recipient(value: Mapping[str, Any]) -> Recipient:
    names = (value.get(key) for key in ("name", "organisation", "title", "email", "phone"))
    name = next((name for name in names if name), "")
    return Recipient(**{**value, "name": name})


def _exact(moment: Moment | None, second: Callable[[Moment], int]) -> Moment | None:
    if moment is None or moment.instant is not None:
        return moment
    return structs.replace(moment, instant=second(moment))


def _weigh_action(action: Action, zone: tzinfo, written: Written) -> None:
    at, say = written.at, written.say
    needs_more = not written.linked and action.status not in OVER
    if needs_more and action.kind not in _WITHOUT_ADDRESS:
        hint = "Add `url`; without one, an action is closed (delivered, won, lost), or of kind write, call or event."
        say("error", "CL511", "an action that leads nowhere", at, hint)
    if action.opens and action.closes and _second(action.closes) < _second(action.opens):
        say("error", "CL512", "the action closes before it opens", (*at, "closes"), "Mend `opens` or `closes`.")
    if action.starts and action.ends and end_second(action.ends, zone) <= first_second(action.starts, zone):
        say("error", "CL512", "the event ends before it begins", (*at, "ends"), "Mend `starts` or `ends`.")
    needed, example = _lacking(action) if needs_more else ("", "")
    if needed:
        hint = f"Write {example}, or give it a `url` where it can be done."
        say("warning", "CL529", f"the action does not say {needed}", at, hint)
    missing = [name for name in _missing(action) if not needed or name not in _TOLD]
    if missing and action.status not in OVER:
        words = ", ".join(f"`{name}`" for name in missing)
        say("note", "CL517", f"the action does not say {words}", at, "Readers act more readily when they know.")


def _second(moment: Moment) -> int:
    return moment.instant or 0


_TOLD = ("recipients", "starts")
_NEEDED = {
    "write": ("where a letter goes", "recipients: [{ name: …, email: … }]"),
    "call": ("what number to call", "recipients: [{ name: …, phone: … }]"),
    "event": ("when it begins", "starts: 2027-01-14T18:30"),
}


def _lacking(action: Action) -> tuple[str, str]:
    """What readers cannot do without, in words and as it is written; empty when all is there.

    A letter without an address can still be printed and posted.
    """
    there = {
        "write": action.letter or any(recipient.email for recipient in action.recipients),
        "call": any(recipient.phone for recipient in action.recipients),
        "event": action.starts is not None,
    }
    return ("", "") if there.get(action.kind, True) else _NEEDED[action.kind]


def _missing(action: Action) -> list[str]:
    wanted = {
        "title": action.title,
        # Whoever writes or calls does so alone: there need be nobody who runs it.
        "organiser": action.organiser or action.kind in ("write", "call", "share"),
        "recipients": action.recipients if action.kind in ("petition", "write", "call") else True,
        "letter": action.letter if action.kind == "write" else True,
        "script": action.script if action.kind == "call" else True,
        "starts": action.starts if action.kind == "event" else True,
        "location": action.location if action.kind == "event" else True,
        "closes": action.closes if action.kind == "petition" and action.status == "open" else True,
    }
    return [name for name, value in wanted.items() if not value]
