"""What a mark stands for: the things the reading of the source lifts out before an engine sees the text."""

from collections.abc import Iterable

from msgspec import Struct

from generator.source.places import Place


class Code(Struct, frozen=True):
    """Code exactly as written. `language` is the first word of a fence's info string; `attributes` are escaped."""

    text: str
    place: Place
    block: bool
    language: str = ""
    attributes: tuple[tuple[str, str], ...] = ()


class Link(Struct, frozen=True):
    """A link around its text. `target` is decoded (entities, backslashes), not percent-decoded."""

    target: str
    place: Place
    attributes: tuple[tuple[str, str], ...] = ()


class Picture(Struct, frozen=True):
    """An image. `attributes` hold `alt` always."""

    target: str
    place: Place
    attributes: tuple[tuple[str, str], ...] = ()


class Attributes(Struct, frozen=True):
    """Attributes in braces at the end of a heading. `place` is that of the id among them, or of the braces."""

    attributes: tuple[tuple[str, str], ...]
    place: Place


class Directive(Struct, frozen=True):
    """A directive that its declaration allows. `text` is its bracket as plain text.

    `files` are the attributes that name files, with the places of their values. `plain` is what plain text has for it.
    """

    name: str
    form: str
    attributes: dict[str, str | int | float | bool]
    text: str
    place: Place
    standing: bool = False
    files: tuple[tuple[str, Place], ...] = ()
    plain: str = ""


class Cited(Struct, frozen=True):
    """A mark that names a source by its id: the directive of that name with its attributes."""

    name: str
    attributes: dict[str, str | int | float | bool]
    source: str
    place: Place


class NoteMark(Struct, frozen=True):
    """A reference to a footnote, by its label."""

    label: str
    place: Place


class Note(Struct, frozen=True):
    """The text of a footnote."""

    label: str
    place: Place


class Callout(Struct, frozen=True):
    """The first line of a callout: its kind in small letters, its title or ''."""

    kind: str
    title: str
    place: Place


class QuotedLanguage(Struct, frozen=True):
    """`{language=ru}` as a line of a quotation."""

    language: str
    place: Place


class More(Struct, frozen=True):
    """`<!--more-->`: where the lead ends."""

    place: Place


class Separator(Struct, frozen=True):
    """Nothing, between two quotations that an engine would make one."""


class Character(Struct, frozen=True):
    """A character that no step may change."""

    text: str


Item = (
    Code | Link | Picture | Attributes | Directive | Cited | NoteMark | Note | Callout | QuotedLanguage | More
    | Separator | Character
)  # fmt: skip


def is_block(item: Item) -> bool:
    """Whether a mark stands between paragraphs rather than in one."""
    if type(item) is Code:
        return item.block
    if type(item) is Directive:
        return item.form == "block" or (item.form == "leaf" and not item.text)
    return type(item) in _BLOCKS


def holds(items: Iterable[Item], *kinds: type[Item]) -> bool:
    """Whether there is an item of one of these kinds."""
    return not set(kinds).isdisjoint(map(type, items))


_BLOCKS = frozenset({Note, Callout, QuotedLanguage, More, Separator})
