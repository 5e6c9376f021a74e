"""The text of a document between Markdown and a page: HTML with holes that are filled for each output."""

from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct, field, msgpack

SlotRole = Literal["link", "unlink", "picture", "url"]


class PageTarget(Struct, frozen=True, array_like=True, gc=False, tag="page"):
    """A page or file of this site by its address from the root (`/water/`), with a fragment or ''."""

    url: str
    fragment: str = ""


class PictureTarget(Struct, frozen=True, array_like=True, gc=False, tag="picture"):
    """A picture made by this build; `url` is its address from the root, sizes are in pixels."""

    url: str
    width: int
    height: int


class OutsideTarget(Struct, frozen=True, array_like=True, gc=False, tag="outside"):
    """An address elsewhere (or `mailto:`, `tel:`), as it goes into the attribute."""

    url: str


class NoTarget(Struct, frozen=True, array_like=True, gc=False, tag="none"):
    """A link that becomes its text, for its target is not published now."""


class SourceTarget(Struct, frozen=True, array_like=True, gc=False, tag="source"):
    """A source that the whole site shares; `name` is what readers are told: publisher, author or title.

    `url` is its address and `language` that of its words, each '' when not known.
    """

    name: str
    url: str = ""
    language: str = ""


Target = PageTarget | PictureTarget | OutsideTarget | NoTarget | SourceTarget
_targets = msgpack.Decoder(tuple[Target, ...])


class Targets(Struct, frozen=True, array_like=True, gc=False):
    """What the references of a text lead to, in the order of their numbers, packed until a page is drawn."""

    packed: bytes = b""

    @classmethod
    def of(cls, targets: Iterable[Target]) -> "Targets":
        """These targets, packed."""
        found = tuple(targets)
        return cls(msgpack.encode(found)) if found else cls()

    def __iter__(self) -> Iterator[Target]:
        return iter(_targets.decode(self.packed) if self.packed else ())


class Html(Struct, frozen=True, array_like=True, gc=False, tag="html"):
    """Finished HTML, which reads the same wherever it stands."""

    text: str


class Slot(Struct, frozen=True, array_like=True, gc=False, tag="slot"):
    """A hole for what another unit decides.

    `number` is the index into the document's references. By `role`:
    `link`: an `<a href=…>` opens here, `attributes` (escaped, with a leading space) stand behind its address;
    `unlink`: that `</a>`; both vanish when the target is `NoTarget`;
    `picture`: a whole `<img>` with `attributes` behind its address and size;
    `url`: the bare address inside an attribute of raw HTML.
    """

    number: int
    role: SlotRole
    attributes: str = ""


class Call(Struct, frozen=True, array_like=True, gc=False, tag="call"):
    """A directive that the theme turns into HTML: `directives/NAME.html` sees `attributes`, `text` and `inner`.

    `files` are the attributes that name files, each with its index into the document's references. `source` is the
    number of the reference to the shared source that it names, -1 when it names none.
    """

    name: str
    attributes: dict[str, str | int | float | bool]
    inner: "tuple[Html | Slot | Call, ...]" = ()
    text: str = ""
    line: int = 0
    column: int = 0
    files: dict[str, int] = field(default_factory=dict)
    source: int = -1


Part = Html | Slot | Call


class Body(Struct, frozen=True, array_like=True, gc=False):
    """A sequence of parts, with the targets of its slots once gather has resolved them (empty before)."""

    parts: tuple[Part, ...] = ()
    targets: tuple[Target, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.parts)


class Reference(Struct, frozen=True, array_like=True, gc=False):
    """Something in a text that only the whole site can resolve; its number is its place in the list.

    `target` is as the author wrote it (percent-decoding is gather's work), with `#fragment`; `line` and `column`
    are those of the target in the source file. `kind`: `link` may name a page, a heading, a file, an address
    elsewhere; `picture` is an image to be rebuilt; `file` is any other file that raw HTML or a directive names;
    `source` is a source that the document does not name itself, by its id; `resource` are help lines, by country and
    language.
    """

    kind: Literal["link", "picture", "file", "source", "resource"]
    target: str
    line: int = 0
    column: int = 0


_references = msgpack.Decoder(tuple[Reference, ...])


class References(Struct, frozen=True, array_like=True, gc=False):
    """References in the order of their numbers, packed until they are asked for: gather reads each of them once."""

    packed: bytes = b""

    @classmethod
    def of(cls, references: Iterable[Reference]) -> "References":
        """These references, packed."""
        found = tuple(references)
        return cls(msgpack.encode(found)) if found else cls()

    def __iter__(self) -> Iterator[Reference]:
        return iter(_references.decode(self.packed) if self.packed else ())


class Heading(Struct, frozen=True, array_like=True, gc=False):
    """A heading of a text: level 2 to 6, its id (unique in the article), its text as plain text."""

    level: int
    id: str
    text: str
