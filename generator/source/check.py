"""A table of fields against what an author wrote: all mistakes at once, each with its place."""

import json
import re
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import tzinfo
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import unquote

from msgspec import Struct, structs

from generator.model.fields import KEEP, Family, Field, Table
from generator.model.problem import Problem, Severity
from generator.source.addresses import has_scheme, is_email, is_fediverse, only_here, refusal
from generator.source.decode import has_control
from generator.source.moments import DateError, read_day, read_moment, read_partial
from generator.source.places import KeyPath, Places, dotted
from generator.source.suggest import did_you_mean
from generator.source.tracking import Cleaned, Finding, clean_address, clean_text, findings, kept_in_vain, may_track

UNKNOWN, MISSING, TYPE, CHOICE, DATE, ADDRESS, SHAPE, BREAK, RANGE = range(1, 10)
_FIRST_CODES: dict[Family, int] = {"matter": 110, "settings": 400, "action": 500}
_IDLE: dict[Family, tuple[str, str]] = {
    "matter": ("CL129", "under `ignore`"),
    "action": ("CL129", "under `ignore`"),
    "settings": ("CL418", "with [[ignore]]"),
}

PATTERN_TOKENS = ("year", "month", "day", "slug", "section", "language")
_TOKEN = re.compile(r"\{([^{}]*)\}")
_TOML_KEY = re.compile(r"\b(\w+) = ")
_KEY = re.compile(r"[^\W_](?:[\w\u0300-\u036f.-]*\w)?\Z")
# An authority of tag URIs (RFC 4151 §2.1): a domain or an e-mail address at one.
_DOMAIN = re.compile(r"(?:[\w.+-]{1,64}@)?[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)*\Z")
_NO_FILE_NAME = re.compile(r"[*:<>\"|]")
# Ours, or one that a plugin has chosen.
_CODE = re.compile(r"(?:CL[1-9]\d\d|(?!CL\d)[A-Z]{2,12}\d{1,4})\Z")
_ROBOTS = re.compile(r"(?:max-(?:snippet|image-preview|video-preview):[\w-]+|unavailable_after:.+)\Z")
_ROBOTS_WORDS = (
    *("all", "index", "follow", "noindex", "nofollow", "none", "noarchive"),
    *("nosnippet", "noimageindex", "notranslate", "indexifembedded"),
)
_LANGUAGE_SHAPE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\d{3}))?(-[A-Za-z0-9]{5,8})*\Z")
_INVISIBLE = re.compile("[\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")

_LONGEST_SHOWN = 60
_TEXT = "text"
_FREE_TEXT = ("line", "text")
_ADDRESSES = ("url", "web", "target", "reference")
_EXPECTED = {
    "int": "a whole number",
    "bool": "true or false",
    "moment": "a date",
    "day": "a date",
    "partial": "a date",
    "table": "a group of keys",
    "tables": "groups of keys",
    "texts": "names with texts",
    "url": "an address",
    "web": "an address",
}
_TRUE_WORDS = ("yes", "on", "true", "y", "1")
_FALSE_WORDS = ("no", "off", "false", "n", "0")


def has_language_shape(tag: str) -> bool:
    """Whether a tag is written as BCP 47 wants it, whatever language it may name."""
    return _LANGUAGE_SHAPE.match(tag) is not None


class _Index(NamedTuple):
    """What is looked up of a table: its fields by name, those required, those that may be without effect."""

    fields: dict[str, Field]
    required: tuple[Field, ...]
    idle: dict[str, Field]


@lru_cache(maxsize=256)
def _index(table: Table) -> _Index:
    return _Index(
        {field.name: field for field in table.fields},
        tuple(field for field in table.fields if field.required),
        {field.name: field for field in table.fields if field.idle or field.table is not None},
    )


def _anything(text: str) -> str:  # noqa: ARG001 # it has the shape of `slug_problem` and finds nothing wrong
    return ""


class Rules(Struct, frozen=True):
    """What a check needs to know beside the table.

    `zone` is the site's; `is_language` and `is_phone` tell tags and numbers apart from what only looks like them;
    `slug_problem` says what is wrong with a slug, '' when nothing is.
    """

    zone: tzinfo
    is_language: Callable[[str], bool] = has_language_shape
    is_phone: Callable[[str], bool] = bool
    slug_problem: Callable[[str], str] = _anything


def code(family: Family, number: int) -> str:
    """The problem code of one kind of mistake in one family of tables."""
    return f"CL{_FIRST_CODES[family] + number}"


def example_in(example: str, form: str) -> str:
    """An example, given in TOML, in the format an author writes: toml, yaml or json."""
    if form == "toml":
        return example
    quote = '"' if form == "json" else ""
    return _TOML_KEY.sub(rf"{quote}\1{quote}: ", example)


def check(
    values: Any, table: Table, places: Places, *, path: str, rules: Rules, at: KeyPath = ()
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """The clean values of a mapping and everything that is wrong with it.

    Clean values are what the types say: `Moment`, `date`, tuples for lists, dicts for tables. What is wrong, empty
    or null is left out of them.
    """
    checker = _Checker(places, path, rules)
    clean = checker.table(values, table, at)
    return clean, tuple(checker.problems)


def without_effect(
    values: Mapping[str, Any], table: Table, places: Places, *, path: str, at: KeyPath = ()
) -> tuple[Problem, ...]:
    """A warning for each key that is known and does nothing in this version (CL129 in front matter, CL418 in settings).

    `values` are clean. Whoever writes `quick_exit` believes that it protects somebody, and must know that it does not.
    """
    found: list[Problem] = []
    idle = _index(table).idle
    if idle.keys().isdisjoint(values):
        return ()
    for field in idle.values():
        value = values.get(field.name)
        here = (*at, field.name)
        if value in (None, "") or value in field.so_anyway:
            continue
        if field.idle:
            message = f"{_named(here)} is known, and without effect in this version"
            number, answer = _IDLE[table.family]
            hint = f"Do not rely on it: take it out, or answer this {answer}."
            found.append(Problem("warning", number, message, path, *places.key(here), hint))
            continue
        if field.table is None:
            continue
        inside: Iterable[tuple[KeyPath, Any]] = [(here, value)]
        if field.many:
            inside = [((*here, index), item) for index, item in enumerate(value)]
        elif field.type == "tables":
            inside = [((*here, name), item) for name, item in value.items()]
        for deeper, item in inside:
            found.extend(without_effect(item, field.table, places, path=path, at=deeper))
    return tuple(found)


class _Checker:
    def __init__(self, places: Places, path: str, rules: Rules) -> None:
        self.places = places
        self.path = path
        self.rules = rules
        self.problems: list[Problem] = []
        self.keep: tuple[str, ...] = ()
        self.cleaned: list[Cleaned] = []

    def say(
        self,
        family: Family,
        number: int,
        message: str,
        at: KeyPath,
        hint: str,
        *,
        key: bool = False,
        severity: Severity = "error",
    ) -> None:
        place = self.places.key(at) if key else self.places.value(at)
        self.problems.append(Problem(severity, code(family, number), message, self.path, *place, hint))

    def example(self, field: Field) -> str:
        return f"For example: {example_in(field.example, self.places.format)}" if field.example else ""

    def table(self, values: Any, table: Table, at: KeyPath) -> dict[str, Any]:
        if not isinstance(values, Mapping):
            names = ", ".join(f"`{name}`" for name in table.names[:3])
            hint = f"Give it keys of its own, such as {names}."
            self.say(table.family, TYPE, f"{_named(at)} must be a group of keys, not {_kind(values)}", at, hint)
            return {}
        clean: dict[str, Any] = {}
        fields, required, _ = _index(table)
        if KEEP in fields and KEEP in values:
            return self.keeping(values, table, at)
        for name, value in values.items():
            here = (*at, name)
            field = fields.get(name) or (table.others if _may_be_other(name, table) else None)
            if field is None:
                self.unknown(name, table, here)
            elif value is not None:
                found = self.field(value, field, table.family, here)
                if found is not None:
                    clean[name] = found
        for field in required:
            if is_empty(values.get(field.name)):
                here = (*at, field.name)
                hint = f"{field.sentence} {self.example(field)}".strip()
                self.say(table.family, MISSING, f"{_named(here)} is missing", here, hint, key=True)
        return clean

    def keeping(self, values: Mapping[str, Any], table: Table, at: KeyPath) -> dict[str, Any]:
        """The clean values of a table in which addresses keep some of their parameters."""
        here = (*at, KEEP)
        field = _index(table).fields[KEEP]
        outer, self.keep, self.cleaned = self.keep, self.field(values[KEEP], field, table.family, here) or (), []
        clean = self.table({name: value for name, value in values.items() if name != KEEP}, table, at)
        # Where no address holds a parameter, there may be none yet.
        for found in kept_in_vain(self.keep, self.cleaned) if self.cleaned else ():
            self.told(found, here)
        self.keep = outer
        return clean

    def unknown(self, name: str, table: Table, here: KeyPath) -> None:
        hint = table.wrong.get(name) or table.wrong.get(name.lower().replace("-", "_")) or ""
        hint = hint or did_you_mean(name, table.names)
        if not hint:
            hint = f"There are {', '.join(table.names)}."
            if "extra" in table.names:
                hint = "Keys of your own belong under `extra`."
        word = "setting" if table.family == "settings" else "key"
        self.say(table.family, UNKNOWN, f"unknown {word} {_named(here)}", here, hint, key=True)

    def field(self, value: Any, field: Field, family: Family, at: KeyPath) -> Any:
        if field.type == "steps":
            listed = isinstance(value, list)
            steps = self.field(value, structs.replace(field, type=_TEXT, many=listed), family, at)
            return steps if listed or steps is None else (steps,)
        if not field.many:
            return self.one(value, field, family, at)
        if not isinstance(value, list):
            what = "groups of keys" if field.type == "table" else _expected(field)
            hint = "Write it as a list."
            if isinstance(value, str):
                hint = f"Write it as a list: {_listed(value)}."
            elif field.type == "table" and field.example:
                hint = f"Write it as a list: {example_in(field.example, self.places.format)}"
            self.say(family, TYPE, f"{_named(at)} must be a list of {what}, not {_kind(value)}", at, hint)
            return None
        found: list[Any] = []
        for index, item in enumerate(value):
            here = (*at, index)
            if is_empty(item):
                self.say(family, TYPE, f"{_named(here)} is empty", here, "Fill it in, or take it out.")
                if field.type == "table":
                    found.append({})
                continue
            clean = self.one(item, field, family, here)
            if clean is not None:
                found.append(clean)
        return tuple(found)

    def one(self, value: Any, field: Field, family: Family, at: KeyPath) -> Any:
        if field.type in _FREE_TEXT and isinstance(value, str) and "://" in value:
            value, found = clean_text(value, self.keep)
            for each in found:
                self.told(each, at)
        if field.type in _FREE_TEXT and not field.choices and isinstance(value, str) and value.isprintable():
            bare = value.strip()
            return value if bare and field.type == "text" else bare or None
        if field.type == "anything":
            return value
        if field.type == "table":
            return self.table(value, field.table, at) if field.table is not None else value
        if field.type in ("tables", "texts"):
            return self.named_values(value, field, family, at)
        if field.type == "int":
            return self.number(value, field, family, at)
        if field.type == "bool":
            return self.truth(value, family, at)
        if not isinstance(value, str):
            self.not_text(value, field, family, at)
            return None
        return self.text(value.strip() if field.type != "text" else value.strip("\n"), field, family, at)

    def named_values(self, value: Any, field: Field, family: Family, at: KeyPath) -> dict[str, Any] | None:
        if not isinstance(value, Mapping):
            self.say(
                family, TYPE, f"{_named(at)} must hold {_expected(field)}, not {_kind(value)}", at, "Give each a name."
            )
            return None
        found: dict[str, Any] = {}
        for name, item in value.items():
            here = (*at, name)
            if not _KEY.match(name):
                hint = "A name has letters, digits, hyphens and underscores."
                self.say(family, SHAPE, f"“{name}” cannot be a name", here, hint, key=True)
            elif field.type == "texts":
                found[name] = self.one(item, Field(name, "line", ""), family, here)
            elif field.table is not None:
                inner = self.table(item, field.table, here)
                found[name] = inner if isinstance(item, Mapping) else None
            elif isinstance(item, Mapping):
                found[name] = item
            else:
                self.say(family, TYPE, f"{_named(here)} must be a group of keys", here, "Give it keys of its own.")
        return {name: item for name, item in found.items() if item is not None}

    def number(self, value: Any, field: Field, family: Family, at: KeyPath) -> int | None:
        if not isinstance(value, int) or isinstance(value, bool):
            hint = self.example(field) or "Write digits only."
            self.say(family, TYPE, f"{_named(at)} must be a whole number, not {_kind(value)}", at, hint)
            return None
        if field.least is not None and value < field.least:
            self.say(
                family, RANGE, f"{_named(at)} is {value}, less than {field.least}", at, f"Write at least {field.least}."
            )
            return None
        if field.most is not None and value > field.most:
            self.say(
                family, RANGE, f"{_named(at)} is {value}, more than {field.most}", at, f"Write at most {field.most}."
            )
            return None
        return value

    def truth(self, value: Any, family: Family, at: KeyPath) -> bool | None:
        if isinstance(value, bool):
            return value
        hint = "Write true or false, without quotes."
        if str(value).lower() in _TRUE_WORDS:
            hint = "Write true, without quotes."
        elif str(value).lower() in _FALSE_WORDS:
            hint = "Write false, without quotes."
        self.say(family, TYPE, f"{_named(at)} must be true or false, not {_kind(value)}", at, hint)
        return None

    def not_text(self, value: Any, field: Field, family: Family, at: KeyPath) -> None:
        hint = self.example(field)
        if isinstance(value, int | float):
            shown = str(value).lower() if isinstance(value, bool) else str(value)
            hint = f'Put it in quotes: "{shown}".'
        self.say(family, TYPE, f"{_named(at)} must be {_expected(field)}, not {_kind(value)}", at, hint)

    def text(self, text: str, field: Field, family: Family, at: KeyPath) -> Any:
        if not text.strip():
            return None
        if not text.isprintable() and not self.is_seen(text, field, family, at):
            return None
        if field.choices and text not in field.choices:
            hint = did_you_mean(text, field.choices) or f"Write one of {', '.join(field.choices)}."
            self.say(family, CHOICE, f"“{_cut(text)}” is no {_named(at)}", at, hint)
            return None
        if field.type in _FREE_TEXT:
            return text
        if field.type in ("moment", "day", "partial"):
            return self.date(text, field, family, at)
        number, message, hint = self.shape(text, field, at)
        if message:
            self.say(family, number, message.replace(text, _cut(text)), at, hint)
            return None
        if may_track(text):
            text = self.without_tracking(text, field, at)
        if family != "settings" and field.type in ("url", "web", "reference") and has_scheme(text) and only_here(text):
            message = f"{_named(at)}: “{_cut(text)}” leads to this machine or its network only"
            place = self.places.value(at)
            hint = "Write an address that readers can reach; this one tells them of your network."
            self.problems.append(Problem("warning", "CL132", message, self.path, *place, hint))
        return text.removeprefix("#") if field.type == "hashtag" else text

    def without_tracking(self, text: str, field: Field, at: KeyPath) -> str:
        if field.type not in _ADDRESSES:
            return text
        cleaned = clean_address(text, self.keep)
        self.cleaned.append(cleaned)
        for found in findings(cleaned):
            self.told(found, at)
        return cleaned.url

    def told(self, found: Finding, at: KeyPath) -> None:
        place = self.places.value(at)
        self.problems.append(Problem(found.severity, found.code, found.message, self.path, *place, found.hint))

    def is_seen(self, text: str, field: Field, family: Family, at: KeyPath) -> bool:
        """Whether a text has no character that a reader would not see, or only such as its field may have."""
        if has_control(text) or (field.type != "text" and ("\n" in text or "\t" in text)):
            message = f"{_named(at)} holds a line break or a control character"
            self.say(family, BREAK, message, at, "Write it in one line: a line break could add a line elsewhere.")
            return False
        match = _INVISIBLE.search(text) if field.type != "text" else None
        if match is not None:
            name = f"U+{ord(match[0]):04X}"
            self.say(family, BREAK, f"{_named(at)} holds an invisible character ({name})", at, "Delete it.")
            return False
        return True

    def date(self, text: str, field: Field, family: Family, at: KeyPath) -> Any:
        try:
            if field.type == "day":
                return read_day(text)
            if field.type == "partial":
                return read_partial(text)
            return read_moment(text, self.rules.zone)
        except DateError as error:
            self.say(family, DATE, str(error).replace(text, _cut(text)), at, error.hint)
            return None

    def shape(self, text: str, field: Field, at: KeyPath) -> tuple[int, str, str]:
        """Code, message and hint for a text that is not of its field's type; no message when it is."""
        kind = field.type
        if kind in ("url", "web") or (kind in ("target", "reference") and has_scheme(text)) or _leaves(text, kind):
            why = refusal(text, mail=kind != "web")
            hint = "Write the whole address, https://…"
            return ADDRESS, f"{_named(at)}: “{text}” {why}" if why else "", hint
        if kind == "contact":
            fine = is_email(text) or not refusal(text)
            return (
                SHAPE,
                "" if fine else f"{_named(at)}: “{text}” is neither an e-mail nor a web address",
                "Write name@host.example.",
            )
        if kind == "email":
            return (
                SHAPE,
                "" if is_email(text) else f"{_named(at)}: “{text}” is no e-mail address",
                "Write name@host.example.",
            )
        if kind == "phone":
            fine = self.rules.is_phone(text)
            return (
                SHAPE,
                "" if fine else f"{_named(at)}: “{text}” is no telephone number",
                "Write it with + and the country: +49 30 1234567.",
            )
        if kind == "language":
            fine = self.rules.is_language(text)
            return (
                SHAPE,
                "" if fine else f"{_named(at)}: “{text}” is no language",
                "Write a tag such as en, ru or pt-BR.",
            )
        return SHAPE, *self.word(text, field, at)

    def word(self, text: str, field: Field, at: KeyPath) -> tuple[str, str]:
        kind = field.type
        if kind == "slug":
            return self.rules.slug_problem(text), "Write letters, digits and hyphens: the-river."
        if kind == "domain":
            fine = _DOMAIN.match(text) is not None
            return (
                "" if fine else f"{_named(at)}: “{text}” is no domain",
                "Write it without https:// and /: rivers.example.",
            )
        if kind == "alias":
            return alias_problem(text), "Write the old address from the root: /2019/river/."
        if kind in ("file", "name", "target"):
            return _path_problem(text, _named(at), kind), self.example(field)
        if kind == "key":
            message = (
                ""
                if _KEY.match(text) and len(text) <= 80
                else f"{_named(at)}: “{text}” has characters a name cannot have"
            )
            return message, "Write letters, digits and hyphens."
        if kind == "uuid":
            return "" if _is_uuid(text) else f"{_named(at)}: “{text}” is no UUID", self.example(field)
        if kind == "hashtag":
            message = "" if _is_hashtag(text) else f"“{text}” is no hashtag"
            return message, "A hashtag has letters, digits and _ only: EndTheWait."
        if kind == "fediverse":
            return "" if is_fediverse(text) else f"{_named(at)}: “{text}” is no handle", "Write @name@host.example."
        if kind == "robots":
            return _robots_problem(text, _named(at)), "For example: noindex."
        if kind == "pattern":
            return pattern_problem(text), "For example: /{year}/{slug}/."
        if kind == "code":
            return "" if _CODE.match(
                text
            ) else f"{_named(at)}: “{text}” is no problem code", "A code is letters and digits, such as CL127."
        return "", ""


def _leaves(text: str, kind: str) -> bool:
    """Whether a browser would take a reference for an address of another host, though it names no scheme."""
    return kind == "reference" and text.replace("\\", "/").startswith("//")


def alias_problem(text: str) -> str:
    """What is wrong with an old address of this site, as a sentence; '' when nothing is."""
    plain = unquote(text, errors="replace")
    if not text.startswith("/") or text.startswith("//"):
        return f"the alias “{text}” does not begin with one slash"
    if "\\" in plain or has_control(plain) or "\n" in plain or "\ufffd" in plain:
        return f"the alias “{text}” holds a backslash or a control character"
    if any(step in ("..", ".") for step in plain.split("/")) or "//" in plain:
        return f"the alias “{text}” leads around: it has an empty step, . or .."
    if "?" in plain or "#" in plain:
        return f"the alias “{text}” has a ? or #, which no file name can hold"
    # In `_redirects` a * and a word behind : stand for any text, and would take other addresses along.
    found = _NO_FILE_NAME.search(plain)
    if found:
        return f"the alias “{text}” has a {found[0]}, which no file name can hold on every system"
    return ""


def pattern_problem(text: str) -> str:
    """What is wrong with a pattern of addresses, as a sentence; '' when nothing is."""
    tokens = _TOKEN.findall(text)
    for token in tokens:
        if token not in PATTERN_TOKENS:
            hint = did_you_mean(token, PATTERN_TOKENS)
            return f"there is no {{{token}}} in addresses{'. ' + hint if hint else ''}"
    if "slug" not in tokens:
        return f"“{text}” has no {{slug}}: all would share one address"
    if not text.startswith("/") or not text.endswith("/"):
        return f"“{text}” does not begin and end with a slash"
    rest = _TOKEN.sub("x", text)
    if alias_problem(rest) or re.search(r"[^\w/.-]", rest):
        return f"“{text}” has characters an address cannot have"
    return ""


def _path_problem(text: str, name: str, kind: str) -> str:
    if "\\" in text:
        return f"{name}: “{text}” has a backslash; folders are parted by /"
    if kind == "target":
        return "" if not text.startswith("//") else f"{name}: “{text}” does not say how to reach it"
    if has_scheme(text) or text.startswith("/"):
        return f"{name}: “{text}” is not a file of this site"
    if kind == "name" and (".." in text.split("/") or not text.endswith(".html")):
        return f"{name}: “{text}” is no template"
    return ""


def _robots_problem(text: str, name: str) -> str:
    for word in text.split(","):
        word = word.strip().lower()
        if word not in _ROBOTS_WORDS and not _ROBOTS.match(word):
            hint = did_you_mean(word, _ROBOTS_WORDS)
            return f"{name}: search engines do not know “{word}”{'. ' + hint if hint else ''}"
    return ""


def _is_hashtag(text: str) -> bool:
    """Whether it is of letters, digits and `_`, with the vowel signs and other marks that scripts write on letters."""
    name = text.removeprefix("#")
    fine = all(character in "_\u200c" or unicodedata.category(character)[0] in "LMN" for character in name)
    return bool(name) and fine and not name.isdigit()


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower().removeprefix("urn:uuid:")
    except ValueError:
        return False


def is_empty(value: Any) -> bool:
    """Whether a value says nothing: it is null, or text without a visible character."""
    return value is None or (isinstance(value, str) and not value.strip())


def _listed(text: str) -> str:
    """What an author meant as a list, `water, rivers`, written as one."""
    words = [word.strip().strip("\"'") for word in _cut(text.strip()).split(",")]
    return json.dumps([word for word in words if word], ensure_ascii=False)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def _may_be_other(name: str, table: Table) -> bool:
    return table.others is not None and name not in table.wrong and _KEY.match(name) is not None


def _named(at: KeyPath) -> str:
    return f"`{dotted(at)}`" if at else "this"


def _expected(field: Field) -> str:
    return _EXPECTED.get(field.type, _TEXT)


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return f"the text “{value}”" if len(value) <= 30 else "text"
    if isinstance(value, int | float):
        return "a number"
    return "a list" if isinstance(value, list | tuple) else "a group of keys"
