"""The texts that every generator is given: the same for a number, whatever is built of them and on which machine."""

import datetime
import random
from collections.abc import Iterator
from itertools import accumulate

from msgspec import Struct

from tests.bench.vocabulary import CONTRACTIONS, SUBJECTS, WORDS

SEED = 620
SITE_TITLE = "River notes"
BASE_URL = "https://rivers.example/"
TAGS = SUBJECTS
TAGS_EACH = 3
FIRST_DAY = datetime.date(2015, 1, 1)
DAYS = 3652
LINK = "LINK-TO-AN-OLDER-POST"

# Zipf's law with the shift that Mandelbrot gave it: the first words are frequent, none is half of the text.
_WEIGHTS = tuple(accumulate(1 / (rank + 2.7) for rank in range(1, len(WORDS) + 1)))


class Post(Struct, frozen=True):
    """One article: `body` is Markdown in which LINK stands for the address of the post `target`.

    `last` is the last sentence of the body, by which a built page shows that it is whole.
    """

    number: int
    name: str
    bundle: bool
    title: str
    day: datetime.date
    tags: tuple[str, ...]
    target: int
    headings: tuple[str, ...]
    body: str
    last: str


def posts(count: int) -> Iterator[Post]:
    """The first `count` posts; a post is the same in a corpus of any size."""
    for number in range(count):
        yield post(number)


def post(number: int) -> Post:
    """The post of this number, from 0."""
    chance = random.Random(f"{SEED} {number}")  # noqa: S311 (texts to build, nothing to protect)
    title = _title(chance)
    headings = tuple(_heading(chance) for _ in range(4))
    last = f"This is the end of report {number} from the {chance.choice(SUBJECTS)} office."
    return Post(
        number=number,
        name=name(number),
        bundle=is_bundle(number),
        title=title,
        day=day(number),
        tags=tags(number),
        target=max(number - 1 - chance.randrange(50), 0),
        headings=headings,
        body=_body(chance, headings, last),
        last=last,
    )


def name(number: int) -> str:
    """The name of a post's file or folder, which is also the last part of its address."""
    return f"{SUBJECTS[number % len(SUBJECTS)]}-{number:06}"


def is_bundle(number: int) -> bool:
    """Whether a post has a folder of its own: each second one has."""
    return number % 2 == 1


def day(number: int) -> datetime.date:
    """The date of a post: any day of ten years."""
    chance = random.Random(f"{SEED} day {number}")  # noqa: S311 (texts to build, nothing to protect)
    return FIRST_DAY + datetime.timedelta(days=chance.randrange(DAYS))


def tags(number: int) -> tuple[str, ...]:
    """The tags of a post, by name."""
    chance = random.Random(f"{SEED} tags {number}")  # noqa: S311 (as above)
    return tuple(sorted(chance.sample(TAGS, TAGS_EACH)))


def _title(chance: random.Random) -> str:
    words = [*_words(chance, chance.randint(3, 5)), chance.choice(SUBJECTS)]
    if chance.random() < 0.2:
        words.insert(1, chance.choice(CONTRACTIONS))
    return " ".join(words).capitalize()


def _heading(chance: random.Random) -> str:
    return " ".join([*_words(chance, chance.randint(2, 4)), chance.choice(SUBJECTS)]).capitalize()


def _body(chance: random.Random, headings: tuple[str, ...], last: str) -> str:
    first, second, third, fourth = headings
    blocks = (
        _paragraph(chance),
        _paragraph(chance, link=f"[{' '.join(_words(chance, 3))}]({LINK})"),
        f"## {first}",
        _paragraph(chance),
        _paragraph(chance, link=_outside(chance)),
        "\n".join(f"- {_sentence(chance)}" for _ in range(4)),
        f"## {second}",
        _paragraph(chance),
        f"> {_sentence(chance)} {_sentence(chance)}",
        _paragraph(chance, link=_outside(chance)),
        f"### {third}",
        _paragraph(chance),
        f"## {fourth}",
        _paragraph(chance),
        "\n".join(f"{number}. {_sentence(chance)}" for number in range(1, 4)),
        f"{_paragraph(chance)} {last}",
    )
    return "\n\n".join(blocks) + "\n"


def _paragraph(chance: random.Random, link: str = "") -> str:
    words = " ".join(_sentence(chance) for _ in range(4)).split(" ")
    words[3] = f"*{words[3]}*"
    words[8] = f"**{words[8]}**" if words[8][-1].isalnum() else words[8]
    words[13] = chance.choice(CONTRACTIONS)
    words[17] = f'"{words[17]}'
    words[19] = f'{words[19]}"'
    if link:
        words.insert(24, link)
    return " ".join(words)


def _outside(chance: random.Random) -> str:
    return f"[{' '.join(_words(chance, 2))}](https://news.example/{chance.choice(SUBJECTS)}/{chance.randrange(9999)})"


def _sentence(chance: random.Random) -> str:
    words = _words(chance, chance.randint(9, 16))
    if len(words) > 12:
        words[6] += ","
    words[0] = words[0].capitalize()
    return f"{' '.join(words)}."


def _words(chance: random.Random, count: int) -> list[str]:
    return chance.choices(WORDS, cum_weights=_WEIGHTS, k=count)
