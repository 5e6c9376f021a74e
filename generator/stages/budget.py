"""What a page weighs for a reader who opens it, and whether that is within the budget of the site.

The first view counts: the page itself, the stylesheets and scripts it names, and the pictures that are loaded before a
reader scrolls to them. Bytes are those of gzip at its best; what is packed already, such as pictures, counts as it is.
"""

import gzip
import posixpath
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from urllib.parse import unquote

from msgspec import structs

from generator.config import SETTINGS_FILE, Budget, Config
from generator.model.job import Weight
from generator.model.problem import Problem
from generator.model.report import PageWeight
from generator.text.addresses import base_path
from generator.theme import style_links

PARTS = ("html", "css", "script", "images", "total")
SHOWN = 5
_WORDS = {
    "html": "its HTML weighs",
    "css": "its stylesheets weigh",
    "script": "its scripts weigh",
    "images": "its pictures weigh",
    "total": "it weighs",
}
_PACKED_BY_SERVERS = (".html", ".css", ".js", ".mjs", ".svg")
_TAG = re.compile(r"""<(link|script|img)\b((?:[^<>"']|"[^"]*"|'[^']*')*+)>""", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_ELSEWHERE = re.compile(r"(?:[a-zA-Z][a-zA-Z0-9+.-]*:|//)")


def weigh(path: str, content: bytes) -> Weight:
    """What an output weighs by itself, and the files of this site that are loaded with it."""
    size = len(gzip.compress(content, mtime=0)) if path.endswith(_PACKED_BY_SERVERS) else len(content)
    if path.endswith(".css"):
        links = (link.target for link in style_links(content.decode(errors="replace")))
        return Weight(size, css=_files(path, (target for target in links if ".css" in target)))
    if not path.endswith(".html"):
        return Weight(size)
    css: list[str] = []
    script: list[str] = []
    images: list[str] = []
    for tag in _TAG.finditer(content.decode(errors="replace")):
        found = {match[1].lower(): match[2] or match[3] or match[4] or "" for match in _ATTRIBUTE.finditer(tag[2])}
        name, relation = tag[1].lower(), found.get("rel", "").lower().split()
        if name == "link" and "stylesheet" in relation and found.get("media", "").strip().lower() != "print":
            css.append(found.get("href", ""))
        elif name == "link" and "modulepreload" in relation:
            script.append(found.get("href", ""))
        elif name == "script":
            script.append(found.get("src", ""))
        elif name == "img" and found.get("loading", "").lower() != "lazy":
            images.append(found.get("src", ""))
    return Weight(size, _files(path, css), _files(path, script), _files(path, images))


def _files(path: str, addresses: Iterable[str]) -> tuple[str, ...]:
    """The outputs that addresses in an output name, each once; those from the root of the host begin with a slash."""
    found: dict[str, None] = {}
    for address in addresses:
        bare = unquote(re.split(r"[?#]", address.strip())[0])
        if not bare or _ELSEWHERE.match(bare):
            continue
        found[posixpath.normpath(posixpath.join(posixpath.dirname(path), bare))] = None
    return tuple(found)


def page_weights(
    weights: Mapping[str, Weight], config: Config, among: Iterable[str] | None = None
) -> Iterator[PageWeight]:
    """What each page weighs, by part, when the weight of each output is known; `among` are those looked at."""
    root = base_path(config.site.base_url)
    sums: dict[tuple[str, ...], int] = {}

    def together(paths: tuple[str, ...]) -> int:
        if paths not in sums:
            sums[paths] = sum(weights[each].size for each in _loaded(paths, weights, root))
        return sums[paths]

    for path in weights if among is None else among:
        weight = weights[path]
        if path.endswith(".html"):
            yield PageWeight(path, weight.size, together(weight.css), together(weight.script), together(weight.images))


def _loaded(paths: Iterable[str], weights: Mapping[str, Weight], root: str) -> tuple[str, ...]:
    """The outputs that some paths name, and those that stylesheets among them import."""
    found: dict[str, None] = {}
    waiting = list(paths)
    while waiting:
        path = waiting.pop(0)
        path = path.removeprefix(root) if path.startswith("/") else path
        if path in found or path not in weights:
            continue
        found[path] = None
        waiting.extend(weights[path].css)
    return tuple(found)


def heaviest(weights: Mapping[str, Weight], config: Config) -> tuple[PageWeight, ...]:
    """The pages that weigh most, the heaviest first."""
    pages = sorted(page_weights(weights, config), key=lambda page: (-page.total, page.path))
    return tuple(pages[:SHOWN])


def is_set(budget: Budget) -> bool:
    """Whether a site has a budget at all: only then is anything weighed."""
    return any(getattr(budget, part) is not None for part in PARTS)


def over_budget(
    weights: Mapping[str, Weight],
    config: Config,
    sources: Mapping[str, str],
    drafts: Container[str] = (),
    among: Iterable[str] | None = None,
) -> tuple[Problem, ...]:
    """An error for each page that weighs more than it may; for a stylesheet or script that many pages load, one.

    `sources` are the files that pages are made from, by path; of `drafts` among these it is a note. `among`, if given,
    are the pages that are looked at.
    """
    heavy: dict[tuple[str, str], list[PageWeight]] = defaultdict(list)
    for page in page_weights(weights, config, among):
        for part in PARTS:
            most = getattr(config.budget, part)
            if most is None or getattr(page, part) <= most:
                continue
            loaded = {"css": weights[page.path].css, "script": weights[page.path].script}.get(part)
            names = _loaded(loaded, weights, base_path(config.site.base_url)) if loaded else (page.path,)
            heavy[part, " ".join(names)].append(page)
    told = (_problem(part, pages, weights, config, sources) for (part, _), pages in heavy.items())
    return tuple(structs.replace(each, severity="note") if each.path in drafts else each for each in told)


def _problem(
    part: str,
    pages: list[PageWeight],
    weights: Mapping[str, Weight],
    config: Config,
    sources: Mapping[str, str],
) -> Problem:
    page = min(pages, key=lambda each: each.path)
    most: int = getattr(config.budget, part)
    source = sources.get(page.path, "") if part in ("html", "images", "total") else ""
    place = (source, 0, 0) if source else (SETTINGS_FILE, *config.place(f"budget.{part}"))
    others = f", and {len(pages) - 1} more pages load the same" if len(pages) > 1 else ""
    message = f"/{page.path}: {_WORDS[part]} {getattr(page, part):,} bytes compressed, more than {most:,}{others}"
    hint = (
        f"HTML {page.html:,}, CSS {page.css:,}, script {page.script:,}, pictures {page.images:,}: "
        f"{page.total:,} in all. {_most(page, part, weights, config)}"
    )
    return Problem("error", "CL716", message, *place, hint)


def _most(page: PageWeight, part: str, weights: Mapping[str, Weight], config: Config) -> str:
    """The file that weighs most in a part of a page, in a sentence."""
    own = weights[page.path]
    named = {"html": (), "css": own.css, "script": own.script, "images": own.images}
    paths = named.get(part, (*own.css, *own.script, *own.images))
    sizes = {path: weights[path].size for path in _loaded(paths, weights, base_path(config.site.base_url))}
    if part in ("html", "total"):
        sizes[page.path] = own.size
    first = max(sizes, key=lambda path: (sizes[path], path))
    what = "the page itself" if first == page.path else f"/{first}"
    return f"What weighs most is {what}, {sizes[first]:,}."
