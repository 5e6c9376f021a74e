"""An address as a QR code (ISO/IEC 18004), drawn as SVG."""

from html import escape

_QUIET = 4
"""Light modules around the code, as many as the standard asks for."""


def qr_svg(address: str, title: str, name: str = "") -> str:
    """A QR code of error correction level M as a whole SVG, dark on light whatever the ground of the page.

    `title` says to who does not see it what it is, `name` is the beginning of its ids where it stands in a page.
    """
    import segno

    code = segno.make(address, error="m", boost_error=False, micro=False)
    rows = [bytes(row) for row in code.matrix_iter(border=_QUIET)]
    path = "".join(_bars(number, row) for number, row in enumerate(rows))
    size = len(rows)
    ids = f' id="{escape(name)}"' if name else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img"'
        f"{f' aria-labelledby={escape(name)!r}' if name else ''}>"
        f"<title{ids}>{escape(title)}</title><desc>{escape(address)}</desc>"
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path shape-rendering="crispEdges" d="{path}"/></svg>'
    )


def _bars(number: int, row: bytes) -> str:
    """The dark modules of a row as bars, each as long as it can be."""
    bars = []
    start = row.find(1)
    while start >= 0:
        end = row.find(0, start)
        end = len(row) if end < 0 else end
        bars.append(f"M{start} {number}h{end - start}v1h{start - end}z")
        start = row.find(1, end)
    return "".join(bars)
