"""What parse made of each document, kept from build to build, or for one build in memory.

A value is kept in two parts: the entry, which every build reads, and the text, which is read when it is drawn. Nothing
here is ever run or believed unseen: a part whose check sum is wrong, a file that is no database or one of another
layout counts as nothing, and is made anew.
"""

import errno
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Protocol
from zlib import crc32

from msgspec import Struct

from generator.engine.sealed import open_state

CACHE_NAME = "cache.db"
_LAYOUT = 3
_OLDER = 3
"""Values kept of a document besides its present one, so that an edit which is undone costs nothing."""


class Kept(Struct, frozen=True):
    """What parse made of one document: its path, the key it was made from, its entry and its text as bytes.

    `outline` is the digest of all of it that anything but its own text depends on.
    """

    path: str
    key: str
    outline: str
    entry: bytes
    text: bytes


class Found(Struct, frozen=True):
    """What was kept of a document, without its text."""

    path: str
    outline: str
    entry: bytes


class Cache(Protocol):
    """Where what parse made is kept."""

    def find(self, keys: Mapping[str, str]) -> Iterator[Found]:
        """Each document that was kept under its key; `keys` are the present ones by path."""
        ...

    def keep(self, values: Iterable[Kept]) -> None:
        """Keep new values; they are the present ones of their documents."""
        ...

    def text(self, path: str) -> bytes | None:
        """The text of a document, as it was kept with its present entry; None when it is lost."""
        ...

    def entry(self, key: str) -> bytes | None:
        """The entry that was kept under a key, an older one too; None when there is none any more."""
        ...

    def forget(self, is_public: Callable[[str], bool]) -> None:
        """Every value of a document that is not public is gone, the older ones too."""
        ...

    def forget_older(self, is_changed: Callable[[str], bool]) -> None:
        """Of such documents every value but the present one is gone."""
        ...

    def close(self) -> None:
        """Nothing more is kept or read; what was kept is on the disk."""
        ...


class MemoryCache:
    """A cache for as long as the process lives: what must not be found on a disk is kept here."""

    def __init__(self) -> None:
        self._values: dict[str, Kept] = {}

    def find(self, keys: Mapping[str, str]) -> Iterator[Found]:
        """Each document that was kept under its key."""
        for path, key in keys.items():
            value = self._values.get(path)
            if value is not None and value.key == key:
                yield Found(path, value.outline, value.entry)

    def keep(self, values: Iterable[Kept]) -> None:
        """Keep new values in place of older ones."""
        self._values.update((value.path, value) for value in values)

    def text(self, path: str) -> bytes | None:
        """The text of a document."""
        value = self._values.get(path)
        return value.text if value else None

    def entry(self, key: str) -> bytes | None:
        """The entry that was kept under a key; older ones are not kept here."""
        return next((value.entry for value in self._values.values() if value.key == key), None)

    def forget(self, is_public: Callable[[str], bool]) -> None:
        """Every value of a document that is not public is gone."""
        for path in [path for path in self._values if not is_public(path)]:
            del self._values[path]

    def forget_older(self, is_changed: Callable[[str], bool]) -> None:
        """There are no older ones."""

    def close(self) -> None:
        """Nothing is on the disk."""


class ReadOnly:
    """A cache that is looked into and stays as it is: what is new is kept in memory beside it."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._new = MemoryCache()

    def find(self, keys: Mapping[str, str]) -> Iterator[Found]:
        """Each document that was kept under its key."""
        return self._cache.find(keys)

    def keep(self, values: Iterable[Kept]) -> None:
        """Keep new values in memory."""
        self._new.keep(values)

    def text(self, path: str) -> bytes | None:
        """The text of a document."""
        return self._new.text(path) or self._cache.text(path)

    def entry(self, key: str) -> bytes | None:
        """The entry that was kept under a key, an older one too."""
        return self._new.entry(key) or self._cache.entry(key)

    def forget(self, is_public: Callable[[str], bool]) -> None:
        """Nothing is deleted but from memory."""
        self._new.forget(is_public)

    def forget_older(self, is_changed: Callable[[str], bool]) -> None:
        """Nothing is deleted."""

    def close(self) -> None:
        """Nothing more is read."""
        self._cache.close()


class DiskCache:
    """A cache in the state folder: a database of SQLite.

    Rows are found by 63 bits of the key, which stands in the row as well and decides. A new database is filled without
    a journal and gets its layout number last, so one that was not finished is of no layout.
    """

    def __init__(self, state: Path) -> None:
        """Raises: OSError when the state folder cannot be used."""
        self._file = state / CACHE_NAME
        self._present: dict[str, int] = {}
        self._older: dict[str, list[tuple[int, int]]] = {}
        self._made = 0
        self._fresh = False
        self._secret = False
        # What is used where the disk refuses in the middle of a build.
        self._instead: MemoryCache | None = None
        open_state(state)
        try:
            self._database = self._opened()
        except sqlite3.Error:
            self._database = self._begun()

    def find(self, keys: Mapping[str, str]) -> Iterator[Found]:
        """Each document that was kept under its key."""
        if self._fresh:
            return
        try:
            for number, path, key, made, outline, seal, entry in self._database.execute("SELECT * FROM entries"):
                self._made = max(self._made, made)
                if keys.get(path) == key and _seal(outline, entry) == seal:
                    self._present[path] = number
                    yield Found(path, outline, entry)
                else:
                    self._older.setdefault(path, []).append((made, number))
        except (sqlite3.Error, TypeError, ValueError, AttributeError):
            self._begin_anew()

    def keep(self, values: Iterable[Kept]) -> None:
        """Keep new values; of the older ones of the same document a few stay."""
        kept = list(values)
        for _ in range(2):
            if self._instead is not None:
                self._instead.keep(kept)
                return
            try:
                self._write([(_number(value), value) for value in kept])
            except sqlite3.Error:
                self._begin_anew()
            else:
                return

    def text(self, path: str) -> bytes | None:
        """The text of a document, as it was kept with its present entry."""
        number = self._present.get(path)
        if self._instead is not None:
            return self._instead.text(path)
        if number is None:
            return None
        try:
            row = self._database.execute("SELECT seal, text FROM texts WHERE id = ?", (number,)).fetchone()
            return row[1] if row is not None and _seal_of(number, row[1]) == row[0] else None
        except (sqlite3.Error, TypeError):
            return None

    def entry(self, key: str) -> bytes | None:
        """The entry that was kept under a key, an older one too."""
        try:
            row = self._database.execute(
                "SELECT key, seal, outline, entry FROM entries WHERE id = ?", (_number_of(key),)
            ).fetchone()
            return row[3] if row is not None and row[0] == key and _seal(row[2], row[3]) == row[1] else None
        except (sqlite3.Error, TypeError, AttributeError):
            return None

    def forget(self, is_public: Callable[[str], bool]) -> None:
        """Every value of a document that is not public is gone, the older ones too, and their bytes with them."""
        hidden = [path for path in {*self._present, *self._older} if not is_public(path)]
        rows = [number for path in hidden for _, number in self._older.pop(path, ())]
        rows += [self._present.pop(path) for path in hidden if path in self._present]
        self._clear(rows)

    def forget_older(self, is_changed: Callable[[str], bool]) -> None:
        """Of such documents every value but the present one is gone, and its bytes with it."""
        paths = [path for path in self._older if is_changed(path)]
        self._clear([number for path in paths for _, number in self._older.pop(path)])

    def _clear(self, rows: list[int]) -> None:
        try:
            self._delete(rows)
        except sqlite3.Error:
            self._begin_anew()
        self._secret = self._secret or bool(rows)

    def close(self) -> None:
        """What was kept is on the disk, and no journal beside it."""
        try:
            self._database.commit()
            self._clear_free_room()
            if self._fresh:
                self._database.execute(f"PRAGMA user_version = {_LAYOUT}")
                self._database.commit()
            else:
                self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._database.close()
        except sqlite3.Error:
            with suppress(sqlite3.Error):
                self._database.close()
            if self._secret:
                # Better nothing than what is public no more.
                self._remove()

    def _clear_free_room(self) -> None:
        """Where rows moved between pages, copies of them lie in free room, which deleting does not clear."""
        if self._secret:
            # Not by way of a folder for temporary files.
            self._database.execute("PRAGMA temp_store = MEMORY")
            self._database.execute("VACUUM")

    def _remove(self) -> None:
        for suffix in ("", "-wal", "-shm", "-journal"):
            self._file.with_name(CACHE_NAME + suffix).unlink(missing_ok=True)

    def _write(self, numbered: list[tuple[int, Kept]]) -> None:
        made = self._made + 1
        self._database.executemany(
            "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (number, each.path, each.key, made, each.outline, _seal(each.outline, each.entry), each.entry)
                for number, each in numbered
            ),
        )
        self._database.executemany(
            "INSERT OR REPLACE INTO texts VALUES (?, ?, ?)",
            ((number, _seal_of(number, value.text), value.text) for number, value in numbered),
        )
        for number, value in numbered:
            self._present[value.path] = number
            older = self._older.get(value.path)
            if older and len(older) > _OLDER:
                older.sort(reverse=True)
                self._delete(each for _, each in older[_OLDER:])
                del older[_OLDER:]

    def _delete(self, numbers: Iterable[int]) -> None:
        rows = [(number,) for number in numbers]
        if rows:
            self._database.executemany("DELETE FROM entries WHERE id = ?", rows)
            self._database.executemany("DELETE FROM texts WHERE id = ?", rows)

    def _opened(self) -> sqlite3.Connection:
        if self._file.is_symlink() or not self._file.is_file():
            return self._begun()
        database = self._connected()
        (layout,) = database.execute("PRAGMA user_version").fetchone()
        if layout != _LAYOUT:
            database.close()
            return self._begun()
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        return database

    def _begun(self) -> sqlite3.Connection:
        """A new database in place of whatever is there. Raises: OSError."""
        self._fresh = True
        try:
            self._remove()
            self._file.touch(mode=0o600)
            return _with_tables(self._connected())
        except sqlite3.Error as error:
            raise OSError(errno.EIO, str(error), CACHE_NAME) from error

    def _begin_anew(self) -> None:
        """A new database in the middle of a build; where the disk refuses it, for this build only, in memory."""
        with suppress(sqlite3.Error):
            self._database.close()
        self._present.clear()
        self._older.clear()
        try:
            self._database = self._begun()
        except OSError:
            self._instead = MemoryCache()

    def _connected(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._file, timeout=5)
        # What is deleted must not be found in the file.
        database.execute("PRAGMA secure_delete = ON")
        database.execute("PRAGMA cache_size = -16384")
        return database


def _with_tables(database: sqlite3.Connection) -> sqlite3.Connection:
    """A database to be filled for the first time: nothing is lost with it, so no journal is kept."""
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    database.execute(
        "CREATE TABLE entries ("
        "id INTEGER PRIMARY KEY, path TEXT, key TEXT, made INTEGER, outline TEXT, seal INTEGER, entry BLOB)"
    )
    database.execute("CREATE TABLE texts (id INTEGER PRIMARY KEY, seal INTEGER, text BLOB)")
    return database


def _seal_of(number: int, text: bytes) -> int:
    """The check sum of a text in the row where it stands."""
    return crc32(text, number & 0xFFFFFFFF)


def _seal(outline: str, entry: bytes) -> int:
    return crc32(entry, crc32(outline.encode()))


def _number(value: Kept) -> int:
    return _number_of(value.key)


def _number_of(key: str) -> int:
    """63 bits of the key, which is a digest in hexadecimal over the path too."""
    return int(key[:16], 16) >> 1
