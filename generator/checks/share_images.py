"""What share images cannot show: letters without a font, titles without end, fonts that are none."""

from collections.abc import Iterable, Iterator

from generator.config import SETTINGS_FILE
from generator.hooks import Check, Site, hookimpl
from generator.kinds.frame import shelves, words
from generator.kinds.share_images import (
    ENOUGH,
    fonts_of,
    has_image,
    read_face,
    scope_of,
    script_of,
    site_faces,
)
from generator.model.problem import Problem
from generator.share.images import MOST, own_faces, words_for
from generator.share.typesetting import Face
from generator.source.suggest import did_you_mean


@hookimpl
def clarion_checks() -> Iterable[Check]:
    return (Check("CL650", "Every title can be set on a share image.", run),)


def run(site: Site) -> Iterable[Problem]:
    """Titles with letters that no font has (CL650), fonts that are not there or none (CL651, CL652), titles too long to
    be read (CL655), and that images are drawn for kits alone because the texts are many (CL654)."""
    yield from _fonts(site)
    if scope_of(site) == "none":
        return
    faces = (*own_faces().values(), *site_faces(site))
    for language in sorted({shelf.language for shelf in shelves(site)}):
        yield from _lacking(words(site, language)["title"], faces, SETTINGS_FILE, site.config.place("site.title"))
    for entry in site.library.entries.values():
        if not has_image(site, entry):
            continue
        title = entry.card.title
        yield from _lacking(title, faces, entry.path, entry.places.get("title", (1, 1)))
        if len(title) > MOST:
            message = f"this title has {len(title)} characters: no share image is drawn for it"
            hint = f"At most {MOST} characters can be read on one; say the rest in the text."
            yield Problem("note", "CL655", message, entry.path, *entry.places.get("title", (1, 1)), hint)
    if not site.config.share.images and scope_of(site) == "kit":
        message = f"with more than {ENOUGH} texts, share images are drawn for articles with a share kit alone"
        hint = (
            'Write images = "kit" under [share] in site.toml for that, or "all": docs/settings.md says what it costs.'
        )
        yield Problem("note", "CL654", message, SETTINGS_FILE, hint=hint)


def _lacking(text: str, faces: tuple[Face, ...], path: str, place: tuple[int, int]) -> Iterator[Problem]:
    _, lacking = words_for(text, faces)
    if not lacking:
        return
    scripts = dict.fromkeys(filter(None, map(script_of, lacking)))
    message = f"no font here has “{lacking[0]}” ({', '.join(scripts) or 'no script'}): no share image is drawn with it"
    hint = 'Put a font that has it into static/, and name it: fonts = ["NAME.ttf"] under [share] in site.toml.'
    yield Problem("warning", "CL650", message, path, *place, hint)


def _fonts(site: Site) -> Iterator[Problem]:
    there = {static.path: static for static in fonts_of(site)}
    for number, name in enumerate(site.config.share.fonts):
        place = site.config.place(f"share.fonts.{number}")
        static = there.get(f"static/{name}")
        if static is None:
            known = [each for each, found in site.theme.static.items() if found.of_site]
            hint = did_you_mean(name, known) or "Put the file into static/; readers never load it."
            yield Problem("error", "CL651", f"there is no font static/{name}", SETTINGS_FILE, *place, hint)
        elif read_face(static.file, static.digest) is None:
            hint = "Take the .ttf or .otf file of the font: WOFF files and collections are not read."
            message = f"static/{name} is no font that can be drawn with"
            yield Problem("error", "CL652", message, SETTINGS_FILE, *place, hint)
