"""Telephone numbers."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

# Digits of any script and what parts them. An extension behind # or a comma would be shown, and left out of the call.
_NUMBER = re.compile(r"[+＋]?[\d\s()（）./\u2010-\u2015\u2212-]+")
# They come along from texts that are written from right to left.
_MARKS = str.maketrans("", "", "\u200e\u200f")


def is_phone(text: str, region: str = "") -> bool:
    """Whether a text is a telephone number that can be called: with `+`, or a national one of `region` (`GB`)."""
    return _parsed(text, region) is not None


def e164(text: str, region: str = "") -> str:
    """The number in the form of ITU-T E.164 (`+442071838750`), for `tel:` links; '' when it is none."""
    number = _parsed(text, region)
    if number is None:
        return ""
    from phonenumbers import PhoneNumberFormat, format_number

    return str(format_number(number, PhoneNumberFormat.E164))


def _parsed(text: str, region: str) -> "PhoneNumber | None":
    from phonenumbers import NumberParseException, is_possible_number, parse

    bare = text.translate(_MARKS).strip()
    if _NUMBER.fullmatch(bare) is None:
        return None
    try:
        number = parse(bare, region.upper() or None)
    except NumberParseException:
        return None
    # Only "possible", not "valid": new number ranges are opened every week.
    return number if is_possible_number(number) else None
