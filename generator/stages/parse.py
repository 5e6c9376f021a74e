"""Parse: one file of content, alone, becomes a document, a section or data."""

import posixpath
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from functools import lru_cache
from typing import Any, cast
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from generator.config import SETTINGS_FILE, Config
from generator.engine.digest import key_value
from generator.engine.refusal import Refused
from generator.hooks import Reader
from generator.markup import Converted, convert
from generator.markup.actions import with_actions
from generator.markup.redaction import (
    DIRECTIVE,
    Cleared,
    all_sought,
    cleared,
    left_in,
    may_redact,
    misplaced,
    pending,
    unsaid,
    unseen,
)
from generator.model.body import Body, Call, Html, Part, Reference, References
from generator.model.directive import Declaration
from generator.model.document import (
    MOVES,
    Campaign,
    Card,
    Change,
    Citation,
    ContentNote,
    Document,
    DocumentType,
    Entry,
    File,
    Image,
    Matter,
    Moment,
    Outcome,
    Section,
    SeriesPart,
    Share,
    Source,
    Spots,
    Status,
)
from generator.model.fields import ARTICLE, CAMPAIGN, SECTION, TERM, TEXT, Field, Table
from generator.model.problem import Problem, Severity
from generator.share.targets import load_targets
from generator.source.actions import OVER, Written, goal_of, sources_of
from generator.source.check import MISSING, TYPE, Rules, check, code, example_in, is_empty, without_effect
from generator.source.csv import read_csv
from generator.source.decode import decode
from generator.source.folders import OWN_FOLDERS, Whereabouts, language_suffix, whereabouts
from generator.source.front_matter import FrontMatter, read_front_matter
from generator.source.json import read_json
from generator.source.moments import end_second, first_second
from generator.source.places import KeyPath, Place, Places, Reading
from generator.source.resources import DIRECTIVE as HELP_LINES
from generator.source.resources import read_resources
from generator.source.shared_sources import read_shared_sources
from generator.source.suggest import did_you_mean
from generator.source.toml import read_toml
from generator.source.tracking import Finding, clean_data
from generator.source.yaml import read_yaml
from generator.text.languages import is_language
from generator.text.phones import is_phone
from generator.text.slugs import RESERVED, collision_key, slug, slug_problem
from generator.text.words import count_words, reading_minutes

Convert = Callable[..., Converted]
_READERS: dict[str, Callable[[str, str], Reading]] = {
    "toml": read_toml,
    "yaml": read_yaml,
    "yml": read_yaml,
    "json": read_json,
    "csv": read_csv,
}
_TYPES: dict[str, DocumentType] = {
    "draft": "article",
    "article": "article",
    "page": "page",
    "campaign": "campaign",
    "text": "text",
}
_TABLES: dict[DocumentType, Table] = {"article": ARTICLE, "page": ARTICLE, "campaign": CAMPAIGN, "text": TEXT}
_KNOWN_NAMES: dict[DocumentType, tuple[str, ...]] = {kind: (*table.names, "draft") for kind, table in _TABLES.items()}
_PLACED = frozenset({
    "id", "slug", "date", "expires", "translation_key", "aliases", "template", "campaign", "series", "authors", "image",
    "history", "actions", "sources",
})  # fmt: skip
_PLACED_INSIDE = ("url", "closes")
_SLASHES = re.compile("/{2,}")
_MARKDOWN = (".md", ".md.txt")
_SHARE_TARGETS = "share_targets"
_MOST_QUOTED, _LARGEST_PART = 300, 30
_RESERVED = re.compile(r"all[ -]rights[ -]reserved|^\s*(?:copyright|©)", re.IGNORECASE)
_TERM_EXAMPLE = 'label = "Water"'
_NAMELESS_HINT = "Write it with letters or digits."
_TWO_LETTERS = 2
_HEAD = 4000
_DRAFT = re.compile(r"""^[ \t]*"?status"?[ \t]*[:=][ \t]*["']?draft["']?[ \t]*,?$""", re.MULTILINE)
_OWN_TAXONOMY = "tags"
# RFC 4151 wants a day on which the site held its domain; a page has none of its own.
_UNDATED = "2000-01-01"


def parse_document(
    file: File,
    content: bytes,
    config: Config,
    sections: Mapping[str, Section],
    declarations: Mapping[str, Declaration],
    converter: Convert = convert,
    readers: Mapping[str, Reader] = {},
) -> tuple[Document | None, tuple[Problem, ...]]:
    """A Markdown file as a document, with everything that is wrong with it; `readers` know other formats by suffix.

    The problems also stand in the document's entry. Without a document (the file is no text, its front matter cannot
    be read, it lies where no text belongs) they are all there is. What is wrong in a field is left out of the document.
    """
    suffix = suffix_of(file.path, readers)
    named = f"{file.path[: -len(suffix)]}.md" if suffix else file.path
    place = whereabouts(
        named, languages=(config.site.language, *config.languages), sections=sections, taxonomies=config.taxonomies
    )
    if place.kind not in _TYPES:
        message = place.message or f"{file.path} is no Markdown text"
        return None, (Problem("error", "CL121", message, file.path, hint=place.hint),)
    text, problems = decode(content, file.path)
    if text is None:
        return None, problems
    document_type = _TYPES[place.kind]
    if suffix:
        front = _read_by(readers[suffix], text, file.path)
    else:
        front = read_front_matter(text, file.path, _KNOWN_NAMES[document_type])
    head = "" if suffix else text[: len(text) - len(front.body)]
    out_of_place = tuple(misplaced(head, file.path)) if front.values is not None else ()
    if suffix and front.values is not None and may_redact(text):
        out_of_place = _lost_by_reader(text, front, file.path)
    problems = (*problems, *front.problems, *out_of_place)
    if front.values is None or out_of_place:
        problems = _without_redacted(problems, cleared(text, file.path, 1))
        return None, _as_notes(problems) if _is_draft(place, text) else problems
    work = _Work(file.path, config, place, document_type, front, sections.get(place.section), named)
    document = work.document(declarations, converter)
    if work.cleared.redactions:
        document = work.guarded(document, file, head)
    ignored = document.entry.matter.ignore
    problems = tuple(
        problem for problem in (*problems, *work.problems) if problem.severity == "error" or problem.code not in ignored
    )
    problems = _without_redacted(problems, work.cleared)
    if not problems:
        return document, ()
    entry = msgspec.structs.replace(document.entry, problems=problems)
    return msgspec.structs.replace(document, entry=entry), problems


def _lost_by_reader(text: str, front: FrontMatter, path: str) -> tuple[Problem, ...]:
    """An error (CL561) for each redaction of a text of another format, if its reader leaves one of them in words."""
    meant = tuple(misplaced(text, path))
    found = cleared(front.body, path, front.body_line)
    return meant if len(meant) > len(found.redactions) + len(found.problems) else ()


def _without_redacted(problems: tuple[Problem, ...], found: Cleared) -> tuple[Problem, ...]:
    """The problems of a document, none of which says what is redacted in it."""
    sought = all_sought(found.redactions)
    return tuple(unsaid(problem, sought) for problem in problems) if sought else problems


def suffix_of(path: str, readers: Mapping[str, Reader]) -> str:
    """The suffix by which one of the readers knows a file, the longest of them; '' when none does."""
    if not readers or path.lower().endswith(_MARKDOWN):
        return ""
    return max((suffix for suffix in readers if path.lower().endswith(suffix)), key=len, default="")


def _read_by(reader: Reader, text: str, path: str) -> FrontMatter:
    """A text of another format in two, as a plugin reads it; where front matter stands in the file nobody knows."""
    try:
        written = reader(text)
    except Refused as refusal:
        problem = msgspec.structs.replace(refusal.problem, hint=f"While reading {path}. {refusal.problem.hint}")
        return FrontMatter(None, Places(), "", 1, "", (problem,))
    problems = tuple(
        Problem(each.severity, "CL348", each.message, path, each.line, each.column, each.hint)
        for each in written.mistakes
    )
    body = _raw(written.body) if written.html else written.body
    return FrontMatter(written.matter, Places(), body, written.line, path.rpartition(".")[2], problems)


def _raw(html: str) -> str:
    """HTML as Markdown in which no sign of Markdown means anything: one element without an empty line, line for line.

    An empty line would end raw HTML (CommonMark, section 4.6); a comment in its place is gone in the end.
    """
    lines = "\n".join(line if line.strip() else "<!-- -->" for line in html.split("\n"))
    return f"<div>{lines}</div>\n"


def parse_section(
    file: File, content: bytes, config: Config | None = None
) -> tuple[Section | None, tuple[Problem, ...]]:
    """A section by its `_section.toml`, with everything that is wrong with it; `config` tells zone and taxonomies."""
    place = whereabouts(file.path, languages=(), sections=())
    if place.kind != "section":
        return None, (Problem("error", "CL121", place.message or "this is no section", file.path, hint=place.hint),)
    name = place.section
    refusal = _section_refusal(name, config)
    if refusal:
        return None, (Problem("error", "CL130", refusal, file.path, hint="Rename the folder."),)
    text, problems = decode(content, file.path)
    if text is None:
        return None, problems
    reading = read_toml(text, file.path)
    problems = (*problems, *misplaced(text, file.path))
    if not reading.readable:
        return None, (*problems, *reading.problems)
    taxonomies = _taxonomy_fields(config.taxonomies) if config is not None else ()
    table = SECTION
    if taxonomies:
        fields = tuple(
            _with_taxonomies(each, taxonomies) if each.name == "defaults" else each for each in SECTION.fields
        )
        table = msgspec.structs.replace(SECTION, fields=fields)
    rules = _rules(config.site.timezone if config is not None else "UTC")
    clean, found = check(reading.value, table, reading.places, path=file.path, rules=rules)
    found = (*found, *without_effect(clean, table, reading.places, path=file.path))
    written = reading.value.get("defaults")
    kept = (
        {key: value for key, value in written.items() if key in clean.get("defaults", {})}
        if isinstance(written, dict)
        else {}
    )
    for name_of_terms in config.taxonomies if config is not None else ():
        at: KeyPath = ("defaults", name_of_terms)
        for here, message in _nameless(kept.get(name_of_terms), at, config.site.language if config is not None else ""):
            line, column = reading.places.value(here)
            found = (*found, Problem("error", "CL131", message, file.path, line, column, _NAMELESS_HINT))
    values = {**clean, "defaults": kept, "url": clean.get("url", f"/{name}/{{slug}}/")}
    return Section(name, **values), (*problems, *found)


def parse_data(file: File, content: bytes, config: Config | None = None) -> tuple[Any, tuple[Problem, ...]]:
    """The value of a data file in JSON types (rows of a CSV file are mappings of text), or None with problems.

    A file named like a taxonomy of `config` says what labels and synonyms its terms have; what is wrong in these is
    left out. What is wrong in share targets is told, and left to those who read them.
    """
    reader = _READERS.get(file.path.rpartition(".")[2])
    if reader is None:
        hint = "Data is written in TOML, YAML, JSON or CSV."
        return None, (Problem("error", "CL121", "this is no data file", file.path, hint=hint),)
    text, problems = decode(content, file.path)
    if text is None:
        return None, problems
    reading = reader(text, file.path)
    problems = (*problems, *misplaced(text, file.path), *reading.problems)
    if not reading.readable:
        return None, problems
    if reading.value is None:
        return {}, problems
    if not isinstance(reading.value, dict | list):
        hint = "Write `key: value` on each line, or a list."
        problem = Problem(
            "error", "CL106", "neither keys with values nor a list", file.path, *reading.places.start, hint
        )
        return None, (*problems, problem)
    name = posixpath.basename(file.path).rpartition(".")[0]
    if isinstance(reading.value, dict) and name == _SHARE_TARGETS:
        return reading.value, (*problems, *load_targets(reading.value, file.path, reading.places)[1])
    if name == "sources":
        _, found = read_shared_sources(reading.value, _rules("UTC"), file.path, reading.places)
        return clean_data(reading.value, _told_by_the_table), (*problems, *found)
    if name == "resources":
        _, found = read_resources(reading.value, _rules("UTC"), file.path, reading.places)
        return clean_data(reading.value, _told_by_the_table), (*problems, *found)
    if isinstance(reading.value, dict) and config is not None and name in config.taxonomies:
        value, found = _terms(reading, file.path)
        return value, (*problems, *found)
    told: list[Problem] = []

    def tell(at: KeyPath, found: Finding) -> None:
        place = reading.places.value(at)
        told.append(Problem(found.severity, found.code, found.message, file.path, *place, found.hint))

    return clean_data(reading.value, tell), (*problems, *told)


def _told_by_the_table(at: KeyPath, found: Finding) -> None:
    """What is taken out of an address is told once, where its table of fields is checked."""


def _terms(reading: Reading, path: str) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Labels and synonyms of terms as they should be; other keys are the site's own and stay as they are."""
    terms: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, value in reading.value.items():
        if not isinstance(value, dict):
            message = f"“{name}” must be a group of keys, such as `label` and `synonyms`"
            hint = f"Write {example_in(_TERM_EXAMPLE, reading.places.format)} under “{name}”."
            place = reading.places.value((name,))
            problems.append(Problem("error", code("matter", TYPE), message, path, *place, hint))
            continue
        known = {key: each for key, each in value.items() if key in TERM.names}
        clean, found = check(known, TERM, reading.places, path=path, rules=Rules(UTC), at=(name,))
        problems.extend(found)
        rest = {key: each for key, each in value.items() if key not in TERM.names}
        # Data is of JSON types, which have no tuples.
        terms[name] = rest | {key: list(each) if isinstance(each, tuple) else each for key, each in clean.items()}
    return terms, tuple(problems)


def _is_draft(place: Whereabouts, text: str) -> bool:
    """Whether a file whose front matter cannot be read is plainly a draft, which does not hold up a build."""
    return place.kind == "draft" or _DRAFT.search(text[:_HEAD]) is not None


def _as_notes(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    return tuple(msgspec.structs.replace(problem, severity="note") for problem in problems)


@lru_cache(maxsize=8)
def _rules(zone: str) -> Rules:
    return Rules(ZoneInfo(zone), is_language, is_phone, lambda text: slug_problem(unicodedata.normalize("NFC", text)))


@lru_cache(maxsize=64)
def _table(kind: DocumentType, taxonomies: tuple[str, ...]) -> Table:
    """What may stand in the front matter of a type of document, nothing of it required before all is known."""
    table = _TABLES[kind].without()
    return table.with_fields(*_taxonomy_fields(taxonomies)) if kind in ("article", "page") else table


def _taxonomy_fields(taxonomies: Iterable[str]) -> tuple[Field, ...]:
    return tuple(
        Field(name, "line", "What it is about.", f'{name} = ["…"]', many=True)
        for name in taxonomies
        if name != _OWN_TAXONOMY
    )


def _with_taxonomies(defaults: Field, taxonomies: tuple[Field, ...]) -> Field:
    table = defaults.table.with_fields(*taxonomies) if defaults.table is not None else None
    return msgspec.structs.replace(defaults, table=table)


def _section_refusal(name: str, config: Config | None) -> str:
    taken = (*OWN_FOLDERS, *RESERVED, *((*config.taxonomies, *config.languages) if config is not None else ()))
    if collision_key(name) in taken:
        return f"“{name}” has a meaning of its own and cannot be a section"
    return slug_problem(unicodedata.normalize("NFC", name))


class _Address(Struct, frozen=True):
    """Where a document will be: its slug as far as it has one, and its address from the root."""

    slug: str
    url: str


class _Work:
    """One document on its way from values to a value, with what is found to be wrong."""

    def __init__(
        self,
        path: str,
        config: Config,
        place: Whereabouts,
        kind: DocumentType,
        front: FrontMatter,
        section: Section | None,
        named: str,
    ) -> None:
        self.path = path
        self.named = named
        self.config = config
        self.place = place
        self.type = kind
        self.front = front
        self.section = section
        self.rules = _rules(config.site.timezone)
        self.zone = self.rules.zone
        self.places: Places = front.places
        self.problems: list[Problem] = []
        self.cleared = cleared(front.body, path, front.body_line)
        self.problems.extend(self.cleared.problems)
        self.values = self.checked(front.values or {})
        self.language = self.chosen_language()
        self.status = self.chosen_status()

    def say(self, severity: Severity, number: str, message: str, at: KeyPath, hint: str) -> None:
        self.problems.append(Problem(severity, number, message, self.path, *self.places.value(at), hint))

    def told(self, at: KeyPath, found: Finding) -> None:
        self.say(found.severity, found.code, found.message, at, found.hint)

    def checked(self, written: dict[str, Any]) -> dict[str, Any]:
        """Front matter over the section's defaults, checked against the table of this type."""
        table = _table(self.type, tuple(self.config.taxonomies))
        values = dict(written)
        if isinstance(values.get("source"), dict) and "sources" in _KNOWN_NAMES[self.type]:
            if "sources" in values:
                self.say("error", "CL108", "both `source` and `sources`", ("source",), "Keep `sources`.")
            else:
                values["sources"] = [values["source"]]
                self.places = _as_list(self.places, "source", "sources")
            del values["source"]
        if isinstance(values.get("sources"), dict):
            values["sources"] = [values["sources"]]
            self.places = _as_list(self.places, "sources", "sources")
        if self.section is not None and self.type == "article":
            values = {**self.section.defaults, **values}
        self.unchecked = values
        clean, problems = check(values, table, self.places, path=self.path, rules=self.rules)
        self.problems.extend(problems)
        own = {name: value for name, value in clean.items() if name in written}
        self.problems.extend(without_effect(own, table, self.places, path=self.path))
        if not isinstance(clean.get("extra", {}), dict):
            self.say(
                "error", code("matter", TYPE), "`extra` must be a group of keys", ("extra",), "Give it keys of its own."
            )
            del clean["extra"]
        elif clean.get("extra"):
            clean["extra"] = clean_data(clean["extra"], self.told, ("extra",))
        return clean

    def chosen_language(self) -> str:
        written = self.values.get("language", "")
        own = self.config.site.language
        known = (own, *self.config.languages)
        named = self.place.language
        if written and named and written != named:
            message = f"the file name says {named}, the front matter {written}"
            self.say("error", "CL125", message, ("language",), "Take `language` out, or rename the file.")
        suffix = language_suffix(self.named)
        looks_like_one = len(suffix.partition("-")[0]) == _TWO_LETTERS and is_language(suffix)
        if not named and looks_like_one and suffix not in known:
            hint = f"Add [languages.{suffix}] to site.toml, or rename the file."
            problem = Problem(
                "error", "CL125", f"the site has no language {suffix}", self.path, *self.places.start, hint
            )
            self.problems.append(problem)
        chosen = named or written or own
        if chosen not in known:
            hint = did_you_mean(chosen, known) or f"Add [languages.{chosen}] to site.toml."
            self.say("error", "CL125", f"the site has no language {chosen}", ("language",), hint)
            return own
        return cast("str", chosen)

    def chosen_status(self) -> Status:
        if self.place.kind == "draft":
            return "draft"
        return cast("Status", self.values.get("status", "published"))

    def document(self, declarations: Mapping[str, Declaration], converter: Convert) -> Document:
        values = self.values
        address = self.address()
        kind = values.get("kind") or (self.section.kind if self.section and self.type == "article" else "")
        converted = converter(
            self.cleared.body,
            path=self.path,
            first_line=self.front.body_line,
            slug=address.slug,
            language=self.language,
            markdown=self.config.markdown,
            declarations=declarations,
            take_title=not values.get("title"),
            # What `weigh_words` weighs.
            weigh_quoted=kind == "shared" or bool(values.get("sources")),
        )
        self.problems.extend(map(self.placed, converted.problems))
        title = values.get("title") or converted.title
        self.demand(title)
        sources = cited(sources_of(values.get("sources", ()), self.say), converted.citations)
        acting = with_actions(
            converted,
            self.written_actions(),
            allowed="actions" in _KNOWN_NAMES[self.type],
            rules=self.rules,
            path=self.path,
            problems=self.problems,
        )
        body = acting.body
        references: tuple[Reference, ...] = ()
        if any(name == HELP_LINES or sources_named(declarations.get(name)) for name in converted.directives):
            body, references = with_sources(body, declarations, sources, len(converted.references))
        history = _changes(values.get("history", ()))
        date: Moment | None = values.get("date")
        expires: Moment | None = values.get("expires")
        card = Card(
            path=self.path,
            url=address.url,
            id=self.identity(date),
            title=title,
            language=self.language,
            kind=kind or ("page" if self.type in ("page", "text") else "article"),
            section=self.section.name if self.section is not None and self.type == "article" else "",
            status=self.status,
            translation_key=values.get("translation_key") or self.place.key,
            summary=self.summary(converted.summary),
            lead=acting.lead,
            date=date,
            updated=values.get("updated"),
            taxonomies=self.taxonomies(),
            authors=_once(
                values.get("authors") or (self.config.site.authors if self.type in ("article", "page") else ())
            ),
            series=self.series(),
            campaign=values.get("campaign", ""),
            pinned=values.get("pinned", False),
            order=values.get("order", 0),
            image=self.image(converted.closed_pictures),
            content_note=self.content_note(),
            actions=acting.actions,
            history=history,
            repost=any(source.role == "repost-of" for source in sources),
            minutes=reading_minutes(converted.plain, self.language),
        )
        if card.kind == "shared" and not sources:
            self.say(
                "warning", "CL518", "shared news without a source", ("kind",), "Name the original under `sources`."
            )
        self.weigh(card, expires)
        self.weigh_actions(card, expires, converted)
        if card.repost:
            self.demand_leave(sources)
        if converted.quoted:
            self.weigh_words(card, sources, converted)
        matter = Matter(
            sources=sources,
            borrowed=borrowed(sources, converted.citations, references) if references else (),
            share=self.share(),
            replies=values.get("replies", ""),
            quick_exit=values.get("quick_exit"),
            robots=values.get("robots", ""),
            aliases=_once(values.get("aliases", ())),
            template=values.get("template", ""),
            backstory=values.get("backstory", ""),
            slug=address.slug,
            campaign=self.campaign(),
            ignore={
                each["code"]: each["reason"] for each in values.get("ignore", ()) if {"code", "reason"} <= each.keys()
            },
            extra=values.get("extra", {}),
            passages=converted.passages,
        )
        entry = Entry(
            path=self.path,
            type=self.type,
            card=card,
            matter=matter,
            starts=first_second(date, self.zone) if date else None,
            ends=end_second(expires, self.zone) if expires else None,
            bundle=self.place.bundle,
            body_digest=key_value((body, converted.headings)),
            ids=tuple(dict.fromkeys((*converted.ids, *(f"act-{action.id}" for action in acting.actions)))),
            references=References.of((*converted.references, *references) if references else converted.references),
            directives=tuple(converted.directives),
            places=Spots.of(self.later_places(card.taxonomies) | acting.places),
        )
        return Document(entry, body, tuple(converted.headings))

    def guarded(self, document: Document, file: File, head: str) -> Document:
        """The document, of which it is told where its redactions are not seen, and where it says what they take out.

        `head` is all of the file that stands before the body. While text of a redaction is in the source, the card
        carries the digest of the file: what shows the card is drawn, and searched, whenever the file changes.
        """
        redactions = self.cleared.redactions
        parts = list(_all_parts(document.body.parts))
        drawn = ((part.line, part.column) for part in parts if isinstance(part, Call) and part.name == DIRECTIVE)
        self.problems.extend(unseen(redactions, drawn, self.path))
        self.problems.extend(pending(redactions, self.path))
        self.problems.extend(left_in(head + self.cleared.body, redactions, _said(document, parts), self.path))
        if not any(each.text for each in redactions):
            return document
        card = msgspec.structs.replace(document.entry.card, unredacted=file.digest)
        return msgspec.structs.replace(document, entry=msgspec.structs.replace(document.entry, card=card))

    def placed(self, problem: Problem) -> Problem:
        """A problem with the settings of Markdown at the setting it is about."""
        if problem.path != SETTINGS_FILE or problem.line:
            return problem
        names = self.config.markdown.extensions
        named = next((number for number, name in enumerate(names) if f"“{name}”" in problem.message), None)
        setting = "markdown.engine" if named is None else f"markdown.extensions.{named}"
        line, column = self.config.place(setting)
        return msgspec.structs.replace(problem, line=line, column=column)

    def demand(self, title: str) -> None:
        """What must be there: a title, and the date of what is published by date."""
        written = self.front.values or {}
        if not title and self.type != "text" and is_empty(written.get("title")):
            self.missing("title", "or begin the text with `# A heading`.")
        dated = self.place.kind == "article" and self.status != "draft"
        if dated and not self.values.get("date") and is_empty(written.get("date")):
            self.missing("date", "or keep it back with `status: draft`.")

    def missing(self, name: str, otherwise: str) -> None:
        fields = {field.name: field for field in _TABLES[self.type].fields}
        written = example_in(fields[name].example, self.places.format)
        hint = f"Write {written}, {otherwise}"
        if not self.front.format:
            hint = f"Begin the file with a line ---, then {written}, then a line ---; {otherwise}"
        number = code("matter", MISSING)
        self.problems.append(
            Problem("error", number, f"`{name}` is missing", self.path, *self.places.key((name,)), hint)
        )

    def address(self) -> _Address:
        written = unicodedata.normalize("NFC", self.values.get("slug", ""))
        made = written or slug(self.place.stem, self.language)
        prefix = "" if self.language == self.config.site.language else f"/{self.language}"
        if self.type == "text":
            return _Address(made, prefix + _address_of_text(self.place, made))
        if not made:
            self.say(
                "error", "CL122", f"no address can be made of the name “{self.place.stem}”", ("slug",), "Add `slug`."
            )
        elif not written and slug_problem(made):
            self.say("error", "CL122", slug_problem(made), ("slug",), "Rename the file, or add `slug`.")
        if self.type == "campaign":
            return _Address(made, f"{prefix}/campaigns/{made}/")
        pattern = self.config.urls.pages if self.type == "page" else self.config.urls.posts
        if self.section is not None and self.type == "article":
            pattern = self.section.url or f"/{self.section.name}/{{slug}}/"
        if "{language}" in pattern:
            prefix = ""
        url = prefix + self.filled(pattern, made)
        self.refuse_reserved(url.removeprefix(prefix), made)
        return _Address(made, url)

    def filled(self, pattern: str, made: str) -> str:
        if pattern.count("{") == 1 and "{slug}" in pattern:
            return _SLASHES.sub("/", pattern.replace("{slug}", made))
        date: Moment | None = self.values.get("date")
        tokens = {
            "year": f"{date.day.year:04}" if date else "0000",
            "month": f"{date.day.month:02}" if date else "00",
            "day": f"{date.day.day:02}" if date else "00",
            "slug": made,
            "section": self.place.section or "pages",
            "language": self.language,
        }
        for name, value in tokens.items():
            pattern = pattern.replace(f"{{{name}}}", value)
        return _SLASHES.sub("/", pattern)

    def refuse_reserved(self, url: str, made: str) -> None:
        first, _, rest = url.strip("/").partition("/")
        name = collision_key(first)
        taken = name in RESERVED or (not rest and (name in self.config.languages or name in self.config.taxonomies))
        if taken:
            message = f"the address {url} belongs to a page Clarion makes"
            self.say("error", "CL123", message, ("slug",), f"Choose another slug, such as {made}-1.")

    def identity(self, date: Moment | None) -> str:
        """A UUID as URN (RFC 9562), else a tag URI (RFC 4151) of site, day and path."""
        if self.values.get("id"):
            return f"urn:uuid:{self.values['id'].lower().removeprefix('urn:uuid:')}"
        suffix = f".{self.place.language}" if self.place.language else ""
        name = quote(self.place.key + suffix, safe="/")
        return f"tag:{self.config.site.id},{date.day.isoformat() if date else _UNDATED}:{name}"

    def taxonomies(self) -> dict[str, tuple[str, ...]]:
        """The labels by taxonomy, without those of which no address can be made."""
        found = {}
        for name in self.config.taxonomies:
            for at, message in _nameless((self.front.values or {}).get(name), (name,), self.language):
                self.say("error", "CL131", message, at, _NAMELESS_HINT)
            labels = _once(tuple(label for label in self.values.get(name, ()) if _has_address(label, self.language)))
            if labels:
                found[name] = labels
        return found

    def series(self) -> SeriesPart | None:
        value = self.values.get("series")
        if not value or "name" not in value:
            return None
        if not slug(value["name"], self.language):
            message = f"no address can be made of “{value['name']}”"
            self.say("error", "CL131", message, ("series", "name"), _NAMELESS_HINT)
            return None
        return SeriesPart(**value)

    def image(self, closed: tuple[str, ...]) -> Image | None:
        """The picture that stands for the document; one that a content note keeps closed in its text cannot."""
        value = self.values.get("image")
        if not value or "file" not in value:
            return None
        if closed and self.path_of(value["file"]) in map(self.path_of, closed):
            message = f"“{value['file']}” stands behind a content note, and would be shown before it"
            hint = "Let another picture stand for the article, or none."
            self.say("error", "CL630", message, ("image", "file"), hint)
        if not value.get("alt") and not value.get("decorative"):
            hint = "Add `alt`: what it shows, for those who do not see it; or `decorative: true`."
            message = f"the image “{value['file']}” has no text alternative"
            self.say("warning", "CL127", message, ("image",), hint)
        line, column = self.places.value(("image", "file"))
        return Image(**value, line=line, column=column)

    def path_of(self, target: str) -> str:
        """The path of a file that the author names, however it is written."""
        name = unquote(re.split("[?#]", target, maxsplit=1)[0])
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.path), name))

    def summary(self, beginning: str) -> str:
        """The author's; else the beginning of the text, unless a content note says that it may be hard to read."""
        written = self.values.get("summary", "")
        return " ".join((written or ("" if self.values.get("content_note") else beginning)).split())

    def content_note(self) -> ContentNote | None:
        value = self.values.get("content_note")
        return ContentNote(**value) if value else None

    def campaign(self) -> Campaign | None:
        if self.type != "campaign":
            return None
        outcomes = tuple(Outcome(**each) for each in self.values.get("outcomes", ()) if {"date", "text"} <= each.keys())
        goal = goal_of(self.values.get("goal"), ("goal",), self.say)
        return Campaign(self.values.get("state", "open"), goal, outcomes)

    def share(self) -> Share:
        if not self.values.get("share"):
            return Share()
        value = dict(self.values["share"])
        email = value.pop("email", None) or {}
        fixed = {name: value.pop(name) for name in ("text", "hashtags", "kit") if name in value}
        found: dict[KeyPath, str] = {("share", name): name for name in (*fixed, *value)}
        found |= {
            ("share", "hashtags", number): f"hashtags.{number}" for number in range(len(fixed.get("hashtags", ())))
        }
        found |= {("share", "email", name): f"email.{name}" for name in email}
        places = {word: self.places.value(at) for at, word in found.items()}
        return Share(
            **fixed,
            texts=value,
            email_subject=email.get("subject", ""),
            email_body=email.get("body", ""),
            places=places,
        )

    def weigh(self, card: Card, expires: Moment | None) -> None:
        """What does not fit together."""
        if card.date and expires and end_second(expires, self.zone) <= first_second(card.date, self.zone):
            self.say("error", "CL126", "it expires before it is published", ("expires",), "Mend `date` or `expires`.")
        if card.content_note is not None and not self.values.get("summary") and card.status != "retracted":
            hint = (
                "Write `summary`: one or two sentences without details. It is the way on for those who skip the text."
            )
            self.say("note", "CL547", "a content note, and no summary to read instead", ("content_note",), hint)
        self.weigh_history(card)
        if card.status == "retracted" and not any(change.type == "retraction" for change in card.history):
            hint = "Add to `history` an entry of type retraction, with its text."
            self.say("warning", "CL128", "retracted without a reason", ("status",), hint)

    def demand_leave(self, sources: Sequence[Source]) -> None:
        """Who passes on a whole text needs its author's leave."""
        for index, source in enumerate(sources):
            reserved = not source.licence or _RESERVED.search(source.licence) is not None
            if source.role == "repost-of" and reserved and not source.permission:
                message = "a text is passed on in full, and nothing says that this is allowed"
                hint = "Add the `licence` that allows it, or under `permission` who did, and when; else quote a little."
                self.say("error", "CL551", message, ("sources", index), hint)

    def weigh_words(self, card: Card, sources: Sequence[Source], converted: Converted) -> None:
        """Whether an article that passes on the words of others has enough of its own (etiquette of quoting)."""
        roles = {source.role for source in sources}
        passes_on = card.kind == "shared" or not roles.isdisjoint(("quoted", "based-on"))
        if card.kind == "appeal" or card.repost or not passes_on:
            return
        quoted = count_words(converted.quoted)
        every = max(count_words(converted.plain), 1)
        part = round(100 * quoted / every)
        if quoted <= _MOST_QUOTED and part <= _LARGEST_PART:
            return
        message = f"{quoted} words are quoted, {part} % of the text, and {every - quoted} are your own"
        hint = f"Quote less or retell: at most {_MOST_QUOTED} words, and at most {_LARGEST_PART} % of the text."
        self.say("warning", "CL550", message, ("sources",) if sources else ("kind",), hint)

    def weigh_history(self, card: Card) -> None:
        """Changes that do not fit what the article is now."""
        for index, change in enumerate(self.values.get("history", ())):
            if change.get("type") == "retraction" and card.status not in ("retracted", "draft"):
                hint = "Write `status: retracted`; or, if the text still stands, call it a correction."
                self.say("warning", "CL545", "a retraction, but the text is still shown", ("history", index), hint)
            day = change.get("date")
            if change.get("type") in MOVES and card.date and day and day < card.date.day:
                message = f"this {change['type']} is older than the article, so no feed shows it as changed"
                hint = "Mend the date; it is the day on which the published text was changed."
                self.say("warning", "CL546", message, ("history", index, "date"), hint)

    def written_actions(self) -> list[Written]:
        """The actions of the front matter, or of its section's defaults, in order."""
        clean = self.values.get("actions", ())
        if not clean:
            return []
        return [
            Written(value, ("actions", index), self.say, isinstance(found, dict) and not is_empty(found.get("url")))
            for index, (value, found) in enumerate(zip(clean, self.unchecked["actions"], strict=True))
        ]

    def weigh_actions(self, card: Card, expires: Moment | None, converted: Converted) -> None:
        """What does not fit together of the actions and the rest of the document."""
        if not card.actions:
            return
        headings = {heading.id for heading in converted.headings}
        for number, action in enumerate(card.actions):
            if f"act-{action.id}" in headings:
                message = f"the id “act-{action.id}” is that of a heading as well"
                hint = "Give the action another `id`, or the heading one of its own by {#…} at its end."
                self.say("error", "CL227", message, ("actions", number, "id"), hint)
        if expires and any(action.status not in OVER for action in card.actions):
            hint = "Did you mean `closes`, of the action? Then readers find what came of it; what expires is gone."
            message = "the article expires, and with it an action that is open"
            self.say("warning", "CL528", message, ("expires",), hint)

    def later_places(self, taxonomies: Mapping[str, tuple[str, ...]]) -> dict[str, Place]:
        """The places later stages may complain about, by paths such as `aliases.0`, `image.file` and `tags.2`.

        The number of a label is that in the card, which has no label twice.
        """
        labels = {}
        for name, kept in taxonomies.items():
            written = (self.front.values or {}).get(name)
            found = [item.strip() if isinstance(item, str) else "" for item in written or ()]
            for number, label in enumerate(kept):
                if label in found:
                    labels[f"{name}.{number}"] = self.places.value((name, found.index(label)))
        return labels | {
            ".".join(str(step) for step in path): place
            for path, place in self.places.values.items()
            if path and path[0] in _PLACED and (len(path) < 3 or path[-1] in _PLACED_INSIDE)
        }


def cited(sources: Sequence[Source], citations: Sequence[Citation]) -> tuple[Source, ...]:
    """The sources, where those that the text cites know their number and their marks."""
    if not citations:
        return tuple(sources)
    found = {citation.source: citation for citation in citations}
    return tuple(
        msgspec.structs.replace(source, number=found[source.id].number, marks=found[source.id].marks)
        if source.id in found
        else source
        for source in sources
    )


def borrowed(
    sources: Sequence[Source], citations: Sequence[Citation], references: Sequence[Reference]
) -> tuple[Citation, ...]:
    """What the text names and the front matter does not: sources in the order in which they are cited, then others."""
    own = {source.id for source in sources}
    found = {citation.source: citation for citation in citations if citation.source not in own}
    for reference in references:
        if reference.kind == "source":
            found.setdefault(reference.target, Citation(reference.target))
    return tuple(found.values())


def sources_named(declaration: Declaration | None) -> tuple[str, ...]:
    """The attributes of a directive that name a source."""
    if declaration is None:
        return ()
    own = ("source",) if declaration.text == "source" else ()
    return (*own, *(name for name, rule in declaration.attributes.items() if rule.type == "source"))


def redacted_in(content: bytes, path: str) -> Cleared:
    """The redactions of a Markdown file, whose text nothing else keeps; none where it cannot be read."""
    return _apart(content, path)[1]


def besides_redactions(content: bytes, path: str) -> str:
    """The text of a Markdown file without what is redacted in it; lines keep their numbers as `cleared` says."""
    head, found = _apart(content, path)
    return head + found.body


def _apart(content: bytes, path: str) -> tuple[str, Cleared]:
    """What stands before the body of a Markdown file, and its body without its redactions."""
    text, _ = decode(content, path)
    front = read_front_matter(text or "", path)
    return (text or "")[: len(text or "") - len(front.body)], cleared(front.body, path, front.body_line)


def _all_parts(parts: Iterable[Part]) -> Iterator[Part]:
    for part in parts:
        yield part
        if isinstance(part, Call):
            yield from _all_parts(part.inner)


def _said(document: Document, parts: Sequence[Part]) -> Iterator[str]:
    """Every text that a document may give to an output: its words as a whole, and each value by itself."""
    entry = document.entry
    yield "".join(part.text for part in parts if isinstance(part, Html))
    for part in parts:
        if isinstance(part, Call):
            yield from (part.text, *map(str, part.attributes.values()))
        elif not isinstance(part, Html):
            yield part.attributes
    yield from (reference.target for reference in entry.references)
    # Where the source lies is told to nobody; its name is in the address.
    card = msgspec.structs.replace(entry.card, path="", lead=Body())
    yield from _texts_in(msgspec.to_builtins((card, entry.matter, entry.ids, document.headings)))


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from (str(name), *_texts_in(inner))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts_in(inner)


def with_sources(
    body: Body, declarations: Mapping[str, Declaration], sources: Sequence[Source], first: int
) -> tuple[Body, tuple[Reference, ...]]:
    """The body, where each directive that names a source of the article knows its name, address and language.

    With it comes a reference for each source and each help line that only the site can know; `first` is the number of
    the first of these references.
    """
    known = {source.id: source for source in sources}
    references: list[Reference] = []

    def named(parts: tuple[Part, ...]) -> tuple[Part, ...]:
        return tuple([one(part) if type(part) is Call else part for part in parts])

    def one(call: Call) -> Call:
        attributes = dict(call.attributes)
        number = -1
        for name in sources_named(declarations.get(call.name)):
            wanted = str(attributes.get(name) or "")
            if not wanted:
                continue
            if wanted in known:
                source = known[wanted]
                attributes |= {"source_name": source.name, "source_url": source.url, "source_language": source.language}
            else:
                number = first + len(references)
                references.append(Reference("source", wanted, call.line, call.column))
        if call.name == HELP_LINES:
            place = " ".join(str(attributes.get(name, "")) for name in ("country", "language"))
            references.append(Reference("resource", place, call.line, call.column))
        return msgspec.structs.replace(call, attributes=attributes, inner=named(call.inner), source=number)

    return Body(named(body.parts), body.targets), tuple(references)


def _address_of_text(place: Whereabouts, made: str) -> str:
    if place.folder in ("", "sections", "pages"):
        return "/" if place.key == "index" else f"/{made}/"
    if place.stem == "index":
        return f"/{place.folder}/"
    return f"/{place.folder}/{made}/"


def _changes(values: Iterable[Mapping[str, Any]]) -> tuple[Change, ...]:
    return tuple(Change(**each) for each in values if {"date", "type", "text"} <= each.keys())


def _as_list(places: Places, name: str, listed: str) -> Places:
    """The places of a mapping that is taken for a list of one under the name `listed`."""

    def moved(found: Mapping[KeyPath, Place]) -> dict[KeyPath, Place]:
        inside = {(listed, 0, *path[1:]): place for path, place in found.items() if path[:1] == (name,)}
        whole: dict[KeyPath, Place] = {(listed,): found[(name,)]} if (name,) in found else {}
        return {**{path: place for path, place in found.items() if path[:1] != (name,)}, **whole, **inside}

    return msgspec.structs.replace(places, keys=moved(places.keys), values=moved(places.values))


def _nameless(written: Any, at: KeyPath, language: str) -> Iterator[tuple[KeyPath, str]]:
    """The labels, as written, of which no address can be made, each with the reason."""
    for index, label in enumerate(written if isinstance(written, list) else ()):
        if not isinstance(label, str) or is_empty(label):
            continue
        flaw = _flaw_of_label(label, language)
        if flaw:
            yield (*at, index), flaw


@lru_cache(maxsize=4096)
def _flaw_of_label(label: str, language: str) -> str:
    """Why no address can be made of a label; '' when one can."""
    made = slug(label, language)
    return slug_problem(made) if made else f"no address can be made of “{label.strip()}”"


@lru_cache(maxsize=4096)
def _has_address(label: str, language: str) -> bool:
    return bool(slug(label, language))


def _once(labels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(labels))
