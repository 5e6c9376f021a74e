"""The programs of others that the judges run: where they are, how they are installed, and what to say without them."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".judge"
REPORTS = FOLDER / "reports"
MODULES = FOLDER / "node_modules"
MANIFESTS = ("package.json", "package-lock.json")
NODE_MAJOR = 18

CHROMIUM_NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
NAMES: dict[str, tuple[str, ...]] = {
    "chromium": CHROMIUM_NAMES,
    "exiftool": ("exiftool",),
    "java": ("java",),
    "node": ("node", "nodejs"),
    "npm": ("npm",),
    "xmllint": ("xmllint",),
}
DEBIAN = {
    "chromium": "chromium",
    "exiftool": "libimage-exiftool-perl",
    "java": "default-jre-headless",
    "node": "nodejs",
    "npm": "npm",
    "xmllint": "libxml2-utils",
}


class Programs(Struct, frozen=True):
    """Where each program is ('' where it is not); `modules` says whether Node's packages are installed."""

    chromium: str
    exiftool: str
    java: str
    node: str
    npm: str
    xmllint: str
    modules: bool

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not there, by Debian's names, and Node's packages as one."""
        absent = [DEBIAN[name] for name in NAMES if not getattr(self, name)]
        return (*absent, *(() if self.modules else ("the packages of tests/judge/package.json",)))


def run(
    command: Sequence[str],
    *,
    folder: Path | None = None,
    seconds: float = 600,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, without input. Raises subprocess.TimeoutExpired after `seconds`."""
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=seconds,
        check=False,
    )


def answered(
    node: str, modules: Path, script: Path, orders: Mapping[str, Any], folder: Path, name: str, seconds: float
) -> bytes:
    """What a script of Node answers to its orders, both of them JSON in files of this name in `folder`.

    Raises: RuntimeError where it fails, subprocess.TimeoutExpired after `seconds`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    orders_file, answers_file = folder / f"{name}-orders.json", folder / f"{name}-answers.json"
    orders_file.write_text(json.dumps(orders), encoding="utf-8")
    done = run([node, str(script), str(modules), str(orders_file), str(answers_file)], seconds=seconds)
    if done.returncode:
        raise RuntimeError(f"{script.name} failed (exit {done.returncode}): {done.stderr[-2000:]}")
    return answers_file.read_bytes()


def find() -> Programs:
    """The programs as they are on this machine. A `java` or `node` that does not run (a stub) is not there."""
    found = {name: next(filter(None, map(shutil.which, names)), "") for name, names in NAMES.items()}
    if found["java"] and run([found["java"], "-version"], seconds=60).returncode:
        found["java"] = ""
    if found["node"] and not _is_new_enough(found["node"]):
        found["node"] = ""
    stamp = FOLDER / "installed"
    modules = stamp.is_file() and MODULES.is_dir() and stamp.read_text(encoding="utf-8") == _wanted()
    return Programs(**found, modules=modules)


def prepare() -> Programs:
    """Install what is missing where that is allowed: Debian's packages for root, Node's into `.judge/`."""
    programs = find()
    debian = [DEBIAN[name] for name in NAMES if not getattr(programs, name)]
    apt = shutil.which("apt-get")
    if debian and apt and os.geteuid() == 0:
        _tell(f"Installing {', '.join(debian)}")
        quiet = {"DEBIAN_FRONTEND": "noninteractive"}
        _insist(run([apt, "update", "-qq"], environment=quiet))
        _insist(run([apt, "install", "-qq", "-y", "--no-install-recommends", *debian], seconds=1200, environment=quiet))
        programs = find()
    if programs.npm and programs.node and not programs.modules:
        _tell("Installing Node's packages into .judge/")
        _install_modules(programs.npm)
        programs = find()
    return programs


def _install_modules(npm: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    for name in MANIFESTS:
        shutil.copyfile(Path(__file__).with_name(name), FOLDER / name)
    if _insist(run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder=FOLDER)):
        (FOLDER / "installed").write_text(_wanted(), encoding="utf-8")


def _wanted() -> str:
    parts = [Path(__file__).with_name(name).read_bytes() for name in MANIFESTS]
    return hashlib.blake2b(b"\0".join(parts), digest_size=16).hexdigest()


def _is_new_enough(node: str) -> bool:
    done = run([node, "--version"], seconds=60)
    major = done.stdout.strip().removeprefix("v").partition(".")[0]
    return done.returncode == 0 and major.isdigit() and int(major) >= NODE_MAJOR


def _insist(done: subprocess.CompletedProcess[str]) -> bool:
    if done.returncode == 0:
        return True
    lines = (done.stderr or done.stdout).strip().splitlines()
    _tell(f"{Path(done.args[0]).name} failed: {lines[-1] if lines else f'exit {done.returncode}'}")
    return False


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
