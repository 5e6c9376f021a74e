"""The sites that are judged, each built anew by the real command: the demonstration site, and small ones beside it."""

import shutil
import sys
import tomllib
from functools import cache
from pathlib import Path

from msgspec import Struct

from tests.judge.programs import ROOT, run
from tests.judge.site import BuiltSite, read_site

NOW = "2026-11-22T12:00:00Z"
SITES = Path(__file__).with_name("sites")
DEMONSTRATION = "demonstration"
PARTS = ("site.toml", "content", "templates", "directives", "static", "locales", "plugins")
BUILT_SECONDS = 600


class MadeSite(Struct, frozen=True):
    """A site to build: where its files are, and what `--set` changes."""

    name: str
    folder: Path
    settings: tuple[str, ...] = ()


@cache
def made_sites() -> tuple[MadeSite, ...]:
    """The demonstration site first, then the same in the other theme and under a sub-folder, then `sites/` by name.

    The Arabic one is there in both themes: pages from right to left are of each kind, too.
    """
    return (
        MadeSite(DEMONSTRATION, ROOT),
        MadeSite("demonstration-plain", ROOT, ('theme.name="plain"',)),
        MadeSite("demonstration-below", ROOT, ('site.base_url="https://people.example/one/two/"',)),
        MadeSite("arabic-plain", SITES / "arabic", ('theme.name="plain"',)),
        *(MadeSite(folder.name, folder) for folder in sorted(SITES.iterdir()) if (folder / "site.toml").is_file()),
    )


def build(made: MadeSite, folder: Path) -> BuiltSite:
    """Build a copy of the site inside `folder`. Raises RuntimeError with the command's own words where it fails."""
    source, output = folder / "site", folder / "output"
    source.mkdir(parents=True)
    for part in PARTS:
        origin = made.folder / part
        if origin.is_dir():
            shutil.copytree(origin, source / part)
        elif origin.is_file():
            shutil.copyfile(origin, source / part)
    command = [sys.executable, "-m", "generator", "build", "--site", str(source), "--output", str(output), "--now", NOW]
    command += [word for setting in made.settings for word in ("--set", setting)]
    done = run(command, folder=ROOT, seconds=BUILT_SECONDS)
    if done.returncode:
        raise RuntimeError(f"the build of {made.name} failed (exit {done.returncode}):\n{done.stdout}{done.stderr}")
    return read_site(made.name, output, _base_url(made))


def _base_url(made: MadeSite) -> str:
    settings = tomllib.loads((made.folder / "site.toml").read_text(encoding="utf-8"))
    given = [tomllib.loads(setting).get("site", {}) for setting in made.settings]
    return str(next((site["base_url"] for site in given if "base_url" in site), settings["site"]["base_url"]))
