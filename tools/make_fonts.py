"""Makes the fonts of share images anew: `python tools/make_fonts.py FOLDER`, where FOLDER holds the fonts of Noto.

They are those of Debian's package `fonts-noto-core` (20201225-1), whose files lie in `/usr/share/fonts/truetype/noto`
once it is installed. Needs fonttools. Letters that our scripts need are taken out of each, with all that shapes them
but without hints, and put into one font: so a line in which scripts meet is shaped, and turned, as a whole.
"""

import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

TARGET = Path(__file__).resolve().parents[1] / "generator" / "share" / "fonts"
EUROPE = (
    (0x0020, 0x007E), (0x00A0, 0x02FF), (0x0300, 0x036F), (0x0370, 0x03FF), (0x0400, 0x052F), (0x1E00, 0x1EFF),
    (0x2000, 0x206F), (0x2070, 0x209C), (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2150, 0x215F), (0x2190, 0x2193),
    (0x2212, 0x2212), (0x2260, 0x2265), (0x25A0, 0x25CF), (0x25CC, 0x25CC),
)  # fmt: skip
ARABIC = ((0x0600, 0x06FF), (0x0750, 0x077F), (0x08A0, 0x08FF), (0xFDFC, 0xFDFD), (0xFD3E, 0xFD3F))
HEBREW = ((0x0591, 0x05F4), (0xFB1D, 0xFB4F))
DEVANAGARI = ((0x0900, 0x097F), (0x1CD0, 0x1CFF), (0xA8E0, 0xA8FF))
SHAPING = [
    "abvm", "abvs", "akhn", "blwf", "blwm", "blws", "calt", "ccmp", "cjct", "clig", "curs", "dist", "fin2",
    "fina", "half", "haln", "init", "isol", "kern", "liga", "locl", "mark", "med2", "medi", "mkmk", "nukt",
    "pref", "pres", "pstf", "psts", "rclt", "rkrf", "rlig", "rphf", "rvrn", "stch", "vatu",
]  # fmt: skip
"""The features by which letters are shaped and placed; not those that a designer turns on, such as small capitals."""
FONTS: Mapping[str, tuple[tuple[str, str, tuple[tuple[int, int], ...]], ...]] = {
    "titles.ttf": (
        ("NotoSerif-Bold.ttf", "0af0ff2be8f84910fb21ec5fe1b6b7395e3073250502a334baf6ca2f860c88fe", EUROPE),
        ("NotoNaskhArabic-Bold.ttf", "b5cbcb561b4b540ff11d7b6934577dbbbbb9e1d152d47f6f31f19176d58ff39c", ARABIC),
        ("NotoSerifHebrew-Bold.ttf", "95150a28d438cba6c79393ef18ad06f39a8b53a7d457e61d8c9d585176ef36da", HEBREW),
        (
            "NotoSerifDevanagari-Bold.ttf",
            "42a0d0664b51212894c8bb226ad8947c194f1ab1903555a41979877d3b9267be",
            DEVANAGARI,
        ),
    ),
    "labels.ttf": (
        ("NotoSans-Bold.ttf", "e83493c945848ecd4a9ad0f6d19164541a0d3e23a9c952304a00a46e00272ac5", EUROPE),
        ("NotoSansArabic-Bold.ttf", "ded6fc7359ca36d15d7aab9ef0c066e21ce48b26a069994d6602fa2cb9a1b952", ARABIC),
        ("NotoSansHebrew-Bold.ttf", "d3b01343f71e8a93fffb84c345a1aecbaf4694b98d0eaace916cb9eac9e6dcd3", HEBREW),
        ("NotoSansDevanagari-Bold.ttf", "77ad688cfe1dc55185bf4edb4db3c614202c65dd23a1463ad0e23fc52bcc9a5c", DEVANAGARI),
    ),
}
"""By the font that is made: the files it is made of, their SHA-256, the letters taken from each."""


def cut(source: Path, digest: str, ranges: tuple[tuple[int, int], ...], target: Path) -> None:
    """Write the letters of some ranges, with all that shapes them, to a font of their own."""
    found = hashlib.sha256(source.read_bytes()).hexdigest()
    if digest != found:
        raise SystemExit(f"{source} is another version: its SHA-256 is {found}")
    options = Options()
    options.layout_features = SHAPING
    options.hinting = False
    options.glyph_names = False
    options.legacy_kern = False
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.drop_tables += ["DSIG", "STAT", "meta", "gasp"]
    with TTFont(source, recalcTimestamp=False) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=[code for first, last in ranges for code in range(first, last + 1)])
        subsetter.subset(font)
        font.save(target)


def main(folder: Path) -> None:
    """Make each of the fonts and say how large it is."""
    for name, parts in FONTS.items():
        with TemporaryDirectory() as aside:
            cuts = []
            for file, digest, ranges in parts:
                target = Path(aside) / file
                cut(folder / file, digest, ranges, target)
                cuts.append(str(target))
            merged = Merger().merge(cuts)
            merged.recalcTimestamp = False
            with TTFont(cuts[0]) as first:
                merged["head"].created = merged["head"].modified = first["head"].modified
            merged["post"].formatType = 3.0
            merged.save(TARGET / name)
        print(f"{name}: {(TARGET / name).stat().st_size:,} bytes")  # noqa: T201 (that is what it is started for)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
