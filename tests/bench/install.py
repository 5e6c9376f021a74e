"""Where the peers are: each installed into a folder of its own below `.bench/`, or left out with the reason."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from tests.bench.eleventy import eleventy
from tests.bench.generator import PEERS, Generator
from tests.bench.hugo import hugo
from tests.bench.jekyll import jekyll
from tests.bench.nikola import nikola
from tests.bench.pelican import pelican
from tests.judge.programs import NODE_MAJOR, run

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".bench"
PACKAGES: Mapping[str, tuple[str, ...]] = {
    "hugo": ("hugo",),
    "pelican": ("pelican[markdown]", "pelican-neighbors", "pelican-related-posts"),
    "nikola": ("Nikola", "Markdown", "Jinja2"),
}


class LeftOut(Struct, frozen=True):
    """A peer that is not measured, and why."""

    name: str
    reason: str


class Missing(Exception):  # noqa: N818 (what is missing is told in the report, and stops nothing)
    """A peer cannot be installed here; the message says why."""


def install_peers(wanted: Callable[[str], bool], tell: Callable[[str], None]) -> tuple[list[Generator], list[LeftOut]]:
    """The peers whose family `wanted` names, installed where they are not yet, and those that cannot be."""
    makers: Mapping[str, Callable[[], list[Generator]]] = {
        "hugo": _hugo,
        "eleventy": _eleventy,
        "pelican": _pelican,
        "nikola": _nikola,
        "jekyll": _jekyll,
    }
    found: list[Generator] = []
    left_out: list[LeftOut] = []
    FOLDER.mkdir(exist_ok=True)
    for family, make in makers.items():
        if not wanted(family):
            continue
        tell(f"Looking for {family}")
        try:
            found += make()
        except Missing as missing:
            tell(f"  left out: {missing}")
            left_out.append(LeftOut(family.capitalize(), str(missing)))
    return found, left_out


def _hugo() -> list[Generator]:
    folder = _python_packages("hugo")
    # the package's own command is Python that starts this program: Hugo is measured without it
    program = next((str(path) for path in folder.glob("lib/python*/site-packages/hugo/binaries/hugo*")), "")
    program = program or str(folder / "bin/hugo")
    version = _said(program, "version").split()[1].removeprefix("v").partition("-")[0]
    return [hugo(program, version), hugo(program, version, related=False)]


def _pelican() -> list[Generator]:
    program = str(_python_packages("pelican") / "bin/pelican")
    return [pelican(program, _said(program, "--version"))]


def _nikola() -> list[Generator]:
    program = str(_python_packages("nikola") / "bin/nikola")
    return [nikola(program, _said(program, "version").removeprefix("Nikola v"))]


def _eleventy() -> list[Generator]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        raise Missing("Node and npm are not installed (Debian: apt install nodejs npm)")
    running = _said(node, "--version").removeprefix("v")
    if int(running.partition(".")[0]) < NODE_MAJOR:
        raise Missing(f"it needs Node {NODE_MAJOR} or newer, and here is {running}")
    folder = FOLDER / "eleventy"
    modules = folder / "node_modules"
    if not (modules / "@11ty/eleventy").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PEERS / "eleventy/package.json", folder / "package.json")
        _insist([npm, "install", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
    version = json.loads((modules / "@11ty/eleventy/package.json").read_bytes())["version"]
    return [eleventy(node, modules, f"{version} (Node {running})")]


def _jekyll() -> list[Generator]:
    program = shutil.which("jekyll")
    apt = shutil.which("apt-get")
    if not program and apt and os.geteuid() == 0:
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        run([apt, "update", "-qq"], environment=quiet)
        run([apt, "install", "-qq", "-y", "--no-install-recommends", "jekyll"], seconds=1200, environment=quiet)
        program = shutil.which("jekyll")
    if not program:
        raise Missing("it is not installed (Debian: apt install jekyll)")
    return [jekyll(program, _said(program, "--version").removeprefix("jekyll "))]


def _python_packages(peer: str) -> Path:
    """A virtual environment with the packages of a peer."""
    folder = FOLDER / peer
    stamp = folder / "installed"
    packages = PACKAGES[peer]
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == " ".join(packages):
        return folder
    _insist([sys.executable, "-m", "venv", "--clear", str(folder)], ROOT)
    pip = (str(folder / "bin/python"), "-m", "pip", "--disable-pip-version-check", "--quiet")
    _insist([*pip, "install", *packages], ROOT)
    stamp.write_text(" ".join(packages), encoding="utf-8")
    return folder


def _insist(command: list[str], folder: Path) -> None:
    done = run(command, folder=folder, seconds=1200)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise Missing(f"it cannot be installed ({lines[-1] if lines else 'no reason was told'})")


def _said(*command: str) -> str:
    """The last line that a program writes, as it ends well."""
    # in a folder without a site: some read the one they stand in
    done = run(command, folder=FOLDER, seconds=120)
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        raise Missing("it is installed and does not run")
    return lines[-1]
