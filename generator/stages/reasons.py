"""Why an output has to be drawn: what of that which its key is made of changed since the last build, in words."""

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct, structs

from generator.config import Config
from generator.engine.digest import encode, key_bytes
from generator.engine.index import path_key
from generator.model.document import Card, Entry
from generator.model.job import Cause, Job, Ledger, LedgerLine, Listed, TextOf, View
from generator.model.library import Library
from generator.model.page import OpenAction
from generator.theme import Theme

NEW = "new: there was no such output"
TOUCHED = "the file in {output}/ was changed or deleted by somebody else"
_CUT = 8
_PLUGIN = "version plugin "
_SHOWN = 5
_DATA = "content/data/"
_SECTION = "_section.toml"
SETTING_NAMES = {
    "setting base_url": "site.base_url",
    "setting links": "urls.links",
    "setting zone": "site.timezone",
    "setting precision": "content.date_precision",
    "setting theme.form": "form of the theme",
}
"""What the environment of a ledger calls a setting, and what its author calls it."""
_GATHERED = "links, pictures or actions"
_NOT_SETTINGS = ("places", "later", "ignore")
_OTHER_THEME = "theme.name"
_OF_THEMES = ("asset", "t.", "theme")
_WORDS = frozenset({"title", "summary", "lead", "minutes", "image", "content_note", "history", "unredacted"})
"""Fields that no list is chosen or put in order by."""
_OF_THE_SITEMAP = frozenset({"date", "updated", "history", "url", "status", "path", "translation_key", "repost"})


class Known(Struct, frozen=True, array_like=True):
    """What one build keeps so that the next can say what changed since: digests, and of what is not public nothing.

    `documents` has for each published document, by path, its card, its outline (8 bytes each) and its file (16). Its
    text is in the ledger. `settings` are by dotted name; `files` (of data, of sections) by what stands for their paths.
    """

    documents: dict[str, bytes] = {}
    settings: dict[str, bytes] = {}
    files: dict[str, bytes] = {}


_known = msgspec.msgpack.Decoder(Known)
packed = msgspec.msgpack.Encoder().encode
"""As the ledger holds it."""


def known_of(
    library: Library,
    config: Config,
    outlines: Mapping[str, str],
    files: Mapping[str, str],
    card_digest: Callable[[Card], bytes],
) -> Known:
    """What is to be kept of a build; `files` are the digests of all files found, by path."""
    documents = {}
    for entries in (library.entries, library.texts):
        for path, entry in ((entry.path, entry) for entry in entries.values()):
            # Of what is retracted, and of what no page shows, nothing is kept.
            if entry.card.status != "retracted" and path in files and path not in library.unseen:
                outline = bytes.fromhex(outlines[path])[:_CUT]
                documents[path] = card_digest(entry.card)[:_CUT] + outline + bytes.fromhex(files[path])
    settings = {name: _cut(value) for name, value in _settings(config)}
    others = {path_key(path): bytes.fromhex(digest)[:_CUT] for path, digest in files.items() if _is_other(path)}
    return Known(documents, settings, others)


def _is_other(path: str) -> bool:
    return path.startswith(_DATA) or posixpath.basename(path) == _SECTION


def _cut(value: Any) -> bytes:
    return key_bytes(encode(value))[:_CUT]


def _settings(config: Config) -> Iterator[tuple[str, Any]]:
    """Every setting by its dotted name."""
    for name, value in structs.asdict(config).items():
        if name not in _NOT_SETTINGS:
            yield from _leaves(name, value)


def _leaves(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    inner = structs.asdict(value) if isinstance(value, Struct) else value
    if not isinstance(inner, dict):
        yield name, inner
        return
    for key, each in inner.items():
        yield from _leaves(f"{name}.{key}", each)


class Changes(Struct, frozen=True):
    """What changed since the last build, of all that outputs are made of.

    `cards` are the documents whose card changed, with the fields that did (none where that is not known); `texts`
    those whose text did; `fronts` those of whose front matter only that changed which no card has. `new` and `gone`
    are documents that were not public, or are not public now. `settings` by dotted name, `files` by path.
    """

    cards: dict[str, tuple[str, ...]] = {}
    texts: frozenset[str] = frozenset()
    fronts: frozenset[str] = frozenset()
    new: frozenset[str] = frozenset()
    gone: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def changes(
    before: Ledger,
    now: Known,
    texts: Mapping[str, str],
    files: Iterable[str],
    fields: Callable[[str, str], tuple[str, ...]],
) -> Changes:
    """The changes since the build of a ledger; `texts` are the digests of texts by path, `files` all paths, as of now.

    `fields(path, digest)` names the fields in which the card of a document is another than when its file had that
    digest; it is asked only of documents whose card changed.
    """
    known = _known.decode(before.known) if before.known else Known()
    cards: dict[str, tuple[str, ...]] = {}
    fronts: set[str] = set()
    for path, digests in now.documents.items():
        then = known.documents.get(path)
        if then is None:
            continue
        if then[:_CUT] != digests[:_CUT]:
            cards[path] = fields(path, then[2 * _CUT :].hex())
        elif then[_CUT : 2 * _CUT] != digests[_CUT : 2 * _CUT]:
            fronts.add(path)
    settings = sorted(
        name
        for name in known.settings.keys() | now.settings.keys()
        if known.settings.get(name) != now.settings.get(name)
    )
    others = [
        path for path in files if _is_other(path) and known.files.get(path_key(path)) != now.files[path_key(path)]
    ]
    return Changes(
        cards=cards,
        texts=frozenset(path for path, digest in before.texts.items() if texts.get(path, digest) != digest),
        fronts=frozenset(fronts),
        new=frozenset(now.documents.keys() - known.documents.keys()),
        gone=tuple(sorted(known.documents.keys() - now.documents.keys())),
        settings=tuple(settings),
        files=tuple(others),
    )


def changed_fields(before: Entry, now: Entry) -> tuple[str, ...]:
    """The fields in which a card is another than it was; what gather adds to it, where its author changed nothing."""
    fields = Card.__struct_fields__
    return tuple(name for name in fields if getattr(before.card, name) != getattr(now.card, name)) or (_GATHERED,)


def documents_in(value: Any) -> Iterator[Card | TextOf | Listed]:
    """The cards, texts and lines of the sitemap that an input is made of, in its order."""
    kind = type(value)
    if kind in (Card, TextOf, Listed):
        yield value
    elif kind is tuple:
        for inner in value:
            yield from documents_in(inner)
    elif kind is View:
        yield from documents_in(value.arguments)
    elif kind is OpenAction:
        yield value.card


class Reasons:
    """Says of each job why it has to be done. `before` is the ledger of the last build; `output` the folder's name."""

    def __init__(
        self,
        before: Ledger,
        environment: Mapping[str, str],
        found: Changes,
        theme: Theme,
        urls: Mapping[str, str],
        output: str,
    ) -> None:
        self._before = before
        self._changes = found
        self._theme = theme
        self._paths = {url: path for path, url in urls.items()}
        self._output = output
        self._everywhere = tuple(_environment(before.environment, environment))
        told = {SETTING_NAMES.get(name, name) for name in environment}
        self._settings = tuple(name for name in found.settings if name not in told)

    def of(self, job: Job, cause: Cause, line: LedgerLine | None, standing: str) -> tuple[str, ...]:
        """Why a job has to be done, () when it need not be. `line` is what the ledger has of its output, `standing` the
        digest of what stands in its place."""
        if line is None:
            return (f"the ledger could not be used: {self._before.fault}",) if self._before.fault else (NEW,)
        if line.key == job.key:
            return () if standing == line.digest else (TOUCHED.format(output=self._output),)
        parts = tuple(self._parts(job, cause, line))
        # What a template knows by the name of a setting is told once: with its values, else by that name.
        valued = {reason.removeprefix("setting ").partition(":")[0] for reason in self._everywhere}
        named = {reason for reason in parts if reason.startswith("site.")}
        told = [part for part in parts if part not in valued and part.removeprefix("setting ") not in named - {part}]
        return tuple(dict.fromkeys((*self._everywhere, *told))) or ("how it is made, or from which template",)

    def _parts(self, job: Job, cause: Cause, line: LedgerLine) -> Iterator[str]:
        names, shared = self._before.names[line.names] if 0 <= line.names < len(self._before.names) else ((), b"")
        then = _by_name(names, line.digests + shared)
        for name, digest in _by_name(cause.names, cause.digests + cause.shared).items():
            if then.get(name) == digest:
                continue
            group, _, rest = name.partition(" ")
            if _OTHER_THEME in self._settings and (group == "template" or rest.startswith(_OF_THEMES)):
                yield f"setting {_OTHER_THEME}"
            elif group == "template":
                yield f"template {self._template(rest)}{'' if name in then else ', which it did not use before'}"
            elif group == "fact":
                yield self._fact(rest)
            else:
                yield from self._input(name, job)
        for name in then.keys() - set(cause.names):
            group, _, rest = name.partition(" ")
            if group == "template" and _OTHER_THEME not in self._settings:
                yield f"template {self._template(rest)}, which it uses no more"

    def _template(self, name: str) -> str:
        template = self._theme.templates.get(name)
        return template.path if template else name

    def _fact(self, fact: str) -> str:
        group, _, name = fact.partition(".")
        if group == "t":
            return f"text “{name}” of the catalogue" if name else "the texts of the catalogue"
        if group == "asset":
            static = self._theme.static.get(name) or self._theme.static.get(f"{name}.jinja")
            return f"the file {static.path}" if static else "the files of static/"
        if group == "theme":
            return f"setting theme.settings.{name}" if name else "settings of the theme"
        if group == "facts":
            return f"what the query {fact} finds" if name else "what queries find"
        if group == "data":
            named = [path for path in self._changes.files if path.startswith(_DATA) and name in ("", _stem(path))]
            return _one_of([f"the data of {path}" for path in named]) or fact
        return fact

    def _input(self, name: str, job: Job) -> Iterator[str]:
        """What changed in an input: documents in it, or else what it may have been made of."""
        if job.kind == "asset":
            yield "settings of the theme" if name == "settings" else f"the file {job.source}"
            return
        if job.producer and job.source:
            sizes = [each for each in self._settings if each.startswith("images.")]
            yield _one_of([f"the file {job.source}", *(f"setting {each}" for each in sizes)])
            return
        inside = tuple(documents_in(job.inputs.get(name)))
        told = [reason for each in inside for reason in self._document(each)]
        told = told or [
            f"the front matter of {path}" for path in map(self._path, inside) if path in self._changes.fronts
        ]
        if told:
            yield from dict.fromkeys(told)
            return
        texts = {each.path for each in inside if type(each) is TextOf}
        if texts and len(texts) == len(inside):
            yield f"what the links and pictures in {_some(sorted(texts))} lead to"
            return
        own = tuple(self._own(job.source))
        if own and not inside:
            yield from own
            return
        candidates = [*self._others(_WORDS), *own] or [*self._others()]
        yield self._named(name, candidates) if len(candidates) != 1 else candidates[0]

    def _document(self, each: Card | TextOf | Listed) -> Iterator[str]:
        path = self._path(each)
        if path in self._changes.new:
            yield f"{path}, which is new"
        elif type(each) is TextOf:
            if path in self._changes.texts:
                yield f"the text of {path}"
        elif path in self._changes.cards:
            fields = self._changes.cards[path]
            if type(each) is Card or not fields or _OF_THE_SITEMAP.intersection(fields):
                yield self._card(path)

    def _path(self, each: Card | TextOf | Listed) -> str:
        return self._paths.get(each.url, "") if isinstance(each, Listed) else each.path

    def _card(self, path: str) -> str:
        fields = self._changes.cards[path]
        return f"the card of {path} ({', '.join(fields)})" if fields else f"the card of {path}"

    def _own(self, source: str) -> Iterator[str]:
        """What changed of the document whose output it is."""
        if source in self._changes.cards:
            yield self._card(source)
        if source in self._changes.fronts or (source in self._changes.texts and source not in self._changes.cards):
            yield f"the front matter of {source}"
        if source in self._changes.new:
            yield f"{source}, which is new"

    def _others(self, besides: frozenset[str] = frozenset()) -> Iterator[str]:
        """All that changed and that a list, an address or a title may come from, `besides` cards of which only those
        fields changed."""
        for path in self._changes.gone:
            yield f"{path}, which is gone, retracted or no longer published"
        for path in sorted(self._changes.new):
            yield f"{path}, which is new"
        for path, fields in self._changes.cards.items():
            if not fields or not besides.issuperset(fields):
                yield self._card(path)
        for name in self._settings:
            yield f"setting {name}"
        for path in self._changes.files:
            yield f"the data of {path}" if path.startswith(_DATA) else f"the section of {path}"

    def _named(self, name: str, candidates: list[str]) -> str:
        if not candidates:
            return f"“{name}”, which it is given by its kind"
        return f"“{name}”, by one of: {_some(candidates, '; ')}"


def _by_name(names: tuple[str, ...], digests: bytes) -> dict[str, bytes]:
    return {name: digests[_CUT * at : _CUT * (at + 1)] for at, name in enumerate(names)}


def _environment(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(before.keys() | now.keys()):
        then, here = before.get(name, "none"), now.get(name, "none")
        if then == here or not before:
            continue
        if name == "version source":
            yield "the source of Clarion itself"
        elif name.startswith(_PLUGIN):
            yield f"the plugin “{name.removeprefix(_PLUGIN)}”"
        elif name in SETTING_NAMES:
            yield f"setting {SETTING_NAMES[name]}: {then} → {here}"
        else:
            yield f"{name}: {then} → {here}"


def _stem(path: str) -> str:
    return posixpath.basename(path).rpartition(".")[0]


def _one_of(names: list[str]) -> str:
    return " or ".join(names)


def _some(names: list[str], between: str = ", ") -> str:
    more = f"{between}and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return between.join(names[:_SHOWN]) + more
