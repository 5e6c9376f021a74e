"""The course of a bench: who is measured, in which order, and what counts."""

import shutil
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from tests.bench import corpus, made
from tests.bench.clarion import clarion, place
from tests.bench.generator import Generator
from tests.bench.install import install_peers
from tests.bench.machine import this_machine
from tests.bench.processes import Cost, run
from tests.bench.results import EDIT, NOTHING, PYTHON_MARKDOWN, Results, Row, Run, Size
from tests.bench.serving import change_a_word, reload_times

# What takes longer is run twice only, and looked at while it is timed.
SLOW = 60.0
SLOW_RUNS = 2
SAVES = 10
# Above this load others take what is measured: with both cores busy a build may take four times as long.
BUSY = 0.5
LONGEST = 7200.0
_WORDS_OF = 200

Tell = Callable[[str], None]


class Plan(Struct, frozen=True):
    """How many posts, how many cold runs of each, whether ten times as many posts too; `only` names families."""

    posts: int
    runs: int
    scale: bool
    only: frozenset[str]

    def wants(self, family: str) -> bool:
        """Whether a family of generators is measured."""
        return not self.only or family in self.only


class Failed(Exception):  # noqa: N818 (what failed is a generator)
    """A generator did not build, or did not make the pages; the message names it."""


class Bench:
    """One bench in a folder of its own, which holds a site for each generator while it runs."""

    def __init__(self, plan: Plan, folder: Path, tell: Tell) -> None:
        self.plan = plan
        self.folder = folder
        self.tell = tell
        self.looking = 0.0

    def site(self, generator: Generator) -> Path:
        """The folder of a generator's site."""
        return self.folder / generator.key

    def write(self, generator: Generator, posts: int) -> None:
        """Write the site of a generator anew."""
        site = self.site(generator)
        shutil.rmtree(site, ignore_errors=True)
        site.mkdir()
        generator.write(site, corpus.posts(posts))

    def build(self, generator: Generator, *, memory: bool = False) -> Cost:
        """Build once. Raises Failed where the generator does."""
        site = self.site(generator)
        try:
            cost = run(
                generator.command,
                site,
                log=self.folder / "log",
                environment=generator.surroundings(site),
                seconds=LONGEST,
                memory=memory,
            )
        except TimeoutError as error:
            raise Failed(f"{generator.name}: {error}") from None
        if cost.code:
            raise Failed(f"{generator.name} ended with {cost.code}:\n{cost.told[-2000:]}")
        self.looking = max(self.looking, cost.looking / cost.wall)
        return cost

    def cold(self, generator: Generator, *, memory: bool = False) -> Cost:
        """Build once from nothing but the texts."""
        generator.clean(self.site(generator))
        return self.build(generator, memory=memory)

    def check(self, generator: Generator, posts: int) -> int:
        """The number of files that were made. Raises Failed where pages are missing."""
        site = self.site(generator)
        if faults := made.faults(generator, site, posts):
            told = "\n".join(f"  {fault}" for fault in faults[:20])
            raise Failed(f"{generator.name} did not make its pages ({len(faults)} faults):\n{told}")
        return sum(1 for path in (site / generator.output).rglob("*") if path.is_file())


def measure(plan: Plan, folder: Path, tell: Tell) -> Results:
    """Measure all that the plan asks for, in `folder`. Raises Failed."""
    bench = Bench(plan, folder, tell)
    machine = this_machine(folder)
    if machine.load > BUSY:
        tell(f"This machine has other work (load {machine.load:.2f}): what is measured now says little.")
    generators: list[Generator] = []
    if plan.wants("clarion"):
        generators += (clarion("commonmark"), clarion("python-markdown"))
        generators += (
            clarion("python-markdown", "clarion"),
            clarion("python-markdown", "clarion", photographs=True),
        )
    peers, left_out = install_peers(plan.wants, tell)
    rows = _cold_rows(bench, [*generators, *peers])
    reloads: tuple[float, ...] = ()
    sizes: tuple[Size, ...] = ()
    if plan.wants("clarion"):
        ours = generators[1]
        edited, reloads = _edits(bench, ours)
        rows = [*rows, *edited]
        sizes = _sizes(bench, ours, next(row for row in rows if row.key == PYTHON_MARKDOWN))
    return Results(
        machine=machine,
        posts=plan.posts,
        words=_mean_words(),
        rows=tuple(rows),
        sizes=sizes,
        reloads=reloads,
        looking=bench.looking,
        left_out=tuple(left_out),
    )


def _cold_rows(bench: Bench, generators: list[Generator]) -> list[Row]:
    """Cold builds in turn. What a build left is removed after it, so that the sites share the memory they lie in."""
    runs: dict[str, list[Run]] = {}
    memory: dict[str, int] = {}
    files: dict[str, int] = {}
    for generator in generators:
        bench.tell(f"{generator.name}: writing {bench.plan.posts:,} posts, building, checking")
        bench.write(generator, bench.plan.posts)
        cost = bench.cold(generator)
        files[generator.key] = bench.check(generator, bench.plan.posts)
        _tell_cost(bench, generator, cost)
        # the first build of all is a rehearsal, except of what is slow
        runs[generator.key] = [Run(cost.wall, cost.cpu)] if cost.wall > SLOW else []
        generator.clean(bench.site(generator))
    for number in range(bench.plan.runs):
        for generator in generators:
            kept = runs[generator.key]
            if len(kept) >= SLOW_RUNS and kept[0].wall > SLOW:
                continue
            slow = bool(kept) and kept[0].wall > SLOW
            cost = bench.cold(generator, memory=slow)
            kept.append(Run(cost.wall, cost.cpu))
            _tell_cost(bench, generator, cost)
            memory[generator.key] = max(memory.get(generator.key, 0), cost.memory)
            if number == bench.plan.runs - 1 and not slow:
                generator.clean(bench.site(generator))
                cost = bench.build(generator, memory=True)
                memory[generator.key] = cost.memory
            generator.clean(bench.site(generator))
    return [
        Row(each.key, each.name, each.version, tuple(runs[each.key]), memory[each.key], files[each.key])
        for each in generators
    ]


def _edits(bench: Bench, ours: Generator) -> tuple[list[Row], tuple[float, ...]]:
    """A word changed in another post each time, then nothing changed: each in a new process. Then the preview."""
    bench.tell(f"{ours.name}: a word changed, nothing changed, the preview")
    site = bench.site(ours)
    bench.cold(ours)
    numbers = [(7 + 613 * number) % bench.plan.posts for number in range(bench.plan.runs + SAVES)]
    texts = [site / place(corpus.post(number)) for number in numbers]
    edits, idle = [], []
    for text in texts[: bench.plan.runs]:
        change_a_word(text)
        cost = bench.build(ours)
        edits.append(Run(cost.wall, cost.cpu))
    for _ in range(bench.plan.runs):
        cost = bench.build(ours)
        idle.append(Run(cost.wall, cost.cpu))
    change_a_word(texts[0])
    edited = bench.build(ours, memory=True)
    rested = bench.build(ours, memory=True)
    page = f"{corpus.name(0)}/"
    try:
        reloads = reload_times(site, page, texts[bench.plan.runs :], bench.folder / "log", LONGEST)
    except (TimeoutError, OSError) as error:
        raise Failed(f"clarion serve: {error}\n{(bench.folder / 'log').read_text(encoding='utf-8')[-2000:]}") from None
    rows = [
        Row(EDIT, "Clarion, one word changed", ours.version, tuple(edits), edited.memory),
        Row(NOTHING, "Clarion, nothing changed", ours.version, tuple(idle), rested.memory),
    ]
    return rows, tuple(reloads)


def _sizes(bench: Bench, ours: Generator, middle: Row) -> tuple[Size, ...]:
    """A tenth of the posts, all, and ten times as many where that is asked for."""
    posts = bench.plan.posts
    found = [Size(posts, middle.wall, middle.memory)]
    for number in (posts // 10, *((10 * posts,) if bench.plan.scale else ())):
        bench.tell(f"{ours.name}: {number:,} posts")
        bench.write(ours, number)
        runs = [bench.cold(ours).wall for _ in range(bench.plan.runs if number < posts else 1)]
        bench.check(ours, number)
        memory = bench.cold(ours, memory=True).memory
        found.append(Size(number, sorted(runs)[len(runs) // 2], memory))
    shutil.rmtree(bench.site(ours))
    return tuple(sorted(found, key=lambda size: size.articles))


def _tell_cost(bench: Bench, generator: Generator, cost: Cost) -> None:
    bench.tell(f"  {generator.name}: {cost.wall:.2f} s, processor {cost.cpu:.2f} s")


def _mean_words() -> int:
    """Words of a mean post, to the nearest ten."""
    total = sum(len(corpus.post(number).body.split()) for number in range(_WORDS_OF))
    return 10 * round(total / _WORDS_OF / 10)
