"""Share images: what stands on them, where, and the pixels of it."""

import io
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from math import ceil
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from generator.engine.digest import digest_bytes, digest_value
from generator.engine.versions import versions
from generator.share.typesetting import SIZES, Block, Face, Setting, drawable, fit, font, missing, plain, runs, width
from generator.text.languages import direction

if TYPE_CHECKING:
    from PIL.Image import Image

ACCENT = "#a3261c"
MOST = 600
"""Characters of a text that is set large; longer ones would be too small to read."""
# Raised with each change to how these images look: those kept from before have other keys then.
_RECIPE = 1
_HASH_DIGITS = 10
_PAPER = (0xFF, 0xFD, 0xF7)
_INK = (0x1A, 0x1A, 0x1A)
_SOFT = (0x4D, 0x48, 0x3F)
# Sixteen colours, four bits a pixel: paper, then steps from it to the ink, to the accent, to the soft ink.
_STEPS = {"ink": (1, 7), "accent": (8, 4), "soft": (12, 4)}
_LINES_OF_A_LABEL = 2
_LEGIBLE = 28
_DISPENSABLE = ("byline", "address", "kicker", "site", "ask", "note")


class Shape(Struct, frozen=True):
    """A size of share images in pixels: the room at the sides, above and below that nothing else covers, and the size
    of its labels."""

    width: int
    height: int
    side: int
    above: int
    below: int
    label: int
    largest: int


SHAPES = {
    "wide": Shape(1200, 630, 72, 48, 54, 30, 116),
    "square": Shape(1080, 1080, 84, 84, 76, 35, 124),
    "portrait": Shape(1080, 1350, 84, 96, 84, 35, 132),
    # Applications that show stories cover the upper and the lower part of them.
    "story": Shape(1080, 1920, 84, 270, 350, 38, 132),
}
"""By name: for links, for feeds of pictures, upright, and as high as a telephone."""


class ShareImage(Struct, frozen=True):
    """What a share image shows; texts that are '' are left out.

    `site` is the name of the site, `kicker` says what it is about, `words` stand large, `quoted` says that they are
    somebody's, `language` is theirs. `note` is what a reader should know before, `ask` what is to be done and until
    when, `byline` who and when or whose words they are, `address` where to read on. `page` is the language of all the
    rest. `fonts` are the site's own, as path and digest.
    """

    shape: str
    site: str
    words: str
    language: str
    page: str
    quoted: bool = False
    kicker: str = ""
    note: str = ""
    ask: str = ""
    byline: str = ""
    address: str = ""
    accent: str = ACCENT
    fonts: tuple[tuple[str, str], ...] = ()


class Bar(Struct, frozen=True):
    """A filled rectangle: left, top, width, height; `step` of its `ink`."""

    box: tuple[int, int, int, int]
    ink: str = "ink"
    step: int = 7


class Placed(Struct, frozen=True):
    """A block of text: the start of its lines (their left edge, or right one where they run from right to left), its
    top, its ink; `reversed` stands in paper on a ground of ink."""

    block: Block
    start: int
    top: int
    ink: str = "ink"
    reversed: bool = False


def image_path(folder: str, name: str, image: ShareImage) -> str:
    """Where a share image lies in the output, without leading slash: `FOLDER/NAME-WIDTH.HASH.png`.

    `folder` is the address of the page it is about. HASH is of all that can influence its pixels.
    """
    shape = SHAPES[image.shape]
    return f"{folder.strip('/')}/{name}-{shape.width}.{image_key(image)[:_HASH_DIGITS]}.png".lstrip("/")


def image_key(image: ShareImage) -> str:
    """The key of a share image: what it shows, how, in which fonts, drawn by which library."""
    return digest_value((image, _RECIPE, versions().get("pillow", ""), [face.digest for face in own_faces().values()]))


@lru_cache(maxsize=1)
def own_faces() -> dict[str, Face]:
    """The fonts that come with Clarion: `titles` and `labels`, each with six scripts."""
    folder = files(__package__) / "fonts"
    return {name: face_of((folder / f"{name}.ttf").read_bytes()) for name in ("titles", "labels")}


def face_of(content: bytes) -> Face:
    """A font by its bytes."""
    return Face(content, digest_bytes(content))


def words_for(text: str, faces: Sequence[Face]) -> tuple[str, tuple[str, ...]]:
    """A text as it can be drawn, emoji without a glyph left out; and the characters that no font has."""
    found = drawable(plain(text), faces)
    return found, missing(found, faces)


def draw(image: ShareImage, fonts: Sequence[Face] = ()) -> bytes:
    """A share image as PNG: nothing but pixels, of sixteen colours; the same bytes wherever these versions draw it.

    `fonts` are the site's own. Raises: ValueError when the words do not fit even in the smallest size.
    """
    return _painted(image, compose(image, fonts))


def compose(image: ShareImage, fonts: Sequence[Face] = ()) -> tuple[Bar | Placed, ...]:
    """What stands where on a share image; labels go rather than that the words become too small to read.

    Raises: ValueError as `draw` does.
    """
    for smallest in (_LEGIBLE, SIZES[-1]):
        for number in range(len(_DISPENSABLE) + 1):
            fewer = structs.replace(image, **dict.fromkeys(_DISPENSABLE[:number], ""))
            try:
                return tuple(_Composer(fewer, fonts, smallest).marks())
            except _NoRoomError:
                continue
    raise ValueError("these words do not fit on a share image")


class _NoRoomError(Exception):
    """The words do not fit beside the labels."""


class _Composer:
    """Places the parts of one image: from the top down, from the foot up, and the words between."""

    def __init__(self, image: ShareImage, fonts: Sequence[Face], smallest: int) -> None:
        own = own_faces()
        self.smallest = smallest
        self.image = image
        self.shape = SHAPES[image.shape]
        self.titles = (own["titles"], *fonts)
        self.labels = (own["labels"], *fonts)
        self.measure = self.shape.width - 2 * self.shape.side

    def marks(self) -> Iterator[Bar | Placed]:
        image, shape = self.image, self.shape
        label, side = shape.label, shape.side
        thick = label * 5 // 8
        yield Bar((0, 0, shape.width, thick))
        top = shape.above
        site = self.label(image.site, largest=label * 5 // 4)
        byline = self.label(image.byline)
        beside = site is not None and byline is not None and not image.quoted and self.share_a_line(site, byline)
        if site is not None:
            yield self.placed(site, top)
            if beside and byline is not None:
                yield self.opposite(byline, top + (site.height - byline.height) // 2, "soft")
            top += site.height + label // 3
            yield Bar((side, top, self.measure, 2), "soft", 2)
        top += label * 4 // 3
        foot = shape.height - shape.below
        for mark in self.foot(foot, None if beside else byline):
            foot = min(foot, mark.box[1] if isinstance(mark, Bar) else mark.top)
            yield mark
        foot -= label
        if image.quoted:
            yield from self.quotation(top, foot)
            return
        if image.kicker:
            yield self.bar(side, top, label * 2, label // 4)
            top += label // 4 + label // 2
            kicker = self.label(image.kicker)
            if kicker is not None:
                yield self.placed(kicker, top, "accent")
                top += kicker.height + label // 3
        note = self.label(image.note, lines=3)
        if note is not None:
            foot -= note.height
            yield self.placed(note, foot, "soft")
            foot -= label * 2 // 3
        words = self.words(self.measure, foot - top)
        yield self.placed(words, top)

    def share_a_line(self, first: Block, second: Block) -> bool:
        """Whether two labels have room side by side."""
        alone = len(first.lines) == len(second.lines) == 1
        return alone and first.width + second.width + 2 * self.shape.label <= self.measure

    def foot(self, end: int, byline: Block | None) -> Iterator[Bar | Placed]:
        """What stands at the foot, from the lowest up: where to read on, who and when, what is to be done."""
        image, label = self.image, self.shape.label
        address = self.address(image.address)
        if address is not None:
            end -= address.block.height
            yield structs.replace(address, top=end)
            end -= label // 5
        if byline is not None:
            end -= byline.height
            yield self.placed(byline, end, "soft")
            end -= label // 5
        ask = self.label(image.ask, lines=3, within=self.measure - 2 * label)
        if ask is None:
            return
        end -= label * 2 // 3 if address is not None or byline is not None else 0
        height = ask.height + label * 6 // 5
        yield self.placed(ask, end - height + label * 3 // 5, indent=label, reverse=True)
        yield Bar((self.shape.side, end - height, self.measure, height))

    def quotation(self, top: int, foot: int) -> Iterator[Bar | Placed]:
        """Words of somebody beside a heavy bar, in the middle of the room there is."""
        label = self.shape.label
        indent = label * 3 // 2
        words = self.words(self.measure - indent, foot - top)
        top += max(0, (foot - top - words.height) // 2)
        yield self.placed(words, top, indent=indent)
        yield self.bar(self.shape.side, top, label // 3, words.height, self.image.language)

    def words(self, measure: int, height: int) -> Block:
        setting = Setting(self.titles, self.image.language, direction(self.image.language))
        found = fit(self.image.words, setting, measure, height, largest=self.shape.largest, smallest=self.smallest)
        if found is None:
            raise _NoRoomError
        return found

    def label(
        self, text: str, *, largest: int = 0, lines: int = _LINES_OF_A_LABEL, within: int = 0, language: str = ""
    ) -> Block | None:
        """A small text in few lines; smaller when it is long. None when there is none."""
        if not text:
            return None
        language = language or self.image.page
        setting = Setting(self.labels, language, direction(language), 1.3)
        size = max(each for each in SIZES if each <= (largest or self.shape.label))
        measure, height = within or self.measure, 100 * size
        found = fit(text, setting, measure, height, largest=size, lines=lines)
        return found or fit(text, setting, measure, height, largest=size)

    def address(self, text: str) -> Placed | None:
        """An address, which runs from left to right wherever it stands."""
        block = self.label(text, language="en")
        if block is None:
            return None
        rtl = direction(self.image.page) == "rtl"
        return self.opposite(block, 0) if rtl else self.placed(block, 0)

    def opposite(self, block: Block, top: int, ink: str = "ink") -> Placed:
        """A label of one line, or one whose reading begins there, at the side where that of its language ends."""
        far = self.shape.width - self.shape.side
        ltr = block.setting.direction == "ltr"
        return Placed(block, far - ceil(block.width) if ltr else self.shape.side + ceil(block.width), top, ink)

    def placed(self, block: Block, top: int, ink: str = "ink", *, indent: int = 0, reverse: bool = False) -> Placed:
        """A block at the side where its own reading begins, `indent` pixels from the edge of the text."""
        side = self.shape.side + indent
        start = side if block.setting.direction == "ltr" else self.shape.width - side
        return Placed(block, start, top, ink, reverse)

    def bar(self, side: int, top: int, long: int, thick: int, language: str = "") -> Bar:
        """A bar in the accent, at the side where reading begins."""
        rtl = direction(language or self.image.page) == "rtl"
        return Bar((self.shape.width - side - long if rtl else side, top, long, thick), "accent", 4)


def _painted(image: ShareImage, marks: Sequence[Bar | Placed]) -> bytes:
    from PIL import Image

    shape = SHAPES[image.shape]
    canvas = Image.new("P", (shape.width, shape.height), 0)
    canvas.putpalette(_palette(image.accent))
    for mark in marks:
        if isinstance(mark, Bar):
            left, top, wide, high = mark.box
            canvas.paste(_step(mark.ink, mark.step), (left, top, left + wide, top + high))
    for mark in marks:
        if isinstance(mark, Placed):
            _write(canvas, mark)
    stream = io.BytesIO()
    canvas.save(stream, "PNG", bits=4, compress_level=4)
    return stream.getvalue()


def _write(canvas: "Image", placed: Placed) -> None:
    """The lines of a block on the canvas, its edges in the steps between ground and ink."""
    from PIL import Image, ImageDraw

    block = placed.block
    above = block.leading // 2
    mask = Image.new("L", (canvas.width, block.height + 2 * above), 0)
    pen = ImageDraw.Draw(mask)
    for start, base, face, run in pieces(placed):
        pen.text(
            (start, base - placed.top + above),
            run,
            fill=255,
            font=font(face, block.size),
            anchor="ls",
            direction=block.setting.direction,
            language=block.setting.language,
        )
    box = mask.getbbox()
    if box is None:
        return
    ink = mask.crop(box)
    table = _reversed_table() if placed.reversed else _table(placed.ink)
    canvas.paste(ink.point(table), (box[0], box[1] + placed.top - above), ink.point(_TOUCHED))


def pieces(placed: Placed) -> Iterator[tuple[float, int, Face, str]]:
    """Each run of a block: its left edge, its base line, its font, its text."""
    block = placed.block
    for number, line in enumerate(block.lines):
        # The letters of most scripts stand on the base line, about seven tenths of their size high.
        base = placed.top + number * block.leading + (block.leading + round(0.7 * block.size)) // 2
        start = float(placed.start)
        rtl = block.setting.direction == "rtl"
        for face, run in runs(line, block.setting.faces):
            wide = width(run, block.setting, block.size)
            yield (start - wide if rtl else start, base, face, run)
            start += -wide if rtl else wide


_TOUCHED = [0] * 18 + [255] * 238


@lru_cache(maxsize=8)
def _table(ink: str) -> list[int]:
    """For each share of ink, of 255, the colour nearest to it."""
    return [_step(ink, round(share * _STEPS[ink][1] / 255)) for share in range(256)]


@lru_cache(maxsize=1)
def _reversed_table() -> list[int]:
    return [_step("ink", _STEPS["ink"][1] - round(share * _STEPS["ink"][1] / 255)) for share in range(256)]


def _step(ink: str, step: int) -> int:
    first, steps = _STEPS[ink]
    return 0 if step == 0 else first + min(step, steps) - 1


def _palette(accent: str) -> list[int]:
    """Sixteen colours as Pillow wants them: paper, and each ink in steps of equal light as screens mix it."""
    inks: Mapping[str, tuple[int, ...]] = {"ink": _INK, "accent": _rgb(accent), "soft": _SOFT}
    colours = list(_PAPER)
    for name, (_, steps) in _STEPS.items():
        for step in range(1, steps + 1):
            colours += [
                round(ground + (top - ground) * step / steps) for ground, top in zip(_PAPER, inks[name], strict=True)
            ]
    return colours


def _rgb(colour: str) -> tuple[int, ...]:
    """A colour as `#rgb` or `#rrggbb`."""
    digits = colour.removeprefix("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    return tuple(int(digits[place : place + 2], 16) for place in (0, 2, 4))
