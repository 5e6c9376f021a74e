"""Clarion: a static site generator for awareness articles. The public API; each name is imported on first use.

The pipeline itself is the function `generator.build.build`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from generator.config import Config, load_config
    from generator.hooks import hookimpl
    from generator.model.problem import Problem
    from generator.model.report import Report

__all__ = ["Config", "Problem", "Report", "hookimpl", "load_config"]
_HOMES = {
    "Config": "generator.config",
    "Problem": "generator.model.problem",
    "Report": "generator.model.report",
    "hookimpl": "generator.hooks",
    "load_config": "generator.config",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
