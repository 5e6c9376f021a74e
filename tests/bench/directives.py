"""`python -m tests.bench.directives`: what articles cost that use all directives of words, beside plain ones as long.

Printed, and never failing: what it says depends on the machine. Wanted is at most 1.5 times the time with the
default engine. Pictures and recordings are left out, for they cost the same with `![…](…)`, and so are the share kits
of articles with actions, which are pictures for the most part and are drawn once.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from msgspec import structs

from tests.bench import corpus
from tests.bench.clarion import place, write_site
from tests.bench.corpus import LINK, Post
from tests.bench.generator import write_posts, yaml_head
from tests.bench.processes import Cost, run

MOST = 1.5
_HEAD = """\
summary: What was counted, and by whom.
kind: shared
content_note: { topics: [loss], level: described, text: It shows nothing. }
sources:
  - { id: daily, role: based-on, title: A long report, publisher: The Daily, url: "https://daily.example/" }
  - { id: letter, role: quoted, title: A letter, author: Mara Quill, url: "https://letters.example/" }
  - { id: count, title: The count, publisher: River Office, accessed: 2026-05-04 }
actions:
  - id: sign
    url: https://rivers.example/sign
    title: Keep the river free
    organiser: { name: Rivers First }
    recipients: [{ name: The ministry }]
    closes: 2031-05-01
    asks_for: [name, email]
    public_signature: optional
    safety_note: Your name may be seen.
history:
  - { date: 2031-01-01, type: correction, text: It was fourteen., was: It was eleven. }
  - { date: 2031-01-02, type: update, text: The ministry has answered. }"""
_LINES = '[night]\nname = "The Night Listeners"\ncountry = "GB"\nphone = "+44 20 7946 0018"\nlanguages = ["en"]\n'


def main(arguments: list[str]) -> int:
    """0: measured and printed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.directives", description=__doc__)
    parser.add_argument("--posts", type=int, default=1000, help="articles of each site")
    parser.add_argument("--runs", type=int, default=5, help="cold builds of each, in turn; the quickest counts")
    parser.add_argument("--engine", default="python-markdown", help="python-markdown or commonmark")
    parser.add_argument(
        "--jobs", type=int, default=1, help="processes; with one, what else the machine does counts least"
    )
    chosen = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="clarion-directives-"))
    try:
        sites = {"plain": _plain, "directives": _directed}
        for name, written in sites.items():
            _write(folder / name, list(written(corpus.posts(chosen.posts))), chosen.engine)
        costs: dict[str, list[Cost]] = {name: [] for name in sites}
        for _ in range(chosen.runs):
            for name, found in costs.items():
                found.append(_cold(folder / name, chosen.jobs, folder / "log"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    best = {name: min(cost.cpu for cost in found) for name, found in costs.items()}
    for name, found in costs.items():
        words = sum(len(post.body.split()) for post in sites[name](corpus.posts(chosen.posts))) // chosen.posts
        said = f"{best[name]:.2f} s of processor time, {min(cost.wall for cost in found):.2f} s in all"
        sys.stdout.write(f"{name}: {chosen.posts} articles of {words} words: {said}\n")
    sys.stdout.write(f"{best['directives'] / best['plain']:.2f} times the time; at most {MOST} are wanted\n")
    return 0


def _write(site: Path, posts: Iterable[Post], engine: str) -> None:
    """A site of these posts; those that use directives say more in their front matter, and have help lines to show."""
    write_site(site, (), engine=engine, theme="clarion", photographs=False)
    with (site / "site.toml").open("a", encoding="utf-8") as settings:
        settings.write('[share]\nkit = "none"\nimages = "none"\n')
    (site / "content/data").mkdir(parents=True)
    (site / "content/data/resources.toml").write_text(_LINES, encoding="utf-8")
    write_posts(site, posts, place, _head, lambda post: f"/{post.target}/")


def _head(post: Post) -> str:
    return yaml_head(post, *([_HEAD] if ":::" in post.body else ()))


def _cold(site: Path, jobs: int, log: Path) -> Cost:
    """One build from nothing. Raises RuntimeError where it fails, with what it told."""
    for left in (site / "output", site / ".clarion"):
        shutil.rmtree(left, ignore_errors=True)
    command = (sys.executable, "-m", "generator", "build", "--jobs", str(jobs), "--now", "2031-02-01T00:00:00Z")
    cost = run(command, site, log=log, environment={}, seconds=3600.0, memory=False)
    if cost.code:
        raise RuntimeError(cost.told[-2000:])
    return cost


def _plain(posts: Iterable[Post]) -> Iterator[Post]:
    for post in posts:
        yield structs.replace(post, body=post.body.replace(f"]({LINK})", "](https://rivers.example/older)"))


def _directed(posts: Iterable[Post]) -> Iterator[Post]:
    """The same posts, with directives around what they say: the words stay, so that both are as long."""
    for post in _plain(posts):
        blocks = post.body.rstrip("\n").split("\n\n")
        kept = [_AROUND[index](block) if index in _AROUND else block for index, block in enumerate(blocks)]
        yield structs.replace(post, body="\n\n".join(kept) + "\n")


def _enclosed(opening: str) -> Callable[[str], str]:
    return lambda block: f"{opening}\n{block}\n:::"


def _dated(block: str) -> str:
    items = "\n".join(f"- 2026-0{day}: {line.removeprefix('- ')}" for day, line in enumerate(block.split("\n"), 1))
    return f":::timeline[How it came]\n{items}\n:::"


def _again(block: str) -> str:
    last = block.split(". ")[-1].rstrip(".")
    return f"{block}\n\n::pull-quote[{last}]\n\n::statistic[of them are dry]{{value=9 source=count as_of=2026-05}}"


# By the number of a block of `corpus`: paragraphs, a list, a quotation.
_AROUND: dict[int, Callable[[str], str]] = {
    0: lambda block: f"{block} They said so.:cite[daily] Both did.:cite[letter]",
    1: _enclosed(":::comment[What I think]"),
    3: _enclosed(
        ':::appeal{from="River People" signed="Mara Quill" role=clerk date=2026-05-01 words=ours source=letter}'
    ),
    4: _enclosed(':::content-note[what was seen]{topics="a fall" level=described}'),
    5: _dated,
    7: lambda block: f'{block} It was :redact{{reason="a name"}}.\n\n::action{{id=sign}}',
    8: lambda block: f":::excerpt{{source=letter}}\n{block.removeprefix('> ')}\n:::",
    11: _again,
    13: lambda block: f"> [!NOTE]\n> {block}\n\n::resource{{country=GB language=en}}",
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
