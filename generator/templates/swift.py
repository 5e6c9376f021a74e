"""The same templates for many pages: what each would do again for every page is done once, when they are compiled.

An included template stands in the place of its `include`, and a text of the catalogue, or a setting of the theme, in
the place of its name. What comes out is the same to the byte; but a failing line is told of the template it was taken
into, so whoever tells an author of it draws the page once more with the plain environment.
"""

from collections.abc import Callable, MutableMapping
from functools import lru_cache, partial
from keyword import iskeyword
from types import MethodType
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from generator.templates.environment import READABLE, Environment, Namespace, Tools, environment, shown
from generator.templates.reading import assigns
from generator.theme import Theme, catalogue

_FOLDED = frozenset({"t", "theme"})
_NAMESPACES = frozenset({"site", "theme", "facts"})
_WHOLE = "whole"
_READABLE = "readable_"
"""What the names of sets of `READABLE` begin with in compiled templates."""


@lru_cache(maxsize=16)
def swift_environment(theme: Theme, language: str, crew: str = "") -> Environment:
    """The environment of a theme for the pages in one language.

    A theme that gives `t` or `theme` a meaning of its own somewhere is left as it is.
    """
    plain = environment(theme, crew)
    if assigns(theme, _FOLDED):
        return plain
    # What `finalize` would see, sees `_written`; templates that escape nothing are not drawn here.
    # Jinja would look for what can be worked out beforehand at each node, over and over, and find next to nothing.
    made = plain.overlay(loader=_Loader(theme, language), finalize=None, optimized=False)
    made.code_generator_class = _Generator
    made.filters = {**plain.filters, _WHOLE: _as_it_is}
    return made


def _as_it_is(text: Any) -> Any:
    return text


def _written(value: Any) -> Any:
    """A value as it is written out: text escaped, where there is anything to escape; a function is refused."""
    if type(value) is Markup:
        return value
    if type(value) is not str:
        return escape(shown(value))
    if "&" in value or "<" in value or ">" in value or '"' in value or "'" in value:
        return escape(value)
    return value


class _Loader(jinja2.BaseLoader):
    """Loads the templates of a theme with their includes taken in, and their texts said."""

    def __init__(self, theme: Theme, language: str) -> None:
        self._theme = theme
        self._texts = catalogue(theme, language)
        self._parts: dict[str, list[nodes.Node] | None] = {}

    def load(
        self,
        environment: jinja2.Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 (as Jinja names it)
    ) -> jinja2.Template:
        """The compiled template. Raises: TemplateNotFound, TemplateSyntaxError."""
        template = self._theme.templates.get(name)
        if template is None:
            raise jinja2.TemplateNotFound(name)
        tree = _Taken(environment, self._theme, self._texts, self._parts, (name,)).visit(
            environment.parse(template.text, name)
        )
        code = environment.compile(tree, name, template.path)
        # Every context begins as a copy of these, and a chain of mappings is copied slowly.
        made = environment.template_class.from_code(environment, code, dict(globals or {}))
        # The names a compiled template uses stand in its own module: there `escape` is what writes a value out.
        names = made.root_render_func.__globals__
        names.update(escape=_written, tool=MethodType, Tools=Tools, partial=partial, Namespace=Namespace)
        names.update({_READABLE + field: kinds for field, kinds in READABLE.items()})
        return made


class _Generator(CodeGenerator):
    """Writes `x.name` so that a field of a struct is read at once, as it is some hundred times for a page.

    Of which types that may be read, the environment says; it is asked for everything else.
    """

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 (as Jinja's visitors are named)
        """The value of an attribute."""
        name = node.attr
        if not name.isascii() or name.startswith("_") or iskeyword(name):
            super().visit_Getattr(node, frame)
            return
        if isinstance(node.node, nodes.Name) and node.node.name in _NAMESPACES:
            self.write(f'(it.values["{name}"] if type(it := ')
            self.visit(node.node, frame)
            self.write(f') is Namespace and "{name}" in it.values else environment.getattr(it, "{name}"))')
            return
        self.write(f"(it.{name} if type(it := ")
        self.visit(node.node, frame)
        # each name that a template asks for has a set, which fills while pages are drawn
        READABLE.setdefault(name, set())
        self.write(f') in {_READABLE}{name} else environment.getattr(it, "{name}"))')

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        """What a function gives: `url(…)` and its like are called at once, and so is `get` of a mapping."""
        is_plain = not (node.dyn_args or node.dyn_kwargs or any(iskeyword(each.key) for each in node.kwargs))
        asked = node.node.node if isinstance(node.node, nodes.Getattr) and node.node.attr == "get" else None
        if not (asked or isinstance(node.node, nodes.Name)) or forward_caller or not is_plain:
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        given = "".join(
            f", {name}={name}"
            for name, is_there in (("_loop_vars", frame.loop_frame), ("_block_vars", frame.block_frame))
            if is_there
        )
        if asked:
            self.write("(it.get if type(it := ")
            self.visit(asked, frame)
            self.write(f') is dict else partial(environment.call, context, environment.getattr(it, "get"){given}))')
        else:
            self.write("(it if type(it := ")
            self.visit(node.node, frame)
            self.write(
                f") is tool and isinstance(it.__self__, Tools) else partial(environment.call, context, it{given}))"
            )
        self.write("(")
        for each in (*node.args, *node.kwargs):
            self.visit(each, frame)
            self.write(", ")
        self.write(")")


def _stands_apart(text: str, tree: nodes.Template) -> bool:
    """Whether a template must not be taken into another one."""
    # What is sought in the tree stands in the text as a word, and most texts have none of them: a search through the
    # tree takes as long as to read it.
    if ("block" in text or "extends" in text) and any(tree.find_all((nodes.Block, nodes.Extends))):
        return True
    # It would see the loop it stands in, which an included template does not.
    return "loop" in text and _names_a_loop_around(tree)


def _names_a_loop_around(node: nodes.Node) -> bool:
    """Whether `loop` stands somewhere outside of every loop."""
    if isinstance(node, nodes.Name):
        return node.name == "loop"
    # what is repeated reads a loop of its own
    return any(map(_names_a_loop_around, node.iter_child_nodes(("body",) if isinstance(node, nodes.For) else None)))


class _Taken(NodeTransformer):
    """Takes included templates in, and says what does not change from page to page.

    `parts` keeps what became of each included template, by its name: many are taken into several others, and a tree
    that is done can stand in all of them. None is kept for one that must stay where it is.
    """

    def __init__(
        self,
        environment: jinja2.Environment,
        theme: Theme,
        texts: dict[str, Any],
        parts: dict[str, list[nodes.Node] | None],
        above: tuple[str, ...],
    ) -> None:
        self._environment = environment
        self._theme = theme
        self._texts = texts
        self._parts = parts
        self._above = above

    def visit_Include(self, node: nodes.Include) -> nodes.Node:  # noqa: N802 (as Jinja's visitors are named)
        """The included template itself, unless which one it is, or what it sees, is only known when a page is drawn."""
        named = node.template
        if not isinstance(named, nodes.Const) or named.value not in self._theme.templates or not node.with_context:
            return node
        name: str = named.value
        if name in self._above or self._escapes(name) != self._escapes(self._above[0]):
            return node
        if name not in self._parts:
            self._parts[name] = self._taken(name)
        body = self._parts[name]
        return node if body is None else nodes.Scope(body, lineno=node.lineno)

    def _taken(self, name: str) -> list[nodes.Node] | None:
        """What an included template consists of; None where it must not be taken into another one."""
        text = self._theme.templates[name].text
        tree = self._environment.parse(text, name)
        if _stands_apart(text, tree):
            return None
        taken = _Taken(self._environment, self._theme, self._texts, self._parts, (*self._above, name))
        body: list[nodes.Node] = taken.visit(tree).body
        return body

    def visit_FromImport(self, node: nodes.FromImport) -> nodes.Node | list[nodes.Node]:  # noqa: N802
        """Words by name that another template only lists: set here, without drawing that template for each page."""
        named = node.template
        # What a whole template sets could be imported from it, unlike what it imports.
        if len(self._above) == 1 or not isinstance(named, nodes.Const) or named.value not in self._theme.templates:
            return node
        if self._escapes(named.value) != self._escapes(self._above[0]):
            return node
        listed: dict[str, nodes.Expr] = {}
        for part in self._environment.parse(self._theme.templates[named.value].text, named.value).body:
            if isinstance(part, nodes.Assign) and isinstance(part.target, nodes.Name):
                listed[part.target.name] = self.visit(part.node)
            elif not isinstance(part, nodes.Output) or any(
                not isinstance(each, nodes.TemplateData) for each in part.nodes
            ):
                return node
        if any(isinstance(value, nodes.Name) or any(value.find_all(nodes.Name)) for value in listed.values()):
            return node
        wanted = [(name, name) if isinstance(name, str) else name for name in node.names]
        if not all(name in listed for name, _ in wanted):
            return node
        return [
            nodes.Assign(nodes.Name(alias, "store", lineno=node.lineno), listed[name], lineno=node.lineno)
            for name, alias in wanted
        ]

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802
        """A text of the catalogue that needs no value."""
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.node.name != "t" or len(node.args) != 1:
            return node
        key = node.args[0]
        if node.kwargs or node.dyn_args or node.dyn_kwargs or not isinstance(key, nodes.Const):
            return node
        words = self._texts.get(key.value)
        return nodes.Const(words, lineno=node.lineno) if isinstance(words, str) and "{" not in words else node

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:  # noqa: N802
        """A setting of the theme."""
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.node.name != "theme":
            return node
        value = self._theme.settings.get(node.attr, self)
        return nodes.Const(value, lineno=node.lineno) if value is None or isinstance(value, str | int) else node

    def visit_Block(self, node: nodes.Block) -> nodes.Node:  # noqa: N802
        """A block that is handed on as a whole, and not in hundreds of pieces through each template it extends."""
        self.generic_visit(node)
        whole = nodes.Filter(None, _WHOLE, [], [], None, None, lineno=node.lineno)
        node.body = [nodes.FilterBlock(node.body, whole, lineno=node.lineno)]
        return node

    def visit_If(self, node: nodes.If) -> nodes.Node | list[nodes.Node]:  # noqa: N802
        """The branch that is taken, where that does not change."""
        self.generic_visit(node)
        if not isinstance(node.test, nodes.Const) or node.elif_:
            return node
        return node.body if node.test.value else node.else_

    def _escapes(self, name: str) -> bool:
        chosen: bool | Callable[[str | None], bool] = self._environment.autoescape
        return chosen(name) if callable(chosen) else chosen
