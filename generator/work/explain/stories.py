"""What `clarion explain` has to tell, as values."""

from msgspec import Struct


class Reader(Struct, frozen=True):
    """An output that reads something, its kind, and under which names."""

    path: str
    kind: str
    inputs: tuple[str, ...] = ()


class Drawing(Struct, frozen=True):
    """A template, by its path, and how many outputs are drawn by it."""

    path: str
    outputs: int


class SourceStory(Struct, frozen=True, tag="source"):
    """What becomes of a source: a document, a picture, a file, data, a template, a setting.

    `state` is a sentence, `until` the UTC second at which it changes by itself. `made` are the outputs whose source it
    is; the readers are other outputs too.
    """

    path: str
    what: str
    state: str
    published: bool
    until: int | None = None
    made: tuple[Reader, ...] = ()
    card_readers: tuple[Reader, ...] = ()
    text_readers: tuple[Reader, ...] = ()
    readers: tuple[Reader, ...] = ()
    templates: tuple[Drawing, ...] = ()


class Input(Struct, frozen=True):
    """An input of an output by its name, and the documents whose cards and texts are in it."""

    name: str
    cards: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


class OutputStory(Struct, frozen=True, tag="output"):
    """What an output is made from.

    `templates` are the paths of its chain, first the one that draws it, then what that extends, includes or imports,
    then the directives. `reasons` say why it has to be made anew; there are none when what stands is up to date.
    """

    path: str
    address: str
    kind: str
    language: str
    source: str
    state: str
    current: bool
    reasons: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    directives: tuple[str, ...] = ()
    inputs: tuple[Input, ...] = ()
    facts: tuple[str, ...] = ()
    settings: dict[str, str] = {}
    versions: dict[str, str] = {}


Story = SourceStory | OutputStory
