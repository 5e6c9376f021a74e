"""Text as XML 1.0 can carry it."""

import re

_OUTSIDE_CHAR = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_safe(text: str) -> str:
    """The text without the characters outside XML 1.0's `Char` production (section 2.2).

    One control character from an author's clipboard makes a whole feed unreadable, and no escape can carry it.
    """
    if text.isascii() and text.isprintable():
        return text
    # What can be printed is of that production, and so is a line end: most texts need no look at each character. They
    # come back as text, whatever they were: the HTML of an entry has still to be escaped.
    if text.replace("\n", "").isprintable():
        return str(text)
    return _OUTSIDE_CHAR.sub("", text)
