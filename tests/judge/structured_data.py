"""JSON-LD held against the vocabulary of schema.org, as npm's `schema-dts` writes it down in one type file."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from tests.judge.dates import is_iso_8601
from tests.judge.page import read_page
from tests.judge.site import BuiltSite, Finding

INTERFACE = re.compile(
    r"^(?:export )?interface (\w+?)(Base|Leaf) extends ([^{]+?) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL
)
ROLE_LEAF = re.compile(r'^export type (\w+)Leaf<.*?Omit<(\w+)Base, TProperty> & \{\n\s+"@type": "(\w+)"', re.MULTILINE)
UNION = re.compile(r"^export type (\w+)(?:<[^=]*>)? = (.*?);$", re.MULTILINE)
PROPERTY = re.compile(r'^\s+"([\w-]+)"\?: SchemaValue<(.*?), "\1">;', re.MULTILINE | re.DOTALL)
LITERAL = re.compile(r'"([^"]*)"')

TEXTS = {"Text", "CssSelectorType", "PronounceableText", "XPathType"}
DATES = {"Date", "DateTime"}
STRINGS = {"URL", "Date", "DateTime", "Time"}
NUMBERS = {"Number", "Integer", "Float"}
REFUSED = {"ClaimReview": "a verdict on a claim is the business of certified fact checkers"}


class Vocabulary(Struct, frozen=True):
    """`parents` of each type's properties, `properties` with what each may hold, `members` of each union."""

    parents: dict[str, tuple[str, ...]]
    properties: dict[str, dict[str, frozenset[str]]]
    members: dict[str, frozenset[str]]
    literals: dict[str, frozenset[str]]
    types: frozenset[str]

    def expected(self, kind: str) -> dict[str, frozenset[str]]:
        """Every property that a type has of its own or from the types above it, with its range."""
        found: dict[str, frozenset[str]] = {}
        for above in self.parents.get(kind, ()):
            found |= self.expected(above)
        return found | self.properties.get(kind, {})

    def within(self, kind: str, ranges: frozenset[str]) -> bool:
        """Whether a type is one of `ranges` or below one of them."""
        return kind in ranges or any(self.within(kind, self.members[each]) for each in ranges if each in self.members)

    def admits_text(self, ranges: frozenset[str]) -> bool:
        """Whether a plain text may stand: the range has a text type, or a thing for which schema.org takes its name."""
        return bool(ranges & TEXTS) or any("string" in self.members.get(each, ()) for each in ranges - STRINGS)


def read_vocabulary(text: str) -> Vocabulary:
    """Read the type file. `XBase` interfaces hold properties, `XLeaf` the type name, the union `X` what is below X."""
    parents: dict[str, tuple[str, ...]] = {}
    properties: dict[str, dict[str, frozenset[str]]] = {}
    types = set()
    for name, half, above, body in INTERFACE.findall(text):
        named = tuple(match for match in re.findall(r"(\w+)Base\b", above) if match != name)
        parents[name] = parents.get(name, ()) + named
        if half == "Leaf":
            types.add(name)
        properties.setdefault(name, {}).update(
            {
                key: frozenset(re.findall(r"[\w.]+", re.sub(r'"[^"]*"', "", ranges)))
                for key, ranges in PROPERTY.findall(body)
            }
        )
    for name, base, _ in ROLE_LEAF.findall(text):
        types.add(name)
        parents[name] = parents.get(name, ()) + ((base,) if base != name else ())
    members, literals = {}, {}
    for name, union in UNION.findall(text):
        literals[name] = frozenset(LITERAL.findall(union))
        members[name] = frozenset(
            part.removesuffix("Leaf") if part.endswith("Leaf") else part
            for part in re.findall(r"\w+", LITERAL.sub("", union))
            if part != f"{name}Leaf"
        )
    return Vocabulary(parents, properties, members, literals, frozenset(types))


def judge(site: BuiltSite, vocabulary: Vocabulary) -> list[Finding]:
    """What the JSON-LD of every page says that schema.org does not know."""
    found = []
    for path in site.with_suffix(".html"):
        for line, text in read_page(site.read(path)).structured_data:
            found += [Finding(path, line, said) for said in judge_text(text, vocabulary)]
    return sorted(found)


def judge_text(text: str, vocabulary: Vocabulary) -> list[str]:
    """What one JSON-LD script says wrong."""
    try:
        data = json.loads(text)
    except ValueError as problem:
        return [f"the script is no JSON: {problem}"]
    found = []
    for top in data if isinstance(data, list) else [data]:
        if not isinstance(top, dict):
            found.append("the top level is no object")
            continue
        if top.get("@context") not in ("https://schema.org", "https://schema.org/"):
            found.append(f"@context is {top.get('@context')!r}")
        if "@graph" in top:
            unknown = sorted(set(top) - {"@context", "@graph"})
            found += [f"beside @graph: {unknown}"] * bool(unknown)
            for node in top["@graph"]:
                found += _judge_node(node, vocabulary, "@graph")
            continue
        found += _judge_node({key: value for key, value in top.items() if key != "@context"}, vocabulary, "top")
    return found


def _judge_node(node: Any, vocabulary: Vocabulary, place: str) -> Iterator[str]:
    if not isinstance(node, dict):
        yield f"{place}: {node!r} is no object"
        return
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    expected: dict[str, frozenset[str]] = {}
    for kind in kinds:
        if kind in REFUSED:
            yield f"{place}: {kind}: {REFUSED[kind]}"
        if kind not in vocabulary.types:
            yield f"{place}: unknown @type {kind!r}"
            return
        expected |= vocabulary.expected(kind)
    said = "+".join(kinds)
    for name, value in node.items():
        if name in ("@type", "@id"):
            continue
        if name not in expected:
            yield f"{place}: {said} has no property {name!r}"
            continue
        for each in value if isinstance(value, list) else [value]:
            yield from _judge_value(each, expected[name], vocabulary, f"{said}.{name}")


def _judge_value(value: Any, ranges: frozenset[str], vocabulary: Vocabulary, place: str) -> Iterator[str]:
    if isinstance(value, dict):
        yield from _judge_object(value, ranges, vocabulary, place)
    elif isinstance(value, bool):
        if "Boolean" not in ranges:
            yield f"{place}: {value} where {sorted(ranges)} is expected"
    elif isinstance(value, int | float):
        if not ranges & NUMBERS:
            yield f"{place}: the number {value} where {sorted(ranges)} is expected"
    elif isinstance(value, str):
        yield from _judge_string(value, ranges, vocabulary, place)
    else:
        yield f"{place}: {value!r} says nothing"


def _judge_object(value: dict[str, Any], ranges: frozenset[str], vocabulary: Vocabulary, place: str) -> Iterator[str]:
    if set(value) == {"@id"}:
        return
    if set(value) == {"@value", "@language"}:
        if not vocabulary.admits_text(ranges):
            yield f"{place}: a text where {sorted(ranges)} is expected"
        return
    kinds = value.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    allowed = ranges | {"Role"}
    if all(kind in vocabulary.types for kind in kinds) and not any(vocabulary.within(kind, allowed) for kind in kinds):
        yield f"{place}: a {'+'.join(kinds)} where {sorted(ranges - {'IdReference'})} is expected"
    yield from _judge_node(value, vocabulary, place)


def _judge_string(value: str, ranges: frozenset[str], vocabulary: Vocabulary, place: str) -> Iterator[str]:
    if not value.strip():
        yield f"{place}: an empty text"
        return
    if any(value in vocabulary.literals.get(each, ()) for each in ranges):
        return
    if ranges & DATES and is_iso_8601(value):
        return
    if vocabulary.admits_text(ranges):
        return
    # Where any thing may stand its address may too: so the breadcrumbs of search engines' own guides are written.
    if ranges & {"URL", "Thing"} and urlsplit(value).scheme in ("http", "https", "mailto", "urn", "tag"):
        return
    if ranges & {"Duration"} and re.fullmatch(r"P(\d+[YMWD])*(T(\d+[HMS])+)?", value):
        return
    if "Time" in ranges or (ranges & NUMBERS and re.fullmatch(r"-?\d+(\.\d+)?", value)):
        return
    yield f"{place}: {value!r} where {sorted(ranges - {'IdReference'})} is expected"
