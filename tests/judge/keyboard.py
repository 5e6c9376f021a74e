"""What a reader reaches with the Tab key alone, in a real browser."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from tests.judge.browser import NOWHERE
from tests.judge.programs import answered
from tests.judge.server import published, refusing_proxy
from tests.judge.site import BuiltSite, Finding

SECONDS_A_PAGE = 60


class Walk(Struct, frozen=True):
    """A walk through one page. `missed`, `unseen`: elements as they begin in HTML; `trapped`: it never came out."""

    path: str
    stops: int
    trapped: bool
    missed: tuple[str, ...]
    unseen: tuple[str, ...]


def walk(
    site: BuiltSite, paths: Sequence[str], chromium: str, node: str, modules: Path, folder: Path
) -> tuple[Walk, ...]:
    """Walk through these pages. Raises RuntimeError where the browser fails."""
    with published(site) as home, refusing_proxy() as (proxy, _):
        pages = [{"path": path, "url": home + (NOWHERE if path == "404.html" else path)} for path in paths]
        orders = {"executable": chromium, "proxy": proxy, "pages": pages}
        script, seconds = Path(__file__).with_name("keyboard.mjs"), 60 + SECONDS_A_PAGE * len(pages)
        answers = answered(node, modules, script, orders, folder, f"{site.name}-walks", seconds)
    return msgspec.json.decode(answers, type=tuple[Walk, ...])


def judge(walks: Sequence[Walk]) -> list[Finding]:
    """Everything usable is reached, shows that it has the focus, and lets it go (WCAG 2.2: 2.1.1, 2.1.2, 2.4.7)."""
    found = []
    for each in walks:
        found += [Finding(each.path, 0, f"is not reached by Tab: {element}") for element in each.missed]
        found += [Finding(each.path, 0, f"does not show that it has the focus: {element}") for element in each.unseen]
        if each.trapped:
            found.append(Finding(each.path, 0, f"the focus never leaves the page, after {each.stops} stops"))
        if not each.stops:
            found.append(Finding(each.path, 0, "nothing was walked through"))
    return sorted(found)
