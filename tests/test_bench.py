"""The bench measures what it says: the same texts for all, whole sites only, a report that can be read."""

import re
import shutil
import sys
from pathlib import Path
from statistics import mean
from xml.etree import ElementTree

import pytest

from generator.markup.calls import MADE_BY_MARKDOWN
from tests.bench import corpus, directives, made, report
from tests.bench.bench import Bench, Failed, Plan
from tests.bench.chart import Line, chart
from tests.bench.clarion import clarion, place
from tests.bench.generator import Generator
from tests.bench.install import LeftOut
from tests.bench.jekyll import write_site as write_jekyll
from tests.bench.machine import Machine
from tests.bench.memory import memory_of, tree
from tests.bench.processes import run
from tests.bench.results import COMMONMARK, EDIT, HUGO, HUGO_UNRELATED, PYTHON_MARKDOWN, Results, Row, Run, Size, bars
from tests.bench.serving import change_a_word

POSTS = 12
DIRECTIVES = Path(__file__).parent.parent / "themes/base/directives"
MADE = set(MADE_BY_MARKDOWN)
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="needs what Linux tells of processes")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A tiny bench of Clarion alone, its site built once."""
    built = Bench(Plan(POSTS, 1, scale=False, only=frozenset({"clarion"})), tmp_path_factory.mktemp("bench"), _silent)
    generator = clarion("commonmark")
    built.write(generator, POSTS)
    built.cold(generator)
    return built


def test_a_post_is_the_same_in_a_corpus_of_any_size() -> None:
    assert list(corpus.posts(9))[:3] == list(corpus.posts(3))


def test_posts_are_as_the_issue_asks() -> None:
    """About 620 words; headings, lists, a quotation, links within and without; half of them bundles; three tags."""
    posts = list(corpus.posts(200))
    assert 590 < mean(len(post.body.split()) for post in posts) < 650
    assert sum(post.bundle for post in posts) == 100
    assert {len(set(post.tags)) for post in posts} == {3}
    assert len({post.day.year for post in posts}) == 10
    for mark in ("\n## ", "\n### ", "\n- ", "\n1. ", "\n> ", "](https://", corpus.LINK, "*", '"', "'"):
        assert all(mark in post.body for post in posts), mark


def test_posts_with_directives_use_all_that_are_made_of_words_and_are_about_as_long() -> None:
    posts = list(corpus.posts(20))
    directed = list(directives._directed(posts))
    of_files = {"figure", "gallery", "video", "audio"}
    used = {name for post in directed for name in re.findall(r"(?<!:):{1,3}([a-z][\w-]*)(?=[\[{\n])", post.body)}
    assert used == {path.stem for path in DIRECTIVES.glob("*.html") if "." not in path.stem} - of_files - MADE
    lengths = [sum(len(post.body.split()) for post in some) for some in (posts, directed)]
    assert lengths[0] < lengths[1] < 1.15 * lengths[0]


def test_a_link_leads_to_an_older_number() -> None:
    assert all(post.target < post.number for post in list(corpus.posts(100))[1:])


def test_a_whole_site_has_no_faults(bench: Bench) -> None:
    assert made.faults(clarion("commonmark"), bench.site(clarion("commonmark")), POSTS) == []


@pytest.mark.parametrize(
    ("path", "old", "new", "told"),
    [
        ("{page}", "{last}", "", "its last sentence is missing"),
        ("{page}", "https://wa.me/", "https://we.example/", "its share link for wa.me is missing"),
        ("{page}", 'class="p-name"', 'class="p-name">No<i', "its title is missing"),
        ("{page}", 'href="#', 'href="#no', "is missing in its contents"),
        ("sitemap.xml", "water-", "wine-", "addresses are not in sitemap.xml"),
        ("feed.xml", "", None, "0 entries in feed.xml"),
        ("tags/{tag}/index.html", "", None, "no tags/{tag}/index.html"),
        ("{page}", "", None, "no page for post 0"),
    ],
)
def test_a_page_that_lacks_something_is_told(
    bench: Bench, tmp_path: Path, path: str, old: str, new: str | None, told: str
) -> None:
    generator = clarion("commonmark")
    shutil.copytree(bench.site(generator) / "output", tmp_path / "output")
    post = corpus.post(0)
    names = {"page": made.post_path(0), "last": post.last, "tag": post.tags[0]}
    file = tmp_path / "output" / path.format(**names)
    if new is None:
        file.unlink()
    else:
        text = file.read_text(encoding="utf-8")
        assert old.format(**names) in text
        file.write_text(text.replace(old.format(**names), new), encoding="utf-8")
    assert any(told.format(**names) in fault for fault in made.faults(generator, tmp_path, POSTS))


@LINUX
def test_a_sitemap_in_parts_is_read_with_its_parts(bench: Bench, tmp_path: Path) -> None:
    generator = clarion("commonmark")
    output = shutil.copytree(bench.site(generator) / "output", tmp_path / "output")
    (output / "sitemap.xml").rename(output / "sitemap-1.xml")
    (output / "sitemap.xml").write_text(f"<sitemapindex><loc>{corpus.BASE_URL}sitemap-1.xml</loc></sitemapindex>")
    assert made.faults(generator, tmp_path, POSTS) == []


@LINUX
def test_a_generator_that_fails_fails_the_bench(bench: Bench) -> None:
    broken = Generator("broken", "Broken", "1", (sys.executable, "-c", "exit('no')"), lambda *_: None, "output")
    bench.write(broken, 1)
    with pytest.raises(Failed, match="Broken ended with 1:\nno"):
        bench.cold(broken)


@LINUX
def test_a_run_is_told_with_its_processes_and_their_memory(tmp_path: Path) -> None:
    """The child's 64 MB and its work count, though the parent only waits."""
    child = "a = bytearray(64_000_000); import time; sum(range(3_000_000)); time.sleep(0.4)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    cost = run((sys.executable, "-c", parent), tmp_path, log=tmp_path / "log", memory=True)
    assert cost.code == 0
    assert 64_000_000 < cost.memory < 160_000_000
    assert 0.03 < cost.cpu < cost.wall + 0.1


@LINUX
def test_what_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(TimeoutError):
        run((sys.executable, "-c", "import time; time.sleep(60)"), tmp_path, log=tmp_path / "log", seconds=0.3)


def test_a_process_that_is_gone_takes_no_memory() -> None:
    assert memory_of(2**30) == 0
    assert tree(2**30) == [2**30]


def test_a_changed_word_stands_in_the_second_paragraph(tmp_path: Path) -> None:
    generator = clarion("commonmark")
    generator.write(tmp_path, corpus.posts(1))
    text = tmp_path / place(corpus.post(0))
    before = text.read_text(encoding="utf-8").split("\n\n")
    change_a_word(text)
    after = text.read_text(encoding="utf-8").split("\n\n")
    assert [place for place, (old, new) in enumerate(zip(before, after, strict=True)) if old != new] == [2]


def test_peers_have_the_same_words(tmp_path: Path) -> None:
    """Jekyll as one that has marks of its own in the text."""
    write_jekyll(tmp_path, corpus.posts(2))
    written = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "_posts").rglob("*.md")}
    assert len(written) == 2
    for post in corpus.posts(2):
        text = written[f"{post.day.isoformat()}-{post.name}.md"]
        assert all(block in text for block in post.body.split("\n\n") if corpus.LINK not in block)


def test_the_page_tells_bars_rows_and_what_was_left_out() -> None:
    """Ratios are against Hugo's median; what was not measured is said so."""
    page = report.page(_results(), "images/benchmarks.svg")
    assert "| cold build, commonmark engine, wall, against Hugo | 0.60 | 0.50 | yes | 1.00 (above) |" in page
    assert "| cold build, python-markdown engine, wall, against Hugo | 1.80 | 2.00 | **no** | 4.00 (above) |" in page
    assert "| rebuild with nothing changed, against Hugo's build | 0.06 | not measured | — |  |" in page
    assert "| in serve, from saving a body to the reload message | 0.15 s | 0.20 s | **no** |  |" in page
    assert "| Hugo | 1 | 10.0 (9.00–11.0) | 1.00 | 20.0 (18.0–22.0) | 1,000 | 14,000 | 3 |" in page
    assert "| 100,000 | 110 | 1.10 | 400 |" in page
    assert "| Nikola | left out: it is not installed |" in page
    assert "(`.Related`, by tags), and take 50% of its time here: a second row" in page


def test_the_bars_are_those_of_the_issue() -> None:
    assert [(bar.most, bar.unit) for bar in bars(_results())] == [
        (0.6, ""),
        (1.8, ""),
        (0.35, ""),
        (0.1, ""),
        (0.06, ""),
        (0.35, ""),
        (2, ""),
        (1.2, ""),
        (1.5, "GiB"),
        (0.15, "s"),
    ]


def test_the_chart_is_well_formed_and_described() -> None:
    lines = [Line("Clarion & more", 1.234, ours=True), Line("Another", 123.4, ours=False)]
    root = ElementTree.fromstring(chart("Building", "Seconds", lines, "s"))  # noqa: S314 (made here)
    assert root.attrib["role"] == "img"
    assert [element.text for element in root.iter(f"{SVG}title")] == ["Building"]
    assert [element.text for element in root.iter(f"{SVG}desc")] == ["Clarion & more: 1.23 s; Another: 123 s."]
    widths = [float(bar.attrib["width"]) for bar in root.iter(f"{SVG}rect")]
    assert widths[0] == pytest.approx(widths[1] / 100, rel=0.05)
    assert "Clarion & more" in [element.text for element in root.iter(f"{SVG}text")]


def test_the_picture_leaves_out_other_themes() -> None:
    assert "themes/clarion" not in report.picture(_results())


def _results() -> Results:
    def row(key: str, name: str, wall: float, memory: int = 0) -> Row:
        runs = tuple(Run(each, 2 * each) for each in (wall - 1, wall, wall + 1))
        return Row(key, name, "1", runs, memory * 1024**2, 14_000)

    rows = (
        row(COMMONMARK, "Clarion, commonmark", 5, 200),
        row(PYTHON_MARKDOWN, "Clarion, python-markdown", 20, 300),
        row("clarion-python-markdown-clarion", "Clarion, python-markdown, themes/clarion", 30),
        row(HUGO, "Hugo", 10, 1000),
        row(HUGO_UNRELATED, "Hugo, without related posts", 5, 1000),
        row("pelican", "Pelican", 60),
        row(EDIT, "Clarion, one word changed", 1),
    )
    return Results(
        machine=Machine("A processor", 2, 8 * 1024**3, "Linux 6", "3.11.7", "memory (tmpfs)", 0.1),
        posts=10_000,
        words=620,
        rows=rows,
        sizes=(Size(10_000, 10, 300 * 1024**2), Size(100_000, 110, 400 * 1024**2)),
        reloads=(0.1, 0.2, 0.3),
        looking=0.01,
        left_out=(LeftOut("Nikola", "it is not installed"),),
    )


def _silent(_line: str) -> None:
    """Say nothing."""
