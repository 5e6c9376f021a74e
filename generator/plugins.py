"""Which plugins there are: every module of `kinds` and `checks` is one."""

import pkgutil
from functools import lru_cache
from importlib import import_module

import pluggy

from generator import checks, kinds
from generator.hooks import PROJECT, Hooks


@lru_cache(maxsize=1)
def plugin_manager() -> pluggy.PluginManager:
    """All plugins, registered in the order of their names; a misspelt hook is an error."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Hooks)
    for package in (kinds, checks):
        for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda found: found.name, reverse=True):
            name = f"{package.__name__}.{module.name}"
            manager.register(import_module(name), name)
    manager.check_pending()
    return manager
