"""What is kept from build to build is believed only when it is whole, is private, and holds nothing unpublished."""

import contextlib
import itertools
import os
import random
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import generator.engine.cache
import generator.stages.parse_all
from generator.engine.cache import DiskCache, Kept
from generator.engine.lock import build_lock
from tests.conftest import SETTINGS, TinySite

WHISPER = "qanat"
FLIPS = 30
KEPT = ("cache.db", "index", "ledger-*", "settled")
SWITCH = "templates/partials/byline.html"
"""A template that every article is drawn by: when it changes, the text of each is read again."""


@pytest.fixture
def built(site: TinySite) -> TinySite:
    """Three articles, built."""
    for name in ("ash", "birch", "cedar"):
        site.post(name, f"First of {name}.\n\nSecond of {name}.", tags="[water]")
    site.build()
    return site


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the texts that are parsed from now on."""
    found: list[str] = []
    real = generator.stages.parse_all.parse_document

    def spy(file: Any, *rest: Any, **named: Any) -> Any:
        found.append(Path(file.path).stem)
        return real(file, *rest, **named)

    monkeypatch.setattr(generator.stages.parse_all, "parse_document", spy)
    return found


def _kept(site: TinySite, name: str) -> Path:
    (found,) = (site.root / ".clarion").glob(name)
    return found


def _is_that_of_a_clean_build(site: TinySite, folder: Path) -> bool:
    """Whether the output folder holds what a build without anything kept makes of the site."""
    other = TinySite(folder, (site.root / "site.toml").read_text(encoding="utf-8"))
    for top in ("content", "templates"):
        if (site.root / top).is_dir():
            shutil.copytree(site.root / top, folder / top, dirs_exist_ok=True)
    other.build()
    return site.outputs() == other.outputs()


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-20])


def _halve(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _flip_the_first(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(bytes([content[0] ^ 1]) + content[1:])


def _flip_the_last(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def _zero(file: Path) -> None:
    file.write_bytes(bytes(file.stat().st_size))


def _be_foreign(file: Path) -> None:
    file.write_bytes(b"Notes of another program.\n" * 300)


def _be_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _lead_nowhere(file: Path) -> None:
    file.unlink()
    file.symlink_to("nowhere")


def _be_lost(file: Path) -> None:
    file.unlink()


DAMAGES = (
    _cut, _halve, _empty, _flip_the_first, _flip_the_last, _zero, _be_foreign, _be_a_folder, _lead_nowhere, _be_lost,
)  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__.strip("_"))
@pytest.mark.parametrize("name", KEPT)
def test_what_is_damaged_is_noticed_and_made_anew(
    built: TinySite, tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    damage(_kept(built, name))
    built.write(SWITCH, "<p>By us</p>\n")
    built.edit("content/posts/birch.md", "Second", "Other")
    report = built.build()
    assert report.ok
    assert {problem.code for problem in report.problems} <= {"CL901", "CL902"}
    assert _is_that_of_a_clean_build(built, tmp_path / "clean")
    again = built.build()
    assert again.ok
    assert again.written == ()


@pytest.mark.parametrize("name", KEPT)
def test_a_link_in_place_of_what_is_kept_never_changes_what_it_leads_to(built: TinySite, name: str) -> None:
    precious = built.write("precious", "precious")
    kept = _kept(built, name)
    kept.unlink()
    kept.symlink_to(precious)
    built.write(SWITCH, "<p>By us</p>\n")
    assert built.build().ok
    assert precious.read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize("name", ["lock", ".gitignore", "now"])
def test_a_link_in_the_state_folder_of_a_site_from_elsewhere_changes_nothing_outside(site: TinySite, name: str) -> None:
    precious = site.write("precious", "precious")
    (site.root / ".clarion").mkdir()
    (site.root / ".clarion" / name).symlink_to(precious)
    site.post("ash")
    site.build()
    assert precious.read_text(encoding="utf-8") == "precious"


def test_a_cache_with_any_bit_flipped_never_shows_in_a_page(built: TinySite, tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311
    built.write(SWITCH, "<p>0</p>\n")
    built.build()
    whole = _kept(built, "cache.db").read_bytes()
    for number in range(1, FLIPS):
        built.write(SWITCH, f"<p>{number}</p>\n")
        place = chance.randrange(len(whole))
        content = bytearray(whole)
        content[place] ^= 1 << chance.randrange(8)
        _kept(built, "cache.db").write_bytes(content)
        assert built.build().ok, place
        assert all(f"Second of {name}." in built.read(f"{name}/index.html") for name in ("ash", "birch", "cedar")), (
            place
        )
        assert f"<p>{number}</p>" in built.read("birch/index.html"), place
        whole = _kept(built, "cache.db").read_bytes()
    assert _is_that_of_a_clean_build(built, tmp_path / "clean")


@pytest.mark.parametrize("words", [b"Second of birch", b"First of birch"])
def test_a_text_whose_bytes_were_changed_inside_the_file_is_parsed_again(
    built: TinySite, parsed: list[str], words: bytes
) -> None:
    content = _kept(built, "cache.db").read_bytes()
    assert words in content
    _kept(built, "cache.db").write_bytes(content.replace(words, words[::-1]))
    built.write(SWITCH, "<p>By us</p>\n")
    assert built.build().ok
    assert set(parsed) == {"birch"}
    assert words.decode() in built.read("birch/index.html")


@pytest.mark.parametrize("value", ["NULL", "'words'", "5", "1.5", "x'00'"])
@pytest.mark.parametrize(
    ("table", "column"),
    [("texts", "text"), ("texts", "seal"), *(("entries", each) for each in ("path", "key", "made", "seal", "entry"))],
)
def test_a_value_of_another_type_is_not_believed(
    built: TinySite, tmp_path: Path, table: str, column: str, value: str
) -> None:
    """A single bit makes of some bytes a text."""
    with contextlib.closing(sqlite3.connect(_kept(built, "cache.db"))) as database, database:
        database.execute(f"UPDATE {table} SET {column} = {value}")  # noqa: S608
    built.write(SWITCH, "<p>By us</p>\n")
    assert built.build().ok
    assert _is_that_of_a_clean_build(built, tmp_path / "clean")


def test_a_cache_of_another_layout_is_made_anew(built: TinySite, parsed: list[str]) -> None:
    with contextlib.closing(sqlite3.connect(_kept(built, "cache.db"))) as database:
        database.execute("PRAGMA user_version = 1000")
    built.write(SWITCH, "<p>By us</p>\n")
    assert built.build().ok
    assert sorted(parsed) == ["ash", "birch", "cedar"]
    parsed.clear()
    built.write(SWITCH, "<p>By them</p>\n")
    assert built.build().ok
    assert parsed == []


def test_a_journal_of_another_database_beside_the_cache_is_not_believed(built: TinySite, tmp_path: Path) -> None:
    for suffix in ("-wal", "-shm", "-journal"):
        (built.root / f".clarion/cache.db{suffix}").write_bytes(random.Random(3).randbytes(9000))  # noqa: S311
    built.write(SWITCH, "<p>By us</p>\n")
    assert built.build().ok
    assert _is_that_of_a_clean_build(built, tmp_path / "clean")


def test_a_cache_that_another_program_has_locked_is_done_without(
    built: TinySite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr(generator.engine.cache.sqlite3, "connect", lambda file, **_: connect(file, timeout=0.01))
    with contextlib.closing(connect(_kept(built, "cache.db"), isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        built.edit("content/posts/birch.md", "Second", "Other")
        assert built.build().ok
        assert _is_that_of_a_clean_build(built, tmp_path / "clean")


def test_a_cache_that_cannot_be_written_is_done_without(
    built: TinySite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect

    def reading(file: Path, **options: Any) -> sqlite3.Connection:
        database = connect(file, **options)
        database.execute("PRAGMA query_only = ON")
        return database

    monkeypatch.setattr(generator.engine.cache.sqlite3, "connect", reading)
    built.edit("content/posts/birch.md", "Second", "Other")
    assert built.build().ok
    assert _is_that_of_a_clean_build(built, tmp_path / "clean")


def test_a_disk_on_which_no_database_can_be_opened_costs_time_and_nothing_else(
    built: TinySite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(*_: Any, **__: Any) -> sqlite3.Connection:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(generator.engine.cache.sqlite3, "connect", refusing)
    built.edit("content/posts/birch.md", "Second", "Other")
    assert built.build().ok
    assert _is_that_of_a_clean_build(built, tmp_path / "clean")


def test_a_few_older_values_of_a_text_are_kept_and_not_all(built: TinySite, parsed: list[str]) -> None:
    for number in range(8):
        built.post("birch", f"Words {number}.")
        built.build()
    parsed.clear()
    for number in (6, 5, 4, 7):
        built.post("birch", f"Words {number}.")
        built.build()
    assert parsed == []
    built.post("birch", "Words 0.")
    built.build()
    assert parsed == ["birch"]


def test_the_state_folder_is_for_its_owner_only(site: TinySite) -> None:
    mask = os.umask(0)
    try:
        (site.root / ".clarion").mkdir(mode=0o755)
        site.post("ash")
        site.build()
        site.post("birch")
        site.build()
    finally:
        os.umask(mask)
    modes = {
        path.relative_to(site.root).as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in ((site.root / ".clarion"), *(site.root / ".clarion").rglob("*"))
        if path.name != ".gitignore"
    }
    assert {".clarion", ".clarion/cache.db", ".clarion/index", ".clarion/lock"} <= modes.keys()
    assert [path for path, mode in modes.items() if mode & 0o077] == []


def test_of_two_builds_the_second_says_who_is_at_work(built: TinySite) -> None:
    with build_lock(built.root / ".clarion"):
        report = built.build()
    assert [(problem.code, problem.message) for problem in report.problems] == [
        ("CL903", f"another build is running (process {os.getpid()})")
    ]


def test_of_two_builds_the_second_waits(built: TinySite) -> None:
    ready = threading.Event()

    def hold() -> None:
        with build_lock(built.root / ".clarion"):
            ready.set()
            threading.Event().wait(0.3)

    holder = threading.Thread(target=hold)
    holder.start()
    ready.wait()
    built.edit("content/posts/birch.md", "Second", "Other")
    report = built.build(wait=30)
    holder.join()
    assert report.ok
    assert "birch/index.html" in report.written


def test_commands_that_build_at_once_make_the_site_all_the_same(built: TinySite, tmp_path: Path) -> None:
    built.edit("content/posts/birch.md", "Second", "Other")
    command = [sys.executable, "-m", "generator", "build", "--site", str(built.root), "--now", "2026-11-22"]
    ends = [
        (process.communicate(timeout=60), process.returncode)
        for process in [
            subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)
        ]
    ]
    assert 0 in {code for _, code in ends}
    assert all(code == 0 or "CL903" in output[1] for output, code in ends), ends
    assert _is_that_of_a_clean_build(built, tmp_path / "clean")


HIDDEN = (
    {"status": "draft"},
    {"date": "2026-12-24"},
    {"date": "2026-01-01", "expires": "2026-02-01"},
)


@pytest.mark.parametrize("front", HIDDEN, ids=["draft", "scheduled", "expired"])
def test_of_an_unpublished_text_nothing_is_kept_not_even_its_path(built: TinySite, front: dict[str, str]) -> None:
    built.post(f"{WHISPER}-words", f"The {WHISPER}.", tags=f"[{WHISPER}]", **front)
    assert built.build().ok
    assert built.build().ok
    assert WHISPER.encode() not in built.everything_written()


@pytest.mark.parametrize("how", [*HIDDEN, None], ids=["draft", "scheduled", "expired", "deleted"])
@pytest.mark.parametrize("size", [1, 60, 400, 3000])
def test_of_a_text_that_is_unpublished_nothing_is_left(site: TinySite, size: int, how: dict[str, str] | None) -> None:
    """Of a size below and above that of a page of the database, among others of many sizes."""
    for number in range(12):
        site.post(f"other-{number}", f"Word {number}. " * (1 + number * number * 9))
    site.post(WHISPER, f"The {WHISPER} {WHISPER}. " * size, title=WHISPER, tags=f"[{WHISPER}, water]")
    site.build()
    site.post(WHISPER, f"The {WHISPER}, otherwise. " * size, title=WHISPER)
    site.build()
    assert WHISPER.encode() in (site.root / ".clarion/cache.db").read_bytes()
    if how is None:
        site.remove(f"content/posts/{WHISPER}.md")
    else:
        site.post(WHISPER, f"The {WHISPER}, otherwise. " * size, title=WHISPER, **how)
    site.build()
    assert WHISPER.encode() not in site.everything_written()
    assert not list((site.root / ".clarion").glob("cache.db-*"))


def test_what_a_database_moves_about_inside_its_file_is_not_left_behind(tmp_path: Path) -> None:
    """SQLite copies rows from page to page while it makes room, and wipes the row that is deleted, not such copies."""
    sizes = {"ash": 776, "birch": 777, "cedar": 811, WHISPER: 883, "elm": 888}
    for order in itertools.permutations("12345"):
        state = tmp_path / "".join(order)
        values = [
            Kept(path=name, key=digit * 32, outline="o" * 46, entry=(f"{name} " * size)[:size].encode(), text=b"text")
            for digit, (name, size) in zip(order, sizes.items(), strict=True)
        ]
        cache = DiskCache(state)
        cache.keep(values)
        cache.close()
        cache = DiskCache(state)
        assert len(list(cache.find({value.path: value.key for value in values}))) == len(values)
        cache.forget(lambda path: path != WHISPER)
        cache.close()
        assert [file.name for file in state.iterdir() if WHISPER.encode() in file.read_bytes()] == [], order


def test_each_of_many_texts_can_be_unpublished_without_a_trace(site: TinySite) -> None:
    names = [f"{WHISPER}{letter}z" for letter in "abcdefgh"]
    for number, name in enumerate(names):
        site.post(name, f"First {name}.\n\n" + f"Second {name}. " * number**2, title=f"Of {name}")
    site.build()
    for name in names:
        site.remove(f"content/posts/{name}.md")
        site.build()
        assert name.encode() not in site.everything_written()


def test_of_a_retracted_text_the_words_are_not_kept(built: TinySite) -> None:
    built.post("ash", f"The {WHISPER}.", summary=WHISPER)
    built.build()
    history = "[{ date: 2026-11-20, type: retraction, text: It was wrong. }]"
    built.post("ash", f"The {WHISPER}.", summary=WHISPER, status="retracted", history=history)
    assert built.build().ok
    assert WHISPER.encode() not in built.everything_written()


def test_a_text_above_a_list_that_nobody_sees_is_not_kept(built: TinySite) -> None:
    built.write("content/tags/stone.md", f"---\ntitle: {WHISPER}\n---\nThe {WHISPER}.\n\nAnd more.\n")
    built.build()
    assert WHISPER.encode() not in built.everything_written()
    built.edit("content/tags/stone.md", "more", f"more {WHISPER}")
    built.build()
    assert WHISPER.encode() not in built.everything_written()


def test_what_was_public_only_in_a_build_that_was_refused_is_not_kept(built: TinySite) -> None:
    built.post("elm", f"The {WHISPER}.", status="draft")
    built.build()
    built.post("elm", f"The {WHISPER}.")
    built.post("fir", "[Nothing](nowhere.md)")
    assert not built.build().ok
    built.post("elm", f"The {WHISPER}.", status="draft")
    built.remove("content/posts/fir.md")
    assert built.build().ok
    assert WHISPER.encode() not in built.everything_written()


def test_what_was_public_only_in_another_output_folder_is_not_kept(built: TinySite, tmp_path: Path) -> None:
    built.post("elm", f"The {WHISPER}.", status="draft")
    built.build()
    built.post("elm", f"The {WHISPER}.")
    assert built.build(output=tmp_path / "other").ok
    built.post("elm", f"The {WHISPER}.", status="draft")
    assert built.build().ok
    assert WHISPER.encode() not in built.everything_written()


def test_what_a_killed_build_was_about_to_forget_is_forgotten_by_the_next(
    built: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    built.post("ash", f"The {WHISPER}.")
    built.build()
    built.post("ash", f"The {WHISPER}.", status="draft")

    def killed(cache: DiskCache) -> None:
        cache._database.rollback()
        cache._database.close()
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, contextlib.suppress(KeyboardInterrupt):
        patch.setattr(DiskCache, "close", killed)
        built.build()
    assert built.build().ok
    assert WHISPER.encode() not in built.everything_written()


def test_a_build_that_shows_drafts_keeps_nothing_of_them(
    built: TinySite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    built.post("elm", f"The {WHISPER}.", status="draft")
    assert built.build(drafts=True, output=tmp_path / "drafts").ok
    assert WHISPER in (tmp_path / "drafts/elm/index.html").read_text(encoding="utf-8")
    assert WHISPER.encode() not in built.everything_written()
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_site_whose_settings_come_from_an_older_build_is_seen_anew(built: TinySite, parsed: list[str]) -> None:
    """The settings that parse reads are part of the key of what it made."""
    built.write("site.toml", SETTINGS + '\n[markdown]\nengine = "commonmark"\n')
    assert built.build().ok
    assert sorted(parsed) == ["ash", "birch", "cedar"]
