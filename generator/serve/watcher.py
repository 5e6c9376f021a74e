"""What the preview watches: the folders and files a site is made of, and nothing an editor leaves in passing."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from livereload.watcher import Watcher
from watchfiles import Change, watch

PLUGINS = "plugins"
FOLDERS = ("content", "templates", "directives", "static", "locales", "themes", PLUGINS)
SETTINGS = "site.toml"
_IGNORED_FOLDERS = {".git", ".hg", ".svn", "__pycache__", "node_modules"}
_IGNORED_ENDINGS = ("~", ".swp", ".swo", ".swx", ".swpx", ".tmp", ".bak", ".pyc", ".part", ".crdownload")
_IGNORED_STARTS = (".#", "#", ".~", "___jb_", ".goutputstream-", ".DS_Store")
# vim tries whether it can write a folder by a file of this name
_IGNORED_NAMES = {"4913", "Thumbs.db", ".directory"}
_DEBOUNCE_MS, _STEP_MS = 50, 20
_PROBE_MS = 1000
_WAIT_MS = 500


def matters(path: str) -> bool:
    """Whether a change of this path (relative to the site's folder, with `/`) can change the site."""
    *folders, name = path.split("/")
    if not folders:
        return name == SETTINGS or name in FOLDERS
    if folders[0] not in FOLDERS or not _IGNORED_FOLDERS.isdisjoint(folders):
        return False
    return not (name in _IGNORED_NAMES or name.endswith(_IGNORED_ENDINGS) or name.startswith(_IGNORED_STARTS))


def watched_files(root: Path) -> int:
    """How many files are watched now."""
    number = int((root / SETTINGS).is_file())
    for folder in FOLDERS:
        for place, _, names in os.walk(root / folder):
            shown = Path(place).relative_to(root).as_posix()
            number += sum(matters(f"{shown}/{name}") for name in names)
    return number


def tells_changes(folder: Path) -> bool:
    """Whether the file system of a folder reports changes: a file is written there and waited for (at most 1 s).

    Some network and shared folders never report any; they have to be looked at again and again.
    """
    if not folder.is_dir():
        return False
    timer = threading.Timer(0.05, (folder / "probe").write_bytes, (b"",))
    timer.start()
    try:
        return bool(
            next(watch(folder, debounce=_DEBOUNCE_MS, step=_STEP_MS, rust_timeout=_PROBE_MS, yield_on_timeout=True))
        )
    except OSError:
        return False
    finally:
        timer.join()
        with suppress(FileNotFoundError):
            (folder / "probe").unlink()


class _Stop:
    """Set when any of some events is: what watchfiles asks between two looks."""

    def __init__(self, *events: threading.Event) -> None:
        self._events = events

    def is_set(self) -> bool:
        return any(event.is_set() for event in self._events)


class SiteWatcher(Watcher):  # type: ignore[misc] # livereload comes without types
    """livereload's watcher with the system's own notices in place of its polling.

    `changed` is called in a thread of the watcher with the paths that changed, relative to the site's folder; the
    changes of some 50 ms come together. `refused` is called with the system's reason when it will not watch that many
    folders; from then on they are looked at three times a second.
    """

    def __init__(
        self, root: Path, changed: Callable[[frozenset[str]], None], refused: Callable[[str], None], polling: bool
    ) -> None:
        super().__init__()
        self._site = root
        self._changed = changed
        self._refused = refused
        self._polling = polling
        self._ended = threading.Event()
        self._regroup = threading.Event()
        self._threads = [
            threading.Thread(target=work, daemon=True, name=name)
            for name, work in (("watch site", self._watch_site), ("watch folders", self._watch_folders))
        ]

    def start(self, callback: Callable[[], None]) -> bool:  # noqa: ARG002 - livereload's signature; its polling is not used
        """Begin to watch. True tells livereload not to poll."""
        for thread in self._threads:
            thread.start()
        return True

    def end(self) -> None:
        """Stop watching and wait until both threads are gone."""
        self._ended.set()
        self._regroup.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    def _watch_site(self) -> None:
        """Settings, and folders that appear or vanish: those have to be watched anew."""
        stop = _Stop(self._ended)
        while not self._ended.is_set():
            for paths in self._seen((self._site,), recursive=False, stop=stop):
                if not paths.isdisjoint(FOLDERS):
                    self._regroup.set()
                if paths:
                    self._changed(paths)

    def _watch_folders(self) -> None:
        stop = _Stop(self._ended, self._regroup)
        missed: frozenset[str] = frozenset()
        while not self._ended.is_set():
            self._regroup.clear()
            names = frozenset(name for name in FOLDERS if (self._site / name).is_dir())
            if not names:
                self._regroup.wait()
            for paths in self._seen(tuple(self._site / name for name in names), recursive=True, stop=stop):
                # files written before a new folder was watched were seen by nobody
                if paths or missed:
                    self._changed(paths | missed)
                missed = frozenset()
            missed = names

    def _seen(self, folders: tuple[Path, ...], recursive: bool, stop: _Stop) -> Iterator[frozenset[str]]:
        """Sets of changed paths; an empty one when nothing happened for a while."""
        if not folders:
            return
        try:
            for changes in watch(
                *folders,
                watch_filter=self._counts,
                debounce=_DEBOUNCE_MS,
                step=_STEP_MS,
                stop_event=stop,
                rust_timeout=_WAIT_MS,
                yield_on_timeout=True,
                force_polling=True if self._polling else None,
                recursive=recursive,
                raise_interrupt=False,
                ignore_permission_denied=True,
            ):
                yield frozenset(self._relative(path) for _, path in changes)
        except FileNotFoundError:
            # a folder vanished between the look and the watch: the caller looks again
            self._ended.wait(_STEP_MS / 1000)
        except OSError as error:
            if not self._polling:
                self._polling = True
                self._refused(error.strerror or str(error))
            self._ended.wait(_WAIT_MS / 1000)

    def _counts(self, change: Change, path: str) -> bool:
        # a folder is modified by whatever is written in it, which is told by itself
        return matters(self._relative(path)) and not (change is Change.modified and Path(path).is_dir())

    def _relative(self, path: str) -> str:
        return Path(path).relative_to(self._site).as_posix()
