"""The plugin API: what a plugin may add, and the one hook that changes."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pluggy
from msgspec import Struct

from generator.model.job import Artifact, Job, Output
from generator.model.library import Library
from generator.model.problem import Problem

if TYPE_CHECKING:
    from generator.config import Config
    from generator.theme import Theme

PROJECT = "clarion"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class Site(Struct, frozen=True):
    """What an output kind, a fact or a check may know: the published site, its settings, its theme."""

    library: Library
    config: "Config"
    theme: "Theme"


class Check(Struct, frozen=True):
    """A check of the whole site; its `code` is its name. `run` returns what it finds."""

    code: str
    sentence: str
    run: Callable[[Site], Iterable[Problem]]


Producer = Callable[[Mapping[str, Any]], bytes]
View = Callable[..., Any]
Fact = Callable[[Site, str], Any]


class Hooks:
    """The hooks. Each adds; `clarion_finish` alone changes."""

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
    def clarion_facts(self) -> Mapping[str, Fact]:
        """Facts for templates by name (`site.menu`): functions of the site and a language."""
        raise NotImplementedError

    @hookspec
    def clarion_checks(self) -> Iterable[Check]:
        """Checks of the whole site."""
        raise NotImplementedError

    @hookspec
    def clarion_finish(self, artifact: Artifact, job: Job) -> Artifact:
        """A pure function of one artifact, run where it was made, in the order of plugin names."""
        raise NotImplementedError
