"""The words of a theme in one language."""

import re
import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

from msgspec import Struct, field

from generator.text.languages import babel_locale
from generator.text.numbers import show_number

PLURALS = ("zero", "one", "two", "few", "many", "other")
"""CLDR's plural categories; which of them a language has is in its plural rules."""

_PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
_TOML_PLACE = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)")


class Catalogue(Struct, frozen=True):
    """The words of one language by key: a text, or texts by plural category."""

    language: str
    strings: dict[str, str | dict[str, str]] = field(default_factory=dict)


class CatalogueError(Exception):
    """A catalogue that cannot be read: a sentence, and the line and column where TOML ends (0 when unknown)."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


class UnknownTextError(KeyError):
    """A template asks for words that no catalogue has, or leaves out a value they need."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


def load(text: str, language: str) -> Catalogue:
    """A catalogue from TOML: `key = "text"`, or a table of plural categories with `other` among them.

    Texts hold values as `{name}`. Raises: CatalogueError.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        line, column = (int(place[1] or text.count("\n") + 1), int(place[2] or 1)) if place else (0, 0)
        raise CatalogueError(_TOML_PLACE.sub("", str(error)).strip(), line, column) from error
    strings: dict[str, str | dict[str, str]] = {}
    for key, value in tables.items():
        if isinstance(value, str):
            strings[key] = value
        elif isinstance(value, dict):
            strings[key] = _plural_forms(key, value)
        else:
            raise CatalogueError(
                f"`{key}` is a {type(value).__name__}, but should be a text or a table of plural forms"
            )
    return Catalogue(language, strings)


def _plural_forms(key: str, forms: dict[str, object]) -> dict[str, str]:
    for category, value in forms.items():
        if category not in PLURALS:
            raise CatalogueError(f"`{key}.{category}` is no plural form; CLDR has {', '.join(PLURALS)}")
        if not isinstance(value, str):
            raise CatalogueError(f"`{key}.{category}` should be a text")
    if "other" not in forms:
        raise CatalogueError(f"`{key}` has plural forms but not `other`, which every language needs")
    return {category: str(value) for category, value in forms.items()}


def merge(*catalogues: Catalogue) -> Catalogue:
    """One catalogue from a chain, the first of which wins: the page's language, its base language, English.

    The language is the first one's, by whose plural rules all forms are chosen.
    """
    strings: dict[str, str | dict[str, str]] = {}
    for catalogue in reversed(catalogues):
        strings |= catalogue.strings
    return Catalogue(catalogues[0].language if catalogues else "en", strings)


def say(catalogue: Catalogue, key: str, **values: object) -> str:
    """The words for `key` with `values` in them; `count` chooses the plural form (CLDR) and is shown as a number.

    Raises: UnknownTextError, with a suggestion, when there is no such key or a value is missing.
    """
    words = catalogue.strings.get(key)
    if words is None:
        raise UnknownTextError(f"no catalogue has the text `{key}`", _suggestion(key, catalogue.strings))
    count = values.get("count")
    if isinstance(words, dict):
        if not isinstance(count, int | float):
            raise UnknownTextError(f"the text `{key}` has plural forms and needs a number as `count`")
        words = words.get(_plural_form(catalogue.language, count), words["other"])

    def filled(match: re.Match[str]) -> str:
        name = match[1]
        if name not in values:
            raise UnknownTextError(f"the text `{key}` needs a value for `{name}`", _suggestion(name, values))
        if name == "count" and isinstance(count, int | float):
            return show_number(count, catalogue.language)
        return str(values[name])

    return _PLACEHOLDER.sub(filled, words)


@lru_cache(maxsize=4096)
def _plural_form(language: str, count: int | float) -> str:
    locale = babel_locale(language)
    return str(locale.plural_form(count)) if locale is not None else "other"


def _suggestion(name: str, names: Iterable[str]) -> str:
    close = get_close_matches(name, list(names), n=1)
    return f"did you mean `{close[0]}`?" if close else ""
