"""Text set in lines by measure: shaped and turned by script, in the largest size that fits, never cut."""

import io
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from math import inf
from typing import TYPE_CHECKING

import regex
from msgspec import Struct

from generator.share.coverage import letters

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

SIZES = (
    132, 124, 116, 108, 100, 94, 88, 82, 76, 71, 66, 62, 58, 54, 50, 47, 44, 41, 38, 35, 32, 30, 28, 26, 24, 22, 20, 18,
    16,
)  # fmt: skip
"""Sizes of type in pixels: few, since a font is opened anew for each."""
_REFERENCE = 64
# Widths are measured in one size and hold for the others but for the rounding of letters to pixels.
_SLACK = 0.99
_BROKEN_BELOW = 0.6
_WHOLE_FROM = 0.38

# What is drawn by no glyph, but shapes or turns those around it.
_UNSEEN = frozenset({
    0xAD, 0x34F, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10),
    0xFEFF,
})  # fmt: skip
_EMOJI = regex.compile(
    r"(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|[\u200D\uFE0E\uFE0F\u20E3\U000E0020-\U000E007F])"
)
_CLUSTER = regex.compile(r"\X")
_IDEOGRAPH = r"[\p{Han}\p{Hiragana}\p{Katakana}\u3000-\u303F\uFF01-\uFF60]"
_CLOSING = r"[\p{Pe}\p{Pf}\u3001\u3002\uFF01\uFF0C\uFF0E\uFF1A\uFF1B\uFF1F\u30FC]"
# Where a line may end: behind a blank, a hyphen or dash inside words, a soft hyphen, and beside an ideograph.
_BREAK = regex.compile(
    rf"(?P<blank>[ \t\n\u1680\u2000-\u2006\u2008-\u200A\u205F\u3000]+)"
    rf"|(?P<soft>\u00AD)"
    rf"|(?P<none>\u200B"
    rf"|(?<=\w[-\u2010\u2012-\u2014/])(?=\w)"
    rf"|(?<={_IDEOGRAPH})(?=\w)(?!{_CLOSING})"
    rf"|(?<=\w)(?={_IDEOGRAPH})(?!{_CLOSING}))"
)
_HIGH_SCRIPTS = regex.compile(r"[\p{Arabic}\p{Devanagari}\p{Bengali}\p{Tamil}\p{Thai}\p{Khmer}\p{Myanmar}\p{Tibetan}]")


class Face(Struct, frozen=True):
    """A font: its bytes and their digest."""

    content: bytes
    digest: str

    def has(self, character: str) -> bool:
        """Whether it has a glyph for a character, or needs none."""
        return ord(character) in _UNSEEN or ord(character) in letters(self.content)


class Setting(Struct, frozen=True):
    """How a text is to be set: fonts in the order in which they are asked, language, direction (`ltr` or `rtl`).

    `leading` is the distance of lines, as a share of the size, in scripts that need no more.
    """

    faces: tuple[Face, ...]
    language: str
    direction: str
    leading: float = 1.14


class Block(Struct, frozen=True):
    """A text in lines: its setting, the size of its type and the distance of its lines in pixels."""

    setting: Setting
    lines: tuple[str, ...]
    size: int
    leading: int

    @property
    def height(self) -> int:
        """Pixels from the top of the first line to the foot of the last, each as high as the distance of lines."""
        return self.leading * len(self.lines)

    @property
    def width(self) -> float:
        """Pixels of the widest line."""
        return max((width(line, self.setting, self.size) for line in self.lines), default=0.0)


def plain(text: str) -> str:
    """The text as it can be set: composed, on one line, without characters that control anything but letters."""
    composed = unicodedata.normalize("NFC", text)
    kept = (
        character
        for character in composed
        if character.isspace() or ord(character) in _UNSEEN or unicodedata.category(character) not in ("Cc", "Cs", "Cn")
    )
    return " ".join("".join(kept).split())


def drawable(text: str, faces: Sequence[Face]) -> str:
    """The text without the emoji that no font has a glyph for."""
    if text.isascii() or all(_is_had(character, faces) for character in text):
        return text
    kept = []
    for cluster in _CLUSTER.findall(text):
        missing = [character for character in cluster if not _is_had(character, faces)]
        if not missing:
            kept.append(cluster)
        elif all(map(_EMOJI.match, missing)):
            # Of a sign with a shape of its own, such as a digit in a box, the sign stays.
            kept += [each for each in cluster if each not in missing and ord(each) not in _UNSEEN]
        else:
            kept.append(cluster)
    return " ".join("".join(kept).split())


def missing(text: str, faces: Sequence[Face]) -> tuple[str, ...]:
    """The characters of a drawable text that no font has a glyph for, each once."""
    if text.isascii():
        return ()
    return tuple(dict.fromkeys(character for character in text if not _is_had(character, faces)))


def _is_had(character: str, faces: Sequence[Face]) -> bool:
    return character.isascii() or any(face.has(character) for face in faces)


def fit(
    text: str, setting: Setting, measure: int, height: int, *, largest: int, smallest: int = SIZES[-1], lines: int = 99
) -> Block | None:
    """A text in the largest size in which its lines are no wider than `measure` and together no higher than `height`.

    No line is cut. A word is broken only where all words whole would have to be set in less than six tenths of the size
    that there is room for otherwise. None when not even the smallest size is small enough.
    """
    pieces = list(_pieces(text, setting))
    sizes = [size for size in SIZES if smallest <= size <= largest]
    if not pieces or not sizes:
        return None

    # A word that would fit whole in small type is never broken, however large the type is that others leave room for.
    breakable = measure * _SLACK * _REFERENCE / max(sizes[-1], sizes[0] * _WHOLE_FROM)

    def block(size: int, *, whole: bool) -> Block | None:
        leading = _leading(text, setting, size)
        room = min(lines, height // leading)
        found = _wrapped(pieces, setting, measure, size, inf if whole else breakable)
        if found is None or len(found) > room:
            return None
        even = _balanced(pieces, setting, measure, size, len(found)) if whole else found
        made = Block(setting, even, size, leading)
        return made if made.width <= measure else None

    def greatest(*, whole: bool) -> Block | None:
        # The larger the type, the more lines: the first size that fits is found by halving.
        first = bisect_left(sizes, True, key=lambda size: block(size, whole=whole) is not None)
        return block(sizes[first], whole=whole) if first < len(sizes) else None

    unbroken = greatest(whole=True)
    if unbroken is not None and unbroken.size >= sizes[0] * _BROKEN_BELOW:
        return unbroken
    broken = greatest(whole=False)
    if unbroken is not None and (broken is None or unbroken.size >= broken.size * _BROKEN_BELOW):
        return unbroken
    return broken


def _leading(text: str, setting: Setting, size: int) -> int:
    """The distance of lines: marks above and below letters need more of it (domain knowledge of the scripts)."""
    high = 0.26 if _HIGH_SCRIPTS.search(text) else 0.0
    return round(size * (setting.leading + high))


class _Piece(Struct, frozen=True):
    """What a line is made of: a text that is not broken, its width and that of the blank behind it in the reference
    size; `hyphen`, which is `dash` wide, is written behind it where a line ends with it."""

    text: str
    width: float
    blank: float = 0.0
    hyphen: str = ""
    dash: float = 0.0


def _pieces(text: str, setting: Setting) -> Iterator[_Piece]:
    space = width(" ", setting, _REFERENCE)
    end = 0
    for match in _BREAK.finditer(text):
        piece = text[end : match.start()]
        end = match.end()
        if piece:
            hyphen = ""
            if match["soft"] is not None:
                hyphen = "\u2010" if _is_had("\u2010", setting.faces) else "-"
            yield _Piece(
                piece,
                width(piece, setting, _REFERENCE),
                space if match["blank"] else 0.0,
                hyphen,
                width(hyphen, setting, _REFERENCE) if hyphen else 0.0,
            )
    if text[end:]:
        yield _Piece(text[end:], width(text[end:], setting, _REFERENCE))


def _wrapped(
    pieces: Sequence[_Piece], setting: Setting, measure: float, size: int, breakable: float = inf
) -> tuple[str, ...] | None:
    """The pieces in lines, each as full as it can be; None when one is wider than a line and not wider than what is
    `breakable`, in pixels of the reference size."""
    room = measure * _SLACK * _REFERENCE / size
    lines: list[str] = []
    line, used, before = "", 0.0, _Piece("", 0.0)
    for piece in pieces:
        if line and used + before.blank + piece.width + piece.dash <= room:
            line += (" " if before.blank else "") + piece.text
            used += before.blank + piece.width
            before = piece
            continue
        if line:
            lines.append(line + before.hyphen)
        if piece.width > room:
            if piece.width <= breakable:
                return None
            *full, piece_left = _broken(piece.text, setting, room)
            lines += full
            line, used = piece_left, width(piece_left, setting, _REFERENCE)
        else:
            line, used = piece.text, piece.width
        before = piece
    return (*lines, line) if line else tuple(lines)


def _broken(text: str, setting: Setting, room: float) -> list[str]:
    """A word in pieces that fit, between what readers take for letters."""
    clusters = _CLUSTER.findall(text)
    pieces = []
    while clusters:
        low, high = 1, len(clusters)
        while low < high:
            middle = (low + high + 1) // 2
            if width("".join(clusters[:middle]), setting, _REFERENCE) <= room:
                low = middle
            else:
                high = middle - 1
        pieces.append("".join(clusters[:low]))
        clusters = clusters[low:]
    return pieces


def _balanced(pieces: Sequence[_Piece], setting: Setting, measure: int, size: int, count: int) -> tuple[str, ...]:
    """The lines as even as they can be without becoming more: the narrowest measure that gives as many."""
    low, high = measure // 2, measure
    best = _wrapped(pieces, setting, measure, size) or ()
    while high - low > size // 4:
        middle = (low + high) // 2
        found = _wrapped(pieces, setting, middle, size)
        if found is not None and len(found) <= count:
            best, high = found, middle
        else:
            low = middle
    return best


def width(text: str, setting: Setting, size: int) -> float:
    """Pixels from the beginning of a line to its end."""
    return sum(
        font(face, size).getlength(run, direction=setting.direction, language=setting.language)
        for face, run in runs(text, setting.faces)
    )


def runs(text: str, faces: Sequence[Face]) -> Iterable[tuple[Face, str]]:
    """A line in pieces of one font each: the first that has all of it, else the first that has each of its letters."""
    first = next((face for face in faces if all(map(face.has, text))), None)
    if first is not None:
        return ((first, text),)
    found: list[tuple[Face, str]] = []
    for cluster in _CLUSTER.findall(text):
        face = next((each for each in faces if all(map(each.has, cluster))), faces[0])
        # Blanks and signs that several fonts have stay with the letters before them.
        if found and all(map(found[-1][0].has, cluster)) and not cluster.isalpha():
            face = found[-1][0]
        if found and found[-1][0] == face:
            found[-1] = (face, found[-1][1] + cluster)
        else:
            found.append((face, cluster))
    return found


@lru_cache(maxsize=64)
def font(face: Face, size: int) -> "FreeTypeFont":
    """A font in a size, ready to shape complex scripts."""
    from PIL import ImageFont

    return ImageFont.truetype(io.BytesIO(face.content), size, layout_engine=ImageFont.Layout.RAQM)
