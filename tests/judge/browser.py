"""What every page does in a real browser: axe-core in four modes, each request and message, script on and off."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from tests.judge.feeds import find_feeds
from tests.judge.page import read_page
from tests.judge.programs import answered
from tests.judge.server import published, refusing_proxy
from tests.judge.site import BuiltSite, Finding

WORKERS = 2
NOWHERE = "no/such/page/"
SECONDS_A_PAGE = 60

# Chromium asks these of its own accord, in spite of its flags. What a page asks for is recorded in the page as well.
OF_THE_BROWSER = (
    *("accounts.google.com", "android.clients.google.com", "clients2.google.com", "mtalk.google.com"),
    *("content-autofill.googleapis.com", "optimizationguide-pa.googleapis.com", "update.googleapis.com"),
    *("edgedl.me.gvt1.com", "redirector.gvt1.com"),
)


# What was still coming when the browser left the page; that it was asked for is recorded all the same.
LEFT = "net::ERR_ABORTED"


class Message(Struct, frozen=True):
    """A line on the console, an uncaught exception or a dialog."""

    type: str
    text: str
    url: str = ""


class Failure(Struct, frozen=True):
    """A request that got no good answer."""

    url: str
    why: str


class Node(Struct, frozen=True):
    """One element that a rule of axe-core objects to, or cannot decide about."""

    rule: str
    impact: str
    help: str
    target: str
    html: str
    why: str


class Mode(Struct, frozen=True):
    """What axe-core found in one mode of a page; `review` is what it leaves to people."""

    violations: tuple[Node, ...]
    review: tuple[Node, ...]


class Overflow(Struct, frozen=True):
    """How far a page 320 pixels wide can be scrolled sideways, and the first elements that reach beyond."""

    beyond: float
    culprits: tuple[str, ...]


class Visit(Struct, frozen=True, rename="camel"):
    """One page as the browser saw it. `path` is the output file; `trouble` is why the visit broke off, or ''."""

    path: str
    url: str
    form: str
    status: int
    arrived: str
    console: tuple[Message, ...]
    requests: tuple[str, ...]
    failed: tuple[Failure, ...]
    modes: dict[str, Mode]
    aria: str
    text: str
    text_beside_buttons: str
    text_without_script: str
    buttons_without_script: tuple[str, ...]
    overflow: Overflow | None
    overflow_without_script: Overflow | None
    trouble: str


class Browsed(Struct, frozen=True):
    """A whole site as the browser saw it. `outward` holds what was asked of hosts beyond this machine."""

    home: str
    visits: tuple[Visit, ...]
    outward: tuple[str, ...]


def browse(site: BuiltSite, chromium: str, node: str, modules: Path, folder: Path, now: str = "") -> Browsed:
    """Visit every page and feed, and an address that is not there. Raises RuntimeError where the browser fails.

    `now` is what pages are told when they ask for the time: scripts close what a site built at that instant has open,
    so a later day would change the verdict. '' leaves them the time of day.
    """
    with published(site) as home, refusing_proxy() as (proxy, asked):
        pages = _pages(site, home)
        orders = {"executable": chromium, "proxy": proxy, "workers": WORKERS, "now": now, "pages": pages}
        script, seconds = Path(__file__).with_name("browser.mjs"), 120 + SECONDS_A_PAGE * len(pages)
        answers = answered(node, modules, script, orders, folder, f"{site.name}-visits", seconds)
        outward = tuple(line for line in asked if _host_of(line) not in OF_THE_BROWSER)
    visits = msgspec.json.decode(answers, type=tuple[Visit, ...])
    return Browsed(home, visits, outward)


def judge_accessibility(browsed: Browsed) -> list[Finding]:
    """Every violation of WCAG 2.2 AA and of axe-core's best practices, in light and dark, on a phone and a desktop.

    A violation that repeats is told once, with the modes and the number of pages it stands on.
    """
    places: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for visit in browsed.visits:
        for mode, result in visit.modes.items():
            for node in result.violations:
                said = (node.rule, node.impact, node.help, node.target, node.why)
                places.setdefault(said, []).append((visit.path, mode))
    found = []
    for (rule, impact, help_, target, why), where in places.items():
        pages, modes = sorted({path for path, _ in where}), sorted({mode for _, mode in where})
        more = f" (and on {len(pages) - 1} other pages)" if len(pages) > 1 else ""
        found.append(Finding(pages[0], 0, f"{rule} ({impact}), {', '.join(modes)}: {help_}: {target}: {why}{more}"))
    return sorted(found)


def judge_requests(browsed: Browsed) -> list[Finding]:
    """Every request beyond the site, and every request within it that failed."""
    found = [Finding("", 0, f"a page, or what it started, asked for {line}") for line in browsed.outward]
    for visit in browsed.visits:
        beyond = {url for url in visit.requests if not url.startswith((browsed.home, "data:", "about:", "blob:"))}
        found += [Finding(visit.path, 0, f"asks for {url}") for url in sorted(beyond)]
        for failure in visit.failed:
            if failure.why != LEFT and not _is_expected(visit, failure.url):
                found.append(Finding(visit.path, 0, f"{failure.url}: {failure.why}"))
    return sorted(found)


def judge_console(browsed: Browsed) -> list[Finding]:
    """Every message, exception and dialog, and every visit that broke off."""
    found = []
    for visit in browsed.visits:
        if visit.trouble:
            found.append(Finding(visit.path, 0, f"the visit broke off: {visit.trouble}"))
        heard = (message for message in visit.console if not _is_expected(visit, message.url))
        found += [
            Finding(visit.path, 0, f"console {message.type}: {message.text} ({message.url})") for message in heard
        ]
    return sorted(found)


def judge_arrivals(browsed: Browsed) -> list[Finding]:
    """Pages that send readers on arrive at a page of the site; an address that is not there answers 404 with a page."""
    found = []
    for visit in browsed.visits:
        if visit.form == "elsewhere" and not visit.arrived.startswith(browsed.home):
            found.append(Finding(visit.path, 0, f"sends readers to {visit.arrived}"))
        if visit.path == "404.html" and (visit.status, bool(visit.text.strip())) != (404, True):
            found.append(Finding(visit.path, 0, "an address that is not there shows no page"))
    return sorted(found)


def judge_without_script(browsed: Browsed) -> list[Finding]:
    """With script off a page says the same, word for word; a script adds words in buttons only, and these are gone."""
    found = []
    for visit in browsed.visits:
        if visit.trouble:
            continue
        said, silent = visit.text.split(), visit.text_without_script.split()
        for fewer, more in ((silent, said), (visit.text_beside_buttons.split(), silent)):
            missing = _first_missing(fewer, more)
            if missing:
                found.append(Finding(visit.path, 0, f"says otherwise without script: {missing!r}"))
        found += [
            Finding(visit.path, 0, f"a button that does nothing without script: {button!r}")
            for button in visit.buttons_without_script
        ]
    return sorted(found)


def _first_missing(fewer: Sequence[str], more: Sequence[str]) -> str:
    """The first of some words that are not among others in the same order, with those behind it; '' when all are."""
    others = iter(more)
    for at, word in enumerate(fewer):
        if word not in others:
            return " ".join(fewer[at : at + 8])
    return ""


def judge_narrow(browsed: Browsed) -> list[Finding]:
    """At 320 pixels nothing has to be scrolled sideways (WCAG 2.2, 1.4.10 Reflow)."""
    found = []
    for visit in browsed.visits:
        for overflow in {visit.overflow, visit.overflow_without_script} - {None}:
            if overflow:
                said = f"{overflow.beyond} pixels too wide at 320: {', '.join(overflow.culprits)}"
                found.append(Finding(visit.path, 0, said))
    return sorted(found)


LOOKED_AT = {
    # Arrows back to the text, in the colour of the text.
    ("color-contrast", "Element content contains only non-text characters"),
    ("label-content-name-mismatch", "Unable to determine if the visible text is part of the accessible name"),
    # Marks whose source stands in the margin, on the ground of the page.
    ("color-contrast", "Element's background color could not be determined due to a pseudo element"),
    # Cells of a wide table, which is scrolled by itself, and those that hold one letter.
    ("color-contrast", "Element content is too short to determine if it is actual text content"),
    (
        "color-contrast",
        "Element's background color could not be determined because it's partially obscured by another element",
    ),
}
"""What axe-core left to people, by rule and reason, and people found to be right."""


def judge_review(browsed: Browsed) -> list[Finding]:
    """Of what axe-core cannot decide, whatever nobody has looked at yet."""
    return sorted(
        {
            Finding(visit.path, 0, f"{node.rule}: {node.target}: {node.why}")
            for visit in browsed.visits
            for result in visit.modes.values()
            for node in result.review
            if (node.rule, node.why) not in LOOKED_AT
        }
    )


def needs_review(browsed: Browsed) -> str:
    """What axe-core leaves to people, as text: by rule, each element once, with its pages and modes counted."""
    places: dict[tuple[str, str, str], list[str]] = {}
    helps: dict[str, str] = {}
    for visit in browsed.visits:
        for mode, result in visit.modes.items():
            for node in result.review:
                helps[node.rule] = node.help
                places.setdefault((node.rule, node.target, node.why), []).append(f"{visit.path} ({mode})")
    lines = []
    for rule in sorted(helps):
        lines += [f"{rule}: {helps[rule]}"]
        for (of_rule, target, why), where in sorted(places.items()):
            if of_rule == rule:
                lines += [f"  {target}", f"    {why}", f"    {len(where)} times, first in {where[0]}"]
    return "\n".join(lines) + "\n" if lines else "Nothing.\n"


def count_review(browsed: Browsed) -> int:
    """How many elements axe-core leaves to people, over all pages and modes."""
    return sum(len(mode.review) for visit in browsed.visits for mode in visit.modes.values())


def _pages(site: BuiltSite, home: str) -> Sequence[dict[str, Any]]:
    pages = []
    for path in site.with_suffix(".html"):
        form = "elsewhere" if read_page(site.read(path)).refresh else "page"
        address = home + NOWHERE if path == "404.html" else home + site.url(path).removeprefix(site.base_url)
        pages.append({"path": path, "url": address, "form": form})
    shown = [path for path, form in find_feeds(site).items() if form != "json"]
    return pages + [
        {"path": path, "url": home + site.url(path).removeprefix(site.base_url), "form": "visit"} for path in shown
    ]


def _is_expected(visit: Visit, url: str) -> bool:
    """The address that is not there may fail, and the icon that browsers look for where feeds and aliases name none."""
    if visit.form != "page":
        return url.endswith("/favicon.ico")
    return visit.path == "404.html" and url == visit.url


def _host_of(line: str) -> str:
    """The host in the first line of a request to a proxy: `CONNECT host:443 …` or `GET http://host/ …`."""
    words = line.split()
    target = words[1] if len(words) > 1 else ""
    return urlsplit(target if "://" in target else f"//{target}").hostname or ""
