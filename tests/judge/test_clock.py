"""What the time is to a page that is judged."""

from pathlib import Path

import pytest

from tests.judge import browser, making, programs
from tests.judge.programs import Programs
from tests.judge.site import read_site

PAGE = """\
<!doctype html><html lang="en"><meta charset="utf-8"><title>Clock</title><link rel="icon" href="data:,">
<main><h1>Clock</h1><p></p></main><script src="clock.js"></script></html>
"""
SCRIPT = 'document.querySelector("p").textContent = `${new Date().toISOString()} ${Date.now() === +new Date()}`;'


def test_it_is_the_instant_at_which_the_site_was_built(tmp_path: Path, tools: Programs) -> None:
    """Else the deadlines of the demonstration pass one day, and `make judge` fails on it."""
    if not (tools.chromium and tools.node and tools.modules):
        pytest.skip(f"missing: {', '.join(tools.missing)}")
    folder = tmp_path / "clock"
    folder.mkdir()
    (folder / "index.html").write_text(PAGE, encoding="utf-8")
    (folder / "clock.js").write_text(SCRIPT, encoding="utf-8")
    site = read_site("clock", folder, "https://people.example/")
    seen = browser.browse(site, tools.chromium, tools.node, programs.MODULES, tmp_path, making.NOW)
    (visit,) = [visit for visit in seen.visits if visit.path == "index.html"]
    assert visit.text.split() == ["Clock", "2026-11-22T12:00:00.000Z", "true"]
