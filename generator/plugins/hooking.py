"""The hooks of one plugin, made ready to be called: known by name, given what they ask for, guarded."""

import inspect
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import msgspec
from msgspec import Struct

from generator.engine.refusal import Refused
from generator.hooks import PROJECT, Artifact, Hooks, Job, Problem, hookimpl
from generator.plugins.guards import SHAPES, Guard, added_by
from generator.plugins.loading import Loaded, place_of, settings_of
from generator.source.suggest import did_you_mean

_MARK = f"{PROJECT}_impl"
_SETTINGS = "clarion_settings"
_GIVEN = {
    name: tuple(each for each in inspect.signature(spec).parameters if each != "self")
    for name, spec in vars(Hooks).items()
    if name.startswith(f"{PROJECT}_")
}
_COLLECTING = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def with_hooks(loaded: Loaded) -> tuple[Loaded, SimpleNamespace, tuple[Problem, ...]]:
    """The plugin with the struct of its settings, what pluggy registers of it, and what is wrong with its hooks."""
    problems: list[Problem] = []
    functions = dict(_hooks_in(loaded, problems))
    declare = functions.pop(_SETTINGS, None)
    if declare is not None and not problems:
        guard = Guard(loaded, _SETTINGS, declare)
        try:
            kind = guard.call(declare)
            if not (isinstance(kind, type) and issubclass(kind, Struct)):
                raise guard.refuse(f"{_SETTINGS} gives no struct of msgspec")
            if not kind.__struct_config__.frozen:
                raise guard.refuse(f"{_SETTINGS} gives a struct that is not frozen")
            guard.call(msgspec.structs.fields, kind)
            loaded = msgspec.structs.replace(loaded, kind=kind)
            loaded = msgspec.structs.replace(loaded, given=settings_of(loaded))
        except Refused as refusal:
            problems.append(refusal.problem)
    ready: dict[str, Callable[..., Any]] = {}
    for name, function in functions.items():
        ready[name] = hookimpl(_ready(Guard(loaded, name, function, ready), name))
    return loaded, SimpleNamespace(**ready), tuple(problems)


def _hooks_in(loaded: Loaded, problems: list[Problem]) -> list[tuple[str, Callable[..., Any]]]:
    found: list[tuple[str, Callable[..., Any]]] = []
    for attribute in dir(loaded.target):
        try:
            function = getattr(loaded.target, attribute, None)
        except Exception as error:  # noqa: BLE001 (an object may have properties that fail)
            problems.append(Guard(loaded, attribute, None).fault(error))
            continue
        mark = getattr(function, _MARK, None)
        if not isinstance(mark, dict):
            mark = None
        if not callable(function) or (mark is None and not attribute.startswith(f"{PROJECT}_")):
            continue
        name = (mark or {}).get("specname") or attribute
        wrong = _wrong(loaded, name, function, mark)
        if wrong is None and name in dict(found):
            message = f"the plugin “{loaded.plugin.name}” has “{name}” twice"
            wrong = Problem("error", "CL343", message, *place_of(function, loaded), "Make one of the two.")
        if wrong is not None:
            problems.append(wrong)
        else:
            found.append((name, function))
    return found


def _wrong(loaded: Loaded, name: str, function: Callable[..., Any], mark: Any) -> Problem | None:
    """What is wrong with a hook before it is ever called."""
    plugin = f"the plugin “{loaded.plugin.name}”"

    def problem(message: str, hint: str) -> Problem:
        return Problem("error", "CL343", message, *place_of(function, loaded), hint)

    if name not in _GIVEN:
        hint = did_you_mean(name, _GIVEN) or f"There are: {', '.join(_GIVEN)}."
        return problem(f"{plugin} has “{name}”, and there is no such hook", hint)
    if mark is None:
        return problem(f"“{name}” of {plugin} is not marked as a hook", "Write @hookimpl above it.")
    if mark.get("wrapper") or mark.get("hookwrapper"):
        return problem(f"“{name}” of {plugin} would wrap other plugins", "A hook adds: take the option out.")
    given = _GIVEN[name] if name == _SETTINGS else (*_GIVEN[name], "settings")
    for parameter in inspect.signature(function).parameters.values():
        wanted = parameter.name
        if parameter.kind not in _COLLECTING and parameter.default is parameter.empty and wanted not in given:
            hint = did_you_mean(wanted, given) or (
                f"It may ask for: {', '.join(given)}." if given else "It asks for nothing."
            )
            return problem(f"“{name}” of {plugin} asks for “{wanted}”, which it is not given", hint)
    return None


def _ready(guard: Guard, name: str) -> Callable[..., Any]:
    """The hook with the arguments of its specification, as pluggy reads them."""
    parameters = inspect.signature(guard.function).parameters
    wanted = [each for each in (*_GIVEN[name], "settings") if each in parameters]

    def run(**given: Any) -> Any:
        given["settings"] = guard.loaded.given
        return SHAPES[name](guard, guard.call(guard.function, **{each: given[each] for each in wanted}))

    def finish(artifact: Artifact, job: Job) -> Artifact:
        own = msgspec.structs.replace(job, inputs=dict(job.inputs))
        return added_by(guard, artifact, run(artifact=artifact, job=own))

    match _GIVEN[name]:
        case ("site",):
            return lambda site: guard.on_site(site, lambda: run(site=site))
        case ("site", "outputs"):
            return lambda site, outputs: guard.on_site(site, lambda: run(site=site, outputs=outputs))
        case ("artifact", "job"):
            return finish
        case _:
            return lambda: run()
