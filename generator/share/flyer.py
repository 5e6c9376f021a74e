"""How large the words of a flyer may be, so that all of it fits on one page in whatever font a reader has."""

import re
import unicodedata
from itertools import product
from math import sqrt

from generator.text.words import cut

TITLES = (66.0, 58.0, 50.0, 42.0, 35.0, 29.0, 24.0, 20.0, 16.0, 13.0, 11.0, 9.0)
"""Sizes of the title in points; the style sheet has them as `poster-title-0` and on."""
SUMMARIES = (18.0, 15.0, 13.0, 11.0, 9.5)
"""Sizes of the summary in points, as `poster-summary-0` and on."""
LONGEST_SUMMARY = 900
_LARGER = 1.2
_MEASURE = 186.0
_HEIGHT = 100.0
_MILLIMETRES = 0.3528
_BREAKS = re.compile(r"[\s\u200b\u00ad-]+")
# A letter in bold type is this share of its size wide, somewhat more than in any common font.
_BOLD, _PLAIN = 0.6, 0.53
_LEADING_OF_A_TITLE, _LEADING_OF_A_SUMMARY = 1.16, 1.45


def flyer_words(title: str, summary: str) -> tuple[int, int, str]:
    """Which size the title has and which the summary, by their numbers, and the summary as it fits.

    The title is never cut. A summary that would fill a page by itself is cut at a word.
    """
    said = cut(summary, LONGEST_SUMMARY)
    # Without a summary, its size is no matter.
    for large, small in _choices() if said else product(range(len(TITLES)), (0,)):
        height = _lines(title, TITLES[large], _BOLD) * TITLES[large] * _MILLIMETRES * _LEADING_OF_A_TITLE
        if said:
            height += _lines(said, SUMMARIES[small], _PLAIN) * SUMMARIES[small] * _MILLIMETRES * _LEADING_OF_A_SUMMARY
        if height <= _HEIGHT and _fits(title, TITLES[large]):
            return large, small, said
    return len(TITLES) - 1, len(SUMMARIES) - 1, said if len(title) < LONGEST_SUMMARY else ""


def _choices() -> list[tuple[int, int]]:
    """The sizes to try: a title larger than its summary, both to be read from afar; then smaller ones."""

    def rank(pair: tuple[int, int]) -> tuple[bool, float]:
        title, summary = TITLES[pair[0]], SUMMARIES[pair[1]]
        return title < _LARGER * summary, -sqrt(title) * summary

    return sorted(product(range(len(TITLES)), range(len(SUMMARIES))), key=rank)


def _fits(title: str, size: float) -> bool:
    """Whether no word of a title is broken, unless in a size that is small already."""
    longest = max(map(_letters, _BREAKS.split(title)), default=0.0)
    return longest * size * _BOLD * _MILLIMETRES <= _MEASURE or size <= TITLES[7]


def _lines(text: str, size: float, share: float) -> int:
    """Lines of a text at most: one more for what lines leave empty at their ends."""
    wide = _letters(text) * size * share * _MILLIMETRES
    return int(wide / (_MEASURE * 0.88)) + 1


def _letters(text: str) -> float:
    """Letters of a text, those as wide as high counting more than one, marks on letters nothing."""
    return sum(
        0.0 if unicodedata.combining(each) else 1.7 if unicodedata.east_asian_width(each) in "WF" else 1.0
        for each in text
    )
