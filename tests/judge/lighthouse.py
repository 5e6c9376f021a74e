"""What Lighthouse says of pages on its phone profile: a slow telephone with a slow line."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from tests.judge.programs import answered
from tests.judge.server import published
from tests.judge.site import BuiltSite, Finding

PERFECT = 100
SWIFT = 99
SECONDS_A_PAGE = 60
INDEXING = "is-crawlable"
"""The one thing a page that is not meant for search engines may lack."""


class Failed(Struct, frozen=True):
    """An audit that a page does not pass."""

    category: str
    id: str
    title: str


class Profile(Struct, frozen=True):
    """A page's scores by category, 0 to 100, and what it fails."""

    path: str
    scores: dict[str, int]
    failed: tuple[Failed, ...]


def profile(
    site: BuiltSite, paths: Sequence[str], chromium: str, node: str, modules: Path, folder: Path
) -> tuple[Profile, ...]:
    """The profiles of some pages. Raises RuntimeError where Lighthouse fails."""
    with published(site) as home:
        pages = [{"path": path, "url": home + site.url(path).removeprefix(site.base_url)} for path in paths]
        orders = {"executable": chromium, "pages": pages}
        script, seconds = Path(__file__).with_name("lighthouse.mjs"), 60 + SECONDS_A_PAGE * len(pages)
        answers = answered(node, modules, script, orders, folder, f"{site.name}-lighthouse", seconds)
    return msgspec.json.decode(answers, type=tuple[Profile, ...])


def judge(profiles: Sequence[Profile]) -> list[Finding]:
    """What keeps a page from 100 for accessibility, best practices and, beside its indexing, search engines."""
    return sorted(
        Finding(each.path, 0, f"{failed.category}: {failed.title} ({failed.id})")
        for each in profiles
        for failed in each.failed
        if failed.category != "performance" and failed.id != INDEXING
    )


def told(site: str, profiles: Sequence[Profile]) -> list[str]:
    """A line for each page with its scores; performance depends on the machine, and is only told."""
    lines = []
    for each in profiles:
        scores = ", ".join(f"{name} {score}" for name, score in each.scores.items())
        slow = "" if each.scores["performance"] >= SWIFT else f" (below {SWIFT})"
        lines.append(f"Lighthouse, {site}, /{each.path.removesuffix('index.html')}: {scores}{slow}")
    return lines
