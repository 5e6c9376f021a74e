"""What a screen reader is given of each kind of page, held against reviewed golden files.

`golden/aria/pages.toml` names one output path of the demonstration site for each kind; `UPDATE_GOLDEN=1` rewrites
`golden/aria/KIND.txt`, to be read before it is committed.
"""

import difflib
import os
import tomllib
from pathlib import Path

import pytest

from tests.judge.browser import Browsed
from tests.judge.making import DEMONSTRATION, made_sites
from tests.test_voices import spoken, whose

GOLDEN = Path(__file__).parent / "golden" / "aria"
KINDS: dict[str, str] = tomllib.loads((GOLDEN / "pages.toml").read_text(encoding="utf-8"))
FIRST = [made for made in made_sites() if made.name == DEMONSTRATION]


@pytest.mark.parametrize("site", FIRST, ids=[DEMONSTRATION], indirect=True)
@pytest.mark.parametrize(("kind", "path"), KINDS.items(), ids=KINDS)
def test_the_accessibility_tree_is_the_reviewed_one(kind: str, path: str, browsed: Browsed) -> None:
    trees = {visit.path: visit.aria for visit in browsed.visits}
    if path not in trees:
        pytest.fail(f"{path}, the page of kind {kind}, is not in the output", pytrace=False)
    golden = GOLDEN / f"{kind}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(f"{trees[path]}\n", encoding="utf-8")
    if not golden.is_file():
        pytest.fail(f"{golden.name} is not there: UPDATE_GOLDEN=1 make judge writes it, for review", pytrace=False)
    reviewed, seen = golden.read_text(encoding="utf-8").splitlines(), trees[path].splitlines()
    if reviewed != seen:
        difference = difflib.unified_diff(reviewed, seen, "reviewed", "seen", lineterm="")
        pytest.fail("\n".join(difference), pytrace=False)


def test_every_voice_that_is_read_aloud_begins_and_ends(browsed: Browsed) -> None:
    for visit in browsed.visits:
        whose([spoken(line) for line in visit.aria.splitlines()])


def test_no_golden_file_is_left_over() -> None:
    assert {file.stem for file in GOLDEN.glob("*.txt")} <= set(KINDS)
