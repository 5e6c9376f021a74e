"""A build that is killed at any moment leaves the output folder whole, and the next build heals everything."""

import io
import os
import posixpath
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from msgspec import Struct
from PIL import Image

import generator.stages.write
from tests.conftest import NOW, SETTINGS, TinySite

MOMENTS = 3
"""Kills for each way to build; `make judge` asks for many more."""
WHISPER = b"qanat"
"""Is in a text that is published before the edits and a draft afterwards."""
MURMUR = b"zephyr"
"""Is in a text that was never published."""
ARTICLES = 24
_LINKED = re.compile(r'(?:src|href)="([^"#?:]+\.(?:css|svg|png|jpg|webp|ico|csv))"')
_LEFT = (".clarion", "content", "output", "site.toml")


class Way(Struct, frozen=True):
    """One way to build: the site before and its outputs, what they become, how long the command takes in seconds."""

    site: Path
    before: dict[str, bytes]
    after: dict[str, bytes]
    jobs: int
    seconds: float


def _picture(colour: int) -> bytes:
    stream = io.BytesIO()
    Image.effect_noise((120, 90), colour).save(stream, "PNG")
    return stream.getvalue()


def _write(site: TinySite) -> None:
    for number in range(ARTICLES):
        site.post(f"post-{number}", f"Words of {number}.\n\n" * 9, date=f"2026-10-{number + 1:02}", tags="[water]")
    for name, colour in (("bank", 40), ("dam", 60)):
        site.write(f"content/posts/{name}/{name}.png", _picture(colour))
        site.write(f"content/posts/{name}/levels.csv", f"{name},{colour}\n")
        text = f"![A picture of it]({name}.png) and [levels](levels.csv)"
        site.write(f"content/posts/{name}/index.md", f"---\ntitle: {name}\ndate: 2026-09-01\n---\n{text}\n")
    site.post("secret", f"The {WHISPER.decode()}.", title=f"The {WHISPER.decode()}", tags="[water]", date="2026-10-30")
    site.post("draft", f"The {MURMUR.decode()}.", status="draft")


def _edit(site: TinySite) -> None:
    """A text goes, another comes, a third is withdrawn, a picture and the look are replaced."""
    site.post("secret", f"The {WHISPER.decode()}.", title=f"The {WHISPER.decode()}", status="draft", date="2026-10-30")
    site.write("content/posts/bank/bank.png", _picture(90))
    shutil.rmtree(site.root / "content/posts/dam")
    site.post("new", "A new text.", tags="[water, stone]")
    site.edit("content/posts/post-3.md", "Words of 3.", "Other words.")
    site.write("site.toml", SETTINGS.replace('"plain"', '"clarion"') + '[theme.settings]\naccent = "#00508a"\n')


def _command(site: Path, jobs: int) -> list[str]:
    return [sys.executable, "-m", "generator", "build", "--site", str(site), "--now", NOW, "--jobs", str(jobs)]


@pytest.fixture(scope="module", params=["first", "again"])
def kind(request: pytest.FixtureRequest) -> str:
    """Whether the build is the first of its site, or one after edits."""
    return str(request.param)


@pytest.fixture(scope="module", params=[1, 2], ids=["serial", "processes"])
def way(request: pytest.FixtureRequest, kind: str, tmp_path_factory: pytest.TempPathFactory) -> Way:
    """Each way to build, done once to see how long it takes and what it makes."""
    folder = tmp_path_factory.mktemp("way")
    (folder / "site").mkdir()
    site = TinySite(folder / "site", SETTINGS.replace('"plain"', '"clarion"'))
    _write(site)
    before: dict[str, bytes] = {}
    if kind == "again":
        site.build()
        before = site.outputs()
        _edit(site)
    shutil.copytree(site.root, folder / "done", symlinks=True)
    begin = time.monotonic()
    subprocess.run(_command(folder / "done", request.param), check=True, capture_output=True)
    seconds = time.monotonic() - begin
    done = TinySite(folder / "done", (site.root / "site.toml").read_text(encoding="utf-8"))
    return Way(site.root, before, done.outputs(), request.param, seconds)


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_a_killed_build_leaves_the_output_folder_whole_and_the_next_one_heals(
    way: Way, moment: int, tmp_path: Path
) -> None:
    kill_and_heal(way, (moment + random.Random(moment).random()) / MOMENTS, tmp_path / "site")  # noqa: S311


def kill_and_heal(way: Way, part: float, folder: Path) -> None:
    """Builds a copy of the site, kills that when a part of its usual time has passed, looks, builds again, looks."""
    shutil.copytree(way.site, folder, symlinks=True)
    site = TinySite(folder, (way.site / "site.toml").read_text(encoding="utf-8"))
    process = subprocess.Popen(
        _command(folder, way.jobs), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    time.sleep(way.seconds * part)
    process.kill()
    process.wait()
    assert _all_have_ended(process.pid)
    found = site.outputs() if site.output.is_dir() else {}
    strange = [path for path, content in found.items() if content not in (way.before.get(path), way.after.get(path))]
    assert strange == [], part
    assert _dangling(found) == [], part
    assert MURMUR not in _everything_but_sources(folder), part
    assert site.build().ok
    assert site.outputs() == way.after, part
    assert sorted(path.name for path in folder.iterdir()) == sorted(_LEFT), part
    assert (WHISPER in _everything_but_sources(folder)) == any(WHISPER in each for each in way.after.values()), part
    assert site.build().written == ()


def _all_have_ended(group: int) -> bool:
    """Whether no process of the build runs on; workers may take a moment to see that nobody waits for them."""
    for _ in range(200):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    os.killpg(group, signal.SIGKILL)
    return False


def _dangling(outputs: dict[str, bytes]) -> list[tuple[str, str]]:
    """Pages, and the styles, pictures and files they name that are not there."""
    found = []
    for path, content in outputs.items():
        if not path.endswith(".html") or path == "404.html":
            continue
        for target in _LINKED.findall(content.decode()):
            named = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
            if named not in outputs:
                found.append((path, named))
    return found


def _everything_but_sources(folder: Path) -> bytes:
    found = []
    for top in folder.iterdir():
        if top.name not in ("content", "site.toml"):
            for path in (top, *sorted(top.rglob("*"))):
                found.append(path.name.encode())
                if path.is_file():
                    found.append(path.read_bytes())
    return b"\n".join(found)


@pytest.fixture
def moves(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is done to files of the output folder, in order: `+path` for one that is put there, `-path` for one less."""
    done: list[str] = []
    real_replace, real_unlink = os.replace, os.unlink

    def replace(source: str | Path, target: str | Path, **options: int) -> None:
        done.append(f"+{str(target).partition('/output/')[2]}")
        real_replace(source, target, **options)

    def unlink(path: str | Path, **options: int) -> None:
        done.append(f"-{str(path).partition('/output/')[2]}")
        real_unlink(path, **options)

    monkeypatch.setattr(generator.stages.write.os, "replace", replace)
    monkeypatch.setattr(generator.stages.write.os, "unlink", unlink)
    return done


def test_what_a_page_names_is_there_before_the_page_and_goes_after_it(site: TinySite, moves: list[str]) -> None:
    """At each moment between two moves a kill may come."""
    site.write("site.toml", SETTINGS.replace('"plain"', '"clarion"'))
    _write(site)
    site.build()
    page = moves.index("+bank/index.html")
    assert [each for each in moves[page:] if each.endswith((".png", ".csv", ".css", ".svg"))] == []
    moves.clear()
    _edit(site)
    site.build()
    pictures = [each for each in moves if each.startswith("-dam/dam-")]
    assert len(pictures) == 2
    assert all(moves.index("-dam/index.html") < moves.index(picture) for picture in pictures)
    assert moves.index("-dam/index.html") < moves.index("-dam/levels.csv")


def test_an_article_is_there_before_the_lists_that_name_it(site: TinySite, moves: list[str]) -> None:
    site.post("zebra", tags="[water]")
    site.build()
    lists = ("+index.html", "+archive/index.html", "+archive/2026/index.html", "+tags/water/index.html", "+feed.xml")
    assert [each for each in lists if moves.index(each) < moves.index("+zebra/index.html")] == []
