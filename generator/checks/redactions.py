"""Redactions in settings, where nothing would take the text out."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from generator.config import SETTINGS_FILE
from generator.hooks import Check, Site, hookimpl
from generator.markup.redaction import misplaced
from generator.model.problem import Problem


@hookimpl
def clarion_checks() -> Iterable[Check]:
    return (Check("CL561", "A redaction stands in the text of an article.", _check),)


def _check(site: Site) -> Iterator[Problem]:
    for text in _texts(msgspec.to_builtins(site.config)):
        for problem in misplaced(text, SETTINGS_FILE):
            yield msgspec.structs.replace(problem, line=0, column=0)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
