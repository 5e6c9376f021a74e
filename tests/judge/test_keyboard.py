"""The keyboard alone reaches everything on each kind of page, in both themes."""

from pathlib import Path

import pytest

from tests.judge import keyboard, programs
from tests.judge.making import made_sites
from tests.judge.programs import Programs
from tests.judge.site import BuiltSite, read_site
from tests.judge.test_aria import KINDS
from tests.judge.test_sites import agree

THEMES = [made for made in made_sites() if made.name in ("demonstration", "demonstration-plain")]


@pytest.mark.parametrize("site", THEMES, ids=lambda made: made.name, indirect=True)
def test_the_tab_key_reaches_everything_and_one_sees_where_it_is(site: BuiltSite, tools: Programs) -> None:
    if not (tools.chromium and tools.node and tools.modules):
        pytest.skip(f"missing: {', '.join(tools.missing)}")
    paths = [path for path in KINDS.values() if path in site.paths]
    assert len(paths) == len(KINDS)
    walks = keyboard.walk(site, paths, tools.chromium, tools.node, programs.MODULES, programs.REPORTS)
    agree(keyboard.judge(walks))


PLANTED = """<!DOCTYPE html><html lang="en"><title>Planted</title>
<style>.dim:focus { outline: none }</style>
<a href="#a">One</a> <a class="dim" href="#b">Two</a>
<details><summary>Three</summary><a href="#c">Closed</a></details>
<textarea id="trap" aria-label="Four"></textarea> <a href="#d">Five</a>
<script>trap.addEventListener("keydown", (event) => event.preventDefault())</script>
"""


def test_what_cannot_be_reached_or_seen_is_found(tools: Programs, tmp_path: Path) -> None:
    if not (tools.chromium and tools.node and tools.modules):
        pytest.skip(f"missing: {', '.join(tools.missing)}")
    (tmp_path / "index.html").write_text(PLANTED, encoding="utf-8")
    site = read_site("planted", tmp_path, "https://planted.example/")
    walks = keyboard.walk(site, ["index.html"], tools.chromium, tools.node, programs.MODULES, tmp_path / "reports")
    said = [finding.message for finding in keyboard.judge(walks)]
    assert [words.partition(" after ")[0] for words in said] == [
        'does not show that it has the focus: <a class="dim" href="#b"></a>',
        'is not reached by Tab: <a href="#d"></a>',
        "the focus never leaves the page,",
    ]
