"""What a screen reader is given of each kind of page, held against reviewed golden files.

`golden/aria/pages.toml` names one output path of the demonstration site for each kind; `UPDATE_GOLDEN=1` rewrites
`golden/aria/KIND.txt`, to be read before it is committed.
"""

import os
import tomllib
from pathlib import Path

import pytest

from tests.judge.browser import Browsed
from tests.judge.making import DEMONSTRATION, made_sites

GOLDEN = Path(__file__).parent / "golden" / "aria"
KINDS: dict[str, str] = tomllib.loads((GOLDEN / "pages.toml").read_text(encoding="utf-8"))
FIRST = [made for made in made_sites() if made.name == DEMONSTRATION]


@pytest.mark.parametrize("site", FIRST, ids=[DEMONSTRATION], indirect=True)
@pytest.mark.parametrize(("kind", "path"), KINDS.items(), ids=KINDS)
def test_the_accessibility_tree_is_the_reviewed_one(kind: str, path: str, browsed: Browsed) -> None:
    trees = {visit.path: visit.aria for visit in browsed.visits}
    assert path in trees, f"{path}, the page of kind {kind}, is not in the output"
    golden = GOLDEN / f"{kind}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(f"{trees[path]}\n", encoding="utf-8")
    assert golden.is_file(), f"{golden.name} is not there: UPDATE_GOLDEN=1 make judge writes it, for you to review"
    assert golden.read_text(encoding="utf-8") == f"{trees[path]}\n"


def test_no_golden_file_is_left_over() -> None:
    assert {file.stem for file in GOLDEN.glob("*.txt")} <= set(KINDS)
