"""Look through what is made for the texts that are redacted in what it is made of.

The texts are read from their sources in each build that draws something, and are in the memory of this process only:
no worker gets them, no key and no cache holds them, and no problem repeats them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from generator.markup.redaction import lines_with, unsaid
from generator.model.document import Entry
from generator.model.job import Job, Listed
from generator.model.problem import Problem
from generator.source.places import Place
from generator.stages.parse import besides_redactions, redacted_in
from generator.stages.reasons import documents_in
from generator.text.traces import Glance, masked, readings, stands_in, stands_in_bytes

_BINARY = b"\x00"
_TEXTS = (".html", ".xml", ".json", ".txt", ".ics", ".css", ".js", ".vtt", ".csv", ".md")
_SHOWN = 3


class Sought(Struct, frozen=True):
    """One redacted text to look for, by its words in each of its forms, and where it is redacted."""

    forms: tuple[str, ...]
    place: Place


class Search:
    """Knows what to look for, by the path of the document that redacts it."""

    def __init__(self, sought: Mapping[str, tuple[Sought, ...]]) -> None:
        self._sought = sought
        self._all = tuple(dict.fromkeys(form for each in sought.values() for one in each for form in one.forms))

    def concerns(self, job: Job) -> dict[str, bool]:
        """The documents with something to look for that an output is made of, each with whether it is all about it."""
        if not self._sought:
            return {}
        named = [path for path in (job.source, *job.texts) if path in self._sought]
        for value in job.inputs.values():
            read = [each.path for each in documents_in(value) if not isinstance(each, Listed)]
            named += [path for path in read if path in self._sought]
        return {path: path == job.source or job.texts == (path,) for path in named}

    def found(self, job: Job, path: str, content: bytes) -> tuple[Problem, ...]:
        """What is found in an output `path` and its bytes.

        Whoever's own output it is, there it is an error. In a list or a feed it comes from another document, for what
        the document itself says was looked through when it was read: that is a warning.
        """
        problems = []
        concerned = self.concerns(job)
        for source, each in self._standing(concerned, path, content):
            shown = masked(f"/{path}", self._all)
            named = masked(source, self._all)
            if concerned[source]:
                message = f"{shown} would publish the text that is redacted here"
                hint = f"It comes from elsewhere: clarion redact {named} shows where it stands. Redact it there too."
                problems.append(Problem("error", "CL564", message, source, *each.place, hint))
            else:
                message = f"another text publishes what is redacted here, and both are in {shown}"
                hint = f"clarion redact {named} shows where it stands. Redact it there too, or answer this warning."
                problems.append(Problem("warning", "CL564", message, source, *each.place, hint))
        return tuple(problems)

    def unsaid(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """The problems; those of a document that redacts something say nothing of what it is."""
        return tuple(unsaid(each, self._all) if each.path in self._sought else each for each in problems)

    def _standing(self, sources: Iterable[str], path: str, content: bytes) -> Iterator[tuple[str, Sought]]:
        """Which of the texts of some documents stand in an output or in its name."""
        wanted = [(source, each) for source in sources for each in self._sought[source]]
        if not wanted:
            return
        if _BINARY in content and not path.endswith(_TEXTS):
            named = list(readings(path))
            for source, each in wanted:
                if any(stands_in(form, named) or stands_in_bytes(form, content) for form in each.forms):
                    yield source, each
            return
        text = content.decode(errors="replace")
        glances = (Glance(path), Glance(text))
        wanted = [hit for hit in wanted if any(glance.may_hold(hit[1].forms) for glance in glances)]
        read = [*readings(path), *readings(text)] if wanted else []
        yield from ((source, each) for source, each in wanted if any(stands_in(form, read) for form in each.forms))


class Sweep(Search):
    """Looks through the outputs of all other documents as well, and tells at the end what it came upon."""

    def __init__(self, root: Path, sought: Mapping[str, tuple[Sought, ...]]) -> None:
        super().__init__(sought)
        self._root = root
        self._hits: dict[tuple[str, Sought], dict[str, list[str]]] = {}

    def look(self, job: Job, path: str, content: Callable[[], bytes]) -> None:
        """Remember which texts stand in an output `path` that is not told of by `found`, or has a source to name."""
        told = {source for source, own in self.concerns(job).items() if own or not job.source}
        others = self._sought.keys() - told
        for hit in self._standing(sorted(others), path, content()) if others else ():
            self._hits.setdefault(hit, {}).setdefault(job.source, []).append(path)

    def problems(self) -> Iterator[Problem]:
        """A warning (CL569) for each source that publishes what a document redacts, at its first line that says it."""
        told: set[tuple[tuple[str, ...], str]] = set()
        for (redacting, sought), by_source in self._hits.items():
            named = masked(redacting, self._all)
            shows = f"clarion redact --no {named} shows where it stands"
            for source, paths in by_source.items():
                shown = list(dict.fromkeys(masked(f"/{path}", self._all) for path in paths))[:_SHOWN]
                more = f" and {len(paths) - len(shown)} more" if len(paths) > len(shown) else ""
                outputs = f"{', '.join(shown)}{more}"
                if source and (sought.forms, source) in told:
                    # Two documents redact the same.
                    continue
                told.add((sought.forms, source))
                if source:
                    message = f"what is redacted at {named}:{sought.place[0]} is published from here, in {outputs}"
                    place = next(self._lines(source, sought.forms), (0, 0))
                    hint = f"Redact it here too, or answer this warning; {shows}."
                    yield Problem("warning", "CL569", message, masked(source, self._all), *place, hint)
                else:
                    message = f"what is redacted here is published in {outputs}, made of many texts"
                    hint = f"{shows}: redact it there too, or answer this warning."
                    yield Problem("warning", "CL569", message, redacting, *sought.place, hint)

    def _lines(self, source: str, forms: tuple[str, ...]) -> Iterator[Place]:
        """The lines of a source that say a text, outside of its redactions."""
        try:
            content = (self._root / source).read_bytes()
        except OSError:
            return iter(())
        return iter(()) if _BINARY in content else lines_with(forms, besides_redactions(content, source))


def sought_in(root: Path, entries: Iterable[Entry]) -> dict[str, tuple[Sought, ...]]:
    """What to look for in the outputs of a site in `root`: the redacted texts that still stand in their sources."""
    sought: dict[str, tuple[Sought, ...]] = {}
    for entry in entries:
        if not entry.card.unredacted:
            continue
        try:
            content = (root / entry.path).read_bytes()
        except OSError:
            # It was there when it was parsed: the next build finds the change.
            continue
        by_forms = {each.sought(): each.place for each in reversed(redacted_in(content, entry.path).redactions)}
        sought[entry.path] = tuple(Sought(forms, place) for forms, place in by_forms.items() if forms)
    return sought
