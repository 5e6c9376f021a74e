"""What an unquoted text of YAML means: the core schema of 1.2."""

import re

from generator.source.places import LARGEST_NUMBER

# https://yaml.org/spec/1.2.2/#103-core-schema, less the numbers with a leading zero, which are codes, not numbers.
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z|0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_LONGEST_NUMBER = 70


def meaning(text: str) -> str | int | float | bool | None:
    """The value of an unquoted text: null, true, false, a number, or the text as it is.

    Raises: OverflowError for a number that JSON and databases could not hold.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0].isalpha():
        return text
    if _INT.match(text):
        if len(text) < _LONGEST_NUMBER and abs(int(text, 0)) <= LARGEST_NUMBER:
            return int(text, 0)
    elif not _FLOAT.match(text):
        return text
    elif abs(float(text)) != float("inf"):
        return float(text)
    raise OverflowError(text)
