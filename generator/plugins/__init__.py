"""Which plugins there are: every module of `kinds` and `checks` is one, and so is each that the site names."""

from generator.plugins.guards import OF_PLUGINS
from generator.plugins.manager import (
    Named,
    commands_by_name,
    connect_to,
    load_plugins,
    plugin_manager,
    readers_of,
    versions_with,
)

__all__ = [
    "OF_PLUGINS",
    "Named",
    "commands_by_name",
    "connect_to",
    "load_plugins",
    "plugin_manager",
    "readers_of",
    "versions_with",
]
