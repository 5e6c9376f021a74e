"""Write: the output folder becomes what was planned, each file old or new at any moment, nothing left behind."""

import errno
import os
import shutil
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import Struct

from generator.engine.digest import digest_bytes, digest_file
from generator.engine.ledger import open_state, save_ledger
from generator.engine.owned import LIST_NAME, ForeignList, is_inside, name_fault, read_list, write_list
from generator.engine.refusal import Refused
from generator.engine.staging import STAGING_NAME, clear_staging, staging
from generator.model.job import Artifact, Ledger, LedgerLine, Stat
from generator.model.problem import Problem

_COUNTS_AS_NOTHING = frozenset({".gitignore", ".gitkeep"})
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif", ".svg", ".ico")
_SETTLED_NS = 2_000_000_000
_SHOWN = 5
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


class Written(Struct, frozen=True):
    """What became of the output folder; paths are relative to it and sorted.

    `written` are files that are new or have new bytes; `unchanged` counts those that stayed; `removed` are no longer
    made; `adopted` were not on the disk as the ledger says (changed or deleted by somebody else) and are right again,
    rewritten or found to hold the right bytes already.
    """

    written: tuple[str, ...] = ()
    unchanged: int = 0
    removed: tuple[str, ...] = ()
    adopted: tuple[str, ...] = ()
    ledger: Ledger = Ledger()
    problems: tuple[Problem, ...] = ()


class _Change(Struct, frozen=True):
    """What has to be done, found out before anything is touched."""

    write: tuple[Artifact, ...]
    keep: dict[str, Stat]
    remove: tuple[str, ...]
    adopted: tuple[str, ...]
    seen_ns: int


class _Plan(Struct, frozen=True):
    """The artifacts by path; their paths by what a disk that knows neither case nor Unicode forms makes of them."""

    artifacts: dict[str, Artifact]
    folded: dict[str, str]
    folders: frozenset[str]


class _Ours(Struct, frozen=True):
    """Whether what stands at a path is ours: listed, or the same file as one listed in another spelling."""

    place: Path
    paths: frozenset[str]
    folded: dict[str, str]

    def __contains__(self, path: str) -> bool:
        other = self.folded.get(_fold(path))
        return path in self.paths or (other is not None and _same_file(self.place / other, self.place / path))


def check_output_folder(output: Path) -> None:
    """Called before any work: a folder that `write` would refuse is refused at once.

    Raises: Refused with CL750 (not a folder), CL751 (not empty, and not ours), CL756 (cannot be written) or CL758 (its
    list is not one of ours).
    """
    place = output.resolve()
    name = output.absolute().name
    with _told(name):
        if not place.exists():
            parent = next(parent for parent in place.parents if parent.exists())
            if not parent.is_dir():
                raise Refused(_not_a_folder(parent.name))
            if not os.access(parent, os.W_OK | os.X_OK):
                raise Refused(_not_permitted(parent.name))
            return
        if not place.is_dir():
            raise Refused(_not_a_folder(name))
        if not os.access(place, os.R_OK | os.W_OK | os.X_OK):
            raise Refused(_not_permitted(name))
        _owned(place, name)


def write(
    artifacts: Sequence[Artifact],
    *,
    output: Path,
    state: Path,
    previous: Ledger,
    found: str,
    next_change: int | None,
) -> Written:
    """Makes the output folder hold these artifacts and nothing else of ours; only changed bytes are written.

    `previous` is the ledger of this folder (`load_ledger`); `found` and `next_change` go into the new one, kept in
    `state`. The caller holds the lock of `state`.

    Files are staged beside the folder and moved: those in `assets/`, pictures, pages, then all else (lists as feeds),
    each group in the order given, then what is no longer made is removed. The list of what is ours is widened before
    the first move and narrowed after the last, so a kill at any moment leaves each file old or new, and the next write
    heals the rest. Links in the folder are never followed. Files that are not ours are never touched.

    Raises: Refused (see `check_output_folder`; CL752 a file that is not ours stands in the way; CL753 a name that is
    not possible; CL754 a link stands in the way; CL755 the disk is full; CL757 any other refusal of the system);
    ValueError for two artifacts at one place, a path that leads out of the folder, or a digest that is not that of
    the bytes.
    """
    plan = _planned(artifacts)
    name = output.absolute().name
    check_output_folder(output)
    place = output.resolve()
    with _told(name):
        place.mkdir(parents=True, exist_ok=True)
        clear_staging(place)
        listed = _owned(place, name)
        ours = _Ours(place, listed or frozenset(), {_fold(path): path for path in listed or ()})
        _refuse_what_stands_in_the_way(name, plan, ours)
        change = _compare(state, plan, ours, previous)
        stats = {**change.keep, **_apply(change, plan, ours, listed)}
    ledger = Ledger(
        outputs={
            path: LedgerLine(artifact.key, artifact.digest, stats[path], artifact.problems)
            for path, artifact in sorted(plan.artifacts.items())
        },
        found=found,
        next_change=next_change,
        seen_ns=change.seen_ns,
    )
    return Written(
        written=tuple(sorted(artifact.path for artifact in change.write)),
        unchanged=len(change.keep),
        removed=change.remove,
        adopted=change.adopted,
        ledger=ledger,
        problems=(*_told_of(previous), *_keep(state, place, ledger, previous)),
    )


def _planned(artifacts: Sequence[Artifact]) -> _Plan:
    """The artifacts by path. That no two share a place is the plan's promise; here it is held to it."""
    planned: dict[str, Artifact] = {}
    folded: dict[str, str] = {}
    for artifact in artifacts:
        path = artifact.path
        if not is_inside(path) or path.split("/")[0] in (LIST_NAME, STAGING_NAME):
            raise ValueError(f"not a place in the output folder: {path!r}")
        if _fold(path) in folded:
            raise ValueError(f"two artifacts at one place: {folded[_fold(path)]!r} and {path!r}")
        if not artifact.file and digest_bytes(artifact.content) != artifact.digest:
            raise ValueError(f"the digest of {path!r} is not that of its bytes")
        planned[path] = artifact
        folded[_fold(path)] = path
    folders = frozenset(folder for path in planned for folder in _folders(path))
    both = sorted(folder for folder in folders if _fold(folder) in folded)
    if both:
        raise ValueError(f"a file and a folder at one place: {both[0]!r}")
    return _Plan(planned, folded, folders)


def _owned(place: Path, name: str) -> frozenset[str] | None:
    """The list of what is ours; None in an empty folder, which may become ours."""
    try:
        owned = read_list(place)
    except ForeignList:
        hint = "Name another folder with --output, or empty this one."
        raise Refused(
            Problem("error", "CL758", f"{LIST_NAME} in {name} is not a list Clarion made", name, hint=hint)
        ) from None
    if owned is None and any(
        entry.name not in _COUNTS_AS_NOTHING and entry.name != STAGING_NAME for entry in os.scandir(place)
    ):
        hint = "Name a new or empty folder with --output, or empty this one: Clarion only writes where it is alone."
        raise Refused(
            Problem("error", "CL751", f"the folder {name} holds files that Clarion did not make", name, hint=hint)
        )
    return owned


def _refuse_what_stands_in_the_way(name: str, plan: _Plan, ours: _Ours) -> None:
    for path in plan.artifacts:
        fault = name_fault(path)
        if fault:
            hint = "Give it a shorter or plainer name: its slug, its alias or the name of its file."
            raise Refused(
                Problem("error", "CL753", f"“{path}” cannot be written: {fault}", f"{name}/{path}", hint=hint)
            )
    kinds = {folder: _kind(ours.place / folder) for folder in sorted(plan.folders)}
    links = [folder for folder, kind in kinds.items() if kind == "link"]
    if links:
        message = f"a link stands where a folder is made: {_some(links)}"
        hint = "Delete the link; what it leads to is not touched."
        raise Refused(Problem("error", "CL754", message, f"{name}/{links[0]}", hint=hint))
    foreign = [folder for folder, kind in kinds.items() if kind == "file" and folder not in ours]
    for path in plan.artifacts:
        kind = _kind(ours.place / path)
        if kind == "folder":
            foreign += _foreign_files(path, ours)
        elif kind and path not in ours:
            foreign.append(path)
    if foreign:
        foreign.sort()
        message = f"files that Clarion did not make stand in the way: {_some(foreign)}"
        hint = "Move them away, or delete them: Clarion never replaces what it did not make."
        raise Refused(Problem("error", "CL752", message, f"{name}/{foreign[0]}", hint=hint))


def _foreign_files(folder: str, ours: _Ours) -> list[str]:
    """The files below a folder that are not ours; links are not followed."""
    found = []
    for root, folders, files in os.walk(ours.place / folder):
        linked = [entry for entry in folders if (Path(root) / entry).is_symlink()]
        paths = ((Path(root) / entry).relative_to(ours.place).as_posix() for entry in (*files, *linked))
        found += [path for path in paths if path not in ours]
    return found


def _compare(state: Path, plan: _Plan, ours: _Ours, previous: Ledger) -> _Change:
    """What has to be done: a file's stat is believed where it can be, else the digest of what is there decides."""
    seen_ns = 0
    write: list[Artifact] = []
    keep: dict[str, Stat] = {}
    adopted: list[str] = []
    for path, artifact in plan.artifacts.items():
        line = previous.outputs.get(path)
        now = _stat(ours.place / path)
        if line is not None and now == line.stat and now.mtime_ns + _SETTLED_NS < previous.seen_ns:
            digest = line.digest
        else:
            # The clock is read before the stat that is kept: whoever changes the file later changes its stat.
            seen_ns = seen_ns or _time_of(state, previous)
            now = _stat(ours.place / path)
            digest = _digest(ours.place / path) if now is not None else ""
        if line is not None and digest != line.digest:
            adopted.append(path)
        if now is not None and digest == artifact.digest:
            keep[path] = now
        else:
            write.append(artifact)
    remove = tuple(sorted(path for path in ours.paths - plan.artifacts.keys() if _can_go(ours.place, path, plan)))
    return _Change(tuple(sorted(write, key=_group)), keep, remove, tuple(sorted(adopted)), seen_ns or previous.seen_ns)


def _time_of(state: Path, previous: Ledger) -> int:
    """Now, as the file system knows it, in nanoseconds; the time of the last ledger when that cannot be had."""
    mark = state / "now"
    try:
        open_state(state)
        mark.unlink(missing_ok=True)
        mark.touch(mode=0o600)
        seen_ns = mark.stat().st_mtime_ns
        mark.unlink()
    except OSError:
        return previous.seen_ns
    return seen_ns


def _apply(change: _Change, plan: _Plan, ours: _Ours, listed: frozenset[str] | None) -> dict[str, Stat]:
    """Stage, widen the list, move, remove, narrow the list; the stats of what was written."""
    planned = plan.artifacts.keys()
    both = ours.paths | planned
    if not change.write and not change.remove and listed == planned:
        return {}
    place = ours.place
    stats: dict[str, Stat] = {}
    with staging(place) as aside:
        staged = [
            (artifact.path, _stage(artifact, aside / str(number))) for number, artifact in enumerate(change.write)
        ]
        if both != listed:
            write_list(place, both, aside / "list")
        for path, file in staged:
            _make_way(path, ours)
            file.replace(place / path)
            moved = _stat(place / path)
            if moved is None:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
            stats[path] = moved
        for path in change.remove:
            _remove(place, path, plan)
        if both != planned:
            write_list(place, planned, aside / "list")
    return stats


def _stage(artifact: Artifact, file: Path) -> Path:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
    with os.fdopen(handle, "wb") as stream:
        if not artifact.file:
            stream.write(artifact.content)
            return file
        with Path(artifact.file).open("rb") as source:
            shutil.copyfileobj(source, stream)
    if digest_file(file) != artifact.digest:
        raise ValueError(f"the digest of {artifact.path!r} is not that of {artifact.file!r}")
    return file


def _make_way(path: str, ours: _Ours) -> None:
    """Folders for a file that is about to be moved. Where a file stands for a folder, or the reverse, ours goes."""
    place = ours.place
    for folder in _folders(path):
        if _kind(place / folder) == "file":
            (place / folder).unlink()
    (place / path).parent.mkdir(parents=True, exist_ok=True)
    if _kind(place / path) != "folder":
        return
    for root, folders, files in os.walk(place / path, topdown=False):
        for entry in (*files, *folders):
            inner = Path(root) / entry
            if _kind(inner) == "folder":
                inner.rmdir()
            elif inner.relative_to(place).as_posix() in ours:
                inner.unlink()
    (place / path).rmdir()


def _remove(place: Path, path: str, plan: _Plan) -> None:
    if _can_go(place, path, plan):
        (place / path).unlink()
    for folder in reversed(_folders(path)):
        # A folder that is not empty, or is a link by now, stays.
        with suppress(OSError):
            if not (place / folder).is_symlink():
                (place / folder).rmdir()


def _can_go(place: Path, path: str, plan: _Plan) -> bool:
    """Whether a file of ours stands there that is no longer made.

    Not when a link stands on the way to it, or when it is the same file as a planned one under another spelling.
    """
    if any((place / folder).is_symlink() for folder in _folders(path)) or _kind(place / path) in ("", "folder"):
        return False
    other = plan.folded.get(_fold(path))
    return other is None or not _same_file(place / other, place / path)


def _keep(state: Path, place: Path, ledger: Ledger, previous: Ledger) -> Iterator[Problem]:
    """The ledger only saves time: where it cannot be kept, the build stands and says so."""
    if ledger == previous:
        return
    try:
        save_ledger(state, place, ledger)
    except OSError as error:
        hint = f"Mend the permissions of {state.name}, or make room on the disk: the next build does all its work anew."
        yield Problem("warning", "CL902", f"what was built could not be noted: {error.strerror}", hint=hint)


def _told_of(previous: Ledger) -> Iterator[Problem]:
    if previous.fault:
        message = f"what was known of the last build cannot be used: {previous.fault}"
        yield Problem("note", "CL901", message, hint="Nothing is lost: each file was compared with what was made.")


@contextmanager
def _told(name: str) -> Iterator[None]:
    """What the system refuses, as a Problem."""
    try:
        yield
    except OSError as error:
        raise Refused(_refusal(name, error)) from error


def _refusal(name: str, error: OSError) -> Problem:
    if error.errno in _FULL:
        return Problem("error", "CL755", "the disk is full", name, hint="Make room and build again: nothing is lost.")
    if error.errno in _FORBIDDEN:
        return _not_permitted(name)
    if error.errno == errno.ENAMETOOLONG:
        hint = "Give it a shorter name, or name a folder with a shorter path with --output."
        return Problem("error", "CL753", "a name is too long for this disk", name, hint=hint)
    message = f"the folder {name} cannot be written: {error.strerror or type(error).__name__}"
    return Problem("error", "CL757", message, name, hint="Build again; what was written so far is whole.")


def _not_a_folder(name: str) -> Problem:
    return Problem("error", "CL750", f"{name} is not a folder", name, hint="Name another folder with --output.")


def _not_permitted(name: str) -> Problem:
    hint = "Mend its permissions, or name another folder with --output."
    return Problem("error", "CL756", f"writing to {name} is not permitted", name, hint=hint)


def _group(artifact: Artifact) -> int:
    """Readers may look while files are moved: what others point to comes first."""
    if artifact.path.startswith("assets/"):
        return 0
    if artifact.path.endswith(_PICTURES):
        return 1
    return 2 if artifact.path.endswith(".html") else 3


def _folders(path: str) -> tuple[str, ...]:
    """The folders a path leads through, outermost first."""
    parts = path.split("/")
    return tuple("/".join(parts[:depth]) for depth in range(1, len(parts)))


def _fold(path: str) -> str:
    """What a disk that knows neither case nor forms of Unicode makes of a path."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _kind(path: Path) -> str:
    """`link`, `folder`, `file` (also a pipe: whatever is neither), or '' when nothing is there."""
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return ""
    return "link" if stat.S_ISLNK(mode) else "folder" if stat.S_ISDIR(mode) else "file"


def _stat(path: Path) -> Stat | None:
    """The stat of a regular file; None when nothing or anything else is there."""
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return Stat(status.st_size, status.st_mtime_ns, status.st_ino) if stat.S_ISREG(status.st_mode) else None


def _digest(path: Path) -> str:
    """The digest of a file; '' for one that cannot be read, which is then replaced."""
    try:
        return digest_file(path)
    except PermissionError:
        return ""


def _same_file(one: Path, other: Path) -> bool:
    try:
        return os.path.samestat(one.lstat(), other.lstat())
    except OSError:
        return False


def _some(paths: Sequence[str]) -> str:
    shown = ", ".join(paths[:_SHOWN])
    return f"{shown} and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else shown
