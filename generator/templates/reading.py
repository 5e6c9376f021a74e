"""What a template reads, found without running it."""

import re
from collections.abc import Iterator
from functools import lru_cache

import jinja2
from jinja2 import nodes
from msgspec import Struct

from generator.model.problem import Problem
from generator.source.suggest import did_you_mean
from generator.templates.environment import Environment
from generator.theme import Template, Theme

_GROUPS = ("site", "theme", "data", "facts")
FACT_NAMES = (*_GROUPS, "asset", "t")
FUNCTIONS = (
    "url",
    "absolute",
    "date",
    "iso",
    "number",
    "direction",
    "clock",
    "language_name",
    "render_body",
    "picture",
)
DIRECTIVE_NAMES = ("attributes", "text", "inner", "article")


class Reading(Struct, frozen=True):
    """What a template and all it may pull in can read.

    `templates` are the names of its closure; `facts` are written `site.title`, `t.read_more`, or `site` for the
    whole; `names` maps every other free name to the first place it stands: (path, line, column); `loaded` are these and
    the names that are set somewhere but may be read elsewhere.
    """

    templates: tuple[str, ...]
    facts: frozenset[str]
    names: dict[str, tuple[str, int, int]]
    problems: tuple[Problem, ...] = ()
    loaded: frozenset[str] = frozenset()


class _One(Struct, frozen=True):
    references: tuple[tuple[str, int, bool], ...]
    facts: frozenset[str]
    names: dict[str, tuple[str, int, int]]
    assigned: frozenset[str]
    problems: tuple[Problem, ...]


FEEDS = (".xml", ".json")
"""Suffixes of templates that draw feeds: addresses in them are absolute."""


TEXT = "text.html"
"""The template of text editions, which shows no pictures in any theme."""


def form_of(theme: Theme, template: str) -> str:
    """The form in which a template shows texts: `page`, `plain`, or `feed`."""
    if template.endswith(FEEDS):
        return "feed"
    return "plain" if template == TEXT else theme.form


def directive_template(theme: Theme, name: str, form: str) -> str:
    """The template that draws a directive in a form: outside pages `NAME.feed.html`, where there is one.

    Where no pictures are shown, `NAME.plain.html` comes before it.
    """
    wanted = {"plain": ("plain", "feed"), "feed": ("feed",)}.get(form, ())
    names = (f"directives/{name}.{suffix}.html" for suffix in wanted)
    return next((each for each in names if each in theme.templates), f"directives/{name}.html")


def names_of(theme: Theme) -> tuple[str, ...]:
    """The template names a page may be drawn by (not partials of one theme)."""
    return tuple(sorted(name for name in theme.templates if ":" not in name))


def read(theme: Theme, name: str) -> Reading:
    """What the template `name` reads, over all templates it extends, includes or imports."""
    closure: list[str] = []
    waiting = [name]
    problems: list[Problem] = []
    facts: set[str] = set()
    names: dict[str, tuple[str, int, int]] = {}
    assigned: set[str] = set()
    while waiting:
        current = waiting.pop(0)
        if current in closure or current not in theme.templates:
            continue
        closure.append(current)
        one = _read_one(current, theme.templates[current])
        problems.extend(one.problems)
        facts |= one.facts
        assigned |= one.assigned
        for free, place in one.names.items():
            names.setdefault(free, place)
        for reference, line, may_lack in one.references:
            if reference not in theme.templates and not may_lack:
                path = theme.templates[current].path
                hint = did_you_mean(reference, names_of(theme)) or "Look in the theme for the template's name."
                problems.append(Problem("error", "CL304", f"there is no template “{reference}”", path, line, 1, hint))
            waiting.append(reference)
    free_names = {free: place for free, place in names.items() if free not in assigned}
    return Reading(tuple(sorted(closure)), frozenset(facts), free_names, tuple(problems), frozenset(names))


def assigns(theme: Theme, names: frozenset[str]) -> bool:
    """Whether some template of the theme gives one of these names a meaning of its own."""
    words = "|".join(sorted(names))
    # A name that gets a meaning stands before neither a dot nor a bracket, but for a macro's: so most templates need
    # not be parsed, which would be dear for those that draw no page.
    given = re.compile(rf"\b(?:{words})\b(?!\s*[.(])|\bmacro\s+(?:{words})\b")
    return any(
        names & _read_one(name, template).assigned
        for name, template in theme.templates.items()
        if given.search(template.text)
    )


def _column(text: str, line: int, word: str) -> int:
    lines = text.splitlines()
    if 0 < line <= len(lines):
        return max(lines[line - 1].find(word), 0) + 1
    return 1


@lru_cache(maxsize=4)
def _parser() -> Environment:
    return Environment(trim_blocks=True, lstrip_blocks=True)


def syntax_problem(error: jinja2.TemplateSyntaxError, path: str, text: str) -> Problem:
    """A syntax error of a template at its line."""
    lines = text.splitlines()
    source = lines[error.lineno - 1] if 0 < error.lineno <= len(lines) else ""
    column = len(source) - len(source.lstrip()) + 1
    return Problem(
        "error",
        "CL301",
        f"the template cannot be read: {error.message}",
        path,
        error.lineno,
        column,
        "Mend this line of the template.",
    )


@lru_cache(maxsize=1024)
def _read_one(name: str, template: Template) -> _One:
    try:
        tree = _parser().parse(template.text, name, template.path)
        found_nodes = tuple(_nodes(tree))
    except jinja2.TemplateSyntaxError as error:
        return _One((), frozenset(), {}, frozenset(), (syntax_problem(error, template.path, template.text),))
    except RecursionError:
        message, hint = "the template is nested too deeply", "Write it flatter, or in several templates."
        return _One((), frozenset(), {}, frozenset(), (Problem("error", "CL301", message, template.path, 1, 1, hint),))
    references: list[tuple[str, int, bool]] = []
    facts: set[str] = set()
    names: dict[str, tuple[str, int, int]] = {}
    assigned: set[str] = set()
    problems: list[Problem] = []
    constant: set[int] = set()
    for node in found_nodes:
        if isinstance(node, nodes.Extends | nodes.Include | nodes.Import | nodes.FromImport):
            found = _constant_names(node.template)
            if isinstance(node, nodes.Extends) and found == [name]:
                hint = f'Name whose version is meant: {{% extends "clarion:{name}" %}}.'
                message = f"“{name}” cannot extend itself"
                problems.append(Problem("error", "CL319", message, template.path, node.lineno, 1, hint))
                found = []
            if found is None:
                problems.append(
                    Problem(
                        "error",
                        "CL305",
                        "the name of a template must be written out here",
                        template.path,
                        node.lineno,
                        1,
                        "Write the name, or a list of names, as text: only then is it known what a page reads.",
                    )
                )
            else:
                may_lack = (isinstance(node, nodes.Include) and node.ignore_missing) or len(found) > 1
                references.extend((each, node.lineno, may_lack) for each in found)
        fact = _fact(node)
        if fact is not None:
            facts.add(fact[0])
            constant.add(id(fact[1]))
        if isinstance(node, nodes.Name):
            if node.ctx != "load":
                assigned.add(node.name)
            elif id(node) not in constant:
                if node.name in FACT_NAMES:
                    facts.add(node.name)
                else:
                    names.setdefault(
                        node.name, (template.path, node.lineno, _column(template.text, node.lineno, node.name))
                    )
        elif isinstance(node, nodes.Macro):
            assigned.add(node.name)
            assigned.update(("caller", "varargs", "kwargs"))
        elif isinstance(node, nodes.CallBlock):
            assigned.add("caller")
        elif isinstance(node, nodes.Import):
            assigned.add(node.target)
        elif isinstance(node, nodes.FromImport):
            assigned.update(each if isinstance(each, str) else each[1] for each in node.names)
        elif isinstance(node, nodes.For):
            assigned.add("loop")
        elif isinstance(node, nodes.Block):
            assigned.update(("self", "super"))
    facts = {fact for fact in facts if fact.partition(".")[0] not in assigned}
    return _One(tuple(references), frozenset(facts), names, frozenset(assigned), tuple(problems))


def _nodes(node: nodes.Node) -> Iterator[nodes.Node]:
    """Every node, parents first, so that `site.title` is seen before its `site`."""
    yield node
    for child in node.iter_child_nodes():
        yield from _nodes(child)


def _constant_names(node: nodes.Expr) -> list[str] | None:
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, nodes.List | nodes.Tuple):
        values = [item.value for item in node.items if isinstance(item, nodes.Const) and isinstance(item.value, str)]
        return values if len(values) == len(node.items) else None
    return None


def _fact(node: nodes.Node) -> tuple[str, nodes.Node] | None:
    """The fact a node names by a constant, and the Name node it rests on."""
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name in _GROUPS:
        return f"{node.node.name}.{node.attr}", node.node
    if isinstance(node, nodes.Getitem) and isinstance(node.node, nodes.Name) and node.node.name in _GROUPS:
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return f"{node.node.name}.{node.arg.value}", node.node
        return None
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in ("asset", "t"):
        first = node.args[0] if node.args else None
        if isinstance(first, nodes.Const) and isinstance(first.value, str):
            return f"{node.node.name}.{first.value}", node.node
    return None
