"""From the bytes of a file to its text."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE

from generator.model.problem import Problem
from generator.source.places import place_at

BYTE_ORDER_MARK = "\ufeff"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
# What is left of UTF-8 without these bytes may be part of a control character or of a noncharacter.
_HARMLESS = bytes(byte for byte in range(256) if (byte >= 0x20 or byte in b"\t\n\r") and byte not in (0x7F, 0xC2, 0xEF))
_SAMPLE = 1000


def decode(content: bytes, path: str) -> tuple[str | None, tuple[Problem, ...]]:
    """The text of a UTF-8 file with `\\n` line ends and without byte order mark; None when it is no text.

    Lines and columns of the result are those an editor shows for the file.
    """
    encoding = _foreign_encoding(content)
    if encoding:
        hint = "Save it as UTF-8 (in most editors: “Save with encoding”)."
        return None, (Problem("error", "CL102", f"the file is {encoding}, not UTF-8", path, 1, 1, hint),)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, (_not_utf8(content, error, path),)
    problems = []
    if text.startswith(BYTE_ORDER_MARK):
        text = text.lstrip(BYTE_ORDER_MARK)
        hint = "Nothing is lost; to be rid of this note, save the file as “UTF-8 without BOM”."
        problems.append(Problem("note", "CL101", "the file begins with a byte order mark", path, 1, 1, hint))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = _CONTROL.findall(text) if content.translate(None, _HARMLESS) else []
    if found:
        problems.append(_control_character(text, len(found), path))
    return text, tuple(problems)


def has_control(text: str) -> bool:
    """Whether a text holds a control character or a noncharacter (tabs and line breaks are neither here)."""
    return _CONTROL.search(text) is not None


def _foreign_encoding(content: bytes) -> str:
    if content.startswith((BOM_UTF32_LE, BOM_UTF32_BE)):
        return "UTF-32"
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "UTF-16"
    sample = content[:_SAMPLE]
    if 0 not in sample:
        return ""
    # Without a mark, UTF-16 shows by a zero in every other byte of text in a European language.
    for start in (0, 1):
        half = sample[start::2]
        if len(half) > 1 and half.count(0) * 10 >= len(half) * 6:
            return "UTF-16"
    return ""


def _not_utf8(content: bytes, error: UnicodeDecodeError, path: str) -> Problem:
    before = content[: error.start].decode("utf-8").lstrip(BYTE_ORDER_MARK).replace("\r\n", "\n").replace("\r", "\n")
    line, column = place_at(before, len(before))
    byte = content[error.start]
    shown = bytes([byte]).decode("windows-1252", errors="ignore")
    hint = "Save the file as UTF-8."
    if shown and byte >= 0xA0:
        hint = f"Save the file as UTF-8; if it is in Windows-1252, this is “{shown}”."
    return Problem("error", "CL103", f"byte 0x{byte:02X} is not UTF-8", path, line, column, hint)


def _control_character(text: str, count: int, path: str) -> Problem:
    match = _CONTROL.search(text)
    offset = match.start() if match else 0
    line, column = place_at(text, offset)
    name = "a NUL character" if text[offset] == "\0" else f"the control character U+{ord(text[offset]):04X}"
    more = f" (and {count - 1} more like it)" if count > 1 else ""
    hint = "Delete it: it is invisible, and no page or feed may carry it."
    return Problem("error", "CL104", f"{name}{more}", path, line, column, hint)
