"""The environment that draws templates: sandboxed, strict about names, nothing in it left to chance."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from types import BuiltinMethodType, MethodType
from typing import Any
from urllib.parse import urlsplit

import jinja2
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup
from msgspec import Struct

from generator.source.suggest import did_you_mean
from generator.theme import Theme

_COMMENT = re.compile("<!--.*?-->", re.DOTALL)
_TAG = re.compile("<[^>]*>")


class StrictUndefined(jinja2.StrictUndefined):
    """An unknown name is an error that names its nearest neighbour."""

    @property
    def _undefined_message(self) -> str:
        name = str(self._undefined_name)
        owner = self._undefined_obj
        if owner is jinja2.utils.missing:
            return f"there is no “{name}”"
        is_ours = isinstance(owner, Namespace)
        fields = owner.values if is_ours else getattr(type(owner), "__struct_fields__", ())
        known = fields or (owner.keys() if isinstance(owner, Mapping) else ())
        hint = did_you_mean(name, [str(field) for field in known])
        shown = repr(owner) if is_ours else f"a {type(owner).__name__}"
        return f"{shown} has no “{name}”" + (f". {hint}" if hint else "")


class Loose(dict[str, Any]):
    """Free data (`data`, `extra`): a missing name is None, at any depth."""

    def __missing__(self, key: str) -> None:
        return None


def loose(value: Any) -> Any:
    """Plain data with its dicts made `Loose` all the way down."""
    if isinstance(value, dict):
        return Loose({str(key): inner if type(inner) is str else loose(inner) for key, inner in value.items()})
    if isinstance(value, list | tuple):
        return tuple(loose(inner) for inner in value)
    return value


class Tools:
    """What has functions for templates: its methods may be called, and nothing else of it can be reached."""


class Namespace:
    """The facts a template named under one word (`site.title`); anything else is an error with a suggestion."""

    __slots__ = ("_name", "values")

    def __init__(self, name: str, values: Mapping[str, Any]) -> None:
        self._name = name
        self.values = values

    def __getattr__(self, name: str) -> Any:
        try:
            return self.values[name]
        except KeyError:
            hint = did_you_mean(name, self.values)
            raise AttributeError(f"{self._name} has no “{name}”. {hint}".strip()) from None

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def __repr__(self) -> str:
        return self._name


_LOOP = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length", "previtem", "nextitem"})
_FIELDS: dict[type, frozenset[str]] = {}
READABLE: dict[str, set[type]] = {name: {LoopContext} for name in _LOOP}
"""By the name of an attribute, the types met so far of which a template may read it without further questions."""


def _fields(kind: type) -> frozenset[str]:
    """The names of a struct's fields that a template may read, which never change; none for other types."""
    known = _FIELDS.get(kind)
    if known is None:
        names = getattr(kind, "__struct_fields__", ()) if issubclass(kind, Struct) else ()
        known = _FIELDS[kind] = frozenset(name for name in names if not name.startswith("_"))
        for name in known:
            READABLE.setdefault(name, set()).add(kind)
    return known


class Environment(ImmutableSandboxedEnvironment):
    """Jinja with values that cannot be changed, and names under free data that may be missing.

    What is asked hundreds of times for a page, a field of a struct, a function of ours and `get` of a mapping, is
    answered without the questions that the sandbox asks of anything else.
    """

    def getattr(self, obj: Any, attribute: str) -> Any:
        kind = type(obj)
        if kind is Loose:
            return obj[attribute]
        if attribute in (_FIELDS.get(kind) or _fields(kind)):
            return getattr(obj, attribute)
        if kind is Namespace and attribute in obj.values:
            return obj.values[attribute]
        if kind is LoopContext and attribute in _LOOP:
            return getattr(obj, attribute)
        if kind is dict and attribute == "get":
            return obj.get
        if isinstance(obj, Loose):
            return obj[attribute]
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        kind = type(obj)
        # What `selectattr` and `sort` ask of structs: else it would be looked for in vain among items first.
        if (
            type(argument) is str
            and argument in (_FIELDS.get(kind) or _fields(kind))
            and not hasattr(kind, "__getitem__")
        ):
            return getattr(obj, argument)
        if isinstance(obj, Loose):
            return obj[argument]
        return super().getitem(obj, argument)

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:
        kind = type(obj)
        if kind is MethodType and isinstance(obj.__self__, Tools):
            if kwargs:
                # what compiled templates hand over for functions that want their context
                kwargs.pop("_loop_vars", None)
                kwargs.pop("_block_vars", None)
            return obj(*args, **kwargs)
        if kind is BuiltinMethodType and obj.__name__ == "get" and type(obj.__self__) is dict:
            return obj(*args)
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


def _says(value: Any, words: str) -> bool:
    """Whether the text of some HTML holds these words."""
    html = str(value)
    first, end, _ = html.partition("</p>\n")
    # A summary is often the beginning of the text: it is found there, and the rest need not be looked through.
    if end and "<!--" not in first and words in _striptags(f"{first}</p>"):
        return True
    return words in _striptags(html)


def _host(value: str) -> str:
    """The host of a web address without `www.`; '' of anything else."""
    try:
        return (urlsplit(str(value)).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def shown(value: Any) -> Any:
    """What a template writes out. A function would write its address in memory, another one in each build."""
    if callable(value) and not isinstance(value, jinja2.Undefined):
        raise TypeError("a function cannot be shown: call it with ( )")
    return value


def environment(theme: Theme, crew: str = "") -> Environment:
    """The environment of a theme: sandboxed, escaping HTML and XML, strict about unknown names.

    A theme is the same value in each build of a process, so its templates are compiled once. `crew` is the digest of
    the plugins whose filters are in it.
    """
    return _environment(theme, crew)


@lru_cache(maxsize=4)
def _environment(theme: Theme, crew: str) -> Environment:  # noqa: ARG001 (it keeps environments apart)
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
        finalize=shown,
    )
    # A page is a function of what it reads: chance has no place in it.
    del made.globals["lipsum"], made.filters["random"]
    made.filters.update(striptags=_striptags, says=_says, json=_json, script_json=_script_json, host=_host)
    return made
