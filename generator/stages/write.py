"""Write: the output folder becomes what was planned, each file old or new at any moment, nothing left behind."""

import errno
import os
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from msgspec import Struct, structs

from generator.engine.digest import digest_bytes, digest_file
from generator.engine.index import is_settled, time_of
from generator.engine.ledger import save_ledger
from generator.engine.owned import LIST_NAME, ForeignList, is_inside, name_fault, read_list, write_list
from generator.engine.refusal import Refused
from generator.engine.staging import STAGING_NAME, clear_staging, stage, staging
from generator.model.job import Artifact, Ledger, LedgerLine, Stat
from generator.model.problem import Problem

_COUNTS_AS_NOTHING = frozenset({".gitignore", ".gitkeep"})
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif", ".svg", ".ico")
_RECORDINGS = (".mp4", ".m4v", ".webm", ".m4a", ".mp3", ".ogg", ".oga", ".opus")
_GROUPS = {
    "asset": 0,
    **dict.fromkeys(("picture", "recording", "copy", "calendar"), 1),
    **dict.fromkeys(("article", "page", "campaign"), 2),
}
_LISTS = 3
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


class Standing(Struct, frozen=True):
    """What stands in an output folder where a ledger says that we wrote: stats and digests by path.

    `adopted` are paths where it is not what the ledger says.
    """

    stats: dict[str, Stat] = {}
    digests: dict[str, str] = {}
    adopted: frozenset[str] = frozenset()


class _Change(Struct, frozen=True):
    """What has to be done, found out before anything is touched."""

    write: tuple[Artifact, ...]
    keep: dict[str, Stat]
    remove: tuple[str, ...]
    adopted: tuple[str, ...]


class _Plan(Struct, frozen=True):
    """The artifacts by path; their paths by what a disk that knows neither case nor Unicode forms makes of them."""

    artifacts: dict[str, Artifact]
    folded: dict[str, str]
    folders: frozenset[str]


class _Ours(Struct, frozen=True):
    """Whether what stands at a path is ours: listed, or the same file as one listed in another spelling."""

    place: str
    paths: frozenset[str]
    folded: dict[str, str]

    def __contains__(self, path: str) -> bool:
        if path in self.paths:
            return True
        other = self.folded.get(_fold(path))
        return other is not None and _same_file(f"{self.place}/{other}", f"{self.place}/{path}")


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


def look(output: Path, ledger: Ledger, state: Path) -> Standing:
    """What stands where the ledger says that we wrote; a stat is believed where it can be, else the bytes are read."""
    place = str(output.resolve())
    stats: dict[str, Stat] = {}
    digests: dict[str, str] = {}
    adopted: list[str] = []
    straight = _Straight(place)
    seen_ns = 0
    for path, line in ledger.outputs.items():
        now = _stat(f"{place}/{path}") if path in straight else None
        if now is not None and line.stat.settled and _is_same(now, line.stat):
            stats[path], digests[path] = line.stat, line.digest
            continue
        # The clock is read before the stat that is kept: whoever changes the file later changes its stat.
        seen_ns = seen_ns or time_of(state)
        now = _stat(f"{place}/{path}", seen_ns) if path in straight else None
        if now is not None:
            stats[path], digests[path] = now, _digest(Path(place, path))
        if digests.get(path, "") != line.digest:
            adopted.append(path)
    return Standing(stats, digests, frozenset(adopted))


class _Straight:
    """Whether only folders lead to a path: behind a link nothing is ours."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._known: dict[str, bool] = {"": True}

    def __contains__(self, path: str) -> bool:
        folder = path.rpartition("/")[0]
        found = self._known.get(folder)
        if found is None:
            found = self._known[folder] = folder in self and _kind(f"{self._place}/{folder}") == "folder"
        return found


def is_sound(output: Path, ledger: Ledger, standing: Standing) -> bool:
    """Whether the folder holds what the ledger says, and lists just that as ours. Raises: Refused, OSError."""
    if standing.adopted or not output.is_dir():
        return False
    return _owned(output.resolve(), output.absolute().name) == ledger.outputs.keys()


def write(
    artifacts: Sequence[Artifact],
    *,
    output: Path,
    state: Path,
    previous: Ledger,
    ledger: Ledger,
    lines: Mapping[str, LedgerLine],
    standing: Standing | None = None,
    aside: Path | None = None,
) -> Written:
    """Makes the output folder hold these artifacts and nothing else of ours; only changed bytes are written.

    `previous` is the ledger of this folder (`load_ledger`) and `standing` what stands there (`look`); `ledger` becomes
    the new one, kept in `state`, with a line for each artifact: that in `lines`, with the digest and stat of what is
    written. `aside` is the staging folder in which the files of artifacts lie. The caller holds the lock of `state`.

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
        if aside is None:
            clear_staging(place)
        listed = _owned(place, name)
        ours = _Ours(str(place), listed or frozenset(), {_fold(path): path for path in listed or ()})
        change = _compare(state, plan, ours, previous, standing or look(output, previous, state))
        _refuse_what_stands_in_the_way(name, change, ours)
        stats = {**change.keep, **_apply(change, plan, ours, listed, aside, state)}
    kept = structs.replace(
        ledger,
        outputs={
            path: _line(lines.get(path), artifact, stats[path]) for path, artifact in sorted(plan.artifacts.items())
        },
    )
    return Written(
        written=tuple(sorted(artifact.path for artifact in change.write)),
        unchanged=len(change.keep),
        removed=tuple(sorted(change.remove)),
        adopted=change.adopted,
        ledger=kept,
        problems=(*_told_of(previous), *_keep(state, place, kept, previous)),
    )


def _line(line: LedgerLine | None, artifact: Artifact, stat: Stat) -> LedgerLine:
    if line is None:
        return LedgerLine(artifact.key, artifact.digest, stat, artifact.problems)
    return structs.replace(line, digest=artifact.digest, stat=stat)


def _planned(artifacts: Sequence[Artifact]) -> _Plan:
    """The artifacts by path. That no two share a place is the plan's promise; here it is held to it."""
    planned: dict[str, Artifact] = {}
    folded: dict[str, str] = {}
    for artifact in artifacts:
        path = artifact.path
        if not is_inside(path) or path.split("/")[0] in (LIST_NAME, STAGING_NAME):
            raise ValueError(f"not a place in the output folder: {path!r}")
        fold = _fold(path)
        if fold in folded:
            raise ValueError(f"two artifacts at one place: {folded[fold]!r} and {path!r}")
        if not artifact.file and not artifact.kept and digest_bytes(artifact.content) != artifact.digest:
            raise ValueError(f"the digest of {path!r} is not that of its bytes")
        planned[path] = artifact
        folded[fold] = path
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


def _refuse_what_stands_in_the_way(name: str, change: _Change, ours: _Ours) -> None:
    new = [artifact.path for artifact in change.write]
    for path in new:
        fault = name_fault(path)
        if fault:
            hint = "Give it a shorter or plainer name: its slug, its alias or the name of its file."
            raise Refused(
                Problem("error", "CL753", f"“{path}” cannot be written: {fault}", f"{name}/{path}", hint=hint)
            )
    kinds = {
        folder: _kind(f"{ours.place}/{folder}") for folder in sorted({each for path in new for each in _folders(path)})
    }
    links = [folder for folder, kind in kinds.items() if kind == "link"]
    if links:
        message = f"a link stands where a folder is made: {_some(links)}"
        hint = "Delete the link; what it leads to is not touched."
        raise Refused(Problem("error", "CL754", message, f"{name}/{links[0]}", hint=hint))
    foreign = [folder for folder, kind in kinds.items() if kind == "file" and folder not in ours]
    for path in new:
        kind = _kind(f"{ours.place}/{path}")
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
    for root, folders, files in os.walk(f"{ours.place}/{folder}"):
        linked = [entry for entry in folders if (Path(root) / entry).is_symlink()]
        paths = ((Path(root) / entry).relative_to(ours.place).as_posix() for entry in (*files, *linked))
        found += [path for path in paths if path not in ours]
    return found


def _compare(state: Path, plan: _Plan, ours: _Ours, previous: Ledger, standing: Standing) -> _Change:
    """What has to be done. Where nothing is known of a place, the bytes that stand there are compared."""
    seen_ns = 0
    write: list[Artifact] = []
    keep: dict[str, Stat] = {}
    for path, artifact in plan.artifacts.items():
        now, digest = standing.stats.get(path), standing.digests.get(path, "")
        if now is None and path not in previous.outputs and path in ours.paths:
            seen_ns = seen_ns or time_of(state)
            now = _stat(f"{ours.place}/{path}", seen_ns) if path in _Straight(ours.place) else None
            digest = _digest(Path(ours.place, path)) if now is not None else ""
        if now is not None and digest == artifact.digest:
            keep[path] = now
        else:
            write.append(artifact)
    gone = [path for path in ours.paths - plan.artifacts.keys() if _can_go(ours.place, path, plan)]
    # What names others goes before them, so that at no moment a page names what is not there.
    remove = tuple(sorted(gone, key=lambda path: (-_names_others(path), path)))
    adopted = tuple(sorted(path for path in standing.adopted if path in plan.artifacts))
    return _Change(tuple(sorted(write, key=_group)), keep, remove, adopted)


def _apply(
    change: _Change, plan: _Plan, ours: _Ours, listed: frozenset[str] | None, aside: Path | None, state: Path
) -> dict[str, Stat]:
    """Stage, widen the list, move, remove, narrow the list; the stats of what was written."""
    planned = plan.artifacts.keys()
    both = ours.paths | planned
    if not change.write and not change.remove and listed == planned:
        return {}
    place = Path(ours.place)
    with nullcontext(aside) if aside is not None else staging(place) as folder:
        staged = [(artifact.path, _stage(artifact, folder, number)) for number, artifact in enumerate(change.write)]
        if both != listed:
            write_list(place, both, folder / "list")
        stats = _move(staged, ours, time_of(state))
        for path in change.remove:
            _remove(ours.place, path, plan)
        if both != planned:
            write_list(place, planned, folder / "list")
    return stats


def _move(staged: Sequence[tuple[str, str]], ours: _Ours, seen_ns: int) -> dict[str, Stat]:
    """Files to their places; `seen_ns` is the time before the first of their stats is taken."""
    stats: dict[str, Stat] = {}
    ready: set[str] = set()
    for path, file in staged:
        folder = path.rpartition("/")[0]
        target = f"{ours.place}/{path}"
        if folder not in ready:
            _make_way(path, ours)
            ready.add(folder)
        try:
            os.replace(file, target)
        except (IsADirectoryError, PermissionError):
            # A folder stands there (Windows tells that as a permission).
            _make_way(path, ours)
            os.replace(file, target)
        moved = _stat(target, seen_ns)
        if moved is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        stats[path] = moved
    return stats


def _stage(artifact: Artifact, folder: Path, number: int) -> str:
    if artifact.file:
        return f"{folder}/{artifact.file}"
    if artifact.kept:
        raise ValueError(f"the bytes of {artifact.path!r} are not there any more")
    file = f"{folder}/w{number}"
    stage(file, artifact.content)
    return file


def _make_way(path: str, ours: _Ours) -> None:
    """Folders for a file that is about to be moved. Where a file stands for a folder, or the reverse, ours goes."""
    target = f"{ours.place}/{path}"
    try:
        os.mkdir(target.rpartition("/")[0])
    except (FileExistsError, FileNotFoundError, NotADirectoryError):
        pass
    else:
        return
    for folder in _folders(path):
        if _kind(f"{ours.place}/{folder}") == "file":
            os.unlink(f"{ours.place}/{folder}")
    os.makedirs(target.rpartition("/")[0], exist_ok=True)
    if _kind(target) != "folder":
        return
    for root, folders, files in os.walk(target, topdown=False):
        for entry in (*files, *folders):
            inner = Path(root) / entry
            if _kind(str(inner)) == "folder":
                inner.rmdir()
            elif inner.relative_to(ours.place).as_posix() in ours:
                inner.unlink()
    os.rmdir(target)


def _remove(place: str, path: str, plan: _Plan) -> None:
    if _can_go(place, path, plan):
        os.unlink(f"{place}/{path}")
    for folder in reversed(_folders(path)):
        # A folder that is not empty, or is a link by now, stays.
        with suppress(OSError):
            if _kind(f"{place}/{folder}") == "folder":
                os.rmdir(f"{place}/{folder}")


def _can_go(place: str, path: str, plan: _Plan) -> bool:
    """Whether a file of ours stands there that is no longer made.

    Not when a link stands on the way to it, or when it is the same file as a planned one under another spelling.
    """
    if any(_kind(f"{place}/{folder}") == "link" for folder in _folders(path)):
        return False
    if _kind(f"{place}/{path}") in ("", "folder"):
        return False
    other = plan.folded.get(_fold(path))
    return other is None or not _same_file(f"{place}/{other}", f"{place}/{path}")


def _keep(state: Path, place: Path, ledger: Ledger, previous: Ledger) -> Iterator[Problem]:
    """The ledger only saves time: where it cannot be kept, the build stands and says so."""
    if ledger == structs.replace(previous, fault=""):
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


def clear_leftovers(output: Path) -> None:
    """Remove what a build that was ended from outside has staged. Raises: Refused (see `write`)."""
    with _told(output.absolute().name):
        clear_staging(output.resolve())


def rewrite(artifacts: Sequence[Artifact], *, output: Path, aside: Path, state: Path) -> dict[str, Stat]:
    """Puts staged artifacts in the place of older ones at the same paths; the stats of those that have other bytes.

    The list of what is ours and everything else stays as it is: each path was written before, and stands in the list.
    Raises: Refused (see `write`).
    """
    place = str(output.resolve())
    staged = [(each.path, _stage(each, aside, number)) for number, each in enumerate(artifacts) if not each.kept]
    with _told(output.absolute().name):
        return _move(staged, _Ours(place, frozenset(path for path, _ in staged), {}), time_of(state))


@contextmanager
def prepared(output: Path) -> Iterator[Path]:
    """A staging folder for an output folder, which is made when it is not there; what is staged is gone afterwards.

    Whatever the system refuses meanwhile is a Refused (see `write`).
    """
    check_output_folder(output)
    name = output.absolute().name
    place = output.resolve()
    with _told(name):
        new = not place.exists()
        place.mkdir(parents=True, exist_ok=True)
        clear_staging(place)
        try:
            with staging(place) as aside:
                yield aside
        finally:
            if new and not any(place.iterdir()):
                place.rmdir()


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
    if artifact.kind:
        return _GROUPS.get(artifact.kind, _LISTS)
    return _group_of(artifact.path)


def _names_others(path: str) -> int:
    """How early a file goes: pages and feeds first, then what they name, then pictures and assets."""
    if path.endswith((".html", ".xml", ".json")) and not path.startswith("assets/"):
        return 2
    return 0 if _group_of(path) < 2 else 1


def _group_of(path: str) -> int:
    if path.startswith("assets/"):
        return 0
    if path.endswith((*_PICTURES, *_RECORDINGS)):
        return 1
    return 2 if path.endswith(".html") else _LISTS


def _folders(path: str) -> tuple[str, ...]:
    """The folders a path leads through, outermost first."""
    parts = path.split("/")
    return tuple("/".join(parts[:depth]) for depth in range(1, len(parts)))


def _fold(path: str) -> str:
    """What a disk that knows neither case nor forms of Unicode makes of a path."""
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _kind(path: str) -> str:
    """`link`, `folder`, `file` (also a pipe: whatever is neither), or '' when nothing is there."""
    try:
        mode = os.lstat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return ""
    return "link" if stat.S_ISLNK(mode) else "folder" if stat.S_ISDIR(mode) else "file"


def _stat(path: str, seen_ns: int = 0) -> Stat | None:
    """The stat of a regular file, looked at after `seen_ns`; None when nothing or anything else is there."""
    try:
        status = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    settled = is_settled(status.st_mtime_ns, seen_ns)
    return Stat(status.st_size, status.st_mtime_ns, status.st_ino, settled)


def _is_same(now: Stat, then: Stat) -> bool:
    return now.mtime_ns == then.mtime_ns and now.size == then.size and now.inode == then.inode


def _digest(path: Path) -> str:
    """The digest of a file; '' for one that cannot be read, which is then replaced."""
    try:
        return digest_file(path)
    except PermissionError:
        return ""


def _same_file(one: str, other: str) -> bool:
    try:
        return os.path.samestat(os.lstat(one), os.lstat(other))
    except OSError:
        return False


def _some(paths: Sequence[str]) -> str:
    shown = ", ".join(paths[:_SHOWN])
    return f"{shown} and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else shown
