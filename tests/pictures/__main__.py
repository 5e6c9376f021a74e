"""`python -m tests.pictures [NAME …]`: make the pictures of `docs/images/` anew, of the examples that stand above them.

Each directive's example in `docs/writing.md` is built with the theme that Clarion comes with, and taken as readers see
it; so a picture shows what its example gives. What needs a browser needs what `make judge` installs.
"""

import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from msgspec import Struct
from PIL import Image, ImageDraw

from tests.judge import programs
from tests.judge.making import DEMONSTRATION, NOW, build, made_sites
from tests.judge.programs import ROOT, Programs
from tests.judge.server import published
from tests.judge.site import BuiltSite, read_site

IMAGES = ROOT / "docs/images"
WRITING = ROOT / "docs/writing.md"
COLOURS = 64
SETTINGS = """\
[site]
title = "River notes"
base_url = "https://rivers.example/"

[theme]
name = "clarion"
"""
SOURCES = """\
sources:
  - { id: report, role: quoted, title: The river report, publisher: River Office, published: 2026-05 }
  - { id: gauges, title: Daily levels of the river, publisher: River Office, url: "https://office.example/levels" }
  - { id: letter, title: Letter to the council, author: Mara Quill, published: 2026-05-02 }"""
LINES = """\
[night]
name = "The Night Listeners (invented)"
country = "GB"
phone = "+44 20 7946 0018"
hours = "every night, 22 to 6"
languages = ["en"]
note = "Nobody asks for your name."
"""


class Picture(Struct, frozen=True):
    """A picture of one page: of `text` and the example of the section `heading`, or of the article in the file `whole`.

    `clip` says what of the page is in it, `hide` what between that is not, `open` which details are opened first;
    `again` shows the example twice.
    """

    name: str
    heading: str = ""
    text: str = ""
    whole: str = ""
    front: str = SOURCES
    clip: str = ".text > *"
    hide: str = ""
    open: str = ""
    again: bool = False


NOTE = """\
content_note:
  topics: [torture, killing]
  text: It describes no injuries and shows no pictures.
  support: ["https://help.example/"]
summary: What is known, without details."""
HISTORY = """\
history:
  - { date: 2026-05-03, type: correction, text: The dam was built in 1968., was: "1986" }"""
SOURCE = """\
sources:
  - { id: report, role: based-on, title: The river report, url: "https://news.example/river", publisher: The Daily, \
published: 2026-05, archived: [{ url: "https://archive.example/copy", date: 2026-05-05 }] }"""

PICTURES = (
    Picture("source", text="The river fell.", front=SOURCE, clip=".source"),
    Picture("note", text="The river fell.", front=NOTE, clip="section.note"),
    Picture("history", text="The river fell.", front=HISTORY, clip=".history"),
    Picture("quotation", heading="Quotations"),
    Picture("callout", heading="Callouts"),
    Picture("action", whole="tests/golden/actions/bridge.md", clip="#act-sign"),
    Picture("appeal", heading="`appeal`"),
    Picture("excerpt", heading="`excerpt`"),
    Picture("comment", heading="`comment`"),
    Picture("figure", heading="`figure`"),
    Picture("gallery", heading="`gallery`"),
    Picture("video", heading="`video`"),
    Picture("audio", heading="`audio`"),
    Picture("content-note", heading="`content-note`", again=True, open=".text > details:last-of-type"),
    Picture("redaction", heading="`redact`"),
    Picture("cite", heading="`cite`", clip=".text > *, .sources", hide=".share"),
    Picture("statistic", heading="`statistic`"),
    Picture("timeline", heading="`timeline`"),
    Picture("pull-quote", heading="`pull-quote`"),
    Picture("resource", heading="`resource`"),
)
LOOK = "look"


def main(wanted: list[str]) -> int:
    """0: all that was asked for is made. 1: something could not be made. 2: no browser, or no such picture."""
    known = [picture.name for picture in PICTURES]
    unknown = [name for name in wanted if name not in (*known, LOOK)]
    if unknown:
        _say(f"There is no picture {', '.join(unknown)}. There are: {', '.join((*known, LOOK))}.")
        return 2
    found = programs.find()
    if not (found.chromium and found.node and found.modules):
        _say("What is missing, `make judge` installs: " + ", ".join(found.missing))
        return 2
    failed = [picture.name for picture in PICTURES if _is_wanted(picture.name, wanted) and not _made(picture, found)]
    if _is_wanted(LOOK, wanted):
        _look(found)
    return 1 if failed else 0


def _is_wanted(name: str, wanted: list[str]) -> bool:
    return not wanted or name in wanted


def _made(picture: Picture, found: Programs) -> bool:
    """Make one picture; False, and a line that says why, where its example cannot be built."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        _write(folder / "site", _article(picture))
        site, told = _built(folder)
        if site is None:
            _say(f"{picture.name}: {told}")
            return False
        shot = {"width": 800, "height": 900, "scale": 1, "scheme": "light", "margin": 14}
        shown = {"page": "article/", "clip": picture.clip, "hide": picture.hide, "open": picture.open}
        _shoot(site, found, folder, [{**shot, **shown}])
        _say(f"{picture.name}: {_save(Image.open(folder / '0.png'), IMAGES / f'{picture.name}.png')} bytes")
    return True


def _article(picture: Picture) -> str:
    if picture.whole:
        return (ROOT / picture.whole).read_text(encoding="utf-8")
    example = _example(picture.heading) if picture.heading else ""
    body = picture.text + "\n\n".join([example] * (2 if picture.again else 1))
    return f"---\ntitle: The river\ndate: 2026-05-10\nkind: appeal\n{picture.front}\n---\n{body}\n"


def _example(heading: str) -> str:
    """The first Markdown example of a section of `docs/writing.md`."""
    section = re.split(rf"^#{{3,4}} {re.escape(heading)}$", WRITING.read_text(encoding="utf-8"), flags=re.MULTILINE)[1]
    match = re.search(r"^```markdown\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    if match is None:
        raise LookupError(f"the section “{heading}” of docs/writing.md has no example")
    return match[1]


def _write(site: Path, text: str) -> None:
    """A site of one article, with all files that an example may name."""
    files = {
        "site.toml": SETTINGS,
        "content/posts/article.md": text,
        "content/data/resources.toml": LINES,
        "content/posts/pump.vtt": "WEBVTT\n\n00:00.000 --> 00:02.000\nA pump.\n",
        "content/posts/pump.txt": "A pump runs.\n",
        "content/posts/mara.txt": "The river fell.\n",
    }
    for name, content in files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(content, encoding="utf-8")
    for name, shown in {"pump.mp4": "lantern-night-bus-canal.mp4", "mara.mp3": "lantern-night-bus-chime.mp3"}.items():
        shutil.copyfile(ROOT / "content/posts" / shown, site / "content/posts" / name)
    for name in ("bank", "boat", "pump", "ward"):
        _drawing(name).save(site / f"content/posts/{name}.jpg", quality=90)


def _drawing(name: str) -> Image.Image:
    """A plain drawing for an example: a bank, a boat, a pump behind a fence, a ward."""
    picture = Image.new("RGB", (960, 600), "#e9e2d2")
    pen = ImageDraw.Draw(picture)
    if name == "ward":
        pen.rectangle((0, 400, 960, 600), fill="#cfc7b6")
        for left in (80, 380, 680):
            pen.rectangle((left, 330, left + 200, 430), fill="#fffdf7", outline="#4d483f", width=4)
            pen.rectangle((left, 250, left + 16, 480), fill="#4d483f")
        return picture
    pen.polygon(((0, 330), (260, 240), (560, 320), (960, 220), (960, 600), (0, 600)), fill="#b9ad92")
    pen.polygon(((0, 470), (960, 400), (960, 600), (0, 600)), fill="#8a8271")
    for left in range(30, 960, 130):
        pen.line(((left, 500), (left + 50, 540), (left + 20, 590)), fill="#5d5a52", width=4)
    if name == "boat":
        pen.polygon(((250, 400), (700, 400), (610, 500), (340, 500)), fill="#a3261c")
        pen.rectangle((460, 200, 472, 400), fill="#4d483f")
    if name == "pump":
        pen.rectangle((360, 250, 620, 460), fill="#4d483f")
        pen.rectangle((620, 380, 900, 420), fill="#4d483f")
        for left in range(0, 960, 60):
            pen.rectangle((left, 300, left + 8, 560), fill="#1a1a1a")
        pen.rectangle((0, 340, 960, 348), fill="#1a1a1a")
    return picture


def _built(folder: Path) -> tuple[BuiltSite | None, str]:
    output = folder / "output"
    command = [sys.executable, "-m", "generator", "build", "--now", NOW]
    done = programs.run([*command, "--site", str(folder / "site"), "--output", str(output)], folder=ROOT)
    if done.returncode:
        return None, f"its example cannot be built:\n{done.stdout}{done.stderr}"
    return read_site("pictures", output, "https://rivers.example/"), ""


def _shoot(site: BuiltSite, found: Programs, folder: Path, shots: Iterable[dict[str, Any]]) -> None:
    """Take each shot into `folder`, as 0.png and so on. Raises RuntimeError where the browser fails."""
    with published(site) as home:
        asked = [
            {**shot, "page": home + shot["page"], "file": str(folder / f"{number}.png")}
            for number, shot in enumerate(shots)
        ]
        orders = folder / "orders.json"
        orders.write_text(json.dumps({"executable": found.chromium, "shots": asked}), encoding="utf-8")
        script = str(Path(__file__).with_name("shoot.mjs"))
        done = programs.run([found.node, script, str(programs.MODULES), str(orders)], seconds=300)
    if done.returncode:
        raise RuntimeError(f"the browser failed (exit {done.returncode}): {done.stderr[-2000:]}")


def _save(picture: Image.Image, file: Path) -> int:
    """Write a picture of few colours; how many bytes it has."""
    few = picture.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(file, optimize=True)
    return file.stat().st_size


def _look(found: Programs) -> None:
    """The picture of the README: the front page and two articles of the demonstration site, side by side."""
    demonstration = next(made for made in made_sites() if made.name == DEMONSTRATION)
    tall, margin, gap = 812, 26, 26
    shots = [
        {"page": "", "width": 1120, "scale": 0.75, "scheme": "light"},
        {"page": "lantern-night-bus/", "width": 400, "scale": 0.82, "scheme": "light"},
        {"page": "chechnya-visas/", "width": 400, "scale": 0.82, "scheme": "dark"},
    ]
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        site = build(demonstration, folder / "demonstration")
        rest = {"clip": "", "hide": "", "open": "", "margin": 0}
        _shoot(site, found, folder, [{**shot, **rest, "height": round(tall / shot["scale"]) + 2} for shot in shots])
        panels = [Image.open(folder / f"{number}.png").convert("RGB") for number in range(len(shots))]
        width = 2 * margin + gap * (len(panels) - 1) + sum(panel.width for panel in panels)
        whole = Image.new("RGB", (width, tall + 2 * margin), "#8b887f")
        left = margin
        for panel in panels:
            whole.paste(panel.crop((0, 0, panel.width, tall)), (left, margin))
            left += panel.width + gap
        _say(f"{LOOK}: {_save(whole, IMAGES / f'{LOOK}.png')} bytes")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
