"""Code as HTML: escaped, coloured by classes where the language is known."""

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from generator.markup.complaints import Complaints
from generator.markup.items import Code
from generator.source.suggest import did_you_mean

if TYPE_CHECKING:
    from pygments.formatters.html import HtmlFormatter
    from pygments.lexer import Lexer

_PLAIN = frozenset({"", "text", "txt", "plain", "plaintext", "none"})


def code_html(code: Code, complaints: Complaints) -> str:
    """A block that can be reached and scrolled by keyboard, or a span; a language Pygments does not know is a note."""
    if not code.block:
        return f"<code{attributes_html(code.attributes)}>{escape(code.text, quote=False)}</code>"
    language = code.language
    inner, known = _coloured(code.text, language)
    if not known:
        hint = did_you_mean(language.lower(), _languages()) or "Write text for no colours."
        complaints.note("CL219", f"the colours of the language “{language}” are not known", code.place, hint)
    named = f' class="language-{escape(language)}"' if language else ""
    return f'<pre class="code" tabindex="0"><code{named}>{inner}</code></pre>'


def attributes_html(attributes: tuple[tuple[str, str], ...]) -> str:
    """Attributes with a leading space each, escaped."""
    return "".join([f' {name}="{escape(value)}"' for name, value in attributes])


def _coloured(text: str, language: str) -> tuple[str, bool]:
    if language.lower() in _PLAIN:
        return escape(text, quote=False), True
    lexer = _lexer_class(language)
    if lexer is None:
        return escape(text, quote=False), False
    from pygments import highlight

    return str(highlight(text, lexer(stripnl=False, ensurenl=False), _formatter())), True


@lru_cache(maxsize=64)
def _lexer_class(language: str) -> "type[Lexer] | None":
    from pygments.lexers import find_lexer_class_by_name
    from pygments.util import ClassNotFound

    try:
        return find_lexer_class_by_name(language)
    except ClassNotFound:
        return None


@lru_cache(maxsize=1)
def _formatter() -> "HtmlFormatter[str]":
    """One for all: making it takes longer than most blocks of code."""
    from pygments.formatters.html import HtmlFormatter

    return HtmlFormatter(nowrap=True)


@lru_cache(maxsize=1)
def _languages() -> tuple[str, ...]:
    from pygments.lexers import get_all_lexers

    return tuple(alias for _name, aliases, _files, _types in get_all_lexers() for alias in aliases)
