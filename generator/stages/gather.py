"""Gather: what is published now, and what every reference leads to."""

import difflib
import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from msgspec import Struct, structs

from generator.config import Config
from generator.media.metadata import personal
from generator.media.pictures import picture_path, width_for
from generator.model.body import (
    Body,
    Call,
    Html,
    NoTarget,
    OutsideTarget,
    PageTarget,
    Part,
    PictureTarget,
    Reference,
    Slot,
    SourceTarget,
    Target,
    Targets,
)
from generator.model.document import Action, Card, Entry, File, Matter, Media, Source
from generator.model.library import CopyOrder, LeftOut, Library, Parsed, PictureOrder, SeriesList, Shelf, Term
from generator.model.problem import Problem
from generator.source.shared_sources import read_shared_sources
from generator.source.suggest import did_you_mean, nearest
from generator.text.addresses import address, language_root, output_path
from generator.text.slugs import collision_key, slug
from generator.text.sorting import sort_key

CONTENT = "content/"
_DRAFTS = "content/drafts/"
DRAFT = "draft"
EXPIRED = "expired"
SCHEDULED = "scheduled"
_PLAINLY_OUTSIDE = re.compile(r"https?://[A-Za-z0-9.-]+(?:/[A-Za-z0-9._~%!$&'()*+,;=:@/?#-]*)?")
_WITHOUT = "left out by --without"
_HIDDEN_HINT = "Set its status to published, or take the link out."


class Choice(Struct, frozen=True):
    """What the author asked this build to show or to leave out; `now` is in UTC seconds.

    With `ever` a document is in at any time of its life, whatever `now` is. `absent` are addresses this site has at
    some time and not now: links to them become their text.
    """

    now: int
    drafts: bool = False
    future: bool = False
    without: tuple[str, ...] = ()
    ever: bool = False
    absent: frozenset[str] = frozenset()


def gather(parsed: Parsed, config: Config, choice: Choice) -> Library:
    """The library at the instant `choice.now`: a pure function, so the same values give the same site anywhere."""
    published: list[Entry] = []
    left_out: list[LeftOut] = []
    problems = [as_note(each) if _is_without(each.path, choice.without) else each for each in parsed.problems]
    for entry in parsed.entries:
        reason, until = left_out_because(entry, choice)
        if entry.problems:
            lenient = entry.card.status == "draft" or reason in (EXPIRED, _WITHOUT)
            problems.extend(as_note(problem) if lenient else problem for problem in entry.problems)
        if reason:
            left_out.append(LeftOut(entry.path, reason, until))
        else:
            published.append(entry)
    problems.extend(_collisions(parsed.entries))
    problems.extend(_same_ids(parsed.entries))
    problems.extend(_told_of_hidden(parsed, left_out, config))
    resolver = _Resolver(parsed, published, left_out, config.images.widths, choice.absent)
    completed: dict[str, Entry] = {}
    texts: dict[str, Entry] = {}
    targets: dict[str, Targets] = {}

    def complete(entry: Entry) -> Entry:
        found = tuple([resolver.resolve(entry, reference) for reference in entry.references])
        targets[entry.path] = Targets.of(found)
        if entry.matter.borrowed:
            entry = _with_shared_sources(entry, resolver.sources())
        card = _complete(entry, found, resolver, choice.now, config)
        return entry if card is entry.card else structs.replace(entry, card=card)

    for entry in map(_tombstone, published):
        if entry.type != "text":
            completed[entry.path] = complete(entry)
    cards = sorted((entry.card for entry in completed.values()), key=newest_first)
    shelves = {
        language: _shelve(language, cards, completed, parsed, config)
        for language in sorted({config.site.language, *(card.language for card in cards)})
    }
    unseen = _unseen_texts(published, shelves, config)
    for entry in published:
        if entry.type == "text":
            name = posixpath.splitext(entry.path.removeprefix(CONTENT))[0]
            texts[name] = complete(_nothing_of(entry) if name in unseen else entry)
    problems.extend(resolver.problems)
    translations: dict[str, list[Card]] = {}
    for card in cards:
        if card.translation_key:
            translations.setdefault(card.translation_key, []).append(card)
    return Library(
        entries=completed,
        texts=texts,
        shelves=shelves,
        sections=parsed.sections,
        targets=targets,
        translations={key: tuple(found) for key, found in translations.items() if len(found) > 1},
        pictures=tuple(resolver.pictures.values()),
        copies=tuple(resolver.copies.values()),
        data=parsed.data,
        absent=choice.absent,
        unseen=frozenset(texts[name].path for name in unseen if name in texts),
        withdrawn=_withdrawn(published, completed, parsed, config),
        left_out=tuple(sorted(left_out, key=lambda out: out.path)),
        next_change=next_change(
            (
                entry
                for entry in parsed.entries
                if not _is_without(entry.path, choice.without) and (choice.drafts or entry.card.status != "draft")
            ),
            choice.now,
        ),
        problems=tuple(problems),
    )


def left_out_because(entry: Entry, choice: Choice) -> tuple[str, int | None]:
    """Why a document is not published at this instant, and until when; ('', None) when it is."""
    if _is_without(entry.path, choice.without):
        return _WITHOUT, None
    if entry.card.status == "draft":
        return ("", None) if choice.drafts else (DRAFT, None)
    if choice.ever:
        return "", None
    if entry.ends is not None and entry.ends <= choice.now:
        return EXPIRED, None
    if entry.starts is not None and entry.starts > choice.now and not choice.future:
        return SCHEDULED, entry.starts
    return "", None


def _is_without(path: str, without: tuple[str, ...]) -> bool:
    return any(path == left or path.startswith(left.rstrip("/") + "/") for left in without)


def as_note(problem: Problem) -> Problem:
    """A finding in a text nobody sees yet does not hold a build up."""
    return structs.replace(problem, severity="note")


def next_change(entries: Iterable[Entry], now: int) -> int | None:
    """The next UTC second at which time alone changes the site."""
    instants: list[int] = []
    for entry in entries:
        if entry.ends is not None and entry.ends <= now:
            continue
        instants.extend(instant for instant in (entry.starts, entry.ends) if instant is not None)
        if entry.card.status == "retracted":
            continue
        for action in entry.card.actions:
            instants.extend(
                instant
                for instant in (action.opens.instant if action.opens else None, action.until, action.event_over)
                if instant is not None
                and (entry.starts is None or entry.starts <= instant)
                and _at(action, instant) != _at(action, instant - 1)
            )
    return min((instant for instant in instants if instant > now), default=None)


def newest_first(card: Card) -> tuple[Any, ...]:
    """Newest first; on equal days by time, then path."""
    day = card.date.day.toordinal() if card.date else 0
    instant = card.date.instant or 0 if card.date else 0
    return (-day, -instant, card.path)


def _collisions(entries: Iterable[Entry]) -> list[Problem]:
    """Two documents that will ever share an address; drafts may, until they are published."""
    problems = []
    seen: dict[str, Entry] = {}
    for entry in entries:
        if entry.type == "text" or entry.card.status == "draft":
            continue
        first = seen.setdefault(collision_key(entry.card.url), entry)
        if first is not entry:
            line, column = entry.places.get("slug", (1, 1))
            problems.append(
                Problem(
                    "error",
                    "CL706",
                    f"this and {first.path} would both be at {entry.card.url}",
                    entry.path,
                    line,
                    column,
                    "Give one of them another slug.",
                )
            )
    return problems


def _unseen_texts(published: list[Entry], shelves: Mapping[str, Shelf], config: Config) -> set[str]:
    """The texts above lists that no page shows, for nothing published is in their list; named as in `Library.texts`."""
    unseen = set()
    for entry in published:
        if entry.type != "text":
            continue
        name = posixpath.splitext(entry.path.removeprefix(CONTENT))[0]
        folder, _, rest = name.partition("/")
        rest = rest.removesuffix(f".{entry.card.language}")
        shelf = shelves.get(entry.card.language, Shelf(entry.card.language))
        if folder in config.taxonomies:
            seen = any(term.slug == rest for term in shelf.terms.get(folder, ()))
        elif folder == "authors":
            seen = rest in shelf.authors
        elif folder == "pages" and rest in config.taxonomies:
            seen = bool(shelf.terms.get(rest))
        else:
            seen = folder != "pages" or rest != "archive" or bool(shelf.years)
        if not seen:
            unseen.add(name)
    return unseen


def _nothing_of(entry: Entry) -> Entry:
    """An entry without what its text refers to, so that no picture or file of it is published."""
    card = structs.replace(entry.card, lead=Body(), image=None)
    return structs.replace(entry, card=card, ids=(), references=(), directives=())


def _tombstone(entry: Entry) -> Entry:
    """Of a retracted document its name, its dates, its old addresses and the reason; any other as it is."""
    card, matter = entry.card, entry.matter
    if card.status != "retracted":
        return entry
    reasons = tuple(structs.replace(change, was="") for change in card.history if change.type == "retraction")
    bare = structs.replace(
        card,
        summary="",
        lead=Body(),
        taxonomies={},
        series=None,
        campaign="",
        image=None,
        content_note=None,
        actions=(),
        history=reasons,
    )
    kept = Matter(
        replies=matter.replies,
        quick_exit=matter.quick_exit,
        aliases=matter.aliases,
        template=matter.template,
        slug=matter.slug,
        ignore=matter.ignore,
    )
    return structs.replace(entry, card=bare, matter=kept, ids=(), references=(), directives=())


def _withdrawn(
    published: Iterable[Entry], completed: Mapping[str, Entry], parsed: Parsed, config: Config
) -> dict[str, tuple[Card, ...]]:
    """The tombstones by the addresses of the terms and the campaign their articles carried, and of all actions.

    Who follows a tag, a campaign or the actions has copies to mend too. Feeds know an action by an id of its own.
    Pages, too, have actions, and are in no other list.
    """
    retracted = [entry for entry in published if entry.card.status == "retracted"]
    articles = [entry.card for entry in retracted if entry.type == "article"]
    found: dict[str, list[Card]] = {}
    for language in sorted({card.language for card in articles}):
        mine = tuple(card for card in articles if card.language == language)
        for name in config.taxonomies:
            for term in terms_of(name, mine, language, config, parsed.data.get(name, {})):
                found[term.url] = [completed[card.path].card for card in term.cards]
        root = language_root(language, config)
        for card in mine:
            if card.campaign:
                found.setdefault(f"{root}campaigns/{card.campaign}/", []).append(completed[card.path].card)
    for card in (entry.card for entry in retracted if entry.card.actions):
        left = completed[card.path].card
        gone = [structs.replace(left, id=f"{left.id}#act-{action.id}") for action in card.actions]
        found.setdefault(f"{language_root(card.language, config)}act/", []).extend(gone)
    return {url: tuple(cards) for url, cards in found.items()}


def _same_ids(entries: Iterable[Entry]) -> list[Problem]:
    """Two documents of one id: readers' feeds would take them for one. A copied file brings its id along."""
    problems = []
    seen: dict[str, Entry] = {}
    for entry in entries:
        if entry.type == "text" or entry.card.status == "draft":
            continue
        first = seen.setdefault(entry.card.id, entry)
        if first is not entry:
            line, column = entry.places.get("id", (1, 1))
            message = f"this and {first.path} have the same id"
            hint = "Take the line `id` out of the newer one; clarion new writes an id of its own for each text."
            problems.append(Problem("error", "CL710", message, entry.path, line, column, hint))
    return problems


def _told_of_hidden(parsed: Parsed, left_out: list[LeftOut], config: Config) -> list[Problem]:
    """What is wrong with the references of drafts and expired texts, as notes; nothing is made for them."""
    hidden = {out.path for out in left_out if out.reason in (DRAFT, EXPIRED)}
    if not hidden:
        return []
    everything = list(parsed.entries)
    resolver = _Resolver(parsed, everything, [], config.images.widths, frozenset())
    for entry in everything:
        if entry.path in hidden:
            for reference in entry.references:
                resolver.resolve(entry, reference)
    return [as_note(problem) for problem in resolver.problems]


def _with_shared_sources(entry: Entry, shared: Mapping[str, Source]) -> Entry:
    """The entry, where the shared sources that its text names are its own."""
    found = tuple(
        structs.replace(shared[named.source], number=named.number, marks=named.marks)
        for named in entry.matter.borrowed
        if named.source in shared
    )
    return structs.replace(entry, matter=structs.replace(entry.matter, sources=(*entry.matter.sources, *found)))


def _complete(entry: Entry, targets: tuple[Target, ...], resolver: "_Resolver", now: int, config: Config) -> Card:
    """The card as other pages may know it now: states of actions, the picture, a lead whose links lead somewhere."""
    card = entry.card
    lead = bind(card.lead, targets)
    if card.image is None and not card.actions and lead is card.lead:
        return card
    image = card.image
    if image is not None:
        reference = Reference("picture", image.file, image.line, image.column)
        target = resolver.resolve(entry, reference)
        image = structs.replace(image, picture=target if isinstance(target, PictureTarget) else None)
    return structs.replace(
        card,
        image=image,
        actions=tuple(
            structs.replace(
                action,
                state=action_state(action, now),
                calendar=_calendar(entry, action, config),
                coming=is_coming(action, now),
            )
            for action in card.actions
        ),
        lead=lead,
    )


def _calendar(entry: Entry, action: Action, config: Config) -> str:
    """Where the event of a listed article or page can be had for calendars; '' for anything else."""
    if action.kind != "event" or action.starts is None or not is_listed(entry.card):
        return ""
    name = entry.card.url.rstrip("/").rpartition("/")[2]
    return f"{language_root(entry.card.language, config)}act/{name}-{action.id}.ics"


def action_state(action: Action, now: int) -> Any:
    """What `now` makes of an action: before its opening upcoming, past its deadline or its event closed."""
    if action.status not in ("open", "paused"):
        return action.status
    if action.until is not None and action.until <= now:
        return "closed"
    if action.status == "paused":
        return "paused"
    if action.opens is not None and action.opens.instant is not None and action.opens.instant > now:
        return "upcoming"
    return "open"


def is_coming(action: Action, now: int) -> bool:
    """Whether an event has not ended: it may be closed to those who have not signed up, and still take place."""
    return action.status in ("open", "paused") and action.event_over is not None and action.event_over > now


def _at(action: Action, now: int) -> tuple[str, bool]:
    return action_state(action, now), is_coming(action, now)


def bind(body: Body, targets: tuple[Target, ...]) -> Body:
    """A body that carries just the targets its own slots use, so that it can travel without its document."""
    if all(type(part) is Html for part in body.parts):
        return body
    order: dict[int, int] = {}

    def renumber(parts: tuple[Part, ...]) -> tuple[Part, ...]:
        made: list[Part] = []
        for part in parts:
            if isinstance(part, Slot):
                made.append(structs.replace(part, number=order.setdefault(part.number, len(order))))
            elif isinstance(part, Call):
                files = {name: order.setdefault(number, len(order)) for name, number in part.files.items()}
                made.append(structs.replace(part, inner=renumber(part.inner), files=files))
            else:
                made.append(part)
        return tuple(made)

    parts = renumber(body.parts)
    return Body(parts, tuple(targets[number] for number in order))


def is_listed(card: Card) -> bool:
    """Whether a document may stand in lists, feeds and the sitemap."""
    return card.status in ("published", "draft")


def _shelve(language: str, cards: list[Card], entries: Mapping[str, Entry], parsed: Parsed, config: Config) -> Shelf:
    mine = [card for card in cards if card.language == language and is_listed(card)]
    types = {card.path: entries[card.path].type for card in mine}
    articles = tuple(card for card in mine if types[card.path] == "article")
    sections = {
        name: tuple(sorted((card for card in articles if card.section == name), key=_in_section))
        for name in sorted({card.section for card in articles} | set(parsed.sections))
        if name not in ("posts", "")
    }
    return Shelf(
        language=language,
        articles=articles,
        pages=tuple(card for card in mine if types[card.path] == "page"),
        campaigns=tuple(card for card in mine if types[card.path] == "campaign"),
        sections=sections,
        terms={
            name: terms_of(name, articles, language, config, parsed.data.get(name, {})) for name in config.taxonomies
        },
        series=_series(articles, language, config),
        authors={
            author: tuple(card for card in articles if author in card.authors)
            for author in config.authors
            if any(author in card.authors for card in articles)
        },
        years=_years(articles),
    )


def _in_section(card: Card) -> tuple[Any, ...]:
    return (card.order, *newest_first(card))


def _years(articles: tuple[Card, ...]) -> dict[str, tuple[Card, ...]]:
    years: dict[str, list[Card]] = {}
    for card in articles:
        if card.date is not None:
            years.setdefault(f"{card.date.day.year:04}", []).append(card)
    return {year: tuple(found) for year, found in years.items()}


def terms_of(taxonomy: str, articles: tuple[Card, ...], language: str, config: Config, labels: Any) -> tuple[Term, ...]:
    """The terms of a taxonomy in one language: merged by slug and synonym, under the label most often used."""
    synonyms: dict[str, str] = {}
    given: dict[str, str] = {}
    for key, value in labels.items() if isinstance(labels, dict) else ():
        if isinstance(value, dict):
            main = slug(str(key), language)
            given[main] = str(value.get("label", key))
            for other in (key, value.get("label", key), *value.get("synonyms", ())):
                synonyms[slug(str(other), language)] = main
    cards: dict[str, dict[str, Card]] = {}
    used: dict[str, Counter[str]] = {}
    names: dict[str, str] = {}
    for card in articles:
        for label in card.taxonomies.get(taxonomy, ()):
            if label not in names:
                name = slug(label, language)
                names[label] = synonyms.get(name, name)
            name = names[label]
            if not name:
                continue
            cards.setdefault(name, {})[card.path] = card
            used.setdefault(name, Counter())[label] += 1
    prefix = language_root(language, config)
    terms = [
        Term(
            taxonomy,
            name,
            given.get(name) or min(used[name].items(), key=lambda count: (-count[1], count[0]))[0],
            f"{prefix}{taxonomy}/{name}/",
            tuple(found.values()),
        )
        for name, found in cards.items()
    ]
    return tuple(sorted(terms, key=lambda term: (sort_key(term.label, language), term.slug)))


def _series(articles: tuple[Card, ...], language: str, config: Config) -> tuple[SeriesList, ...]:
    found: dict[str, list[Card]] = {}
    names: dict[str, str] = {}
    for card in reversed(articles):
        if card.series is not None:
            name = slug(card.series.name, language)
            names.setdefault(name, card.series.name)
            found.setdefault(name, []).append(card)
    prefix = language_root(language, config)
    return tuple(
        SeriesList(
            names[name],
            name,
            f"{prefix}series/{name}/",
            tuple(sorted(cards, key=lambda card: (card.series.part or 10**6) if card.series else 0)),
        )
        for name, cards in sorted(found.items())
    )


class _Resolver:
    """Finds what the references of published documents lead to, and notes what must be made for them."""

    def __init__(
        self,
        parsed: Parsed,
        published: list[Entry],
        left_out: list[LeftOut],
        widths: tuple[int, ...],
        absent: frozenset[str],
    ) -> None:
        self.parsed = parsed
        self.absent = absent
        self.by_path = {entry.path: entry for entry in published}
        self.hidden = {out.path: out for out in left_out}
        self.known = {entry.path: entry for entry in parsed.entries}
        self.problems: list[Problem] = []
        self.pictures: dict[str, PictureOrder] = {}
        self.copies: dict[tuple[str, str], CopyOrder] = {}
        self.widths = widths
        self._sources: dict[str, Source] | None = None

    def sources(self) -> Mapping[str, Source]:
        """The sources that the whole site shares; what is wrong with them parse has told."""
        if self._sources is None:
            self._sources, _ = read_shared_sources(self.parsed.data.get("sources"))
        return self._sources

    def resolve(self, entry: Entry, reference: Reference) -> Target:
        """The target of a reference; what is wrong with it is added to the problems."""
        target = reference.target
        if reference.kind == "source":
            return self._source(entry, reference)
        if reference.kind == "resource":
            return NoTarget()
        if _PLAINLY_OUTSIDE.fullmatch(target):
            return OutsideTarget(target)
        parts = _split(target)
        if parts is None:
            return self._wrong(entry, reference, "CL251", f"“{target}” is not an address", "Check the address.")
        if parts.scheme:
            return OutsideTarget(target)
        if target.startswith("//"):
            return self._wrong(
                entry, reference, "CL252", f"“{target}” does not say how to reach it", f"Write https:{target}."
            )
        fragment = unquote(parts.fragment)
        if not parts.path:
            return self._anchor(entry, entry, reference, fragment)
        path = unquote(parts.path)
        if path.startswith("/") and reference.kind == "picture":
            message = f"“{target}” is an address, and a picture is rebuilt from its file"
            hint = "Put the file beside this text, and name it by its path from here."
            return self._wrong(entry, reference, "CL258", message, hint)
        if path.startswith("/"):
            return self._place(entry, reference, path, fragment)
        if "\\" in path or any(ord(character) < 32 for character in path):
            return self._wrong(
                entry,
                reference,
                "CL251",
                f"“{target}” is not a path",
                "Write folders with /, without control characters.",
            )
        found = posixpath.normpath(posixpath.join(posixpath.dirname(entry.path), path))
        if not found.startswith(CONTENT):
            return self._wrong(
                entry,
                reference,
                "CL253",
                f"“{target}” leads out of content/",
                "Only files in content/ can be published.",
            )
        if found in self.by_path:
            return self._page(entry, self.by_path[found], reference, fragment)
        if found in self.known:
            return self._hidden(entry, found, reference)
        if found.startswith(_DRAFTS) and not entry.path.startswith(_DRAFTS):
            message = f"“{reference.target}” lies among the drafts, of which nothing is published"
            return self._wrong(entry, reference, "CL256", message, "Move the file beside this text.")
        if found in self.parsed.media:
            return self._picture(entry, self.parsed.media[found], reference)
        if found in self.parsed.files:
            return self._file(entry, self.parsed.files[found], reference)
        if found in self.parsed.refused:
            return self._refuse(entry, self.parsed.refused[found], reference)
        return self._missing(entry, found, reference)

    def _source(self, entry: Entry, reference: Reference) -> Target:
        """What a source is called that the document does not name itself."""
        source = self.sources().get(reference.target)
        if entry.type == "text":
            message = "a text above a list has no list of sources"
            return self._wrong(entry, reference, "CL519", message, "Cite in an article or a page.")
        if source is not None:
            return SourceTarget(source.name, source.url, source.language)
        message = f"there is no source “{reference.target}” in this article"
        known = (*(own.id for own in entry.matter.sources), *self.sources())
        hint = "Give it under `sources` with this id, or for all articles in content/data/sources.toml."
        return self._wrong(entry, reference, "CL519", message, did_you_mean(reference.target, known) or hint)

    def _wrong(self, entry: Entry, reference: Reference, code: str, message: str, hint: str) -> Target:
        self._say("error", entry, reference, code, message, hint)
        return NoTarget()

    def _say(self, severity: Any, entry: Entry, reference: Reference, code: str, message: str, hint: str) -> None:
        problem = Problem(severity, code, message, entry.path, reference.line, reference.column, hint)
        self.problems.append(as_note(problem) if entry.card.status == "draft" else problem)

    def _anchor(self, entry: Entry, other: Entry, reference: Reference, fragment: str) -> Target:
        if fragment and fragment not in other.ids:
            where = "here" if other is entry else f"in {other.path}"
            near = difflib.get_close_matches(fragment, other.ids, n=1, cutoff=0.5)
            hint = f"Did you mean “#{near[0]}”?" if near else "Link to the id of a heading."
            return self._wrong(entry, reference, "CL254", f"there is no place “#{fragment}” {where}", hint)
        return self._place(entry, reference, other.card.url, fragment)

    def _place(self, entry: Entry, reference: Reference, url: str, fragment: str) -> Target:
        """A place by its address; that there is such a place at all is for plan to say."""
        if output_path(url) not in self.absent:
            return PageTarget(url, fragment)
        message = f"“{reference.target}” is not there now: the link is shown as its text"
        hint = "It is a link while what it leads to is published."
        self._say("warning", entry, reference, "CL257", message, hint)
        return NoTarget()

    def _page(self, entry: Entry, other: Entry, reference: Reference, fragment: str) -> Target:
        if reference.kind != "link":
            message = f"“{reference.target}” is an article, not a {reference.kind}"
            return self._wrong(entry, reference, "CL255", message, "Link to it instead.")
        return self._anchor(entry, other, reference, fragment)

    def _hidden(self, entry: Entry, path: str, reference: Reference) -> Target:
        out = self.hidden.get(path)
        reason = out.reason if out else DRAFT
        if reason == DRAFT:
            return self._wrong(entry, reference, "CL256", f"“{reference.target}” is a draft", _HIDDEN_HINT)
        self._say(
            "warning",
            entry,
            reference,
            "CL257",
            f"“{reference.target}” is {reason}: the link is shown as its text",
            "It becomes a link when the article is published." if reason == SCHEDULED else "Take the link out.",
        )
        return NoTarget()

    def _picture(self, entry: Entry, media: Media, reference: Reference) -> Target:
        width, height = width_for(media, self.widths)
        path = picture_path(entry.card.url, posixpath.basename(media.path), media, width)
        order = PictureOrder(media, path, width, height)
        if path not in self.pictures:
            self._tell_what_was_removed(entry, media, reference)
        self.pictures[path] = order
        if reference.kind == "picture":
            return PictureTarget(address(path), width, height)
        return PageTarget(address(path))

    def _tell_what_was_removed(self, entry: Entry, media: Media, reference: Reference) -> None:
        """So that an author learns what a camera puts into a picture; a colour profile tells nothing about anybody."""
        told = personal(media.removed)
        if told:
            message = f"“{reference.target}” is published without its {', '.join(told)}"
            hint = "Nothing to do here; the original still carries it, so take care where else you send it."
            self._say("note", entry, reference, "CL610", message, hint)

    def _file(self, entry: Entry, file: File, reference: Reference) -> Target:
        problem = self.parsed.refused.get(file.path)
        if reference.kind == "picture" and problem is None:
            return self._wrong(
                entry,
                reference,
                "CL258",
                f"“{reference.target}” is not a picture",
                "Pictures are JPEG, PNG, WebP or GIF.",
            )
        if problem is not None:
            self._refuse(entry, problem, reference)
            if problem.severity == "error":
                return NoTarget()
        path = f"{entry.card.url.lstrip('/')}{posixpath.basename(file.path)}"
        # Files of one name and different content stay two orders: plan tells that they cannot share a place.
        self.copies.setdefault((path, file.digest), CopyOrder(file, path))
        return PageTarget(address(path))

    def _refuse(self, entry: Entry, problem: Problem, reference: Reference) -> Target:
        """What is wrong with a file, told where the text names it."""
        hint = f"{posixpath.basename(problem.path)}: {problem.hint}"
        self._say(problem.severity, entry, reference, problem.code, problem.message, hint)
        return NoTarget()

    def _missing(self, entry: Entry, found: str, reference: Reference) -> Target:
        pictures = reference.kind == "picture"
        candidates = [*self.parsed.media] if pictures else [*self.by_path, *self.parsed.media, *self.parsed.files]
        candidates = [path for path in candidates if path != entry.path]
        folder = posixpath.dirname(entry.path)
        near = difflib.get_close_matches(found, candidates, n=1, cutoff=0.75)
        if not near:
            names = {posixpath.basename(path): path for path in candidates}
            by_name = nearest(posixpath.basename(found), names)
            near = [names[by_name]] if by_name else []
        what = "picture" if pictures else "file"
        hint = (
            f"Did you mean “{posixpath.relpath(near[0], folder)}”?"
            if near
            else f"Put the {what} there, or mend the path; it is relative to this file."
        )
        return self._wrong(entry, reference, "CL250", f"there is no {what} “{reference.target}”", hint)


def _split(target: str) -> Any:
    try:
        return urlsplit(target)
    except ValueError:
        return None
