"""What a plugin gives is checked, and what goes wrong in it is told with its name and its line."""

import re
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, cast

import jinja2
import msgspec

from generator.engine.executors import Work
from generator.engine.owned import is_inside, name_fault
from generator.engine.refusal import Refused
from generator.hooks import Artifact, Check, Deferred, Executor, Listed, Output, Problem, Shared, Site, Written
from generator.markup.urls import is_of_kind
from generator.plugins.loading import Loaded, in_words, place_in, place_of

OF_PLUGINS = ("CL345", "CL346")
"""The codes of what goes wrong in a plugin while something is made."""
_OURS = ("asset", "picture")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,16}(?:\.[a-z0-9]{1,16})?")
_TAKEN_SUFFIXES = (".md", ".markdown", ".mdown", ".toml")
_MEDIA = ("picture", "video", "audio")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")
_FACT = re.compile(r"site\.[a-z_][a-z0-9_]*")
_WORD = re.compile(r"[^\W\d]\w*")
_CODE = re.compile(r"(?!CL\d)[A-Z]{2,12}\d{1,4}")
_ROUNDS = range(4)
_ROOT = "root"
_TEXTS = ("path", "kind", "language", "template", "producer", "source")
_PLAIN = (bool, float, bytes, type(None))
_SMALLEST, _LARGEST = -(2**63), 2**64 - 1
_DEEPEST = 60


class Guard:
    """Stands between Clarion and one hook of a plugin; `others` are all hooks of the plugin, guarded."""

    def __init__(
        self, loaded: Loaded, hook: str, function: Any, others: Mapping[str, Callable[..., Any]] | None = None
    ) -> None:
        self.loaded = loaded
        self.hook = hook
        self.function = function
        self._others = {} if others is None else others

    def problem(self, code: str, message: str, place: tuple[str, int, int] | None = None) -> Problem:
        """Something that is wrong with the hook, at its own place unless another is given."""
        hint = f"It is what {self.hook} of the plugin “{self.loaded.plugin.name}” does."
        return Problem("error", code, message, *(place or place_of(self.function, self.loaded)), hint)

    def fault(self, error: BaseException) -> Problem:
        """What was raised in the plugin, as a Problem."""
        message = f"{self.hook} of the plugin “{self.loaded.plugin.name}” failed: {in_words(error)}"
        place = place_in(error, self.loaded.shown) or place_of(self.function, self.loaded)
        return Problem("error", "CL345", message, *place, "Mend this line of the plugin.")

    def refuse(self, message: str) -> Refused:
        """The refusal of what the hook gave."""
        return Refused(self.problem("CL346", message))

    def producers(self) -> Collection[str]:
        """The names of the plugin's producers."""
        makers = self._others.get("clarion_producers")
        found: Collection[str] = makers() if makers else ()
        return found

    def call(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """What a function of the plugin gives. Raises: Refused with CL345 for whatever it raises."""
        try:
            return function(*arguments, **named)
        except (Refused, jinja2.UndefinedError):
            # a filter that was given a name which does not exist is the template's mistake
            raise
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise Refused(self.fault(error)) from error

    def bound(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function of the plugin whose mistakes are told as such."""

        def call(*arguments: Any, **named: Any) -> Any:
            return self.call(function, *arguments, **named)

        return call

    def all_of(self, given: Any, kind: type) -> tuple[Any, ...]:
        """What the hook gave one after the other, each of a type."""
        if not isinstance(given, Iterable) or isinstance(given, str | bytes | Mapping):
            raise self.refuse(f"{self.hook} gives {_a(given)}, not several of {kind.__name__}")
        found: tuple[Any, ...] = self.call(tuple, given)
        for each in found:
            if not isinstance(each, kind):
                raise self.refuse(f"{self.hook} gives {_a(each)} where {kind.__name__} is wanted")
        return found

    def by_name(self, given: Any, pattern: re.Pattern[str], what: str) -> dict[str, Callable[..., Any]]:
        """Functions by names of a pattern, which `what` says in words."""
        if not isinstance(given, Mapping):
            raise self.refuse(f"{self.hook} gives {_a(given)}, not functions by name")
        found: dict[Any, Any] = self.call(dict, given)
        for name, function in found.items():
            if not isinstance(name, str) or not pattern.fullmatch(name):
                said = f"“{name}”" if isinstance(name, str) else _a(name)
                raise self.refuse(f"{self.hook} gives {said}, which is no {what}")
            if not callable(function):
                raise self.refuse(f"{self.hook} gives {_a(function)} for “{name}”, not a function")
        return {name: self.bound(function) for name, function in found.items()}

    def on_site(self, site: Site, work: Callable[[], Any]) -> Any:
        """What some work of the plugin on a site gives. Raises: Refused when it adds to the site, or takes out of it.

        The site is what every other plugin is given, and Clarion's own.
        """
        before = _sizes(site)
        given = work()
        if _sizes(site) != before:
            raise self.refuse(f"{self.hook} changes the site that it is given")
        return given


def _sizes(site: Site) -> list[int]:
    """How much there is of everything in a library; a plugin cannot replace the parts themselves, which are frozen."""
    parts = (getattr(site.library, name) for name in site.library.__struct_fields__)
    return [len(part) for part in parts if isinstance(part, dict)]


def _a(value: Any) -> str:
    name = type(value).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def _outputs(guard: Guard, given: Any) -> tuple[Output, ...]:
    producers = guard.producers()
    return tuple(_output(guard, each, producers) for each in guard.all_of(given, Output))


def _output(guard: Guard, output: Output, producers: Collection[str]) -> Output:
    name = output.path
    if not all(isinstance(getattr(output, field), str) for field in _TEXTS):
        raise guard.refuse(f"{guard.hook} gives an output of which one of {', '.join(_TEXTS)} is no text")
    if not is_inside(name) or name_fault(name):
        why = name_fault(name) if is_inside(name) else "write one such as maps/index.html"
        raise guard.refuse(f"“{_shown(name)}” is no path of an output: {why}")
    if output.kind in _OURS:
        raise guard.refuse(f"{name} is of the kind “{output.kind}”, which is Clarion’s own")
    if bool(output.template) == bool(output.producer):
        raise guard.refuse(f"{name} needs either a template or a producer")
    if output.producer and output.producer not in producers:
        raise guard.refuse(f"{name} needs the producer “{output.producer}”, and there is none")
    for field in ("texts", "directives"):
        named = getattr(output, field)
        if not isinstance(named, tuple) or not all(isinstance(each, str) for each in named):
            raise guard.refuse(f"the {field} of {name} are {_a(named)}, not a tuple of texts")
    if not isinstance(output.listed, Listed | None):
        raise guard.refuse(f"{name} is listed as {_a(output.listed)}, not as Listed")
    if output.round not in _ROUNDS:
        raise guard.refuse(f"{name} is made in round {output.round}; there are 0 to 3")
    output = msgspec.structs.replace(output, plugin=guard.loaded.plugin.name)
    inputs = output.inputs
    if not callable(inputs):
        return msgspec.structs.replace(output, inputs=_inputs(guard, name, inputs))

    def later() -> dict[str, Any]:
        return _inputs(guard, name, guard.call(inputs))

    return msgspec.structs.replace(output, inputs=later)


def _inputs(guard: Guard, path: str, inputs: Any) -> dict[str, Any]:
    if not isinstance(inputs, dict) or not all(isinstance(name, str) for name in inputs):
        raise guard.refuse(f"the inputs of {path} are {_a(inputs)}, not values by name")
    if _ROOT in inputs:
        raise guard.refuse(f"an input of {path} is called “{_ROOT}”, which is Clarion’s own name")
    for name, value in inputs.items():
        foreign = _foreign(value, 0)
        if foreign:
            raise guard.refuse(f"the input “{name}” of {path} holds {foreign}, which no worker could be sent")
    return inputs


def _foreign(value: Any, depth: int) -> str:
    """What in a value does not travel, in words; '' when all of it does."""
    if depth > _DEEPEST:
        return "something nested too deeply"
    if type(value) is str:
        return "" if value.isascii() or _is_text(value) else "half a character"
    if type(value) is int:
        return "" if _SMALLEST <= value <= _LARGEST else "a number of more than 64 bits"
    if type(value) in _PLAIN:
        return ""
    if type(value) in (tuple, list):
        return next(filter(None, (_foreign(each, depth + 1) for each in value)), "")
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            return "a dict whose keys are not all texts"
        return next(filter(None, (_foreign(each, depth + 1) for each in value.values())), "")
    if isinstance(value, msgspec.Struct) and type(value).__module__.startswith("generator."):
        own = value.arguments if type(value) is Deferred else value.value if type(value) is Shared else None
        return _foreign(own, depth + 1)
    return _a(value)


def _is_text(value: str) -> bool:
    """Whether a text can be written in UTF-8: halves of characters (lone surrogates) cannot."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()


def _facts(guard: Guard, given: Any) -> dict[str, Callable[..., Any]]:
    found = guard.by_name(given, _FACT, "name of a fact, such as site.maps")
    return {name: _value_of(guard, name, function) for name, function in found.items()}


def _value_of(guard: Guard, name: str, function: Callable[..., Any]) -> Callable[[Site, str], Any]:
    def fact(site: Site, language: str) -> Any:
        value = guard.on_site(site, lambda: function(site, language))
        foreign = _foreign(value, 0)
        if foreign:
            raise guard.refuse(f"the fact “{name}” holds {foreign}, which no worker could be sent")
        return value

    return fact


def _checks(guard: Guard, given: Any) -> tuple[Check, ...]:
    return tuple(msgspec.structs.replace(check, run=_run(guard, check.run)) for check in guard.all_of(given, Check))


def _run(guard: Guard, run: Callable[[Site], Iterable[Problem]]) -> Callable[[Site], Iterable[Problem]]:
    def checked(site: Site) -> Iterable[Problem]:
        try:
            found = guard.on_site(site, lambda: guard.all_of(guard.call(run, site), Problem))
            _well_made(guard, found)
            return cast("tuple[Problem, ...]", found)
        except Refused as refusal:
            return (refusal.problem,)

    return checked


def _well_made(guard: Guard, problems: Iterable[Problem]) -> None:
    """Refuses problems of a plugin with fields of other types, or with codes that are not its own."""
    for problem in problems:
        wrong = _untyped(problem)
        if wrong:
            raise guard.refuse(f"{guard.hook} tells of a problem that holds {wrong}")
        if not _CODE.fullmatch(problem.code):
            wanted = "a code of its own is two capital letters or more, and digits, such as MAPS1"
            raise guard.refuse(f"{guard.hook} tells of “{problem.code}”: {wanted}")


def _finished(guard: Guard, given: Any) -> Artifact:
    if not isinstance(given, Artifact) or not isinstance(given.content, bytes):
        raise guard.refuse(f"{guard.hook} gives {_a(given)}, not the artifact with its bytes")
    if not isinstance(given.problems, tuple) or not all(isinstance(each, Problem) for each in given.problems):
        raise guard.refuse(f"{guard.hook} gives problems that are none")
    return given


def added_by(guard: Guard, before: Artifact, after: Artifact) -> Artifact:
    """An artifact that a plugin has finished, of which the problems that it adds are looked at."""
    _well_made(guard, [problem for problem in after.problems if problem not in before.problems])
    return after


def _producers(guard: Guard, given: Any) -> dict[str, Callable[..., Any]]:
    found = guard.by_name(given, _WORD, "name of a producer")
    return {name: _bytes_of(guard, name, function) for name, function in found.items()}


def _bytes_of(guard: Guard, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def produce(inputs: Mapping[str, Any]) -> bytes:
        # where the site lies on this machine is nothing that an output may know
        made = function({each: value for each, value in inputs.items() if each != _ROOT})
        if not isinstance(made, bytes):
            raise guard.refuse(f"the producer “{name}” gives {_a(made)}, not bytes")
        return made

    return produce


def _readers(guard: Guard, given: Any) -> dict[str, Callable[..., Any]]:
    found = guard.by_name(given, _SUFFIX, "suffix in small letters, such as .txt")
    for suffix in found:
        if suffix in _TAKEN_SUFFIXES or any(is_of_kind(suffix, kind) for kind in _MEDIA):
            raise guard.refuse(f"{guard.hook} gives “{suffix}”, which Clarion reads itself")
    return {suffix: _written_by(guard, function) for suffix, function in found.items()}


def _written_by(guard: Guard, function: Callable[..., Any]) -> Callable[[str], Written]:
    def read(text: str) -> Written:
        written = function(text)
        if not isinstance(written, Written):
            raise guard.refuse(f"{guard.hook} reads a text as {_a(written)}, not as Written")
        foreign = _untyped(written) or _foreign(written.matter, 0) or _foreign(written.body, 0)
        if foreign:
            raise guard.refuse(f"{guard.hook} reads a text as Written that holds {foreign}")
        told = f"The plugin “{guard.loaded.plugin.name}” says so."
        mistakes = tuple(msgspec.structs.replace(each, hint=f"{each.hint} {told}".strip()) for each in written.mistakes)
        return msgspec.structs.replace(written, mistakes=mistakes)

    return read


def _untyped(given: Written | Problem) -> str:
    """What in a struct as a plugin made it is not of its type, in words; '' when all is."""
    try:
        msgspec.json.decode(msgspec.json.encode(given), type=type(given))
    except (msgspec.ValidationError, TypeError, ValueError, OverflowError, RecursionError) as error:
        return f"something else: {error}"
    return ""


def _folder(guard: Guard, given: Any) -> str:
    if not isinstance(given, str) or not is_inside(given):
        raise guard.refuse(f"{guard.hook} gives no name of a folder beside the plugin")
    return given


class _Watched:
    """An executor of a plugin, which has to answer each parcel once: what is not answered would be missing."""

    def __init__(self, guard: Guard, inner: Any) -> None:
        if not all(hasattr(inner, name) for name in ("workers", "here", "run")):
            raise guard.refuse(f"{guard.hook} leads to {_a(inner)}, not to an executor")
        self._guard = guard
        self._inner = inner
        self.workers, self.here = inner.workers, inner.here
        if type(self.workers) is not int or self.workers < 1 or type(self.here) is not bool:
            wanted = "`workers` is a number from 1, and `here` true or false"
            raise guard.refuse(f"{guard.hook} leads to {_a(inner)} that is no executor: {wanted}")

    def run(self, work: Work, parcels: Iterable[bytes]) -> Iterator[bytes]:
        """One answer for each parcel, in order. Raises: Refused (CL346) when there are fewer or more."""
        waiting: list[bool] = []
        given: list[bool] = []

        def counted() -> Iterator[bytes]:
            for parcel in parcels:
                waiting.append(True)
                yield parcel
            given.append(True)

        answers = self._guard.call(self._inner.run, work, counted())
        if not isinstance(answers, Iterable):
            raise self._guard.refuse(f"{self._guard.hook} answers with {_a(answers)}, not with bytes for each parcel")
        for content in answers:
            if not isinstance(content, bytes) or not waiting:
                what = _a(content) if waiting else "more than it was asked"
                raise self._guard.refuse(f"{self._guard.hook} answers with {what}, not with bytes for each parcel")
            waiting.pop()
            yield content
        if waiting or not given:
            raise self._guard.refuse(f"{self._guard.hook} does not answer every parcel")


class _Connection(AbstractContextManager[Executor]):
    """The way to an executor of a plugin; what goes wrong in the plugin's own lines is told as its mistake."""

    def __init__(self, guard: Guard, inner: Any) -> None:
        self._guard = guard
        self._inner = inner

    def __enter__(self) -> Executor:
        return _Watched(self._guard, self._guard.call(self._inner.__enter__))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._guard.call(self._inner.__exit__, None, None, None)
        frames = traceback.extract_tb(trace)
        if isinstance(error, Exception) and frames and self._guard.loaded.shown(frames[-1].filename):
            raise Refused(self._guard.fault(error)) from error


def _executors(guard: Guard, given: Any) -> dict[str, Callable[..., Any]]:
    found = guard.by_name(given, _SCHEME, "scheme of an address")
    return {scheme: _connecting(guard, connect) for scheme, connect in found.items()}


def _connecting(guard: Guard, connect: Callable[..., Any]) -> Callable[[str], AbstractContextManager[Executor]]:
    def connected(address: str) -> AbstractContextManager[Executor]:
        inner = connect(address)
        if not isinstance(inner, AbstractContextManager):
            raise guard.refuse(f"{guard.hook} leads to {_a(inner)}, not to a context manager")
        return _Connection(guard, inner)

    return connected


def _commands(guard: Guard, given: Any) -> tuple[Any, ...]:
    import click

    return guard.all_of(given, click.Command)


def _drawing(guard: Guard, given: Any, what: str) -> dict[str, Callable[..., Any]]:
    """Functions whose values templates write out."""
    found = guard.by_name(given, _WORD, what)
    return {name: _written_out(guard, name, function) for name, function in found.items()}


def _written_out(guard: Guard, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def written(*arguments: Any, **named: Any) -> Any:
        value = function(*arguments, **named)
        if isinstance(value, str) and not value.isascii() and not _is_text(value):
            raise guard.refuse(f"“{name}” gives half a character, which no file can hold")
        return value

    return written


SHAPES: Mapping[str, Callable[[Guard, Any], Any]] = {
    "clarion_sources": _readers,
    "clarion_theme": _folder,
    "clarion_outputs": _outputs,
    "clarion_indexes": _outputs,
    "clarion_producers": _producers,
    "clarion_views": lambda guard, given: _drawing(guard, given, "name of a view"),
    "clarion_filters": lambda guard, given: _drawing(guard, given, "name of a filter"),
    "clarion_facts": _facts,
    "clarion_checks": _checks,
    "clarion_finish": _finished,
    "clarion_executors": _executors,
    "clarion_commands": _commands,
}
"""What each hook of a plugin gives, checked and guarded."""
