"""How an address of the site is written: relative to an output, or absolute."""

import re
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

from generator.config import Config

_SAFE = "/-._~!$&'()*+,;=:@"
# Neither & nor ': in what a template holds for markup they are written in another way.
_NOTHING_TO_ENCODE = re.compile(r"[A-Za-z0-9/._~!$()*+,;=:@-]*")


def language_root(language: str, config: Config) -> str:
    """`/` for the site's own language, `/ru/` for another."""
    return "/" if language == config.site.language else f"/{language}/"


def encoded(url: str) -> str:
    """An address from the root, percent-encoded outside the characters RFC 3986 allows in a path; `#fragment` stays."""
    if _NOTHING_TO_ENCODE.fullmatch(url):
        return url
    path, hash_mark, fragment = url.partition("#")
    return quote(path, safe=_SAFE) + hash_mark + quote(fragment, safe=_SAFE + "?")


@lru_cache(maxsize=4096, typed=True)
def absolute(base_url: str, url: str) -> str:
    """An address from the site's root (`/water/`) as an absolute one; absolute ones stay."""
    if "://" in url:
        return url
    return base_url.rstrip("/") + encoded(url if url.startswith("/") else f"/{url}")


def base_path(base_url: str) -> str:
    """The path the site lives under, with slashes at both ends."""
    return urlsplit(base_url).path.rstrip("/") + "/"


def old_address(alias: str) -> str:
    """An alias as an address from the root: decoded as the author may have copied it from a browser's address bar.

    What has no suffix is a folder.
    """
    url = unquote(alias)
    return url if url.endswith("/") or "." in url.rpartition("/")[2] else f"{url}/"


def output_path(url: str) -> str:
    """The file that answers an address: `/water/` is `water/index.html`."""
    path = url.partition("#")[0].lstrip("/")
    return f"{path}index.html" if path == "" or path.endswith("/") else path


def address(path: str) -> str:
    """The address of an output file: the inverse of `output_path`."""
    return "/" + path.removesuffix("index.html") if path == "index.html" or path.endswith("/index.html") else f"/{path}"


@lru_cache(maxsize=4096, typed=True)
def relative(depth: int, url: str, links: str = "pretty") -> str:
    """An address from the root as seen from an output `depth` folders deep.

    `links` is `pretty`, or `file` for trees that are opened without a server: then folders end in `index.html`.
    """
    path, hash_mark, fragment = url.lstrip("/").partition("#")
    if links == "file" and (path == "" or path.endswith("/")):
        path += "index.html"
    return encoded(("../" * depth + path or "./") + hash_mark + fragment)
