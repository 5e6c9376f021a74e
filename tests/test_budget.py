"""What pages weigh, and the budget that a site sets for them."""

import gzip
from pathlib import Path

import pytest
from msgspec import structs

from generator.model.job import Weight
from generator.model.report import PageWeight, Report
from generator.stages.budget import weigh
from tests.conftest import SETTINGS, TinySite
from tests.test_rebuild import Preview

CLARION = SETTINGS.replace('name = "plain"', 'name = "clarion"')


def budget(site: TinySite, settings: str = SETTINGS, **parts: int) -> None:
    site.write("site.toml", settings + "\n[budget]\n" + "".join(f"{part} = {most}\n" for part, most in parts.items()))


def weight_of(site: TinySite, path: str) -> int:
    return len(gzip.compress(site.outputs()[path], mtime=0))


def told(report: Report) -> list[str]:
    return [f"{each.place} {each.code} {each.message}" for each in report.problems]


def test_a_page_weighs_what_a_browser_loads_at_once() -> None:
    page = b"""<!doctype html><link rel="stylesheet" href="../assets/a%20b.css?x"><link rel=icon href="../i.svg">
    <link rel="modulepreload" href='../assets/m.js'><script src="/blog/s.js" defer></script><script>1</script>
    <link rel="stylesheet" href="https://elsewhere.example/x.css"><script src="//elsewhere.example/x.js"></script>
    <link rel="stylesheet" href="paper.css" media="print">
    <img alt="a > b" src="one.jpg"><IMG SRC=two.jpg LOADING=lazy><img src="data:image/gif;base64,AA"><img alt="none">"""
    found = weigh("water/index.html", page)
    assert structs.replace(found, size=0) == Weight(
        0, ("assets/a b.css",), ("assets/m.js", "/blog/s.js"), ("water/one.jpg",)
    )
    assert found.size == len(gzip.compress(page, mtime=0))


def test_a_stylesheet_loads_those_it_imports_and_a_picture_counts_as_it_is() -> None:
    style = b'@import "b.css";a{background:url(c.png)}'
    assert weigh("assets/a.css", style).css == ("assets/b.css",)
    assert weigh("water/one.jpg", b"0" * 1000) == Weight(1000)


def test_without_a_budget_nothing_is_weighed(site: TinySite) -> None:
    site.post("water")
    assert site.build().heaviest == ()


def test_a_page_within_the_budget_is_reported_by_part(site: TinySite) -> None:
    site.post("water", "Words. " * 2000)
    budget(site, total=20_000)
    report = site.build()
    assert report.ok
    css = next(path for path in site.outputs() if path.endswith(".css") and "plain" in path)
    assert (
        PageWeight("water/index.html", weight_of(site, "water/index.html"), weight_of(site, css), 0, 0)
        in report.heaviest
    )
    assert site.build().heaviest == report.heaviest


def test_a_page_that_is_too_heavy_is_an_error_that_says_what_weighs_most(site: TinySite) -> None:
    site.build()
    site.post("water", " ".join(str(number * 7919) for number in range(4000)))
    budget(site, html=6_000)
    report = site.build()
    assert not report.ok
    assert site.outputs().keys() & {"water/index.html"} == set()
    (problem,) = (each for each in report.problems if each.path == "content/posts/water.md")
    assert problem.code == "CL716"
    assert problem.message.startswith("/water/index.html: its HTML weighs ")
    assert problem.message.endswith(" bytes compressed, more than 6,000")
    assert "What weighs most is the page itself, " in problem.hint


def test_a_draft_that_is_too_heavy_stops_no_preview(site: TinySite, tmp_path: Path) -> None:
    longer = "First.\n\n" + " ".join(str(number * 7919) for number in range(2000))
    site.post("river", longer, status="draft")
    budget(site, html=3_000)
    report = Preview(site, tmp_path / "preview").build()
    assert (report.ok, [(each.code, each.severity) for each in report.problems]) == (True, [("CL716", "note")])


def test_a_stylesheet_that_is_too_heavy_is_told_once_for_all_its_pages(site: TinySite) -> None:
    site.post("water")
    site.post("river")
    budget(site, css=100)
    (problem,) = site.build().problems
    assert (problem.place, problem.code) == (f"site.toml:{SETTINGS.count(chr(10)) + 3}:7", "CL716")
    assert "its stylesheets weigh" in problem.message
    assert "more pages load the same" in problem.message
    assert "/assets/plain." in problem.hint


def test_no_script_at_all_can_be_the_budget(tmp_path: Path) -> None:
    site = TinySite(tmp_path, CLARION)
    site.post("water", actions="[{ id: keep, url: 'https://rivers.example/', closes: 2026-12-01 }]")
    budget(site, CLARION, script=0)
    assert [each.code for each in site.build().problems if each.severity == "error"] == ["CL716"]
    budget(site, CLARION + "\n[theme.settings]\ncloses = false\n", script=0)
    assert [each.code for each in site.build().problems if each.severity == "error"] == []


@pytest.mark.parametrize("words", [10, 3000])
def test_an_edit_of_words_says_what_a_clean_build_says(tmp_path: Path, words: int) -> None:
    """The quick way through a build weighs what it draws, and knows the rest from the ledger."""
    one, two = (TinySite(made) for made in (tmp_path / "one", tmp_path / "two") if made.mkdir() is None)
    budget(one, total=6_000)
    budget(two, total=6_000)
    one.post("water", "First.\n\nSecond.")
    one.post("river")
    assert one.build().ok
    longer = "First.\n\n" + " ".join(str(number * 7919) for number in range(words))
    for each in (one, two):
        each.post("water", longer)
        each.post("river")
    after, clean = one.build(), two.build()
    assert (told(after), after.heaviest if after.ok else ()) == (told(clean), clean.heaviest if clean.ok else ())
    assert after.ok == (words == 10)


def test_a_preview_leaves_a_page_that_has_become_too_heavy_to_a_whole_build(site: TinySite, tmp_path: Path) -> None:
    site.post("river", "Words.\n\nWords.")
    budget(site, html=3_000)
    preview = Preview(site, tmp_path / "preview")
    assert preview.build().ok
    site.post("river", "Words.\n\nMore.")
    saved = preview.save("content/posts/river.md")
    assert saved is not None
    assert saved.written
    site.post("river", "Words.\n\n" + " ".join(str(number * 7919) for number in range(2000)))
    assert preview.save("content/posts/river.md") is None
    assert [problem.code for problem in preview.build().problems] == ["CL716"]


def test_a_budget_that_is_set_later_weighs_what_stands_and_writes_nothing(site: TinySite) -> None:
    site.post("water")
    site.build()
    budget(site, total=100_000)
    report = site.build()
    assert (report.written, report.heaviest != ()) == ((), True)


def test_the_same_in_one_process_and_in_two(site: TinySite) -> None:
    for number in range(8):
        site.post(f"water-{number}", "Words. " * number)
    budget(site, total=100_000)
    one = site.build(jobs=1).heaviest
    site.write("site.toml", (site.root / "site.toml").read_text().replace("100000", "100001").replace("Tiny", "Tony"))
    two = site.build(jobs=2).heaviest
    assert [page.path for page in one] == [page.path for page in two]
