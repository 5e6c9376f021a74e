"""What a directive takes, as its template declares it."""

from typing import Literal

from msgspec import Struct, field

AttributeType = Literal[
    "str",
    "int",
    "number",
    "bool",
    "date",
    "partial",
    "url",
    "email",
    "phone",
    "language",
    "source",
    "file",
    "enum",
    "anchor",
]


class AttributeRule(Struct, frozen=True, forbid_unknown_fields=True):
    """One attribute of a directive: its type, whether it must be given, the values of an enum or the kinds of a file.

    A kind of file is `picture`, `video`, `audio` or a suffix with its point; without any, all are allowed. Where a
    `wanted` attribute is missing, the author is warned. An `anchor` is made of the words of the directive unless it is
    given.
    """

    type: AttributeType = "str"
    required: bool = False
    wanted: bool = False
    values: tuple[str, ...] = ()


class Declaration(Struct, frozen=True, forbid_unknown_fields=True):
    """A directive: what its text may be, the ids it defines (`act-{id}`), its attributes.

    With `pictures` it encloses pictures only, and has each as an item of a list. What a `closed` one encloses is shown
    to readers who ask for it: it is loaded then, and stands in no summary and no list. Of a `titled` one that may
    enclose paragraphs and is written in one line, the brackets hold the title, as they do where it is a block.
    `plain` is what plain text (a summary, a share text) has in its place, by language; nothing where that is empty.
    Where the text is a `source`, it names one, and the directive is a mark that leads to it.
    """

    name: str
    text: Literal["none", "inline", "blocks", "source"] = "none"
    ids: tuple[str, ...] = ()
    attributes: dict[str, AttributeRule] = field(default_factory=dict)
    pictures: bool = False
    closed: bool = False
    titled: bool = False
    plain: dict[str, str] = field(default_factory=dict)
