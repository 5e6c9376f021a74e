"""What becomes of one Markdown text."""

from msgspec import Struct

from generator.model.body import Body, Heading, Reference
from generator.model.document import Citation, Passage
from generator.model.problem import Problem
from generator.source.places import Place


class Converted(Struct, frozen=True):
    """A text as a body, with all that other steps need of it.

    `lead` shares the numbers of `references` with `body`. `ids` are all ids a link may name (headings, footnotes, those
    the author or a directive gave). `directives` are the names used, each once, sorted; the calls `callout`,
    `quotation`, `footnotes` and `footnote-back` among them. `summary` is the lead in one line; `plain` the whole text
    with blocks on lines of their own and white space as it comes, without footnote marks; neither holds what is closed
    until a reader opens it, of which `closed_pictures` are the pictures, as written. `title` is '' unless it was taken
    from the first heading. `citations` are the sources that marks name, in the order of the first; `quoted` are the
    words of others in the text, '' when there are none; `passages` are its pull quotes and excerpts.
    `spots` tells of each directive, by its place, where the values of its attributes stand.
    """

    body: Body
    lead: Body = Body()
    headings: tuple[Heading, ...] = ()
    ids: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    directives: tuple[str, ...] = ()
    summary: str = ""
    plain: str = ""
    title: str = ""
    citations: tuple[Citation, ...] = ()
    quoted: str = ""
    passages: tuple[Passage, ...] = ()
    closed_pictures: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    spots: dict[Place, dict[str, Place]] = {}
