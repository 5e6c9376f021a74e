"""The versions of all that shapes an output: part of every key."""

import platform
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from generator.engine.digest import DIGEST_SIZE

_SHAPERS = (
    "Jinja2", "MarkupSafe", "Markdown", "pyromark", "selectolax", "Pygments", "Babel", "nh3", "pillow", "msgspec",
    "python-frontmatter", "PyYAML", "phonenumbers", "regex", "segno", "tzdata",
)  # fmt: skip


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """The versions of Python, of Clarion and of the libraries that shape an output, and the digest of our source.

    The source counts besides the version: who works on Clarion itself never sees what an older line of it made.
    """
    found = {name: number for name in ("clarion", *_SHAPERS) if (number := _version(name))}
    return {"Python": platform.python_version(), **found, "source": source_digest(Path(str(files("generator"))))}


def source_digest(folder: Path) -> str:
    """The digest of all code and of all tables of rules (Python, TOML) below a folder, names included."""
    digest = blake2b(digest_size=DIGEST_SIZE)
    for file in sorted((*folder.rglob("*.py"), *folder.rglob("*.toml"))):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(folder).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except ModuleNotFoundError:
        return ""
