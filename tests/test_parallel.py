"""Whoever does the work, the bytes are the same; whatever happens meanwhile, nothing is left running."""

import gc
import io
import multiprocessing
import operator
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
import traceback
import zipfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct
from PIL import Image

from generator.engine import cluster
from generator.engine import processes as engine
from generator.engine.cluster import connected
from generator.engine.executors import AHEAD, HELD, Executor, Serial, Submitting
from generator.engine.processes import Processes, processes
from generator.engine.refusal import Refused
from generator.engine.workforce import Workforce
from generator.model.report import Report
from generator.plugins.finding import installed
from generator.stages import parse_all, render_all
from tests.conftest import NOW, SETTINGS, TinySite, instant
from tests.test_plugins import EXAMPLES, wheel

ROOT = Path(__file__).parent.parent
FOUND_HERE = {"PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))}
POSTS = 48
WAIT = 15.0
SEVERAL = """
[languages.ru]
title = "Маленький"

[authors.ann]
name = "Ann Example"

[images]
widths = [16, 24]
"""


def picture(number: int) -> bytes:
    """A picture with another colour for each number."""
    stream = io.BytesIO()
    Image.new("RGB", (36, 27), (number, 90, 40)).save(stream, "PNG")
    return stream.getvalue()


def fill(site: TinySite) -> TinySite:
    """Something of everything: tags, series, a campaign, sections, translations, bundles, pictures, files, aliases."""
    for number in range(POSTS):
        tags = f"[water, {('law', 'air', 'witnesses')[number % 3]}]"
        body = (
            f"The {number}th is “here”, isn't it? See [another](post-{(number * 7) % POSTS}.md).\n\n"
            f"## A part\n\n- one\n- two\n\n> Quoted {number}.\n\nMore[^1].\n\n[^1]: A note."
        )
        extra = {"aliases": f"[/old/{number}/]", "series": f"{{ name: Banks, part: {number + 1} }}"}
        front = {"date": f"2026-{1 + number % 9:02}-{1 + number % 27:02}", "tags": tags, "authors": "[ann]"}
        site.post(f"post-{number}", body, **front, **(extra if number % 8 == 0 else {}))
    for number in range(4):
        site.write(f"content/posts/bundle-{number}/bank.png", picture(number))
        site.write(f"content/posts/bundle-{number}/levels.csv", f"day,level\n1,{number}\n")
        body = "![A bank](bank.png) and [levels](levels.csv)"
        site.post(f"bundle-{number}/index", body, title=f"Bundle {number}", campaign="river")
        site.write(f"content/posts/post-{number}.ru.md", f"---\ntitle: Вода {number}\ndate: 2026-11-01\n---\nСлова.\n")
        site.write(f"content/news/item-{number}.md", f"---\ntitle: Item {number}\ndate: 2026-10-01\n---\nWords.\n")
    site.post("draft", "Not yet.", status="draft")
    site.post("later", "Later.", date="2030-01-01")
    site.write("content/news/_section.toml", 'title = "News"\n')
    site.write("content/campaigns/river.md", "---\ntitle: The river\n---\nFree it.\n")
    site.write("content/pages/about.md", "---\ntitle: About\n---\nWords.\n")
    site.write("content/tags/water.md", "---\ntitle: Water\n---\nAll of it.\n")
    site.write("content/data/levels.toml", "[levels]\nhigh = 3\n")
    return site


class Whole(Struct, frozen=True):
    """A filled site, and what a build by one process makes of it."""

    root: Path
    settings: str
    serial: dict[str, bytes]

    def copy(self, root: Path) -> TinySite:
        """The same site in another folder, of which nothing was built yet."""
        shutil.copytree(self.root, root, ignore=shutil.ignore_patterns("output", ".clarion"))
        return TinySite(root, self.settings)


def whole(root: Path, theme: str) -> Whole:
    """The filled site with a theme."""
    settings = SETTINGS.replace('"plain"', f'"{theme}"') + SEVERAL
    root.mkdir()
    site = fill(TinySite(root, settings))
    report = site.build(jobs=1)
    assert report.ok, report.problems
    return Whole(root, settings, site.outputs())


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """The filled site with the plain theme."""
    return whole(tmp_path_factory.mktemp("plain") / "site", "plain")


@pytest.fixture
def small_parcels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many parcels also for a small site."""
    monkeypatch.setattr(parse_all, "_A_PARCEL", 2)
    monkeypatch.setattr(render_all, "_TEMPLATES_A_PARCEL", 3)
    monkeypatch.setattr(render_all, "_PRODUCERS_A_PARCEL", 1)


def started(how: str) -> Callable[[], str]:
    """Whether processes are forked is for the test to say."""
    return lambda: how


class Shuffled:
    """Works on parcels in another order than they come in, a few at a time."""

    workers = 3

    def __init__(self, *, here: bool) -> None:
        self.here = here
        self.random = random.Random(7)  # noqa: S311 - an order, no secret

    def run(self, work: Callable[[bytes], bytes], parcels: Iterable[bytes]) -> Iterator[bytes]:
        """One answer for each parcel, in order."""
        several: list[bytes] = []
        for parcel in parcels:
            several.append(parcel)
            if len(several) == 5:
                yield from self.answers(work, several)
                several = []
        yield from self.answers(work, several)

    def answers(self, work: Callable[[bytes], bytes], several: list[bytes]) -> Iterator[bytes]:
        """The answers to some parcels."""
        numbers = list(range(len(several)))
        self.random.shuffle(numbers)
        found = {number: work(several[number]) for number in numbers}
        return (found[number] for number in range(len(several)))


# Same bytes


@pytest.mark.usefixtures("small_parcels")
@pytest.mark.parametrize("here", [True, False], ids=["here", "elsewhere"])
def test_in_another_order_the_same_bytes(plain: Whole, tmp_path: Path, here: bool) -> None:
    site = plain.copy(tmp_path / "site")
    assert site.build(executor=Shuffled(here=here)).ok
    assert site.outputs() == plain.serial


@pytest.mark.usefixtures("small_parcels")
def test_several_processes_make_the_same_bytes(plain: Whole, tmp_path: Path) -> None:
    site = plain.copy(tmp_path / "site")
    assert site.build(jobs=3).ok
    assert site.outputs() == plain.serial
    assert multiprocessing.active_children() == []


BUILD = """
import sys, time
from pathlib import Path
from generator.build import build
from generator.engine import processes
from generator.stages import parse_all, render_all

if __name__ == "__main__":
    how, root, now = sys.argv[1:]
    processes._way_to_start = lambda: how
    parse_all._A_PARCEL = render_all._TEMPLATES_A_PARCEL = 5
    report = build(Path(root), now=int(now), clock=time.monotonic, jobs=2)
    sys.exit([str(problem) for problem in report.problems if problem.severity == "error"] or 0)
"""


@pytest.mark.parametrize("how", ["fork", "spawn"])
def test_processes_of_another_folder_zone_locale_and_hash_seed_make_the_same_bytes(tmp_path: Path, how: str) -> None:
    here = whole(tmp_path / "here", "clarion") if how == "spawn" else whole(tmp_path / "here", "plain")
    there = here.copy(tmp_path / "some where" / "élse")
    environment = {**os.environ, "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    script = tmp_path / "script.py"
    script.write_text(BUILD, encoding="utf-8")
    command = [sys.executable, str(script), how, str(there.root), str(instant(NOW))]
    done = subprocess.run(command, env={**environment, **FOUND_HERE}, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert there.outputs() == here.serial


def test_an_edit_is_built_by_processes_as_by_one(plain: Whole, tmp_path: Path) -> None:
    one, several = plain.copy(tmp_path / "one"), plain.copy(tmp_path / "several")
    written = []
    for site, jobs in ((one, 1), (several, 2)):
        site.build(jobs=jobs)
        site.edit("content/posts/post-5.md", "A part", "Another part")
        written.append(site.build(jobs=jobs).written)
    assert written[0] == written[1]
    assert one.outputs() == several.outputs()


# Processes


def work_of(parcel: bytes) -> bytes:
    """A parcel and the process that did it."""
    return b"%d %s" % (os.getpid(), parcel)


@contextmanager
def two() -> Iterator[Processes]:
    """Two processes, and none afterwards."""
    with processes(2) as found:
        yield found
    assert multiprocessing.active_children() == []


def numbered(count: int) -> list[bytes]:
    """So many parcels."""
    return [b"%d" % number for number in range(count)]


def test_answers_come_in_order_from_every_process() -> None:
    with two() as pool:
        assert pool.workers == 2
        answers = [answer.split() for answer in pool.run(work_of, numbered(50))]
    assert [number for _, number in answers] == numbered(50)
    assert len({pid for pid, _ in answers}) == 2
    assert b"%d" % os.getpid() not in {pid for pid, _ in answers}


def slow_first(parcel: bytes) -> bytes:
    """The first parcel takes longest."""
    time.sleep(0.2 if parcel == b"0" else 0)
    return parcel


def test_a_slow_parcel_holds_up_its_own_process_only() -> None:
    with two() as pool:
        assert list(pool.run(slow_first, numbered(12))) == numbered(12)


def test_parcels_are_made_as_the_work_goes_on() -> None:
    """However many there are, few are under way: memory stays bounded."""
    made = taken = most = 0

    def parcels() -> Iterator[bytes]:
        nonlocal made
        for parcel in numbered(200):
            made += 1
            yield parcel

    with two() as pool:
        for _ in pool.run(bytes, parcels()):
            most = max(most, made - taken)
            taken += 1
    assert taken == 200
    assert most <= 2 * HELD + 1


def test_a_parcel_that_takes_long_keeps_nobody_else_waiting() -> None:
    """What others finish meanwhile is held back, to a bound."""
    made = 0

    def parcels() -> Iterator[bytes]:
        nonlocal made
        for parcel in numbered(200):
            made += 1
            yield parcel

    with two() as pool:
        answers = pool.run(slow_first, parcels())
        assert next(answers) == numbered(1)[0]
        assert made == 2 * HELD + 1
        assert len(list(answers)) == 199


def test_nobody_waits_for_work_that_was_dropped() -> None:
    """Neither the parcels that were not made yet nor those that wait are done; the processes go on with other work."""
    with two() as pool:
        before = time.monotonic()
        answers = pool.run(time.sleep, [0, *[0.3] * 100])  # type: ignore[arg-type, list-item]
        next(answers)
        answers.close()
        assert list(pool.run(bytes, numbered(3))) == numbered(3)
        assert time.monotonic() - before < 2


def test_one_run_may_go_on_inside_another() -> None:
    """As where a worker lacks what a parcel names, and gets it once more."""
    with two() as pool:
        found = [(answer, *pool.run(bytes, [answer * 2])) for answer in pool.run(bytes, numbered(20))]
    assert found == [(number, number * 2) for number in numbered(20)]


def test_parcels_and_answers_larger_than_any_buffer_pass_each_other() -> None:
    with two() as pool:
        assert [len(answer) for answer in pool.run(bytes, [bytes(3_000_000)] * 12)] == [3_000_000] * 12


def mistaken(parcel: bytes) -> bytes:
    """A mistake of the program."""
    raise LookupError(f"no {parcel!r}")


class Odd(Exception):  # noqa: N818 - it is one for a test
    """An exception that cannot be read again from what it is packed as."""

    def __init__(self, one: int, other: int) -> None:
        super().__init__(f"{one} and {other}")


class Locked(Exception):  # noqa: N818 - it is one for a test
    """An exception that cannot be packed."""

    def __init__(self) -> None:
        super().__init__("locked")
        self.lock = threading.Lock()


def odd(_parcel: bytes) -> bytes:
    """A mistake that does not travel."""
    raise Odd(1, 2)


def locked(_parcel: bytes) -> bytes:
    """Another."""
    raise Locked


@pytest.mark.parametrize(
    ("work", "kind", "words"),
    [
        (mistaken, LookupError, "no b'1'"),
        (odd, RuntimeError, "Odd: 1 and 2"),
        (locked, RuntimeError, "Locked: locked"),
    ],
)
def test_a_mistake_in_a_process_is_one_here_and_says_where(
    work: Callable[[bytes], bytes], kind: type[Exception], words: str
) -> None:
    with two() as pool, pytest.raises(kind, match=words) as caught:
        list(pool.run(work, [b"1"]))
    told = "".join(traceback.format_exception(caught.value))
    assert "In a process of this build:" in told
    assert f"in {work.__name__}" in told


class Bomb:
    """A parcel that cannot be read."""

    def __reduce__(self) -> tuple[Any, ...]:
        return operator.truediv, (1, 0)


def test_a_parcel_that_cannot_be_read_there_is_a_mistake_here() -> None:
    with two() as pool, pytest.raises(ZeroDivisionError):
        list(pool.run(bytes, [b"1", Bomb(), b"2"]))  # type: ignore[list-item]


def test_a_work_that_cannot_be_sent_is_a_mistake_here() -> None:
    with two() as pool, pytest.raises(Exception, match=r"[Pp]ickle"):
        list(pool.run(lambda parcel: parcel, [b"1"]))


def end_itself(parcel: bytes) -> bytes:
    """A process that is ended in the middle of its work."""
    if parcel == b"3":
        os.kill(os.getpid(), signal.SIGKILL)
    return parcel


def test_a_process_that_is_ended_is_told_at_once() -> None:
    with two() as pool, pytest.raises(Refused) as caught:
        list(pool.run(end_itself, numbered(20)))
    assert caught.value.problem.code == "CL920"


def test_when_one_fails_the_others_are_gone_before_anybody_clears_up() -> None:
    """Else they would go on writing into a folder that is being removed."""
    with two() as pool:
        answers = pool.run(end_itself, numbered(20))
        with pytest.raises(Refused):
            list(answers)
        assert multiprocessing.active_children() == []


def test_a_process_that_is_ended_while_it_answers_is_told_too() -> None:
    """A part of a large answer has come, and the rest never will."""

    def parcels() -> Iterator[bytes]:
        yield bytes(20_000_000)
        time.sleep(0.3)
        for child in multiprocessing.active_children():
            os.kill(child.pid or 0, signal.SIGKILL)
        yield b"1"

    with two() as pool, pytest.raises(Refused) as caught:
        list(pool.run(bytes, parcels()))
    assert caught.value.problem.code == "CL920"


def test_processes_are_spawned_where_a_thread_runs() -> None:
    """A fork of a process with threads may find a lock held by one that is not there."""
    held = threading.Event()
    thread = threading.Thread(target=held.wait)
    alone = engine._way_to_start()
    thread.start()
    try:
        assert engine._way_to_start() == "spawn"
        with two() as pool:
            assert list(pool.run(bytes, numbered(5))) == numbered(5)
    finally:
        held.set()
        thread.join()
    assert alone == ("fork" if sys.platform == "linux" else "spawn")


def test_a_small_site_pays_for_no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.engine.workforce._processors", lambda: 2)
    with ExitStack() as stack:
        workforce = Workforce(stack)
        assert isinstance(workforce.here(10, 11), Serial)
        many = workforce.here(11, 11)
        assert many.workers == 2
        assert workforce.anywhere(1, 11) is many
        assert isinstance(Workforce(stack, jobs=1).here(10**6, 11), Serial)
        elsewhere = Shuffled(here=False)
        assert Workforce(stack, elsewhere=elsewhere).anywhere(1, 11) is elsewhere
    assert multiprocessing.active_children() == []


# Ended in the middle


def of_one_child(number: int) -> Callable[..., None]:
    """Sends a signal to a process of the build, once parse is under way."""
    told: list[int] = []

    def progress(_stage: str, _done: int, _all: int) -> None:
        if not told:
            told.extend(child.pid or 0 for child in multiprocessing.active_children())
            os.kill(told[0], number)

    return progress


@pytest.mark.usefixtures("small_parcels")
def test_a_build_one_of_whose_processes_is_ended_writes_nothing_and_the_next_is_fine(
    plain: Whole, tmp_path: Path
) -> None:
    site = plain.copy(tmp_path / "site")
    report = site.build(jobs=2, progress=of_one_child(signal.SIGKILL))
    assert (report.ok, [problem.code for problem in report.problems]) == (False, ["CL920"])
    assert not site.output.exists()
    assert multiprocessing.active_children() == []
    assert site.build(jobs=2).ok
    assert site.outputs() == plain.serial


BUSY = """
import sys, time
from multiprocessing import active_children
from generator.engine import processes

def parcels():
    yield from (60, 60, 60)
    print(*(child.pid for child in active_children()), flush=True)
    time.sleep(60)

if __name__ == "__main__":
    processes._way_to_start = lambda: sys.argv[1]
    try:
        with processes.processes(2) as pool:
            list(pool.run(time.sleep, parcels()))
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
"""

MASKED = """
import signal
from generator.engine import processes

def held(_parcel):
    return bytes(signal.pthread_sigmask(signal.SIG_BLOCK, []))

if __name__ == "__main__":
    processes._way_to_start = lambda: "spawn"
    with processes.processes(2) as pool:
        print([[int(each) for each in mask] for mask in pool.run(held, [b"", b""])])
"""


def test_a_spawned_process_never_sees_ctrl_c_from_its_first_moment_on(tmp_path: Path) -> None:
    """What multiprocessing starts for itself before the first of them lets the signal through again."""
    script = tmp_path / "script.py"
    script.write_text(MASKED, encoding="utf-8")
    command = [sys.executable, str(script)]
    done = subprocess.run(command, env={**os.environ, **FOUND_HERE}, capture_output=True, text=True, check=True)
    assert done.stdout == f"{[[int(signal.SIGINT)]] * 2}\n"


INTERRUPTED = """
import sys, time
from multiprocessing import active_children
from pathlib import Path
from generator.build import build
from generator.stages import parse_all, render_all

def progress(stage, done, everything):
    if stage == "render" and done:
        print(*(child.pid for child in active_children()), flush=True)
        time.sleep(60)

if __name__ == "__main__":
    parse_all._A_PARCEL = render_all._TEMPLATES_A_PARCEL = 5
    try:
        build(Path(sys.argv[1]), now=int(sys.argv[2]), clock=time.monotonic, jobs=2, progress=progress)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
"""


def is_running(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    with suppress(OSError):
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        return state not in "ZX"
    if Path("/proc/self").exists():
        return False
    with suppress(OSError):
        os.kill(pid, 0)
        return True
    return False


def left_running(pids: Iterable[int]) -> list[int]:
    """Those that still run after a while."""
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        if not any(map(is_running, pids)):
            return []
        time.sleep(0.02)
    return [pid for pid in pids if is_running(pid)]


@contextmanager
def begun(script: Path, text: str, *arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], list[int]]]:
    """A program that has told the ids of its processes, as the head of a group of its own."""
    script.write_text(text, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, str(script), *arguments],
        env={**os.environ, **FOUND_HERE},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        pids = [int(word) for word in process.stdout.readline().split()]
        assert len(pids) == 2, process.communicate(timeout=WAIT)
        yield process, pids
    finally:
        process.kill()
        process.communicate()


ENDS: dict[str, Callable[[int], None]] = {
    "Ctrl-C": lambda pid: os.killpg(pid, signal.SIGINT),
    "Ctrl-C to the first alone": lambda pid: os.kill(pid, signal.SIGINT),
    "Ctrl-C twice": lambda pid: [os.killpg(pid, signal.SIGINT) for _ in range(2)] and None,
    "asked to end": lambda pid: os.kill(pid, signal.SIGTERM),
    "killed": lambda pid: os.kill(pid, signal.SIGKILL),
}


@pytest.mark.parametrize("how", ["fork", "spawn"])
@pytest.mark.parametrize("end", ENDS)
def test_whatever_ends_the_program_ends_its_processes(tmp_path: Path, how: str, end: str) -> None:
    with begun(tmp_path / "script.py", BUSY, how) as (process, pids):
        ENDS[end](process.pid)
        assert left_running([process.pid, *pids]) == []
        _, errors = process.communicate(timeout=WAIT)
    if end.startswith("Ctrl-C") and end != "Ctrl-C twice":
        assert errors == b"Stopped.\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells when a process began to listen")
def test_ctrl_c_while_processes_begin_is_for_the_first_alone() -> None:
    """From their first moment on, they do not know of it."""
    with two() as pool:
        list(pool.run(bytes, [b"1"]))
        for child in multiprocessing.active_children():
            status = Path(f"/proc/{child.pid}/status").read_text(encoding="utf-8")
            (blocked,) = (line.split()[1] for line in status.splitlines() if line.startswith("SigBlk"))
            assert int(blocked, 16) & 1 << (signal.SIGINT - 1)
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_an_interrupted_build_leaves_nothing_and_the_next_is_fine(plain: Whole, tmp_path: Path) -> None:
    site = plain.copy(tmp_path / "site")
    with begun(tmp_path / "script.py", INTERRUPTED, str(site.root), str(instant(NOW))) as (process, pids):
        os.killpg(process.pid, signal.SIGINT)
        assert left_running([process.pid, *pids]) == []
        _, errors = process.communicate(timeout=WAIT)
    assert errors == b"Stopped.\n"
    assert sorted(path.name for path in site.root.iterdir()) == [".clarion", "content", "site.toml"]
    assert site.build(jobs=2).ok
    assert site.outputs() == plain.serial


# A cluster


class Cluster:
    """A scheduler and workers on the loopback, as processes of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "scheduler.json"
        self.scheduler = self.start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-show")
        self.workers = [
            self.start("worker", "--nthreads", "1", "--no-nanny", "--local-directory", str(folder / f"{number}"))
            for number in range(2)
        ]

    def start(self, what: str, *more: str) -> subprocess.Popen[bytes]:
        """A process of Dask's own."""
        command = [sys.executable, "-m", f"distributed.cli.dask_{what}", "--scheduler-file", str(self.file)]
        with (self.folder / f"{what}.log").open("ab") as log:
            return subprocess.Popen(
                [*command, "--no-dashboard", *more],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={**os.environ, **FOUND_HERE, "DASK_CONFIG": str(self.folder)},
            )

    @property
    def address(self) -> str:
        """Where the scheduler answers."""
        from distributed.utils import json_load_robust

        end = time.monotonic() + WAIT
        while not self.file.exists() and time.monotonic() < end:
            time.sleep(0.02)
        address: str = json_load_robust(self.file)["address"]
        return address.replace("tcp://", "dask://")

    def end(self) -> None:
        """All of them are gone."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def dask_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """A scheduler and two workers."""
    pytest.importorskip("distributed")
    monkeypatch.setenv("DASK_CONFIG", str(tmp_path))
    (tmp_path / "dask").mkdir()
    found = Cluster(tmp_path / "dask")
    try:
        yield found
    finally:
        found.end()


class Watched:
    """Another executor, and something that happens once a few parcels are done."""

    def __init__(self, executor: Executor, act: Callable[[], object], after: int) -> None:
        self.workers, self.here = executor.workers, executor.here
        self.executor, self.act, self.after = executor, act, after
        self.done = 0

    def run(self, work: Callable[[bytes], bytes], parcels: Iterable[bytes]) -> Iterator[bytes]:
        """As the other does."""
        for answer in self.executor.run(work, parcels):
            yield answer
            self.done += 1
            if self.done == self.after:
                self.act()


@pytest.mark.usefixtures("small_parcels")
def test_a_cluster_one_of_whose_workers_is_ended_in_mid_build_makes_the_same_bytes(
    plain: Whole, tmp_path: Path, dask_cluster: Cluster, capfd: pytest.CaptureFixture[str]
) -> None:
    site = plain.copy(tmp_path / "site")
    parses = -(-len(list(site.root.glob("content/**/*.md"))) // 2)
    with connected(dask_cluster.address) as executor:
        client = executor._pool._client  # type: ignore[attr-defined]
        client.wait_for_workers(2, timeout=WAIT)
        watched = Watched(executor, dask_cluster.workers[0].kill, after=parses + 5)
        assert site.build(executor=watched).ok
        assert watched.done > watched.after + 10
        assert len(client.nthreads()) == 1
    assert dask_cluster.workers[0].wait(WAIT) == -signal.SIGKILL
    assert site.outputs() == plain.serial
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("small_parcels")
def test_a_cluster_that_goes_is_told_and_nothing_is_written(
    plain: Whole,
    tmp_path: Path,
    dask_cluster: Cluster,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """First its workers go, then nobody but the scheduler is there, then it goes too, then nobody answers."""
    site = plain.copy(tmp_path / "site")
    address = dask_cluster.address
    found = []
    with connected(address) as executor:
        monkeypatch.setattr(cluster, "_PATIENCE", 0.8)
        monkeypatch.setattr(cluster, "_LOOK_EVERY", 0.2)
        for worker in dask_cluster.workers[1:]:
            worker.kill()
        report = site.build(executor=Watched(executor, dask_cluster.workers[0].kill, after=3))
        found.append([str(problem) for problem in report.problems])
    with suppress(Refused), connected(address):
        pytest.fail("there is no worker")
    dask_cluster.workers.append(dask_cluster.start("worker", "--nthreads", "1", "--no-nanny"))
    monkeypatch.setattr(cluster, "_PATIENCE", WAIT)
    with connected(address) as executor:
        monkeypatch.setattr(cluster, "_PATIENCE", 0.8)
        report = site.build(executor=Watched(executor, dask_cluster.scheduler.kill, after=3))
        found.append([str(problem) for problem in report.problems])
    with pytest.raises(Refused, match=f"CL923 no scheduler answers at {address}"), connected(address):
        pytest.fail("there is no scheduler")
    assert found == [
        ["error CL924 the cluster has no worker left"],
        ["error CL923 the scheduler of the cluster has gone"],
    ]
    assert not site.output.exists()
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("small_parcels")
def test_a_cluster_has_the_plugins_of_a_site_or_is_refused(
    site: TinySite, tmp_path: Path, dask_cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The source of a site's own plugins travels; a package has to be there already, in the same state."""
    for path, text in EXAMPLES.items():
        site.write(path, SETTINGS + text if path == "site.toml" else text)
    assert site.build(jobs=1).ok
    alone = site.outputs()
    shutil.rmtree(site.root / ".clarion")
    site.output = tmp_path / "other"
    with connected(dask_cluster.address) as executor:
        report = site.build(executor=executor, output=site.output)
        assert (report.problems, site.outputs()) == ((), alone)
        zipfile.ZipFile(wheel(tmp_path)).extractall(tmp_path / "here")
        monkeypatch.syspath_prepend(tmp_path / "here")
        installed.cache_clear()
        site.write("site.toml", f'{SETTINGS}[plugins]\nnames = ["everything"]\n[plugins.everything]\nword = "x"\n')
        site.remove("templates/not_found.html")
        refused = site.build(executor=executor).problems
    assert [str(problem) for problem in refused] == [
        "error CL921 a worker has another state of the plugin “everything”"
    ]


@pytest.mark.parametrize("address", ["dask://", "dask:127.0.0.1", "tcp://127.0.0.1:8786", "", "nonsense"])
def test_an_address_of_another_form_is_refused(address: str) -> None:
    with pytest.raises(Refused, match=r"CL923 .* is not the address of a scheduler"), connected(address):
        pytest.fail("it was taken")


def test_without_dask_the_hint_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(Refused) as caught, connected("dask://127.0.0.1:9"):
        pytest.fail("there is no Dask")
    assert (caught.value.problem.code, caught.value.problem.hint) == (
        "CL922",
        'Install it: pip install "clarion[dask]".',
    )


HERE = {"distributed": version("distributed"), "generator.engine.parcels:__name__": "generator.engine.parcels"}


class Machines:
    """A client of a cluster: what each machine of it has, by its name."""

    def __init__(self, **machines: dict[str, str]) -> None:
        self.machines = machines

    def run_on_scheduler(self, _what: object, name: str) -> str:
        """What the scheduler has."""
        if name not in self.machines["scheduler"]:
            raise ModuleNotFoundError(name=name)
        return self.machines["scheduler"][name]

    def run(self, _what: object, name: str, on_error: str) -> dict[str, Any]:
        """What each worker has."""
        assert on_error == "return"
        return {worker: self.machines[worker].get(name, ModuleNotFoundError(name=name)) for worker in self.nthreads()}

    def nthreads(self) -> dict[str, int]:
        """All workers are there."""
        return {worker: 1 for worker in self.machines if worker != "scheduler"}


OLDER = {**HERE, "distributed": "1.0"}
WITHOUT = {"distributed": HERE["distributed"]}


@pytest.mark.parametrize(
    ("machines", "told"),
    [
        ({"scheduler": WITHOUT, "a": HERE}, "the scheduler has no Clarion"),
        ({"scheduler": HERE, "a": HERE, "b": WITHOUT}, "the worker at b has no Clarion"),
        ({"scheduler": OLDER, "a": HERE}, "the scheduler has Dask 1.0 where this machine has "),
        ({"scheduler": HERE, "a": HERE, "b": OLDER}, "the worker at b has Dask 1.0 where this machine has "),
    ],
)
def test_a_machine_without_the_same_is_told_by_name(machines: dict[str, dict[str, str]], told: str) -> None:
    cluster._refuse_others(Machines(scheduler=HERE, a=HERE, b=HERE))
    with pytest.raises(Refused, match=f"CL921 {told}"):
        cluster._refuse_others(Machines(**machines))


class Killed(Exception):  # noqa: N818 - it stands for one of Dask's
    """What Dask raises when it gives up."""


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (CancelledError(), "CL923"),
        (Killed(), "CL924"),
        (ModuleNotFoundError(name="generator.stages"), "CL921"),
    ],
)
def test_what_ends_work_in_a_cluster_is_a_problem(error: Exception, told: str) -> None:
    future: Future[bytes] = Future()
    future.set_exception(error)
    with pytest.raises(Refused, match=told):
        cluster._patiently(Machines(a=HERE), Killed)(future)


@pytest.mark.parametrize("error", [LookupError("a"), ModuleNotFoundError(name="other"), TimeoutError()])
def test_a_mistake_in_a_cluster_is_one_here(error: Exception) -> None:
    future: Future[bytes] = Future()
    future.set_exception(error)
    with pytest.raises(type(error)):
        cluster._patiently(Machines(a=HERE), Killed)(future)


# Anything with `submit`


def test_anything_with_submit_will_do(plain: Whole, tmp_path: Path) -> None:
    """Threads of a worker take turns: parsing and drawing keep tools that one at a time may use."""
    site = plain.copy(tmp_path / "site")
    with ThreadPoolExecutor(4) as pool:
        assert site.build(executor=Submitting(pool, 4, here=False)).ok
    assert site.outputs() == plain.serial


def test_what_is_under_way_elsewhere_is_bounded_and_given_up_when_nobody_waits() -> None:
    futures: list[Future[bytes]] = []

    class Pool(ThreadPoolExecutor):
        def submit(self, *_arguments: Any, **_named: Any) -> Future[bytes]:  # type: ignore[override]
            futures.append(Future())
            futures[0].done() or futures[0].set_result(b"")
            return futures[-1]

    with Pool(2) as pool:
        answers = Submitting(pool, 2, here=False).run(bytes, numbered(100))
        next(answers)
        answers.close()
    assert len(futures) == 2 * AHEAD + 1
    assert all(future.cancelled() for future in futures[1:])


def test_a_build_that_is_refused_leaves_no_process(plain: Whole, tmp_path: Path) -> None:
    site = plain.copy(tmp_path / "site")
    site.edit("content/posts/post-9.md", "title: Post-9", "title: [Post-9")
    report: Report = site.build(jobs=2)
    assert not report.ok
    gc.collect()
    assert multiprocessing.active_children() == []
    assert not site.output.exists()
