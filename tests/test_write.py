"""The output folder becomes exactly what was planned, whatever happened to it before or happens meanwhile."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from generator.engine import staging as staging_module
from generator.engine.artifacts import ArtifactStore
from generator.engine.digest import digest_bytes
from generator.engine.executors import Serial
from generator.engine.ledger import load_ledger, save_ledger
from generator.engine.lock import build_lock
from generator.engine.owned import LIST_NAME
from generator.engine.refusal import Refused
from generator.model.job import Artifact, Ledger, LedgerLine, Stat
from generator.model.problem import Problem
from generator.stages.write import Written, check_output_folder, prepared, write

KEY = digest_bytes(b"key")


class Site:
    """An output folder and its state folder, written as a build does."""

    def __init__(self, root: Path) -> None:
        self.output = root / "output"
        self.state = root / ".clarion"

    def write(self, plan: Mapping[str, str]) -> Written:
        artifacts = [Artifact(path, KEY, digest_bytes(text.encode()), text.encode()) for path, text in plan.items()]
        return self.write_artifacts(artifacts)

    def write_artifacts(self, artifacts: list[Artifact], aside: Path | None = None) -> Written:
        return write(
            artifacts,
            output=self.output,
            state=self.state,
            previous=load_ledger(self.state, self.output),
            ledger=Ledger(found="found"),
            lines={},
            aside=aside,
        )

    def holds(self) -> dict[str, str]:
        """Every file of the output folder but the list."""
        files = (path for path in self.output.rglob("*") if not path.is_dir() or path.is_symlink())
        texts = {path.relative_to(self.output).as_posix(): path.read_text() for path in files}
        texts.pop(LIST_NAME, None)
        return texts

    def listed(self) -> list[str]:
        return (self.output / LIST_NAME).read_text().splitlines()[1:]

    def snapshot(self) -> dict[str, tuple[int, int]]:
        """Inode and change time of everything in the output folder and of the folder that holds it."""
        paths = [self.output, *self.output.rglob("*")]
        return {str(path): (path.lstat().st_ino, path.lstat().st_ctime_ns) for path in paths}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


PLAN = {"index.html": "home", "water/index.html": "water", "assets/style.1234.css": "css", "feed.xml": "feed"}


def refusal(site: Site, plan: Mapping[str, str]) -> Problem:
    with pytest.raises(Refused) as caught:
        site.write(plan)
    return caught.value.problem


def test_the_first_write_makes_the_folder_hold_the_plan_and_lists_what_is_ours(site: Site) -> None:
    written = site.write(PLAN)
    assert (written.written, written.unchanged, written.removed) == (tuple(sorted(PLAN)), 0, ())
    assert site.holds() == PLAN
    assert site.listed() == sorted(PLAN)


def test_a_second_write_writes_nothing(site: Site) -> None:
    site.write(PLAN)
    before = site.snapshot()
    written = site.write(PLAN)
    assert (written.written, written.unchanged, written.removed, written.adopted) == ((), len(PLAN), (), ())
    assert site.snapshot() == before


def test_only_changed_bytes_are_written(site: Site) -> None:
    site.write(PLAN)
    before = site.snapshot()
    written = site.write(PLAN | {"feed.xml": "news"})
    assert written.written == ("feed.xml",)
    changed = {path for path, stat in site.snapshot().items() if before[path] != stat}
    assert changed == {str(site.output), str(site.output / "feed.xml")}


def test_what_is_no_longer_made_is_removed_with_its_empty_folders(site: Site) -> None:
    site.write(PLAN | {"old/deep/index.html": "old"})
    assert site.write(PLAN).removed == ("old/deep/index.html",)
    assert site.holds() == PLAN
    assert not (site.output / "old").exists()
    assert site.listed() == sorted(PLAN)


def test_an_edit_in_the_output_folder_is_undone_and_told(site: Site) -> None:
    """Same length, at once: size and, on a coarse clock, time are those of the file that was written."""
    site.write(PLAN)
    stat = (site.output / "feed.xml").stat()
    (site.output / "feed.xml").write_text("FEED")
    os.utime(site.output / "feed.xml", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    written = site.write(PLAN)
    assert (written.written, written.adopted) == (("feed.xml",), ("feed.xml",))
    assert site.holds() == PLAN


def test_a_file_that_somebody_made_right_already_is_adopted_and_not_written(site: Site) -> None:
    site.write(PLAN)
    (site.output / "feed.xml").write_text("news")
    written = site.write(PLAN | {"feed.xml": "news"})
    assert (written.written, written.adopted) == ((), ("feed.xml",))


def test_a_touched_file_is_neither_written_nor_told(site: Site) -> None:
    site.write(PLAN)
    (site.output / "feed.xml").touch()
    written = site.write(PLAN)
    assert (written.written, written.adopted, written.unchanged) == ((), (), len(PLAN))


def test_settled_files_are_believed_by_their_stat_and_not_read(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.write(PLAN)
    for path in PLAN:
        os.utime(site.output / path, (1_000_000_000, 1_000_000_000))
    site.write(PLAN)
    for path in PLAN:
        (site.output / path).chmod(0)
    monkeypatch.setattr("generator.stages.write.digest_file", lambda path: pytest.fail(f"{path} was read"))
    assert site.write(PLAN).unchanged == len(PLAN)


def test_a_lost_state_folder_heals_without_writing(site: Site) -> None:
    site.write(PLAN)
    shutil.rmtree(site.state)
    written = site.write(PLAN)
    assert (written.written, written.adopted, written.unchanged) == ((), (), len(PLAN))


def test_a_restored_older_folder_heals(site: Site, tmp_path: Path) -> None:
    site.write(PLAN | {"old.html": "old"})
    shutil.copytree(site.output, tmp_path / "copy")
    site.write(PLAN | {"new.html": "new", "feed.xml": "news"})
    shutil.rmtree(site.output)
    (tmp_path / "copy").rename(site.output)
    site.write(PLAN | {"new.html": "new", "feed.xml": "news"})
    assert site.holds() == PLAN | {"new.html": "new", "feed.xml": "news"}


def test_a_folder_with_files_of_others_is_refused_before_any_work(site: Site) -> None:
    site.output.mkdir()
    (site.output / "thesis.odt").write_text("years of work")
    with pytest.raises(Refused) as caught:
        check_output_folder(site.output)
    assert (caught.value.problem.code, caught.value.problem.path) == ("CL751", "output")
    assert refusal(site, PLAN).code == "CL751"
    assert site.holds() == {"thesis.odt": "years of work"}


def test_gitignore_and_gitkeep_count_as_nothing_and_stay(site: Site) -> None:
    site.output.mkdir()
    (site.output / ".gitignore").write_text("*")
    (site.output / ".gitkeep").write_text("")
    check_output_folder(site.output)
    site.write(PLAN)
    site.write({})
    assert site.holds() == {".gitignore": "*", ".gitkeep": ""}


def test_files_of_others_beside_ours_are_never_touched(site: Site) -> None:
    site.write(PLAN)
    (site.output / "water/notes.txt").write_text("mine")
    site.write({"index.html": "home"})
    assert site.holds() == {"index.html": "home", "water/notes.txt": "mine"}


@pytest.mark.parametrize(("theirs", "plan"), [("a", {"a": "x"}), ("a", {"a/b": "x"}), ("a/b/c", {"a": "x"})])
def test_a_file_of_others_in_the_way_is_refused_by_name(site: Site, theirs: str, plan: dict[str, str]) -> None:
    site.write(PLAN)
    (site.output / theirs).parent.mkdir(parents=True, exist_ok=True)
    (site.output / theirs).write_text("mine")
    problem = refusal(site, PLAN | plan)
    assert (problem.code, problem.path) == ("CL752", f"output/{theirs}")
    assert theirs in problem.message
    assert site.holds() == PLAN | {theirs: "mine"}


def test_a_file_becomes_a_folder_and_a_folder_a_file(site: Site) -> None:
    site.write({"a": "file", "b/c/d.html": "page", "b/e": "page"})
    plan = {"a/index.html": "page", "b": "file"}
    written = site.write(plan)
    assert written.removed == ("a", "b/c/d.html", "b/e")
    assert site.holds() == plan
    assert site.write(plan).unchanged == 2


def test_a_link_in_the_way_is_never_followed(site: Site, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "index.html").write_text("mine")
    site.write(PLAN)
    shutil.rmtree(site.output / "water")
    (site.output / "water").symlink_to(elsewhere)
    assert refusal(site, PLAN).code == "CL754"
    site.write({"index.html": "home"})
    assert (elsewhere / "index.html").read_text() == "mine"


def test_a_link_in_place_of_a_file_of_ours_is_replaced_and_not_followed(site: Site, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("mine")
    site.write(PLAN)
    (site.output / "feed.xml").unlink()
    (site.output / "feed.xml").symlink_to(tmp_path / "secret")
    assert site.write(PLAN).adopted == ("feed.xml",)
    assert not (site.output / "feed.xml").is_symlink()
    assert (tmp_path / "secret").read_text() == "mine"


def test_a_link_in_place_of_a_file_no_longer_made_is_removed_itself(site: Site, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("mine")
    site.write(PLAN)
    (site.output / "feed.xml").unlink()
    (site.output / "feed.xml").symlink_to(tmp_path / "secret")
    site.write({})
    assert site.holds() == {}
    assert (tmp_path / "secret").read_text() == "mine"


def test_a_list_that_names_places_outside_removes_nothing_there(site: Site, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("mine")
    site.write(PLAN)
    with (site.output / LIST_NAME).open("a") as stream:
        stream.write(f"../secret\n{tmp_path}/secret\nwater/../../secret\n")
    site.write(PLAN)
    assert (tmp_path / "secret").read_text() == "mine"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"something else\n"])
def test_a_list_that_is_not_ours_is_refused(site: Site, content: bytes) -> None:
    site.output.mkdir()
    (site.output / LIST_NAME).write_bytes(content)
    assert refusal(site, PLAN).code == "CL758"


def test_an_empty_list_hands_over_a_folder_but_none_of_its_files(site: Site) -> None:
    site.output.mkdir()
    (site.output / "CNAME").write_text("clarion.example")
    (site.output / LIST_NAME).write_text("")
    site.write(PLAN)
    assert site.holds() == PLAN | {"CNAME": "clarion.example"}


def test_a_list_with_the_line_ends_of_windows_is_read(site: Site) -> None:
    site.write(PLAN)
    content = (site.output / LIST_NAME).read_bytes().replace(b"\n", b"\r\n")
    (site.output / LIST_NAME).write_bytes(content)
    site.write({})
    assert site.holds() == {}


@pytest.mark.parametrize("path", ["", "/etc/x", "../x", "a/../../x", "a//b", "./a", "a/", "a\0b", LIST_NAME])
def test_a_path_out_of_the_folder_is_a_defect_of_the_program(site: Site, path: str) -> None:
    with pytest.raises(ValueError, match="not a place"):
        site.write({path: "x"})


@pytest.mark.parametrize("paths", [("a", "A"), ("a", "a/b"), ("A/b", "a"), ("\u00e9", "e\u0301")])
def test_two_artifacts_at_one_place_are_a_defect_of_the_program(site: Site, paths: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="at one place"):
        site.write(dict.fromkeys(paths, "x"))


def test_bytes_of_another_digest_are_a_defect_of_the_program(site: Site) -> None:
    with pytest.raises(ValueError, match="digest"):
        site.write_artifacts([Artifact("a", KEY, digest_bytes(b"other"), b"content")])


@pytest.mark.parametrize(
    "path", ["x" * 256, "a/b:c", "a\nb", "a ", "a./b", "con/index.html", "Aux.html", "a\\b", 'a"b']
)
def test_a_name_that_some_systems_do_not_know_is_refused(site: Site, path: str) -> None:
    assert refusal(site, PLAN | {path: "x"}).code == "CL753"
    assert not any(site.output.rglob("*.html"))


def test_a_path_longer_than_the_system_allows_is_refused_without_a_traceback(site: Site) -> None:
    problem = refusal(site, {"/".join(["x" * 200] * 30): "x"})
    assert problem.code == "CL753"


def test_a_staged_file_is_moved_and_one_that_stands_there_is_kept(site: Site) -> None:
    site.write({"water/index.html": "water"})
    before = site.snapshot()[str(site.output / "water/index.html")]
    kept = Artifact("water/index.html", KEY, digest_bytes(b"water"), kept=True)
    with prepared(site.output) as aside:
        (aside / "1").write_bytes(b"pixels")
        staged = Artifact("water/p.jpg", KEY, digest_bytes(b"pixels"), file="1")
        site.write_artifacts([kept, staged], aside)
    assert site.holds() == {"water/index.html": "water", "water/p.jpg": "pixels"}
    assert site.snapshot()[str(site.output / "water/index.html")] == before


def test_bytes_that_should_stand_there_and_do_not_are_a_defect_of_the_program(site: Site) -> None:
    with pytest.raises(ValueError, match="not there any more"):
        site.write_artifacts([Artifact("water/index.html", KEY, digest_bytes(b"water"), kept=True)])


def test_files_are_readable_by_a_web_server(site: Site) -> None:
    old = os.umask(0o022)
    try:
        site.write(PLAN)
    finally:
        os.umask(old)
    assert {(site.output / path).stat().st_mode & 0o777 for path in PLAN} == {0o644}
    assert (site.output / "water").stat().st_mode & 0o777 == 0o755
    assert site.state.stat().st_mode & 0o777 == 0o700


def test_assets_come_before_pictures_before_pages_before_feeds(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    moves: list[str] = []
    replace = os.replace

    def watched(source: str, target: str) -> None:
        if Path(target).is_relative_to(site.output):
            moves.append(Path(target).relative_to(site.output).as_posix())
        replace(source, target)

    monkeypatch.setattr(os, "replace", watched)
    site.write({"feed.xml": "f", "b/index.html": "b", "a/index.html": "a", "a/p.jpg": "p", "assets/z.css": "z"})
    assert moves == [LIST_NAME, "assets/z.css", "a/p.jpg", "b/index.html", "a/index.html", "feed.xml"]


def test_an_output_that_is_a_file_is_refused(site: Site) -> None:
    site.output.write_text("x")
    assert refusal(site, PLAN).code == "CL750"


@pytest.mark.parametrize(
    ("number", "code"), [(errno.ENOSPC, "CL755"), (errno.EROFS, "CL756"), (errno.EACCES, "CL756"), (errno.EIO, "CL757")]
)
def test_what_the_system_refuses_is_told_and_the_folder_stays_as_it_was(
    site: Site, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    site.write(PLAN)

    def fail(*arguments: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr("generator.stages.write._stage", fail)
        assert refusal(site, PLAN | {"feed.xml": "news"}).code == code
    assert site.holds() == PLAN
    assert sorted(path.name for path in site.output.parent.iterdir()) == [".clarion", "output"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_refused(site: Site) -> None:
    site.write(PLAN)
    site.output.chmod(0o555)
    try:
        assert refusal(site, PLAN | {"feed.xml": "news"}).code == "CL756"
    finally:
        site.output.chmod(0o755)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_ledger_that_cannot_be_kept_is_a_warning_and_the_site_is_there(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path, content: bytes) -> None:
        with Path("/dev/full").open("wb", buffering=0) as stream:
            stream.write(content)

    monkeypatch.setattr("generator.engine.sealed.write_whole", fail)
    assert [(problem.code, problem.severity) for problem in site.write(PLAN).problems] == [("CL902", "warning")]
    assert site.holds() == PLAN


def test_a_file_of_ours_that_cannot_be_read_is_replaced(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.write(PLAN)

    def refuse(path: Path) -> str:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr("generator.stages.write.digest_file", refuse)
    assert site.write(PLAN).written == tuple(sorted(PLAN))
    assert site.holds() == PLAN


def test_leftovers_of_a_killed_build_are_removed(site: Site) -> None:
    site.write(PLAN)
    for place in staging_module.staging_places(site.output):
        place.mkdir()
        (place / "0").write_text("half a pa")
    site.write(PLAN)
    assert site.holds() == PLAN
    assert sorted(path.name for path in site.output.parent.iterdir()) == [".clarion", "output"]


def test_a_leftover_in_an_otherwise_empty_folder_does_not_make_it_foreign(site: Site) -> None:
    inside = staging_module.staging_places(site.output)[1]
    inside.mkdir(parents=True)
    site.write(PLAN)
    assert site.holds() == PLAN


OLD = {"index.html": "old home", "a": "file", "b/c.html": "page", "gone/x/y.html": "gone", "same.html": "same"}
NEW = {"index.html": "new home", "a/index.html": "page", "b": "file", "new/x.html": "new", "same.html": "same"}
CALLS = frozenset(
    {"open", "write", "flush", "fsync", "close", "__exit__", "replace", "rename", "unlink", "mkdir", "rmdir"}
)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_kill_at_any_moment_leaves_each_file_old_or_new_and_the_next_write_heals(tmp_path: Path) -> None:
    """A child is killed before and after its first, second, third … call that touches the disk, until one survives."""
    moment = 0
    while True:
        moment += 1
        site = Site(tmp_path / str(moment))
        site.output.parent.mkdir()
        site.write(OLD)
        survived = _write_and_be_killed(site, NEW, moment)
        for path, text in site.holds().items():
            assert text in (OLD.get(path), NEW.get(path)), (moment, path)
        assert set(site.holds()) <= set(site.listed())
        assert site.holds().get("same.html") == "same"
        if survived:
            assert site.holds() == NEW
            break
        site.write(NEW)
        assert site.holds() == NEW, moment
        assert site.listed() == sorted(NEW)
        assert site.write(NEW).written == ()
        assert sorted(path.name for path in site.output.parent.iterdir()) == [".clarion", "output"]
        assert sorted(path.name[:7] for path in site.state.iterdir()) == [".gitign", "ledger-"]
    assert moment > 20


def _write_and_be_killed(site: Site, plan: Mapping[str, str], moment: int) -> bool:
    """Whether the child came to its end."""
    child = os.fork()
    if not child:
        _be_killed(site, plan, moment)
    end = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert end in (0, -signal.SIGKILL), moment
    return end == 0


def _be_killed(site: Site, plan: Mapping[str, str], moment: int) -> NoReturn:
    count = 0

    def kill(frame: object, event: str, function: object) -> None:
        nonlocal count
        if event in ("c_call", "c_return") and getattr(function, "__name__", "") in CALLS:
            count += 1
            if count == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    end = 1
    try:
        sys.setprofile(kill)
        site.write(plan)
        end = 0
    finally:
        os._exit(end)


PATHS = ("a", "a/b", "a/b/c", "a/index.html", "b", "b/a.html", "ü/x.html", "assets/s.css", "p.jpg", "feed.xml")
TEXTS = ("", "one", "two", "six")


def _fits(plan: dict[str, str]) -> bool:
    return not any(other.startswith(f"{path}/") for path in plan for other in plan)


PLANS = st.dictionaries(st.sampled_from(PATHS), st.sampled_from(TEXTS)).filter(_fits)


class AnyHistory(RuleBasedStateMachine):
    """Whatever was planned, deleted, edited, lost and restored: after a write the folder equals the plan."""

    @initialize()
    def start(self) -> None:
        self.root = Path(tempfile.mkdtemp())
        self.site = Site(self.root)
        self.plan: dict[str, str] = {}
        self.mine: dict[str, str] = {}
        self.site.write({})

    def teardown(self) -> None:
        if hasattr(self, "root"):
            shutil.rmtree(self.root)

    @rule(plan=PLANS)
    def build(self, plan: dict[str, str]) -> None:
        before = self.site.holds()
        written = self.site.write(plan)
        self.plan = plan
        assert self.site.holds() == plan | self.mine
        assert set(written.written) == {path for path, text in plan.items() if before.get(path) != text}
        assert written.unchanged == len(plan) - len(written.written)
        assert set(written.removed) == before.keys() - plan.keys() - self.mine.keys()

    @rule()
    def twice(self) -> None:
        self.site.write(self.plan)
        before = self.site.snapshot()
        written = self.site.write(self.plan)
        assert (written.written, written.removed, written.adopted) == ((), (), ())
        assert self.site.snapshot() == before

    @precondition(lambda self: self.plan)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        path = self.site.output / data.draw(st.sampled_from(sorted(self.plan)))
        path.unlink(missing_ok=True)

    @precondition(lambda self: self.plan)
    @rule(data=st.data(), text=st.sampled_from(TEXTS))
    def edit(self, data: st.DataObject, text: str) -> None:
        path = self.site.output / data.draw(st.sampled_from(sorted(self.plan)))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    @rule(name=st.sampled_from(["mine.txt", "own/mine.txt"]), text=st.sampled_from(TEXTS))
    def add_a_file_of_mine(self, name: str, text: str) -> None:
        (self.site.output / name).parent.mkdir(exist_ok=True)
        (self.site.output / name).write_text(text)
        self.mine[name] = text

    @rule()
    def lose_the_state(self) -> None:
        shutil.rmtree(self.site.state, ignore_errors=True)

    @rule()
    def lose_the_output(self) -> None:
        shutil.rmtree(self.site.output)
        self.mine = {}
        assert self.site.write(self.plan).written == tuple(sorted(self.plan))

    @rule()
    def damage_the_ledger(self) -> None:
        for path in self.site.state.glob("ledger-*"):
            path.write_bytes(path.read_bytes()[:-1])

    @invariant()
    def nothing_is_left_beside(self) -> None:
        names = {path.name for path in self.root.iterdir()}
        assert names <= {"output", ".clarion"}


TestAnyHistory = AnyHistory.TestCase
TestAnyHistory.settings = settings(max_examples=40, stateful_step_count=12, deadline=None)


LEDGER = Ledger(
    outputs={
        "water/index.html": LedgerLine(
            KEY, KEY, Stat(5, 6, 7, settled=True), (Problem("note", "CL999", "so it is", "a.md", 1, 2, "do"),)
        )
    },
    found="found",
    next_change=1_800_000_000,
)


def test_a_ledger_is_read_as_it_was_kept(site: Site) -> None:
    save_ledger(site.state, site.output, LEDGER)
    assert load_ledger(site.state, site.output) == LEDGER
    assert load_ledger(site.state, site.output.parent / "other") == Ledger()


def test_a_moved_site_keeps_its_ledger(tmp_path: Path) -> None:
    save_ledger(tmp_path / "here/.clarion", tmp_path / "here/output", LEDGER)
    (tmp_path / "here").rename(tmp_path / "there")
    assert load_ledger(tmp_path / "there/.clarion", tmp_path / "there/output") == LEDGER


def test_a_damaged_ledger_is_noticed_and_never_believed(site: Site) -> None:
    save_ledger(site.state, site.output, LEDGER)
    (path,) = site.state.glob("ledger-*")
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert load_ledger(site.state, site.output).fault
        path.write_bytes(whole[:place])
        assert load_ledger(site.state, site.output).outputs == {}


def test_a_ledger_of_another_folder_is_not_believed(site: Site, tmp_path: Path) -> None:
    save_ledger(site.state, site.output, LEDGER)
    save_ledger(site.state, tmp_path / "other", Ledger())
    first, second = sorted(site.state.glob("ledger-*"))
    content = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(content)
    assert load_ledger(site.state, site.output) == Ledger(fault="it belongs to another folder")


def test_a_ledger_that_was_not_believed_is_told_once(site: Site) -> None:
    site.write(PLAN)
    (path,) = site.state.glob("ledger-*")
    path.write_bytes(b"older")
    assert [(problem.code, problem.severity) for problem in site.write(PLAN).problems] == [("CL901", "note")]
    assert site.write(PLAN).problems == ()


def test_the_state_folder_is_private_and_ignored_by_git(site: Site) -> None:
    site.state.mkdir(mode=0o755)
    site.write(PLAN)
    assert site.state.stat().st_mode & 0o777 == 0o700
    assert (site.state / ".gitignore").read_text() == "*\n"


def test_a_costly_artifact_is_made_once(site: Site) -> None:
    made: list[int] = []

    def make() -> bytes:
        made.append(1)
        return b"pixels"

    assert [ArtifactStore(site.state).get(KEY, make) for _ in range(3)] == [b"pixels"] * 3
    assert len(made) == 1


def test_a_damaged_artifact_is_made_anew(site: Site) -> None:
    ArtifactStore(site.state).get(KEY, lambda: b"pixels")
    (file,) = (site.state / "artifacts" / KEY).iterdir()
    file.write_bytes(b"pix")
    assert ArtifactStore(site.state).find(KEY) is None
    assert ArtifactStore(site.state).get(KEY, lambda: b"pixels") == b"pixels"
    assert ArtifactStore(site.state).find(KEY) == b"pixels"


def test_the_store_keeps_what_this_build_used_and_nothing_else(site: Site) -> None:
    other = digest_bytes(b"other")
    ArtifactStore(site.state).get(other, lambda: b"old")
    store = ArtifactStore(site.state)
    store.get(KEY, lambda: b"new")
    assert store.prune([KEY]) == 1
    assert [path.name for path in (site.state / "artifacts").iterdir()] == [KEY]


@pytest.mark.parametrize("key", ["", "../../etc", "abc", "g" * 32, f"{KEY}/x"])
def test_a_key_that_is_no_digest_is_a_defect_of_the_program(site: Site, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        ArtifactStore(site.state).find(key)


def test_work_keeps_the_order_of_its_items() -> None:
    assert list(Serial().run(bytes.upper, iter([b"a", b"b"]))) == [b"A", b"B"]


def test_a_second_build_says_who_is_building(site: Site) -> None:
    with build_lock(site.state), pytest.raises(Refused) as caught, build_lock(site.state, wait=0.1):
        pass
    assert caught.value.problem.code == "CL903"
    assert str(os.getpid()) in caught.value.problem.message
    with build_lock(site.state):
        pass


HOLD = """
import sys, time
from pathlib import Path
from generator.engine.lock import build_lock
with build_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def _holder(site: Site, seconds: float) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", HOLD, str(site.state), str(seconds)]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def test_a_second_build_waits_for_the_first(site: Site) -> None:
    with _holder(site, 0.3) as holder:
        begun = time.monotonic()
        with build_lock(site.state, wait=20):
            assert time.monotonic() - begun > 0.1
    assert holder.returncode == 0


def test_the_lock_of_a_killed_build_is_taken_over(site: Site) -> None:
    with _holder(site, 60) as holder:
        holder.kill()
        holder.wait()
        with build_lock(site.state):
            pass


def test_a_state_folder_that_cannot_be_made_is_told(site: Site) -> None:
    site.state.write_text("a file")
    with pytest.raises(Refused) as caught, build_lock(site.state):
        pass
    assert caught.value.problem.code == "CL904"
