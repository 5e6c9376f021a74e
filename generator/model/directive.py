"""What a directive takes, as its template declares it."""

from typing import Literal

from msgspec import Struct, field

AttributeType = Literal[
    "str", "int", "number", "bool", "date", "url", "email", "phone", "language", "source", "file", "enum"
]


class AttributeRule(Struct, frozen=True, forbid_unknown_fields=True):
    """One attribute of a directive: its type, whether it must be given, the values of an enum."""

    type: AttributeType = "str"
    required: bool = False
    values: tuple[str, ...] = ()


class Declaration(Struct, frozen=True, forbid_unknown_fields=True):
    """A directive: what its text may be, the ids it defines (`act-{id}`), its attributes.

    `plain` is what plain text (a summary, a share text) has in its place, by language; nothing where that is empty.
    """

    name: str
    text: Literal["none", "inline", "blocks"] = "none"
    ids: tuple[str, ...] = ()
    attributes: dict[str, AttributeRule] = field(default_factory=dict)
    plain: dict[str, str] = field(default_factory=dict)
