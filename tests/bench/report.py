"""The page that tells what was measured: docs/benchmarks.md."""

from collections.abc import Iterable, Sequence
from statistics import median

from tests.bench.chart import Line, chart, number
from tests.bench.results import EDIT, GIB, HUGO, HUGO_UNRELATED, NOTHING, PHOTOGRAPHS, Bar, Results, bars

MIB = 1024**2
_METHOD = """\
Each generator is given the same texts, in its own front matter and folders: articles with four headings, two lists, a
quotation, links to elsewhere and to another article, emphasis, quote marks and apostrophes, three of sixty tags; dates
over ten years; half of the articles are folders of their own (Nikola knows none). Each makes the same pages, and before
anything is compared the bench checks that it did: an article with contents, fourteen share links, tags, neighbours,
structured data, Open Graph; the home page and a page for each tag, ten articles on each; a feed of the site and one of
each tag; an archive by year; sitemap, robots.txt, 404.html. Typographic quotes are on everywhere. The themes of the
others are in `tests/bench/peers/`; Clarion has `themes/plain`, with every check that it has by default.

A build is a whole new process. Cold means that output, caches and resources of earlier builds were removed. The builds
take turns; figures are medians. Processor time is that of the process and all that it started, user and system. Memory
is the greatest sum of the proportional set sizes (PSS) of the process and all its descendants, looked at ten times a
second in a run of its own that is not timed; what takes over a minute is timed and looked at in the same run. Looking
took at most {looking} of one core.

What differs, and for whom it speaks:

- Hugo is started as the program itself, not through the Python package that brings it. Its related posts are its own
  (`.Related`, by tags){share}: a second row shows it without them. Clarion's rows have related posts.
- Clarion wraps quotations in a labelled region, checks every link and makes those between pages relative. The others
  are not asked for that.
- Pelican makes Atom and RSS, Nikola RSS only; the others Atom, RSS and JSON. Jekyll's and Nikola's cards show the first
  paragraph as it is. Nikola shows no related posts, Jekyll the latest ones. Only Nikola's sitemap names the
  further pages of lists.
- Nikola runs in one process: with `-n 2` it is somewhat faster, and writes an empty sitemap.
- Only Clarion is measured after an edit: its rebuild is a new process too, and is held against a whole build of Hugo,
  which is what `hugo` does. Pelican (with its cache of contents), Nikola, Jekyll (`--incremental`) and Eleventy have
  ways of their own to do less after an edit, which are not measured here.
"""
_ASKED = """\
What the project asks of itself, at 10,000 articles on two cores. The last column is the same against Hugo without
related posts."""
_PHOTOGRAPHS = """\
With photographs each tenth article has one of 1200 × 800 pixels, and each of these is made anew from its pixels: three
widths as AVIF, as WebP and as JPEG. That takes nearly all of the time of that row, and only once: what is made is kept.
No other row makes pictures."""
_REPEAT = """\
```sh
make bench                    # 10,000 articles; installs the peers into .bench/
make bench SCALE=1            # with 100,000 articles as well: some minutes more
make bench N=1000 RUNS=3      # smaller; the page is then written into .bench/
make bench ONLY=clarion,hugo  # these families only, likewise
```

`BENCH_DIR` names the folder for the sites; without it they lie in memory-backed storage where there is some."""


def page(results: Results, image: str) -> str:
    """The whole page in Markdown; `image` is the address of the chart."""
    texts = f"{results.posts:,} articles of about {results.words} words"
    parts = [
        "# Benchmarks",
        f"Made by `make bench`; do not edit by hand. Times are for a site of {texts}.",
        f"![Cold builds, and rebuilds after an edit: the figures are in the table below]({image})",
        "## The bars",
        _ASKED,
        _bars(results),
        "## All rows",
        _rows(results),
        *([_PHOTOGRAPHS] if results.row(PHOTOGRAPHS) else []),
        f"In `clarion serve`, from saving a body to the reload message: {_reloads(results)}.",
        "## Size",
        "Clarion, `themes/plain`, the engine python-markdown, cold.",
        _sizes(results),
        "## The machine",
        _machine(results),
        "## How it is measured",
        _METHOD.format(looking=f"{results.looking:.1%}", share=_share_of_related(results)).rstrip(),
        "## To repeat it",
        _REPEAT,
    ]
    return "\n\n".join(parts) + "\n"


def _share_of_related(results: Results) -> str:
    """What Hugo's related posts take of its time, as the end of a sentence; "" where it cannot be said."""
    whole, without = results.row(HUGO), results.row(HUGO_UNRELATED)
    if not whole or not without or without.wall >= whole.wall:
        return ""
    return f", and take {1 - without.wall / whole.wall:.0%} of its time here"


def picture(results: Results) -> str:
    """The chart of all rows with plain pages, fastest first, as SVG."""
    rows = sorted((row for row in results.rows if "themes/" not in row.name), key=lambda row: row.wall)
    lines = [Line(row.name, row.wall, row.key.startswith("clarion") or row.key in (EDIT, NOTHING)) for row in rows]
    return chart(
        f"Building {results.posts:,} articles",
        f"Seconds of wall time, less is better; {results.machine.cores} cores, {results.machine.storage}",
        lines,
        "s",
    )


def summary(results: Results) -> str:
    """The two tables for the terminal."""
    return f"{_rows(results)}\n\n{_bars(results)}\n"


def _bars(results: Results) -> str:
    strict = bars(results, HUGO_UNRELATED)
    lines = (
        (bar.what, _value(bar.most, bar), _value(bar.found, bar), _met(bar), _other(bar, other))
        for bar, other in zip(bars(results, HUGO), strict, strict=True)
    )
    return _table(("", "at most", "measured", "met", "against Hugo without related posts"), lines, "lrrlr")


def _value(value: float | None, bar: Bar) -> str:
    if value is None:
        return "not measured"
    return f"{value:.2f} {bar.unit}".strip()


def _met(bar: Bar) -> str:
    if bar.found is None:
        return "—"
    return "yes" if bar.met else "**no**"


def _other(bar: Bar, strict: Bar) -> str:
    if "Hugo" not in bar.what or strict.found is None:
        return ""
    return f"{strict.found:.2f}{'' if strict.met else ' (above)'}"


def _rows(results: Results) -> str:
    hugo = results.row(HUGO)
    lines = (
        (
            row.name,
            row.version,
            _span([run.wall for run in row.runs]),
            number(row.wall / hugo.wall) if hugo else "",
            _span([run.cpu for run in row.runs]),
            f"{row.memory / MIB:,.0f}" if row.memory else "",
            f"{row.files:,}" if row.files else "",
            str(len(row.runs)),
        )
        for row in results.rows
    )
    heads = ("", "version", "wall, s", "against Hugo", "processor, s", "peak memory, MiB", "files", "runs")
    return _table(heads, lines, "llrrrrrr")


def _span(values: Sequence[float]) -> str:
    if len(values) == 1:
        return number(values[0])
    return f"{number(median(values))} ({number(min(values))}–{number(max(values))})"


def _sizes(results: Results) -> str:
    lines = (
        (f"{size.articles:,}", number(size.wall), f"{size.each * 1000:.2f}", f"{size.memory / MIB:,.0f}")
        for size in results.sizes
    )
    return _table(("articles", "wall, s", "for one article, ms", "peak memory, MiB"), lines, "rrrr")


def _reloads(results: Results) -> str:
    if not results.reloads:
        return "not measured"
    return f"{_span(results.reloads)} s, {len(results.reloads)} saves"


def _machine(results: Results) -> str:
    machine = results.machine
    lines = [
        ("processor", f"{machine.processor}, {machine.cores} cores"),
        ("memory", f"{machine.memory / GIB:.0f} GiB"),
        ("system", machine.system),
        ("Python", machine.python),
        ("sites and output on", machine.storage),
        ("load before the first build", f"{machine.load:.2f}"),
        *((each.name, f"left out: {each.reason}") for each in results.left_out),
    ]
    return _table(("", ""), lines, "ll")


def _table(heads: Sequence[str], lines: Iterable[Sequence[str]], sides: str) -> str:
    rule = ["---:" if side == "r" else "---" for side in sides]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (heads, rule, *lines))
