"""What a template reads, found without running it, and the environment that runs it."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MethodType
from typing import Any
from urllib.parse import urlsplit

import jinja2
from jinja2 import nodes
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup
from msgspec import Struct

from generator.model.problem import Problem
from generator.source.suggest import did_you_mean
from generator.theme import Template, Theme

FACT_NAMES = ("site", "theme", "data", "asset", "t")
FUNCTIONS = (
    "url",
    "absolute",
    "date",
    "iso",
    "number",
    "direction",
    "language_name",
    "render_body",
)
_COMMENT = re.compile("<!--.*?-->", re.DOTALL)
_TAG = re.compile("<[^>]*>")
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


class StrictUndefined(jinja2.StrictUndefined):
    """An unknown name is an error that names its nearest neighbour."""

    @property
    def _undefined_message(self) -> str:
        name = str(self._undefined_name)
        owner = self._undefined_obj
        if owner is jinja2.utils.missing:
            return f"there is no “{name}”"
        known = getattr(type(owner), "__struct_fields__", ()) or (owner.keys() if isinstance(owner, Mapping) else ())
        hint = did_you_mean(name, [str(field) for field in known])
        return f"a {type(owner).__name__} has no “{name}”" + (f". {hint}" if hint else "")


class Loose(dict[str, Any]):
    """Free data (`data`, `extra`): a missing name is None, at any depth."""

    def __missing__(self, key: str) -> None:
        return None


def loose(value: Any) -> Any:
    """Plain data with its dicts made `Loose` all the way down."""
    if isinstance(value, dict):
        return Loose({str(key): loose(inner) for key, inner in value.items()})
    if isinstance(value, list | tuple):
        return tuple(loose(inner) for inner in value)
    return value


class Tools:
    """What has functions for templates: its methods may be called, and nothing else of it can be reached."""


_FIELDS: dict[type, frozenset[str]] = {}


def _fields(kind: type) -> frozenset[str]:
    """The names of a struct's fields that a template may read, which never change; none for other types."""
    known = _FIELDS.get(kind)
    if known is None:
        names = getattr(kind, "__struct_fields__", ()) if issubclass(kind, Struct) else ()
        known = _FIELDS[kind] = frozenset(name for name in names if not name.startswith("_"))
    return known


class Environment(ImmutableSandboxedEnvironment):
    """Jinja with values that cannot be changed, and names under free data that may be missing.

    What is asked hundreds of times for a page, a field of a struct and a function of ours, is answered without the
    questions that the sandbox asks of anything else.
    """

    def getattr(self, obj: Any, attribute: str) -> Any:
        kind = type(obj)
        if attribute in (_FIELDS.get(kind) or _fields(kind)):
            return getattr(obj, attribute)
        if isinstance(obj, Loose):
            return obj[attribute]
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, Loose):
            return obj[argument]
        return super().getitem(obj, argument)

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:
        if type(obj) is MethodType and isinstance(obj.__self__, Tools):
            if kwargs:
                # what compiled templates hand over for functions that want their context
                kwargs.pop("_loop_vars", None)
                kwargs.pop("_block_vars", None)
            return obj(*args, **kwargs)
        return super().call(context, obj, *args, **kwargs)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=False, default=str)


def _script_json(value: Any) -> Markup:
    text = _json(value).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))  # noqa: S704 (escaped just above)


def _striptags(value: Any) -> str:
    """The text of some HTML, as markupsafe's `striptags` gives it, in two passes instead of one for each tag."""
    text = _TAG.sub("", _COMMENT.sub("", str(value)))
    return str(Markup(" ".join(text.split())).unescape())  # noqa: S704 (it becomes text)


def _host(value: str) -> str:
    return (urlsplit(str(value)).hostname or "").removeprefix("www.")


def _shown(value: Any) -> Any:
    """What a template writes out. A function would write its address in memory, another one in each build."""
    if callable(value) and not isinstance(value, jinja2.Undefined):
        raise TypeError("a function cannot be shown: call it with ( )")
    return value


@lru_cache(maxsize=4)
def environment(theme: Theme) -> Environment:
    """The environment of a theme: sandboxed, escaping HTML and XML, strict about unknown names.

    A theme is the same value in each build of a process, so its templates are compiled once.
    """

    def load(name: str) -> tuple[str, str, None] | None:
        template = theme.templates.get(name)
        return (template.text, template.path, None) if template else None

    def escapes(name: str | None) -> bool:
        return name is None or not name.removesuffix(".jinja").endswith((".txt", ".json", ".css", ".js"))

    made = Environment(
        loader=jinja2.FunctionLoader(load),
        autoescape=escapes,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
        finalize=_shown,
    )
    # A page is a function of what it reads: chance has no place in it.
    del made.globals["lipsum"], made.filters["random"]
    made.filters.update(striptags=_striptags, json=_json, script_json=_script_json, host=_host)
    return made


FEEDS = (".xml", ".json")
"""Suffixes of templates that draw feeds: addresses in them are absolute."""


def form_of(theme: Theme, template: str) -> str:
    """The form in which a template shows texts: `page`, `plain`, or `feed`."""
    return "feed" if template.endswith(FEEDS) else theme.form


def directive_template(theme: Theme, name: str, form: str) -> str:
    """The template that draws a directive in a form: `NAME.feed.html` outside pages, where there is one."""
    feed = f"directives/{name}.feed.html"
    return feed if form != "page" and feed in theme.templates else f"directives/{name}.html"


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
    if (
        isinstance(node, nodes.Getattr)
        and isinstance(node.node, nodes.Name)
        and node.node.name in ("site", "theme", "data")
    ):
        return f"{node.node.name}.{node.attr}", node.node
    if (
        isinstance(node, nodes.Getitem)
        and isinstance(node.node, nodes.Name)
        and node.node.name in ("site", "theme", "data")
    ):
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return f"{node.node.name}.{node.arg.value}", node.node
        return None
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in ("asset", "t"):
        first = node.args[0] if node.args else None
        if isinstance(first, nodes.Const) and isinstance(first.value, str):
            return f"{node.node.name}.{first.value}", node.node
    return None
