"""From Markdown to a body, step by step."""

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from generator.config import MarkdownSettings
from generator.markup.abbreviations import take_abbreviations, with_abbreviations
from generator.markup.arrange import arranged
from generator.markup.blocks import Outline, read_blocks
from generator.markup.calls import REPEATING, with_calls
from generator.markup.citations import with_citations
from generator.markup.clean import Forgiving, allowed_attribute, cleaned, tell_removed
from generator.markup.closed import closed_pictures, with_lazy, without_closed
from generator.markup.complaints import Complaints
from generator.markup.converted import Converted
from generator.markup.definitions import Definition, take_definitions
from generator.markup.directions import tell_turns
from generator.markup.directives import DirectiveReader, directive_ids
from generator.markup.engines import Engine, engine_for
from generator.markup.files import with_files
from generator.markup.footnotes import with_footnotes, without_notes
from generator.markup.galleries import with_galleries
from generator.markup.headings import take_title as title_taken
from generator.markup.headings import with_attributes, with_headings
from generator.markup.identifiers import Identifiers
from generator.markup.inlines import InlineReader, RawTag
from generator.markup.items import Attributes, Code, Directive, Item, Link, NoteMark, Picture, holds
from generator.markup.lead import lead_of, summary_of, without_more
from generator.markup.lines import Run, read_lines
from generator.markup.links import with_slots
from generator.markup.locating import Locator
from generator.markup.marks import REPLACEMENT, RESERVED, RESERVED_REFERENCE
from generator.markup.parsing import balanced, tokenise, tokenise_plain, with_first_lines
from generator.markup.parts import body_and_text
from generator.markup.policy import within_policy
from generator.markup.quotations import (
    OF_OTHERS,
    PASSAGES,
    passages_in,
    with_quotations,
    without_strays,
    words_quoted,
)
from generator.markup.repeated import with_repeated
from generator.markup.tables import with_tables
from generator.markup.tasks import with_tasks
from generator.markup.timelines import TIMELINE, TIMELINE_DATE, with_timelines
from generator.markup.tokens import VOID, Begin, End, Start, Text, Token, plain_text, serialise
from generator.markup.tracking import with_clean_elements, with_clean_links
from generator.markup.typography import typographic
from generator.model.directive import Declaration
from generator.model.problem import Problem, in_order
from generator.source.places import Place, place_at

_DEEPEST_HTML = 200
_WORTHLESS = re.compile("[\x00\ud800-\udfff]")


def convert(
    text: str,
    *,
    path: str,
    first_line: int,
    slug: str,
    language: str,
    markdown: MarkdownSettings,
    declarations: Mapping[str, Declaration],
    take_title: bool,
    weigh_quoted: bool = True,
) -> Converted:
    """One document's text as a body.

    `text` is the body of `path`, whose first line is line `first_line` of the file; `slug` makes footnote ids unique on
    pages with several articles; `language` is a BCP 47 tag; a first `# heading` becomes the title where `take_title` is
    set; the words quoted are taken out only to `weigh_quoted`. Never raises for what an author writes: mistakes are in
    `problems`, sorted, each with its place.
    """
    complaints = Complaints(path)
    engine = engine_for(markdown)
    for message, hint in engine.problems:
        complaints.problems.append(Problem("error", "CL229", message, "site.toml", hint=hint))
    text = _without_reserved(text, first_line, complaints)
    lines = read_lines(text, first_line)
    tell_turns(text, lines, complaints)
    directives = DirectiveReader(declarations, complaints, language)
    outline = read_blocks(
        lines, directives, complaints, closing_tags=engine.closing_tags, extensions=bool(markdown.extensions)
    )
    source = _read_inlines(text, outline, directives, engine, complaints)
    items = with_clean_links(outline.items, complaints)
    places = source.headings
    locate = Locator(source.tags, lines)

    refusals = complaints if markdown.unsafe_html else Forgiving(complaints)
    # From here on each step is taken only where there may be something for it: most texts need few of them.
    tokens, plain = _rendered(engine, source.text, refusals, (first_line, 1))
    if not plain:
        tokens = with_clean_elements(within_policy(tokens, locate, refusals), locate, complaints)
    if not markdown.unsafe_html:
        tell_removed(source.tags, complaints)
        tokens = tokens if plain else tokenise(cleaned(with_first_lines(serialise(tokens))))
        items = [_cleaned_item(item) for item in items]
    tokens = arranged(tokens, items, complaints)
    tokens = with_attributes(tokens, items)
    title = ""
    if take_title:
        title, tokens = title_taken(tokens, items)
        places = places[1:] if title else places
    ids = _ids_of(() if plain else tokens, items, declarations, locate, complaints)
    elements = _elements(source.text) if plain else {token.name for token in tokens if type(token) is Start}
    tokens, headings = with_headings(tokens, items, places, ids, language, complaints)
    tokens = with_abbreviations(tokens, source.abbreviations)
    if "li" in elements:
        tokens = with_tasks(tokens, items)
    if "table" in elements:
        tokens = with_tables(tokens, items)
    if "blockquote" in elements:
        tokens = with_quotations(tokens, items, complaints)
    tokens = without_strays(tokens, items, complaints)
    noted = holds(items, NoteMark)
    tokens = with_footnotes(tokens, items, slug, ids)
    tokens, citations = with_citations(tokens, items, slug, ids)
    declared = {item.name: declarations[item.name] for item in items if type(item) is Directive}
    tokens = with_calls(tokens, items, declared, complaints)
    if any(declaration.pictures for declaration in declared.values()):
        tokens, items = with_galleries(tokens, items, declared, complaints)
    calls = {token.call.name for token in tokens if type(token) is Begin}
    if TIMELINE in calls:
        tokens = with_timelines(tokens, complaints)
        calls.add(TIMELINE_DATE)
    if REPEATING in calls:
        tokens = with_repeated(tokens, complaints)
    tokens, references = with_slots(tokens, items, locate, complaints)
    if declared:
        tokens, references = with_files(tokens, references, declared, complaints)
    closed = frozenset(name for name, declaration in declared.items() if declaration.closed)
    tokens = with_lazy(tokens, closed, complaints) if closed else tokens
    tokens = typographic(tokens, language)
    apart = noted or bool(citations) or REPEATING in calls
    shown = without_closed(tokens, closed) if closed else tokens
    lead = lead_of(shown, items)
    beginning, said_first = body_and_text(lead)
    tokens = without_more(tokens, items)
    body, said = body_and_text(tokens)
    if closed or apart or not plain:
        said = plain_text(without_notes(shown, texts=True))
    return Converted(
        body=body,
        lead=beginning,
        headings=headings,
        ids=tuple(ids.found),
        references=references,
        directives=tuple(sorted(calls)),
        summary=summary_of(lead, said_first),
        plain=said,
        closed_pictures=closed_pictures(tokens, references, closed) if closed else (),
        title=title,
        citations=citations,
        quoted=words_quoted(shown) if weigh_quoted and not calls.isdisjoint(OF_OTHERS) else "",
        passages=() if calls.isdisjoint(PASSAGES) else passages_in(shown),
        problems=in_order(complaints.problems),
        spots=directives.spots,
    )


def _elements(source: str) -> set[str]:
    """The elements in which a step may find something, as far as a source without raw HTML can have them.

    No bracket, of a task, is in plain HTML that the source does not write, as it is or as an entity.
    """
    signs = {"li": "[&", "table": "|", "blockquote": ">"}
    return {name for name, needed in signs.items() if any(sign in source for sign in needed)}


def _without_reserved(text: str, first_line: int, complaints: Complaints) -> str:
    if text.isascii():
        return text.replace("\x00", REPLACEMENT)
    for match in RESERVED.finditer(text):
        complaints.reserved(f"U+{ord(match[0]):04X}", place_at(text, match.start(), first_line))
    return _WORTHLESS.sub(REPLACEMENT, RESERVED.sub(REPLACEMENT, text))


class _Source(Struct, frozen=True):
    """The text for the engine; raw tags, abbreviations and the places of the headings that were found in it."""

    text: str
    tags: list[RawTag]
    abbreviations: dict[str, str]
    headings: tuple[Place, ...]


def _read_inlines(
    text: str, outline: Outline, directives: DirectiveReader, engine: Engine, complaints: Complaints
) -> _Source:
    runs = [piece for piece in outline.pieces if type(piece) is Run]
    definitions: dict[str, Definition] = {}
    abbreviations: dict[str, str] = {}
    for run in runs if "]:" in text else ():
        if run.raw or (run.level and run.ends is not None):
            continue
        take_definitions(run, definitions, complaints)
        if not run.level:
            take_abbreviations(run, abbreviations)
    inlines = InlineReader(
        outline.items, definitions, outline.notes, directives, engine, complaints, www="www." in text.lower()
    )
    source = "\n".join(piece if isinstance(piece, str) else inlines.engine_text(piece) for piece in outline.pieces)
    for label, place in outline.notes.items():
        if label not in inlines.used_notes:
            hint = f"Write [^{label}] where it belongs, or delete it; readers do not see it."
            complaints.warning("CL204", f"nothing refers to the footnote [^{label}]", place, hint)
    places = tuple(run.lines[0].place(run.starts[0]) for run in runs if run.level and run.lines)
    return _Source(source, inlines.tags, abbreviations, places)


def _rendered(engine: Engine, source: str, complaints: Complaints, place: Place) -> tuple[list[Token], bool]:
    """The tokens of what the engine makes of the source; and whether no tag is the author's and none has attributes."""
    try:
        html = engine.render(source)
    except RecursionError:
        complaints.error("CL215", "something in this text is nested too deeply", place, "Divide it, or nest less.")
        return [], True
    html = RESERVED_REFERENCE.sub(REPLACEMENT, html) if "&#" in html else html
    if engine.tidy and "<" not in source:
        plain = tokenise_plain(html)
        if plain is not None and not _is_too_deep(html, plain):
            return plain, True
    html, removed = balanced(html)
    for name in removed:
        message = f"<{name}> inside a drawing or a formula is refused by the policy of the site"
        complaints.error("CL224", message, place, "Leave it out, or save the drawing as a file.")
    tokens = tokenise(html)
    if _is_too_deep(html, tokens):
        hint = f"At most {_DEEPEST_HTML} elements are read inside each other."
        complaints.error("CL215", "HTML elements are nested too deeply", place, hint)
        tokens = [token for token in tokens if type(token) is Text]
    return tokens, False


def _is_too_deep(html: str, tokens: Sequence[Token]) -> bool:
    if html.count("</") <= _DEEPEST_HTML:
        return False
    depth = deepest = 0
    for token in tokens:
        if type(token) is Start and token.name not in VOID:
            depth += 1
            deepest = max(deepest, depth)
        elif type(token) is End:
            depth -= 1
    return deepest > _DEEPEST_HTML


def _cleaned_item(item: Item) -> Item:
    if not isinstance(item, Link | Picture | Code | Attributes):
        return item
    element = {Link: "a", Picture: "img", Code: "code", Attributes: "h2"}[type(item)]
    kept = tuple((name, value) for name, value in item.attributes if allowed_attribute(element, name))
    return replace(item, attributes=kept)


def _ids_of(
    tokens: Sequence[Token],
    items: Sequence[Item],
    declarations: Mapping[str, Declaration],
    locate: Locator,
    complaints: Complaints,
) -> Identifiers:
    """The ids that the author chose, before any is made."""
    ids = Identifiers(complaints)
    for item in items:
        if type(item) is Directive:
            for name in directive_ids(declarations[item.name], item.attributes):
                ids.define(name, item.place)
        elif type(item) is Link or type(item) is Picture or type(item) is Code or type(item) is Attributes:
            for key, value in item.attributes:
                if key == "id":
                    ids.choose(value, item.place)
    for token in tokens:
        if type(token) is Start and token.attributes.get("id"):
            own = token.attributes["id"]
            ids.choose(own, locate(token.name, "id", own))
    return ids
