"""`python -m tests.judge.shots [WORDS…]`: a contact sheet, every kind of page in each theme, for people to look at.

Each page is taken in light and dark, at three widths, from left to right and from right to left, into `.judge/shots/`;
`index.html` there shows them all. With WORDS only shots whose names hold all of them are taken. It never fails: what is
missing is told.
"""

import html
import json
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from generator.pipeline.outlooks import outlook
from tests.judge import programs
from tests.judge.making import ROOT, SITES, MadeSite, build
from tests.judge.programs import run
from tests.judge.server import published
from tests.judge.site import BuiltSite

SHOTS = programs.FOLDER / "shots"
NOON = 1_795_348_800
"""2026-11-22T12:00:00Z, as the judges' sites are built."""
THEMES = ("clarion", "plain")
SCHEMES = ("light", "dark")
WIDTHS = (360, 768, 1440)
WORKERS = 2
EDITIONS = 'editions.text="all"'
ARTICLES = 10
ONE_OF_A_KIND = 1


class Shot(Struct, frozen=True):
    """One picture to take: a page of a site, `kind` and `path` as planned, in one theme, scheme and width."""

    kind: str
    path: str
    theme: str
    direction: str
    scheme: str
    width: int

    @property
    def name(self) -> str:
        """The name of its file: what it shows, in the order of the sheet."""
        slug = self.path.removesuffix("index.html").strip("/").replace("/", "-") or "front"
        return f"{self.kind}-{slug}-{self.theme}-{self.direction}-{self.scheme}-{self.width}"


def main(words: Sequence[str]) -> int:
    """Always 0: it is for people, and says what it could not do."""
    found = programs.find()
    if not (found.chromium and found.node and found.modules):
        _say(f"No shots: {', '.join(found.missing)} missing. `python -m tests.judge` installs what it may.")
        return 0
    started = time.monotonic()
    SHOTS.mkdir(parents=True, exist_ok=True)
    taken: list[Shot] = []
    for direction, folder in (("ltr", ROOT), ("rtl", SITES / "arabic")):
        pages = chosen_pages(folder)
        for theme in THEMES:
            shots = [
                Shot(kind, path, theme, direction, scheme, width)
                for kind, path in pages
                for width in WIDTHS
                for scheme in SCHEMES
            ]
            shots = [shot for shot in shots if all(word in shot.name for word in words)]
            if shots:
                with tempfile.TemporaryDirectory() as place:
                    made = MadeSite(f"shots-{direction}-{theme}", folder, (f'theme.name="{theme}"', EDITIONS))
                    taken += _take(build(made, Path(place)), shots, found.chromium, found.node)
    (SHOTS / "index.html").write_text(sheet(taken), encoding="utf-8")
    shown = (SHOTS / "index.html").relative_to(ROOT)
    _say(f"{len(taken)} shots in {time.monotonic() - started:.0f} s: open {shown}")
    return 0


def chosen_pages(folder: Path) -> list[tuple[str, str]]:
    """Kind and path of the pages of a site that are looked at: some articles, and one page of every other kind."""
    seen, _ = outlook(folder, now=NOON, overrides=(EDITIONS,))
    counts: dict[str, int] = {}
    chosen = []
    for outputs in seen.plan.rounds if seen else ():
        for output in outputs:
            if not output.path.endswith(".html") or output.kind == "redirect":
                continue
            counts[output.kind] = counts.get(output.kind, 0) + 1
            if counts[output.kind] <= (ARTICLES if output.kind == "article" else ONE_OF_A_KIND):
                chosen.append((output.kind, output.path))
    return chosen


def _take(site: BuiltSite, shots: Sequence[Shot], chromium: str, node: str) -> Iterable[Shot]:
    """The shots that could be taken."""
    with published(site) as home:
        orders = {
            "executable": chromium,
            "workers": WORKERS,
            "shots": [
                {
                    "url": home + site.url(shot.path).removeprefix(site.base_url),
                    "file": str(SHOTS / f"{shot.name}.png"),
                    "scheme": shot.scheme,
                    "width": shot.width,
                }
                for shot in shots
            ],
        }
        file = SHOTS / f"{site.name}-orders.json"
        file.write_text(json.dumps(orders), encoding="utf-8")
        script = str(Path(__file__).with_name("shots.mjs"))
        done = run([node, script, str(programs.MODULES), str(file)], seconds=60 + 10 * len(shots))
        file.unlink()
    for line in (*done.stdout.splitlines(), *done.stderr.splitlines()[-3:]):
        _say(line)
    return [shot for shot in shots if (SHOTS / f"{shot.name}.png").is_file()]


def sheet(taken: Sequence[Shot]) -> str:
    """The contact sheet: a row for each page, a picture for each way of looking at it."""
    rows = []
    for kind, path in dict.fromkeys((shot.kind, shot.path) for shot in taken):
        cells = "".join(
            f'<a href="{html.escape(shot.name)}.png"><img loading="lazy" src="{html.escape(shot.name)}.png" alt="">'
            f"{shot.theme} {shot.direction} {shot.scheme} {shot.width}</a>"
            for shot in taken
            if (shot.kind, shot.path) == (kind, path)
        )
        rows.append(f"<h2>{html.escape(kind)}: /{html.escape(path)}</h2><p>{cells}</p>")
    style = (
        "body{font:16px system-ui;margin:2rem}p{display:flex;gap:1rem;overflow-x:auto}a{font-size:12px;color:inherit}"
        "img{display:block;inline-size:15rem;block-size:22rem;object-fit:cover;object-position:top;outline:1px solid}"
    )
    head = f'<meta charset="utf-8"><title>Contact sheet</title><style>{style}</style>'
    return f"<!doctype html>\n<html lang=en>{head}\n<h1>Contact sheet</h1>\n" + "\n".join(rows) + "\n"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
