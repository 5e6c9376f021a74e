"""A chart of horizontal bars as SVG, readable on light and dark ground, its figures in words for those who hear."""

from collections.abc import Sequence
from html import escape

from msgspec import Struct

WIDTH = 760
ROW = 30
TOP = 64
LABEL = 300
ROOM = WIDTH - LABEL - 90
_STYLE = """
text { font: 14px system-ui, sans-serif; fill: #1f2328; }
.title { font-size: 17px; font-weight: 600; }
.note { font-size: 12px; fill: #59636e; }
.ours { fill: #0f766e; }
.other { fill: #8c959f; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .note { fill: #9198a1; }
  .ours { fill: #2dd4bf; }
  .other { fill: #6e7681; }
}
"""


class Line(Struct, frozen=True):
    """A bar with its label; `ours` sets it apart."""

    label: str
    value: float
    ours: bool


def chart(title: str, note: str, lines: Sequence[Line], unit: str) -> str:
    """An SVG document with one bar for each line, all on one linear scale from nought."""
    greatest = max(line.value for line in lines)
    height = TOP + ROW * len(lines) + 10
    told = "; ".join(f"{line.label}: {number(line.value)} {unit}" for line in lines)
    head = 'xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title description"'
    parts = [
        f'<svg {head} width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="description">{escape(told)}.</desc>',
        f"<style>{_STYLE}</style>",
        f'<text class="title" x="10" y="24">{escape(title)}</text>',
        f'<text class="note" x="10" y="46">{escape(note)}</text>',
    ]
    for place, line in enumerate(lines):
        top = TOP + ROW * place
        long = max(ROOM * line.value / greatest, 1)
        colour = "ours" if line.ours else "other"
        parts += (
            f'<text x="{LABEL - 10}" y="{top + 19}" text-anchor="end">{escape(line.label)}</text>',
            f'<rect class="{colour}" x="{LABEL}" y="{top + 5}" width="{long:.1f}" height="{ROW - 10}" rx="3"/>',
            f'<text x="{LABEL + long + 8:.1f}" y="{top + 19}">{number(line.value)} {unit}</text>',
        )
    return "\n".join((*parts, "</svg>", ""))


def number(value: float) -> str:
    """A figure with about three digits that say something."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
