"""A built site as a judge sees it: a folder of files, and the address at which they are to be published."""

from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

from msgspec import Struct

# What a path may hold unencoded besides letters and digits (RFC 3986 section 3.3).
KEPT = "/:@!$&'()*+,;=~"


class Finding(Struct, frozen=True, order=True):
    """One thing a judge objects to. `path` is the output file; `line` counts from 1, 0 means the file as a whole."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}"


class Address(Struct, frozen=True):
    """Where an address leads: to an output file and a fragment, outwards (both empty), or nowhere (`problem`)."""

    path: str = ""
    fragment: str = ""
    problem: str = ""


class BuiltSite(Struct, frozen=True):
    """A built folder. `base_url` is absolute and ends with a slash; `paths` are relative, with `/`, sorted."""

    name: str
    folder: Path
    base_url: str
    paths: tuple[str, ...]

    def read(self, path: str) -> str:
        """The text of an output file (UTF-8; a byte that is not raises UnicodeDecodeError)."""
        return (self.folder / path).read_text(encoding="utf-8")

    def with_suffix(self, *suffixes: str) -> tuple[str, ...]:
        """The output files whose names end so."""
        return tuple(path for path in self.paths if path.lower().endswith(suffixes))

    def url(self, path: str) -> str:
        """The absolute address of an output file, percent-encoded (RFC 3986); `index.html` is not written."""
        return self.base_url + quote(path.removesuffix("index.html") if is_index(path) else path, safe=KEPT)

    def lead(self, path: str, value: str) -> Address:
        """Where `value`, written in the output file `path`, leads (RFC 3986 section 5, HTML's index.html)."""
        if value != value.strip() or any(ord(character) <= 32 for character in value):
            return Address(problem="has a space or a control character")
        try:
            written, target = urlsplit(value), urlsplit(urljoin(self.url(path), value))
        except ValueError as problem:
            return Address(problem=f"is no address ({problem})")
        if written.scheme in ("http", "https") and not written.hostname:
            return Address(problem="names no host")
        base = urlsplit(self.base_url)
        if target.scheme not in ("http", "https"):
            return Address(problem="runs script" if target.scheme in ("javascript", "vbscript") else "")
        if target.netloc != base.netloc:
            return Address()
        if not (target.path or "/").startswith(base.path):
            return Address(problem=f"leaves the site's folder {base.path}")
        found = unquote(target.path[len(base.path) :])
        if found == "" or found.endswith("/"):
            found += "index.html"
        if found in self.paths:
            return Address(path=found, fragment=unquote(target.fragment))
        if f"{found}/index.html" in self.paths:
            return Address(problem="lacks its closing slash")
        return Address(problem="leads to nothing")


def is_index(path: str) -> bool:
    """Whether a file is the index of its folder."""
    return path == "index.html" or path.endswith("/index.html")


def read_site(name: str, folder: Path, base_url: str) -> BuiltSite:
    """The built folder as it stands; files whose names begin with `.clarion` are never deployed and left out."""
    found = sorted(
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*")
        if file.is_file() and not file.name.startswith((".clarion", ".git"))
    )
    return BuiltSite(name, folder, base_url if base_url.endswith("/") else f"{base_url}/", tuple(found))
