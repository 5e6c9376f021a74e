"""Plugins as values, so that a worker can have the same ones."""

from typing import Any

from msgspec import Struct


class Plugin(Struct, frozen=True):
    """A plugin that the settings name; `digest` is that of its source, `settings` are as the site gives them.

    Of a plugin of the site `sources` are its Python files, by their names below `plugins/`. Of an installed one `entry`
    says where it is found (`package.module` or `package.module:object`), and every machine has its own copy.
    """

    name: str
    digest: str
    sources: dict[str, bytes] = {}
    entry: str = ""
    settings: dict[str, Any] = {}


class Plugins(Struct, frozen=True):
    """Plugins in the order of their names; `digest` is that of sources and settings of all, '' without any."""

    each: tuple[Plugin, ...] = ()
    digest: str = ""

    def __hash__(self) -> int:
        return hash(self.digest)
