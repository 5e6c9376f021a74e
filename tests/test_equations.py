"""Incremental = clean, and nothing unpublished stays: held after any series of edits."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.conftest import SETTINGS, TinySite

NAMES = ("ash", "birch", "cedar", "dogwood")
WORDS = st.sampled_from(("rain", "stone", "letter", "“dusk”", "дождь", "مطر"))
WHISPER = "qanat"


class Edits(RuleBasedStateMachine):
    """A site that is edited in any order; after each edit it is built, and compared with a clean build elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.here = TinySite(self._made("here"))
        self.now = "2026-11-22T12:00:00Z"

    def _made(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir()
        return folder

    @rule(name=st.sampled_from(NAMES), word=WORDS, day=st.integers(1, 28), tag=st.sampled_from(("a", "b", "")))
    def write(self, name: str, word: str, day: int, tag: str) -> None:
        self.here.post(
            name, f"{word} text.", title=f"'{word} {name}'", date=f"2026-10-{day:02}", tags=tag and f"[{tag}]"
        )

    @rule(name=st.sampled_from(NAMES), status=st.sampled_from(("draft", "unlisted", "published")))
    def publish_or_hide(self, name: str, status: str) -> None:
        secret = WHISPER if status == "draft" else "plain"
        self.here.post(name, f"{secret}.", title=secret, status=status, date="2026-10-05", tags=f"[{secret}]")

    @rule(name=st.sampled_from(NAMES))
    def delete(self, name: str) -> None:
        (self.here.root / f"content/posts/{name}.md").unlink(missing_ok=True)

    @rule(name=st.sampled_from(NAMES), other=st.sampled_from(("elm", "fir")))
    def rename(self, name: str, other: str) -> None:
        path = self.here.root / f"content/posts/{name}.md"
        if path.exists():
            path.rename(path.with_name(f"{other}.md"))

    @rule(size=st.integers(1, 4))
    def change_a_setting(self, size: int) -> None:
        self.here.write("site.toml", f"{SETTINGS}\n[content]\npage_size = {size}\n")

    @rule(word=WORDS)
    def change_a_template(self, word: str) -> None:
        self.here.write("templates/partials/pager.html", f"<p>{word}</p>\n")

    @rule(value=st.integers(0, 3))
    def change_data(self, value: int) -> None:
        self.here.write("content/data/tags.toml", f'[a]\nlabel = "Label {value}"\n')

    @rule(day=st.integers(1, 28))
    def let_time_pass(self, day: int) -> None:
        self.now = f"2026-{10 + day % 3}-{day:02}T12:00:00Z"

    @rule()
    def touch_the_output(self) -> None:
        """Somebody deletes one file of the output and changes another."""
        files = [path for path in sorted(self.here.output.rglob("*.html")) if path.is_file()]
        if len(files) > 1:
            files[0].unlink()
            files[1].write_text("changed by hand", encoding="utf-8")

    @invariant()
    def the_output_is_that_of_a_clean_build(self) -> None:
        report = self.here.build(self.now)
        assert report.ok, report.problems
        clean_root = self.folder / "clean"
        shutil.rmtree(clean_root, ignore_errors=True)
        shutil.copytree(self.here.root, clean_root, ignore=shutil.ignore_patterns("output", ".clarion"))
        clean = TinySite(clean_root, (self.here.root / "site.toml").read_text(encoding="utf-8"))
        clean.build(self.now)
        assert self.here.outputs() == clean.outputs()
        assert self.here.build(self.now).written == ()
        assert WHISPER.encode() not in self.here.everything_written()

    def teardown(self) -> None:
        shutil.rmtree(self.folder)


Edits.TestCase.settings = settings(
    max_examples=15, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
TestIncrementalIsClean = Edits.TestCase
