"""Share images: one for each article without a picture of its own, those of share kits, one for the site."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from generator.engine.digest import digest_bytes
from generator.engine.refusal import Refused
from generator.hooks import Fact, Producer, Site, hookimpl
from generator.kinds.actions import open_actions
from generator.kinds.frame import Frame, authors_of, frame_of, shelves, social_image, words
from generator.model.document import Card, Entry
from generator.model.job import Output
from generator.model.page import KitPicture, SocialImage
from generator.model.problem import Problem
from generator.share.coverage import NoFontError, letters
from generator.share.images import (
    ACCENT,
    MOST,
    SHAPES,
    ShareImage,
    draw,
    face_of,
    image_key,
    image_path,
    own_faces,
    words_for,
)
from generator.share.kit import has_kit, short_address
from generator.share.typesetting import Face
from generator.text.addresses import absolute, language_root
from generator.text.catalogue import Catalogue, say
from generator.text.dates import show_date, show_moment
from generator.text.languages import direction, isolate
from generator.theme import Static, catalogue

ENOUGH = 500
"""Articles of a site up to which, unless its settings say otherwise, each has an image."""
MOST_QUOTES = 6
_LONGEST_LABEL = 200
_LONGEST_QUOTE = 320


class Studio(Struct, frozen=True):
    """What all share images of a site in one language have in common, and for which articles there are some.

    `scope` is `all`, `kit` or `none`; `blank` an image with nothing on it but the name of the site, of which `tagline`
    says more.
    """

    scope: str
    frame: Frame
    words: Catalogue
    zone: str
    tagline: str
    blank: ShareImage
    faces: tuple[Face, ...]


@hookimpl
def clarion_facts() -> Mapping[str, Fact]:
    return {"site.share_image": _site_image}


@hookimpl
def clarion_producers() -> Mapping[str, Producer]:
    return {"share-image": _drawn}


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    if scope_of(site) == "none":
        return
    for shelf in shelves(site):
        image = _of_site(studio_of(site, shelf.language))
        if image is not None:
            yield _output(_site_path(site, shelf.language, image), shelf.language, image)
    studios: dict[str, Studio] = {}
    for entry in site.library.entries.values():
        if not has_image(site, entry):
            continue
        language = entry.card.language
        studio = studios.get(language) or studios.setdefault(language, studio_of(site, language))
        for path, image in _images(site, studio, entry):
            yield _output(path, language, image, entry.path)


def scope_of(site: Site) -> str:
    """For which articles share images are drawn: as the settings say, else for all while they are few."""
    chosen = site.config.share.images
    return chosen or ("all" if len(site.library.entries) <= ENOUGH else "kit")


def studio_of(site: Site, language: str) -> Studio:
    """The studio for a language."""
    accent = site.theme.settings.get("accent")
    blank = ShareImage(
        shape="wide",
        site=words(site, language)["title"],
        words="",
        language=language,
        page=language,
        accent=accent if isinstance(accent, str) and accent.startswith("#") else ACCENT,
        fonts=tuple((static.path, static.digest) for static in fonts_of(site)),
    )
    return Studio(
        scope=scope_of(site),
        frame=frame_of(site, language),
        words=Catalogue(language, catalogue(site.theme, language)),
        zone=site.config.site.timezone,
        tagline=words(site, language)["tagline"],
        blank=blank,
        faces=site_faces(site),
    )


def article_image(site: Site, studio: Studio, entry: Entry) -> SocialImage | None:
    """The picture other sites show with an article: its own, or the one that is drawn for it."""
    own = social_image(studio.frame.base_url, entry.card)
    if own is not None or not has_image(site, entry):
        return own
    image = card_image(studio, entry.card, "wide")
    if image is None:
        return None
    path = image_path(entry.card.url, "share-wide", image)
    shape = SHAPES["wide"]
    return SocialImage(absolute(studio.frame.base_url, f"/{path}"), shape.width, shape.height, entry.card.title)


def kit_pictures(site: Site, studio: Studio, entry: Entry) -> tuple[tuple[KitPicture, ...], tuple[KitPicture, ...]]:
    """The share images of an article in all shapes, and those of passages of its text."""
    if studio.scope == "none":
        return (), ()
    pictures: list[KitPicture] = []
    quotes: list[KitPicture] = []
    for path, image in _images(site, studio, entry):
        shape = SHAPES[image.shape]
        picture = KitPicture(f"/{path}", shape.width, shape.height, image.shape, image.words)
        (quotes if image.quoted else pictures).append(picture)
    return tuple(pictures), tuple(quotes)


def card_image(studio: Studio, card: Card, shape: str) -> ShareImage | None:
    """What stands on the share image of an article; None when its title cannot be set.

    Nothing of its text and no picture: where there is a content note, the note itself.
    """
    title = _set(card.title, studio, MOST)
    if not title:
        return None
    says = partial(say, studio.words)
    kind = "kind_repost" if card.repost else f"kind_{card.kind}"
    note = ""
    if card.content_note is not None and card.content_note.topics:
        note = says("content_note_short", topics=f"{says('list_comma')} ".join(card.content_note.topics))
    return structs.replace(
        studio.blank,
        shape=shape,
        words=title,
        language=card.language,
        kicker=_set(says(kind) if kind in studio.words.strings else card.kind, studio),
        note=_set(note, studio),
        ask=_set(_asked(studio, card), studio),
        byline=_set(_byline(studio, card), studio),
        address="" if shape == "wide" else _set(short_address(absolute(studio.frame.base_url, card.url)), studio),
    )


def _images(site: Site, studio: Studio, entry: Entry) -> Iterator[tuple[str, ShareImage]]:
    """The images that are drawn for an article, with their paths in the output."""
    card = entry.card
    kit = has_kit(card, entry.matter.share, site.config.share)
    for shape in SHAPES if kit else ("wide",):
        image = card_image(studio, card, shape)
        if image is not None and (kit or social_image(studio.frame.base_url, card) is None):
            yield image_path(card.url, f"share-{shape}", image), image
    if not kit or card.content_note is not None:
        return
    names = {source.id: source.name for source in entry.matter.sources}
    number = 0
    for passage in entry.matter.passages:
        said = _set(passage.text, studio, _LONGEST_QUOTE)
        if not said or number == MOST_QUOTES:
            continue
        number += 1
        image = structs.replace(
            studio.blank,
            shape="square",
            words=said,
            quoted=True,
            language=passage.language or card.language,
            byline=_set(names.get(passage.source, "") or card.title, studio),
            address=_set(short_address(absolute(studio.frame.base_url, card.url)), studio),
        )
        yield image_path(card.url, f"quote-{number}", image), image


def has_image(site: Site, entry: Entry) -> bool:
    """Whether something is drawn for a document, whatever stands on it."""
    scope = scope_of(site) if entry.type == "article" else "none"
    if scope == "all":
        return entry.card.status != "retracted"
    return scope == "kit" and has_kit(entry.card, entry.matter.share, site.config.share)


def _asked(studio: Studio, card: Card) -> str:
    """What can be done now, and when or until when; '' when nothing can."""
    opened = open_actions((card,))
    if not opened:
        return ""
    action = opened[0].action
    kind = say(studio.words, f"action_{action.kind}")
    if action.kind == "event" and action.starts is not None:
        return _apart((kind, show_moment(action.starts, card.language, studio.zone)), studio)
    if action.closes is None:
        return kind
    until = show_moment(action.closes, card.language, studio.zone)
    return say(studio.words, "share_image_until", action=kind, date=until)


def _byline(studio: Studio, card: Card) -> str:
    names = f"{say(studio.words, 'list_comma')} ".join(author.name for author in authors_of(studio.frame, card))
    by = f"{say(studio.words, 'by')} {names}" if names and len(names) <= _LONGEST_LABEL // 2 else ""
    day = show_date(card.date, card.language, studio.zone, studio.frame.precision) if card.date else ""
    return _apart((by, day), studio)


def _apart(words: Iterable[str], studio: Studio) -> str:
    """Words beside each other, of which none draws the next into its direction: a name in Latin letters takes the day
    behind it along, out of its own date (UAX #9, W7)."""
    surrounding = direction(studio.blank.page)
    return " · ".join(isolate(each, surrounding) for each in words if each)


def _set(text: str, studio: Studio, most: int = _LONGEST_LABEL) -> str:
    """A text as it can be drawn; '' when a letter of it has no glyph, or when it is too long to be read."""
    found, lacking = words_for(text, (*own_faces().values(), *studio.faces))
    return "" if lacking or len(found) > most else found


def _of_site(studio: Studio) -> ShareImage | None:
    """The image of the site itself: its name, large, what it says of itself, its address."""
    name = _set(studio.blank.site, studio, MOST)
    tagline = _set(studio.tagline, studio)
    address = _set(short_address(studio.frame.base_url), studio)
    return structs.replace(studio.blank, site="", words=name, note=tagline, address=address) if name else None


def _site_image(site: Site, language: str) -> SocialImage | None:
    """The picture other sites show with a page that has none of its own; None where there is none."""
    if scope_of(site) == "none" or language not in {shelf.language for shelf in shelves(site)}:
        return None
    image = _of_site(studio_of(site, language))
    if image is None:
        return None
    url = absolute(site.config.site.base_url, f"/{_site_path(site, language, image)}")
    return SocialImage(url, SHAPES["wide"].width, SHAPES["wide"].height, image.words)


def _site_path(site: Site, language: str, image: ShareImage) -> str:
    return image_path(language_root(language, site.config), "share-wide", image)


def _output(path: str, language: str, image: ShareImage, source: str = "") -> Output:
    return Output(
        path=path,
        kind="share-image",
        language=language,
        producer="share-image",
        inputs={"image": image, "keep": image_key(image)},
        source=source,
        round=0,
    )


def fonts_of(site: Site) -> tuple[Static, ...]:
    """The site's own font files that the settings name, in their order; those that are not there are left out."""
    found = (site.theme.static.get(name) for name in site.config.share.fonts)
    return tuple(static for static in found if static is not None and static.of_site)


def site_faces(site: Site) -> tuple[Face, ...]:
    """The site's own fonts; those that cannot be read are left out, which the check of share images tells."""
    return tuple(face for static in fonts_of(site) if (face := read_face(static.file, static.digest)) is not None)


@lru_cache(maxsize=16)
def read_face(file: str, digest: str) -> Face | None:
    """The font in a file that had this digest; None when it has another by now, or is no font."""
    try:
        face = face_of(Path(file).read_bytes())
        letters(face.content)
    except (OSError, NoFontError):
        return None
    return face if face.digest == digest else None


def _drawn(inputs: Mapping[str, Any]) -> bytes:
    image: ShareImage = inputs["image"]
    root: Path = inputs["root"]
    if not _shapes():
        hint = (
            'Install Pillow from its wheel: python -m pip install --force-reinstall Pillow. Or write images = "none".'
        )
        raise Refused(Problem("error", "CL653", "share images cannot be drawn: this Pillow has no raqm", hint=hint))
    faces = []
    for path, digest in image.fonts:
        content = (root / path).read_bytes()
        if digest_bytes(content) != digest:
            raise Refused(Problem("error", "CL608", f"{path} changed during the build", path, hint="Build again."))
        faces.append(face_of(content))
    return draw(image, tuple(faces))


@lru_cache(maxsize=1)
def _shapes() -> bool:
    """Whether Pillow can shape and turn text."""
    from PIL import features

    return bool(features.check("raqm"))


def script_of(character: str) -> str:
    """The script of a character in words, as its name begins."""
    name = unicodedata.name(character, "").partition(" ")[0]
    return "Chinese" if name == "CJK" else name.capitalize()
