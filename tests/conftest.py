"""A tiny site in a temporary folder: what most tests are about."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from generator.build import build
from generator.markup import Converted
from generator.model.report import Report

NOW = "2026-11-22T12:00:00Z"
SETTINGS = """\
[site]
id = "tiny.example"
title = "Tiny"
base_url = "https://tiny.example/"
timezone = "Europe/Madrid"

[share]
kit = "none"
images = "none"

[theme]
name = "plain"
"""
"""What is drawn to be shared takes time, and few tests are about it."""


def folded(result: Converted) -> Converted:
    """What a conversion gives, its plain text in lines that are not empty, with one space where there was more."""
    lines = [" ".join(line.split()) for line in result.plain.split("\n")]
    return replace(result, plain="\n".join(filter(None, lines)))


def instant(text: str) -> int:
    """The UTC seconds of an ISO 8601 instant."""
    return int(datetime.fromisoformat(text).astimezone(UTC).timestamp())


class TinySite:
    """A site that a test writes, edits and builds."""

    def __init__(self, root: Path, settings: str = SETTINGS) -> None:
        self.root = root
        self.output = root / "output"
        self.write("site.toml", settings)
        (root / "content").mkdir(exist_ok=True)

    def write(self, path: str, text: str | bytes) -> Path:
        """Writes a file below the site root, with its folders."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
        return target

    def post(self, name: str, body: str = "Words.", **front: str) -> Path:
        """Writes `content/posts/NAME.md`; `front` are lines of front matter."""
        lines = {"title": name.capitalize(), "date": "2026-11-01", **front}
        head = "\n".join(f"{key}: {value}" for key, value in lines.items() if value)
        return self.write(f"content/posts/{name}.md", f"---\n{head}\n---\n{body}\n")

    def edit(self, path: str, old: str, new: str) -> None:
        """Replaces words in a file; they must be there."""
        target = self.root / path
        text = target.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {path}"
        target.write_text(text.replace(old, new), encoding="utf-8")

    def remove(self, path: str) -> None:
        """Removes a file."""
        (self.root / path).unlink()

    def build(self, now: str = NOW, **options: Any) -> Report:
        """Builds the site as of `now`."""
        ticks = iter(range(10**9))
        return build(self.root, now=instant(now), clock=lambda: float(next(ticks)), **options)

    def problems(self, **options: Any) -> list[str]:
        """What a build says is wrong, a line each."""
        return [str(problem) for problem in self.build(**options).problems]

    def read(self, path: str) -> str:
        """The text of an output."""
        return (self.output / path).read_text(encoding="utf-8")

    def outputs(self) -> dict[str, bytes]:
        """Every file of the output folder by its path."""
        return {
            path.relative_to(self.output).as_posix(): path.read_bytes()
            for path in sorted(self.output.rglob("*"))
            if path.is_file() and path.name != ".clarion-output"
        }

    def everything_written(self) -> bytes:
        """All bytes and all names Clarion has left on disk, output and state."""
        found = []
        for folder in (self.output, self.root / ".clarion"):
            for path in sorted(folder.rglob("*")):
                found.append(str(path.relative_to(self.root)).encode())
                if path.is_file():
                    found.append(path.read_bytes())
        return b"\n".join(found)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[TinySite]:
    """An empty tiny site with the plain theme."""
    root = tmp_path / "site"
    root.mkdir()
    return TinySite(root)
