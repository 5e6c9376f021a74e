"""The words of a theme in one language."""

import re
from functools import lru_cache

from msgspec import Struct, field

from generator.source.suggest import did_you_mean
from generator.text.languages import babel_locale
from generator.text.numbers import show_number

_PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_]*)\}")


class Catalogue(Struct, frozen=True):
    """The words of one language by key: a text, or texts by plural category."""

    language: str
    strings: dict[str, str | dict[str, str]] = field(default_factory=dict)


class UnknownTextError(KeyError):
    """A template asks for words that no catalogue has, or leaves out a value they need."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


def say(catalogue: Catalogue, key: str, **values: object) -> str:
    """The words for `key` with `values` in them; `count` chooses the plural form (CLDR) and is shown as a number.

    Raises: UnknownTextError, with a suggestion, when there is no such key or a value is missing.
    """
    words = catalogue.strings.get(key)
    if words is None:
        raise UnknownTextError(f"no catalogue has the text `{key}`", did_you_mean(key, catalogue.strings))
    count = values.get("count")
    if isinstance(words, dict):
        if not isinstance(count, int | float):
            raise UnknownTextError(f"the text `{key}` has plural forms and needs a number as `count`")
        words = words.get(_plural_form(catalogue.language, count), words["other"])

    if "{" not in words:
        return words

    if count is not None and isinstance(count, int | float):
        values["count"] = show_number(count, catalogue.language)
    try:
        return _form(words) % values
    except KeyError as missing:
        name = missing.args[0]
        message = f"the text `{key}` needs a value for `{name}`"
        raise UnknownTextError(message, did_you_mean(name, values)) from None


@lru_cache(maxsize=4096)
def _form(words: str) -> str:
    """A text whose places are as `%` fills them."""
    return _PLACEHOLDER.sub(r"%(\1)s", words.replace("%", "%%"))


@lru_cache(maxsize=4096)
def _plural_form(language: str, count: int | float) -> str:
    locale = babel_locale(language)
    return str(locale.plural_form(count)) if locale is not None else "other"
