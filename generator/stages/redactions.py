"""Look through what is made for the texts that are redacted in what it is made of.

The texts are read from their sources in each build that draws something, and are in the memory of this process only:
no worker gets them, no key and no cache holds them, and no problem repeats them.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from generator.model.document import Entry
from generator.model.job import Job, Listed
from generator.model.problem import Problem
from generator.source.places import Place
from generator.stages.parse import redacted_in
from generator.stages.reasons import documents_in
from generator.text.traces import readings, stands_in

_BINARY = b"\x00"
_HEAD = 1000


class Sought(Struct, frozen=True):
    """One redacted text to look for, by its words in each of its forms, and where it is redacted."""

    forms: tuple[str, ...]
    place: Place


class Search:
    """Knows what to look for, by the path of the document that redacts it."""

    def __init__(self, sought: Mapping[str, tuple[Sought, ...]]) -> None:
        self._sought = sought

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
        concerned = self.concerns(job)
        if not concerned or _BINARY in content[:_HEAD]:
            return ()
        read = [*readings(path), *readings(content.decode(errors="replace"))]
        problems = []
        for source, own in concerned.items():
            for each in self._sought[source]:
                if not any(stands_in(form, read) for form in each.forms):
                    continue
                if own:
                    message = f"/{path} would publish the text that is redacted here"
                    hint = (
                        f"It comes from elsewhere: clarion redact {source} shows where it stands. Redact it there too."
                    )
                    problems.append(Problem("error", "CL564", message, source, *each.place, hint))
                else:
                    message = f"another text publishes what is redacted here, and both are in /{path}"
                    hint = (
                        f"clarion redact {source} shows where it stands. Redact it there too, or answer this warning."
                    )
                    problems.append(Problem("warning", "CL564", message, source, *each.place, hint))
        return tuple(problems)


def search_for(root: Path, entries: Iterable[Entry]) -> Search:
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
    return Search(sought)
