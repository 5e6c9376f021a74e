"""What plugins of a site add to the command line."""

import copy
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import click

from generator.cli.show import say_problems
from generator.config import load_config
from generator.engine.refusal import Refused
from generator.plugins import commands_by_name, load_plugins

_NOT_A_MISTAKE = (click.ClickException, click.Abort, click.exceptions.Exit, SystemExit, Refused)


def commands_of(root: Path, taken: Collection[str]) -> dict[str, click.Command]:
    """The commands by name; what is wrong with a plugin is told, and then it has none. `taken` are names of ours."""
    config, _ = load_config(root)
    if config is None:
        return {}
    named, problems = load_plugins(root, config)
    errors = [problem for problem in problems if problem.severity == "error"]
    found: dict[str, click.Command] = {}
    if not errors:
        commands, errors = commands_by_name(named.plugins, taken)
        found = {name: _guarded(command, fault) for name, (command, fault) in commands.items()}
    say_problems(errors, root)
    return found


def _guarded(command: click.Command, fault: Callable[[BaseException], Any]) -> click.Command:
    """The command, whose mistakes are told as the plugin's."""
    own = copy.copy(command)
    invoke = command.invoke

    def guarded(ctx: click.Context) -> Any:
        try:
            return invoke(ctx)
        except _NOT_A_MISTAKE:
            raise
        except Exception as error:
            raise Refused(fault(error)) from error

    own.invoke = guarded  # type: ignore[method-assign]
    return own
