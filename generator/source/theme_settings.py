"""The settings a theme declares in its `theme.toml`: their types, and what a site may choose."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from generator.model.problem import Problem
from generator.source.addresses import has_scheme, refusal
from generator.source.colours import READABLE, is_colour, least_contrast, nearest_readable
from generator.source.decode import has_control
from generator.source.places import Places
from generator.source.suggest import did_you_mean

DECLARED = "CL310"
UNREADABLE = "CL321"
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_LENGTH = re.compile(r"(?:0|(?:\d{1,4}(?:\.\d{1,3})?)(?:rem|em|ch|ex|px|pt|mm|cm|in|vw|vh|%))\Z")
_PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".avif")
_HINT = 'For example: [settings.{0}] with type = "str"; there are {1}.'
Number = int | float


class Setting(Struct, frozen=True):
    """One thing a theme lets a site choose.

    `least` and `most` bound numbers, `values` are those of an enum. A colour is text on the grounds `on`, so it has to
    stand apart from them; `pair` names the setting for the same colour on other grounds.
    """

    name: str
    type: str = "str"
    default: Any = None
    sentence: str = ""
    least: Number | None = None
    most: Number | None = None
    values: tuple[str, ...] = ()
    on: tuple[str, ...] = ()
    pair: str = ""


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not has_control(value) and "\n" not in value


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_page(value: Any) -> bool:
    """A file of `content/`, an address of this site from its root, or one elsewhere that a browser may follow."""
    if not _is_text(value) or "\\" in value or value.startswith("//"):
        return False
    return not refusal(value) if has_scheme(value) else True


def _is_picture(value: Any) -> bool:
    """The name of a picture in `static/`."""
    if not _is_text(value) or "\\" in value:
        return False
    return value == "" or (value.lower().endswith(_PICTURES) and not {"", ".", ".."} & set(value.split("/")))


def _is_links(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, dict)
        and item.keys() == {"title", "page"}
        and bool(item["title"])
        and _is_text(item["title"])
        and bool(item["page"])
        and _is_page(item["page"])
        for item in value
    )


_TYPES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "str": (_is_text, "a text in one line"),
    "int": (_is_whole, "a whole number"),
    "number": (_is_number, "a number"),
    "bool": (lambda value: isinstance(value, bool), "true or false"),
    "enum": (_is_text, "a text"),
    "colour": (lambda value: isinstance(value, str) and is_colour(value), "a colour such as #a3261c"),
    "length": (lambda value: isinstance(value, str) and _LENGTH.match(value) is not None, "a length such as 2.5rem"),
    "page": (_is_page, "a page: pages/about.md, an address of this site such as /act/, or one elsewhere"),
    "links": (_is_links, "links, groups with `title` and `page`"),
    "picture": (_is_picture, f"the name of a picture in static/ ({', '.join(_PICTURES)})"),
}
TYPES = tuple(_TYPES)
NEVER_PLAIN = frozenset({"page", "links", "picture"})
"""Types whose values templates see resolved: only they know pages and assets, a stylesheet does not."""


def wanted(setting: Setting, value: Any) -> str:
    """What a setting takes instead of this value, in words; '' when the value is right."""
    fits, words = _TYPES[setting.type]
    if setting.type == "enum":
        return "" if value in setting.values else " or ".join(setting.values)
    if not fits(value):
        return f"{words}{_bounds(setting)}"
    if setting.least is not None and value < setting.least:
        return f"{words}{_bounds(setting)}"
    if setting.most is not None and value > setting.most:
        return f"{words}{_bounds(setting)}"
    return ""


def unreadable(setting: Setting, colour: str) -> tuple[str, str] | None:
    """Why a colour cannot be read on the grounds of its setting, and the nearest that can; None when it can."""
    if not setting.on:
        return None
    ratio, ground = least_contrast(colour, setting.on)
    if ratio >= READABLE:
        return None
    # Cut and not rounded: 4.499 is not enough, and must not look so.
    shown = int(ratio * 100) / 100
    return (
        f"{colour} on {ground} has a contrast of {shown}:1; text needs {READABLE}:1",
        f"The nearest colour that has it is {nearest_readable(colour, setting.on)}.",
    )


def allowed(setting: Setting) -> str:
    """What a setting may be, in a few words, for those who read of it."""
    if setting.type == "enum":
        return " or ".join(f'"{value}"' for value in setting.values)
    return f"{_TYPES[setting.type][1]}{_bounds(setting)}"


def _bounds(setting: Setting) -> str:
    if setting.least is not None and setting.most is not None:
        return f" from {setting.least} to {setting.most}"
    if setting.least is not None:
        return f", at least {setting.least}"
    return f", at most {setting.most}" if setting.most is not None else ""


def read_settings(rules: Mapping[str, Any], places: Places, path: str) -> tuple[dict[str, Setting], list[Problem]]:
    """The settings that the group `[settings]` of a `theme.toml` declares, by name, and all that is wrong with it."""
    found: dict[str, Setting] = {}
    problems: list[Problem] = []

    def say(at: Sequence[str], message: str, hint: str, *, key: bool = False) -> None:
        where = ("settings", *at)
        place = places.key(where) if key else places.value(where)
        problems.append(Problem("error", DECLARED, message, path, *place, hint))

    for name, rule in rules.items():
        shown = f"settings.{name}"
        if not _NAME.match(name):
            message = f"a template could not name the setting “{name}”"
            say((name,), message, "Write small letters, digits and underscores.", key=True)
        elif not isinstance(rule, dict) or rule.get("type", "str") not in TYPES:
            near = did_you_mean(str(rule["type"]), TYPES) if isinstance(rule, dict) and "type" in rule else ""
            hint = near or _HINT.format(name, ", ".join(TYPES))
            say((name, "type") if near else (name,), f"`{shown}` does not say its type", hint, key=not near)
        else:
            before = len(problems)
            for key, value in rule.items():
                wrong = _wrong_rule(key, value, rule)
                if wrong:
                    say((name, key), f"`{shown}` {wrong[0]}", wrong[1], key=key not in _KEYS)
            if rule.get("type") == "enum" and "values" not in rule:
                say(
                    (name,), f"`{shown}` does not say its values", 'For example: values = ["wide", "narrow"].', key=True
                )
            if len(problems) > before:
                continue
            setting = found[name] = _setting(name, rule)
            instead = wanted(setting, setting.default) if setting.default is not None else ""
            if instead:
                del found[name]
                say((name, "default"), f"the default of `{shown}` is not {instead}", "Mend the default.")
                continue
            pale = unreadable(setting, setting.default) if setting.default is not None else None
            if pale is not None:
                place = places.value(("settings", name, "default"))
                problems.append(
                    Problem("error", UNREADABLE, f"the default of `{shown}`: {pale[0]}", path, *place, pale[1])
                )
    for name, setting in list(found.items()):
        other = found.get(setting.pair)
        if setting.pair and (other is None or other.type != "colour" or other is setting):
            say(
                (name, "pair"),
                f"`settings.{name}` has no pair “{setting.pair}”",
                "Name another setting of type colour.",
            )
            found[name] = _setting(name, {**rules[name], "pair": ""})
    return found, problems


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_text(each) for each in value)


_KEYS: Mapping[str, tuple[Callable[[Any], bool], tuple[str, ...], str]] = {
    "type": (_is_text, TYPES, "a type"),
    "default": (lambda _: True, TYPES, "a value"),
    "sentence": (_is_text, TYPES, "a sentence"),
    "least": (_is_number, ("int", "number"), "a number"),
    "most": (_is_number, ("int", "number"), "a number"),
    "values": (_is_texts, ("enum",), "a list of texts"),
    "on": (lambda value: _is_texts(value) and all(map(is_colour, value)), ("colour",), "a list of colours"),
    "pair": (_is_text, ("colour",), "the name of another setting"),
}
"""What a setting may say of itself: what it takes, and for which types."""


def _wrong_rule(key: str, value: Any, rule: Mapping[str, Any]) -> tuple[str, str] | None:
    """What is wrong with one key of a setting, and what to do."""
    if key not in _KEYS:
        return f"has no “{key}”", did_you_mean(key, _KEYS) or f"A setting has: {', '.join(_KEYS)}."
    fits, types, words = _KEYS[key]
    kind = rule.get("type", "str")
    if kind not in types:
        return f"has `{key}`, which a setting of type {kind} does not", f"It is for {' and '.join(types)}."
    return None if fits(value) else (f"has a wrong `{key}`", f"Write {words}.")


def _setting(name: str, rule: Mapping[str, Any]) -> Setting:
    values: dict[str, Any] = {key: tuple(value) if key in ("values", "on") else value for key, value in rule.items()}
    return Setting(name, **values)
