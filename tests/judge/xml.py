"""XML read by the standard library: well-formed, without a document type, each element in its namespace."""

import re
from xml.etree.ElementTree import Element, ParseError, fromstring

NAME = re.compile(r"\{(.*)\}(.*)")


def read_xml(text: str) -> Element:
    """The root element. Raises ValueError where the text is not well-formed or declares a document type."""
    if "<!DOCTYPE" in text:
        raise ValueError("declares a document type")
    try:
        return fromstring(text)  # noqa: S314 - what the build wrote, and no document type: no entity can be declared
    except ParseError as problem:
        raise ValueError(f"is not well-formed: {problem}") from None


def name_of(element: Element) -> tuple[str, str]:
    """Namespace ('' for none) and local name."""
    parts = NAME.fullmatch(element.tag)
    return (parts.group(1), parts.group(2)) if parts else ("", element.tag)
