"""Modules made of source that is at hand, in a namespace of their own: neither files nor `sys.path` are asked."""

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from types import ModuleType

from msgspec import Struct

_PACKAGE = "__init__"


class _Source(Struct, frozen=True):
    """A module to be made: what messages call its file, its text, whether others stand below it."""

    path: str
    text: bytes
    is_package: bool


class _Shelf(MetaPathFinder, Loader):
    """Finds some modules by their full names, and nothing else."""

    def __init__(self, modules: Mapping[str, _Source]) -> None:
        self._modules = modules

    def has(self, name: str) -> bool:
        """Whether it is one of these."""
        return name in self._modules

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 (as importlib names it)
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """How a module is made; None when it is none of these."""
        found = self._modules.get(fullname)
        return spec_from_loader(fullname, self, is_package=found.is_package) if found else None

    def exec_module(self, module: ModuleType) -> None:
        """Run the text of a module in it."""
        found = self._modules[module.__name__]
        code = compile(found.text, found.path, "exec", dont_inherit=True)
        exec(code, module.__dict__)  # noqa: S102 (code of the site's own author, which the settings name)


def made_module(name: str, sources: Mapping[str, bytes], folder: str) -> ModuleType:
    """The module `name`, made of the files `sources`: either one file, or all files of a package.

    Messages call the files by their names below `folder`. Inside the package imports are relative. A module that was
    made before is the same one, so `name` has to tell sources apart. Raises: whatever the source raises.
    """
    if not any(isinstance(each, _Shelf) and each.has(name) for each in sys.meta_path):
        modules = {_dotted(name, path): _source(path, text, folder) for path, text in sources.items()}
        sys.meta_path.append(_Shelf(modules))
    return import_module(name)


def _source(path: str, text: bytes, folder: str) -> _Source:
    return _Source(f"{folder}/{path}", text, path.endswith(f"/{_PACKAGE}.py"))


def _dotted(name: str, path: str) -> str:
    """The full name of the module that a file makes: `maps/tiles.py` is `NAME.tiles`."""
    steps = path.removesuffix(".py").split("/")[1:]
    if steps and steps[-1] == _PACKAGE:
        steps.pop()
    return ".".join((name, *steps))
