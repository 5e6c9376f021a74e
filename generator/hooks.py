"""The plugin API: what a plugin may add, and the one hook that changes. `docs/plugins.md` shows each at work."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Literal

import pluggy
from msgspec import Struct

from generator.engine.executors import Executor, Submitting
from generator.model.document import Card, Document, Entry
from generator.model.job import Artifact, Job, Listed, Output, Shared, TextOf
from generator.model.job import View as Deferred
from generator.model.library import Library
from generator.model.plugin import Plugins
from generator.model.problem import Problem

if TYPE_CHECKING:
    import click

    from generator.config import Config
    from generator.theme import Theme

__all__ = [
    "PROJECT",
    "Artifact",
    "Card",
    "Check",
    "Connect",
    "Deferred",
    "Document",
    "Entry",
    "Executor",
    "Fact",
    "Filter",
    "Hooks",
    "Job",
    "Library",
    "Listed",
    "Mistake",
    "Output",
    "Problem",
    "Producer",
    "Reader",
    "Shared",
    "Site",
    "Submitting",
    "TextOf",
    "View",
    "Written",
    "hookimpl",
    "hookspec",
]

PROJECT = "clarion"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Site(Struct, frozen=True):
    """What an output kind, a fact or a check may know: the published site, its settings, its theme, its plugins."""

    library: Library
    config: "Config"
    theme: "Theme"
    plugins: Plugins = Plugins()


class Check(Struct, frozen=True):
    """A check of the whole site; its `code` is its name. `run` returns what it finds."""

    code: str
    sentence: str
    run: Callable[[Site], Iterable[Problem]]


class Mistake(Struct, frozen=True):
    """What is wrong in a text of another format, with its place in the file; lines and columns count from 1."""

    message: str
    line: int = 1
    column: int = 1
    hint: str = ""
    severity: Literal["error", "warning"] = "error"


class Written(Struct, frozen=True):
    """A text of another format as Clarion reads it: front matter as plain values, and a body in Markdown or `html`.

    `line` is the line of the file at which the body begins: as long as lines stay lines, messages name the right one.
    """

    body: str
    matter: dict[str, Any] = {}
    line: int = 1
    mistakes: tuple[Mistake, ...] = ()
    html: bool = False


Producer = Callable[[Mapping[str, Any]], bytes]
View = Callable[..., Any]
Fact = Callable[[Site, str], Any]
Filter = Callable[..., Any]
Reader = Callable[[str], Written]
Connect = Callable[[str], AbstractContextManager[Executor]]


class Hooks:
    """The hooks. Each adds; `clarion_finish` alone changes.

    A hook of a plugin may ask for `settings` besides: the plugin's own, as its `clarion_settings` declares them.
    """

    @hookspec
    def clarion_settings(self) -> type[Struct]:
        """A frozen struct: the keys of `[plugins.NAME]` with their types and defaults."""
        raise NotImplementedError

    @hookspec
    def clarion_sources(self) -> Mapping[str, Reader]:
        """Readers of other formats by the suffix of their files (`.txt`): pure functions of a file's text."""
        raise NotImplementedError

    @hookspec
    def clarion_theme(self) -> str:
        """A folder beside the plugin with `directives/ templates/ static/ locales/`, read behind the base theme."""
        raise NotImplementedError

    @hookspec
    def clarion_outputs(self, site: Site) -> Iterable[Output]:
        """The outputs of one kind."""
        raise NotImplementedError

    @hookspec
    def clarion_indexes(self, site: Site, outputs: Sequence[Output]) -> Iterable[Output]:
        """Outputs that list other outputs, such as the sitemap; `outputs` are those of `clarion_outputs`."""
        raise NotImplementedError

    @hookspec
    def clarion_producers(self) -> Mapping[str, Producer]:
        """Makers of outputs that no template draws, by name; each gets the output's inputs and returns bytes."""
        raise NotImplementedError

    @hookspec
    def clarion_views(self) -> Mapping[str, View]:
        """Views by name: pure functions that work a value out where its page is drawn (`generator.model.job.View`)."""
        raise NotImplementedError

    @hookspec
    def clarion_filters(self) -> Mapping[str, Filter]:
        """Filters for templates by name: pure functions of the value before the bar."""
        raise NotImplementedError

    @hookspec
    def clarion_facts(self) -> Mapping[str, Fact]:
        """Facts for templates by name (`site.menu`): functions of the site and a language."""
        raise NotImplementedError

    @hookspec
    def clarion_checks(self) -> Iterable[Check]:
        """Checks of the whole site."""
        raise NotImplementedError

    @hookspec
    def clarion_finish(self, artifact: Artifact, job: Job) -> Artifact:
        """A pure function of one artifact, run where it was made: its content and problems may change.

        Plugins go in the order of their names, and Clarion's own last: nobody changes what they have looked at.
        """
        raise NotImplementedError

    @hookspec
    def clarion_executors(self) -> Mapping[str, Connect]:
        """Who else does the work, by the scheme of `--executor SCHEME://…`: context managers that give an executor."""
        raise NotImplementedError

    @hookspec
    def clarion_commands(self) -> "Iterable[click.Command]":
        """Commands beside those of Clarion."""
        raise NotImplementedError
