"""Numbers as readers of a language write them."""

from functools import lru_cache

from generator.text.languages import babel_locale


@lru_cache(maxsize=4096)
def show_number(value: int | float, language: str) -> str:
    """A number with the separators of a language (CLDR), with at most three decimals; plain where CLDR knows none."""
    locale = babel_locale(language)
    if locale is None:
        return str(value)
    from babel.numbers import format_decimal

    return str(format_decimal(value, locale=locale))
