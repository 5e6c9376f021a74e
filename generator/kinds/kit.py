"""The share kit of an article (`/SLUG/share/`), its flyer for print, its QR code as a file."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from generator.config import ShareSettings
from generator.engine.digest import digest_value
from generator.engine.versions import versions
from generator.hooks import Producer, Site, hookimpl
from generator.kinds.frame import Frame, authors_of, frame_of, page, path_of, shared, text
from generator.kinds.share_images import Studio, article_image, kit_pictures, studio_of
from generator.model.document import Card, Entry, Share
from generator.model.job import Output, Shared, View
from generator.model.page import Kit, KitPicture
from generator.share.kit import has_kit, kit_of
from generator.share.links import own_address
from generator.share.qr import qr_svg
from generator.share.targets import ShareTarget, load_targets
from generator.text.addresses import absolute

_HASH_DIGITS = 10


@hookimpl
def clarion_views() -> Mapping[str, Any]:
    return {"kit": _kit}


@hookimpl
def clarion_producers() -> Mapping[str, Producer]:
    return {"qr": lambda inputs: qr_svg(inputs["address"], inputs["title"]).encode()}


@hookimpl
def clarion_outputs(site: Site) -> Iterable[Output]:
    entries = [entry for entry in site.library.entries.values() if kit_url(site, entry)]
    if not entries:
        return
    targets, _ = load_targets(site.library.data.get("share_targets"))
    sharing = shared((site.config.share, targets))
    languages = {entry.card.language for entry in entries}
    frames = {language: frame_of(site, language) for language in languages}
    studios = {language: studio_of(site, language) for language in languages}
    for entry in entries:
        language = entry.card.language
        frame, studio, source = frames[language], studios[language], entry.path
        url = kit_url(site, entry)
        code = _qr_inputs(site, frame, entry)
        given = partial(_inputs, site, frame, studio, sharing, entry)
        for kind, own, template in (("kit", url, "kit.html"), ("flyer", f"{url}flyer/", "flyer.html")):
            inputs = partial(given, kind, own)
            yield Output(path_of(own), kind, language, template=template, inputs=inputs, source=source)
        yield Output(_qr_path(entry, code), "qr", language, producer="qr", inputs=code, source=source)


def kit_url(site: Site, entry: Entry) -> str:
    """The share kit of a document from the root; '' where it has none."""
    if entry.type != "article" or not has_kit(entry.card, entry.matter.share, site.config.share):
        return ""
    return f"{entry.card.url}share/"


def _qr_inputs(site: Site, frame: Frame, entry: Entry) -> dict[str, Any]:
    title = text(site, "kit_qr_title", frame.language).replace("{title}", entry.card.title)
    return {"address": own_address(absolute(frame.base_url, entry.card.url)), "title": title}


def _qr_path(entry: Entry, inputs: Mapping[str, Any]) -> str:
    digest = digest_value((inputs, versions().get("segno", "")))
    return f"{entry.card.url.lstrip('/')}share-qr.{digest[:_HASH_DIGITS]}.svg"


def _inputs(
    site: Site, frame: Frame, studio: Studio, sharing: Shared, entry: Entry, kind: str, url: str
) -> dict[str, Any]:
    card = entry.card
    image = article_image(site, studio, entry)
    code = _qr_inputs(site, frame, entry)
    pictures, quotes = kit_pictures(site, studio, entry)
    title = text(site, f"{kind}_title", card.language).replace("{title}", card.title)
    told = (code["address"], sharing, code["title"], f"/{_qr_path(entry, code)}", pictures, quotes)
    return {
        "page": page(
            frame,
            kind,
            title,
            url,
            description=card.summary,
            robots="noindex",
            image=image,
            draft=card.status == "draft",
        ),
        "article": card,
        "kit": View("kit", (card, entry.matter.share, *told, image.url if image else "")),
        "authors": authors_of(frame, card),
    }


def _kit(
    card: Card,
    share: Share,
    address: str,
    sharing: tuple[ShareSettings, dict[str, ShareTarget]],
    qr_title: str,
    qr_file: str,
    pictures: tuple[KitPicture, ...],
    quotes: tuple[KitPicture, ...],
    image: str,
) -> Kit:
    settings, targets = sharing
    return kit_of(
        card,
        share,
        address,
        settings,
        targets,
        qr_title=qr_title,
        qr_file=qr_file,
        pictures=pictures,
        quotes=quotes,
        image=image,
    )
