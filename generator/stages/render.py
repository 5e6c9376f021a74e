"""Render: from a job to an artifact, a pure function of what the job carries."""

import base64
import hashlib
import posixpath
import re
import traceback
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any, cast

import jinja2
from markupsafe import Markup
from msgspec import Struct, structs
from pluggy import HookImpl

from generator.engine.digest import digest_bytes, digest_exact
from generator.engine.refusal import Refused
from generator.hooks import Producer, View
from generator.markup.anchors import with_anchors
from generator.media.pictures import picture_key
from generator.model.body import (
    Body,
    Call,
    Html,
    NoTarget,
    OutsideTarget,
    PageTarget,
    Part,
    PictureSet,
    PictureTarget,
    Slot,
    SourceTarget,
    Target,
)
from generator.model.document import Card, Matter, Moment, Text
from generator.model.job import Artifact, Job, Setup, Shared, TextOf
from generator.model.job import View as Deferred
from generator.model.page import Asset, NamedFile
from generator.model.plugin import Plugins
from generator.model.problem import Problem
from generator.plugins import OF_PLUGINS, plugin_manager
from generator.share.letter import letter_address, phone_address
from generator.share.passages import passage_links
from generator.source.suggest import did_you_mean
from generator.templates import (
    Environment,
    Loose,
    Namespace,
    Tools,
    directive_template,
    environment,
    form_of,
    loose,
    swift_environment,
    syntax_problem,
)
from generator.text.addresses import absolute, base_path, encoded, relative
from generator.text.catalogue import Catalogue, say
from generator.text.dates import iso, show_date, show_moment
from generator.text.languages import direction, own_name
from generator.text.numbers import show_number
from generator.text.xml import xml_safe
from generator.theme import Theme, foreign_links, plain_settings, style_links, style_target

_UNRESOLVED = frozenset({Deferred, tuple, TextOf, Shared})
"""The types of what an input gives only when it is asked for."""
_SIZES = "(min-width: 46rem) 42rem, 100vw"
"""How much room a picture has where nobody says: a column of text, or the width of a telephone."""

_NOTHING = Markup()


class Workshop(Struct, frozen=True):
    """What a worker has for the jobs of one theme: makers of bytes and views by name, plugins.

    `often` are the templates that are worth compiling for speed. `facts` are values by name, by the digest of all
    of them; `text` gives the text of a document that a job names. `root` is the site on this machine, which makers of
    bytes read; `store(key, make)` gives the bytes of a costly artifact, made only when they are not kept. `at_hand` are
    facts as templates read them, `directives` the templates that draw those, by environment, name and form. `crew` is
    the digest of the plugins that the site names.
    """

    theme: Theme
    setup: Setup
    often: tuple[str, ...]
    crew: str
    producers: Mapping[str, Producer]
    views: Mapping[str, View]
    finishers: tuple[HookImpl, ...]
    facts: Mapping[str, dict[str, Any]]
    text: Callable[[TextOf], Text]
    root: Path
    store: Callable[[str, Callable[[], bytes]], bytes]
    at_hand: "dict[tuple[str, str], _Facts]"
    directives: dict[tuple[Environment, str, str], jinja2.Template]


def workshop(
    theme: Theme,
    setup: Setup,
    often: tuple[str, ...],
    plugins: Plugins,
    facts: Mapping[str, dict[str, Any]],
    text: Callable[[TextOf], Text],
    root: Path,
    store: Callable[[str, Callable[[], bytes]], bytes],
) -> Workshop:
    """A workshop for one theme."""
    manager = plugin_manager(plugins)
    producers: dict[str, Producer] = {}
    for makers in manager.hook.clarion_producers():
        producers.update(makers)
    views: dict[str, View] = {}
    for found in manager.hook.clarion_views():
        views.update(found)
    filters = environment(theme, plugins.digest).filters
    for added in manager.hook.clarion_filters():
        filters.update(added)
    filters.update(
        xml=xml_safe,
        rfc822=_rfc822,
        mailto=letter_address,
        tel=phone_address,
        passages=passage_links,
        anchors=with_anchors,
    )
    finishers = sorted(manager.hook.clarion_finish.get_hookimpls(), key=_turn)
    return Workshop(
        theme, setup, often, plugins.digest, producers, views, tuple(finishers), facts, text, root, store, {}, {}
    )


def _turn(impl: HookImpl) -> tuple[bool, str]:
    """Plugins finish in the order of their names, Clarion's own last: nobody changes what they have looked at."""
    return impl.plugin_name.startswith("generator."), impl.plugin_name


def _rfc822(stamp: str) -> str:
    """An RFC 3339 stamp as RSS wants it (RFC 822 with four digits of year)."""
    return format_datetime(datetime.fromisoformat(stamp), usegmt=True)


def render(job: Job, shop: Workshop) -> Artifact:
    """The artifact of a job; what went wrong is in its problems, and then it has no content."""
    if job.kind == "asset":
        artifact = _asset(job, shop)
    elif job.producer:
        artifact = _produced(job, shop)
    else:
        artifact = _drawn(job, shop)
    for finisher in shop.finishers:
        artifact = _finished(artifact, job, finisher)
    return artifact


def _finished(artifact: Artifact, job: Job, finisher: HookImpl) -> Artifact:
    """The artifact with the content and the problems that a plugin gives it; one that has failed stays as it is."""
    if any(problem.severity == "error" for problem in artifact.problems):
        return artifact
    given = {"artifact": artifact, "job": job}
    try:
        changed = cast("Artifact", finisher.function(*[given[name] for name in finisher.argnames]))
    except Refused as refusal:
        return _made(job, b"", problems=(_while_making(refusal, job),))
    if changed.content == artifact.content:
        return structs.replace(artifact, problems=changed.problems)
    path = _hashed(job.inputs["name"], changed.content) if job.kind == "asset" else artifact.path
    return _made(job, changed.content, path, changed.problems)


def _while_making(refusal: Refused, job: Job) -> Problem:
    """Why a plugin could not do its part, and for which output."""
    source = f" from {job.source}" if job.source else ""
    problem = refusal.problem
    return structs.replace(problem, hint=f"While making /{job.path}{source}. {problem.hint}".strip())


def resolved(value: Any, shop: Workshop) -> Any:
    """An input as a template or a maker of bytes gets it: views worked out, texts and shared values fetched."""
    kind = type(value)
    if kind is Deferred:
        view = shop.views.get(value.name)
        if view is None:
            hint = did_you_mean(value.name, shop.views)
            raise Refused(Problem("error", "CL346", f"there is no view “{value.name}”", hint=hint))
        return view(*[resolved(each, shop) if type(each) in _UNRESOLVED else each for each in value.arguments])
    if kind is tuple:
        return tuple([resolved(each, shop) if type(each) in _UNRESOLVED else each for each in value])
    if kind is TextOf:
        text = shop.text(value)
        return Text(structs.replace(text.body, targets=tuple(value.targets)), text.headings)
    return value.value if kind is Shared else value


def _made(job: Job, content: bytes, path: str = "", problems: Iterable[Problem] = ()) -> Artifact:
    return Artifact(path or job.path, job.key, digest_bytes(content), content, kind=job.kind, problems=tuple(problems))


def _produced(job: Job, shop: Workshop) -> Artifact:
    producer = shop.producers[job.producer]
    inputs = {**job.inputs, "root": shop.root}
    try:
        if job.kind == "picture":
            return _made(job, shop.store(picture_key(inputs["order"]), lambda: producer(inputs)))
        if job.kind == "share-image":
            return _made(job, shop.store(inputs["keep"], lambda: producer(inputs)))
        return _made(job, producer(inputs))
    except Refused as refusal:
        problem = _while_making(refusal, job) if refusal.problem.code in OF_PLUGINS else refusal.problem
        return _made(job, b"", problems=(problem,))
    except (OSError, ValueError) as error:
        message, hint = f"{job.path} cannot be made: {_reason(error)}", "Look at this file: it may be damaged."
        return _made(job, b"", problems=(Problem("error", "CL690", message, job.source, hint=hint),))


def _reason(error: Exception) -> str:
    """What went wrong, without the place of the site on this machine."""
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)


def _asset(job: Job, shop: Workshop) -> Artifact:
    name = job.inputs["name"]
    template = job.inputs["template"]
    static = shop.theme.static[template or name]
    path = static.path
    try:
        content = Path(static.file).read_bytes()
        text = content.decode() if template or name.endswith(".css") else ""
    except (OSError, UnicodeDecodeError) as error:
        hint = "Look at this file: it may be damaged."
        problem = Problem("error", "CL690", f"{job.path} cannot be made: {_reason(error)}", path, hint=hint)
        return _made(job, b"", problems=(problem,))
    if digest_bytes(content) != static.digest:
        problem = Problem("error", "CL608", f"{path} changed during the build", path, hint="Build again.")
        return _made(job, b"", problems=(problem,))
    known: dict[str, Asset] = {
        fact.removeprefix("asset."): value
        for fact, value in shop.facts[job.facts].items()
        if fact.startswith("asset.") and value is not None
    }

    def asset(inner: str) -> Asset:
        if inner not in known:
            raise LookupError(f"there is no asset “{inner}”. {did_you_mean(inner, shop.theme.static)}".strip())
        return _beside(name, known[inner])

    if template:
        try:
            drawing = environment(shop.theme, shop.crew).overlay(autoescape=False, loader=jinja2.DictLoader({}))
            text = drawing.from_string(text).render(theme=Namespace("theme", plain_settings(shop.theme)), asset=asset)
        except jinja2.TemplateSyntaxError as error:
            return _made(job, b"", problems=(syntax_problem(error, path, text),))
        except Refused as refusal:
            return _made(job, b"", problems=(_while_making(refusal, job),))
        except Exception as error:  # noqa: BLE001 (whatever a theme's expression raises is its author's mistake)
            message = str(error) or type(error).__name__
            place = (path, _line_of(error, "<template>"), 1)
            problem = Problem("error", "CL303", message, *place, "Mend this line of the file.")
            return _made(job, b"", problems=(problem,))
        content = text.encode()
    if name.endswith(".css"):
        abroad = tuple(foreign_links(text, path))
        if abroad:
            return _made(job, b"", problems=abroad)
        content = _linked(name, text, known).encode()
    return _made(job, content, _hashed(name, content))


def _hashed(name: str, content: bytes) -> str:
    """The path of an asset, with a digest of its bytes."""
    stem, suffix = posixpath.splitext(name)
    return f"assets/{stem}.{digest_bytes(content)[:10]}{suffix}"


def asset_of(artifact: Artifact) -> Asset:
    """The address and integrity value of a finished asset (Subresource Integrity, W3C)."""
    integrity = "sha384-" + base64.b64encode(hashlib.sha384(artifact.content).digest()).decode()
    return Asset(f"/{artifact.path}", integrity)


def _beside(name: str, asset: Asset) -> Asset:
    """An asset as a stylesheet in `/assets/` names it."""
    return structs.replace(asset, url=posixpath.relpath(asset.url.lstrip("/"), posixpath.dirname(f"assets/{name}")))


def _linked(name: str, text: str, known: Mapping[str, Asset]) -> str:
    """A stylesheet whose addresses name the hashed files."""
    made: list[str] = []
    end = 0
    for link in sorted(style_links(text), key=lambda each: each.start):
        target = style_target(name, link.target)
        if target in known and link.start >= end:
            made += [text[end : link.start], _beside(name, known[target]).url]
            end = link.end
    return "".join((*made, text[end:]))


def _drawn(job: Job, shop: Workshop) -> Artifact:
    if job.template in shop.often:
        try:
            return _made(job, _text(job, shop, swift_environment(shop.theme, job.language, shop.crew)))
        except Exception:  # noqa: BLE001, S110 (the plain environment below says what is wrong, and where)
            pass
    try:
        return _made(job, _text(job, shop, environment(shop.theme, shop.crew)))
    except jinja2.TemplateSyntaxError as error:
        path = error.filename or job.template
        return _made(job, b"", problems=(syntax_problem(error, path, error.source or ""),))
    except Refused as refusal:
        return _made(job, b"", problems=(_while_making(refusal, job),))
    except Exception as error:  # noqa: BLE001 (whatever a theme's expression raises is its author's mistake)
        return _made(job, b"", problems=(_render_problem(error, job, shop),))


def _text(job: Job, shop: Workshop, drawing: Environment) -> bytes:
    pen = _Pen(job, shop, drawing)
    template = drawing.get_template(job.template)
    text = _filled(drawing, template, {**template.globals, **pen.context()})
    # It holds its own functions: let go of them, it is gone at once, and the collector has nothing to look for.
    pen.names.clear()
    return text.encode()


def _filled(drawing: Environment, template: jinja2.Template, names: dict[str, Any]) -> str:
    """What a template makes of these names, those among them that Jinja gives to all."""
    # As `Template.render` does it, without copying the names three times: a text may have dozens of calls.
    context = template.new_context(names, shared=True)
    try:
        return drawing.concat(template.root_render_func(context))
    except Exception:  # noqa: BLE001 (it is raised again, with the lines of the template)
        return drawing.handle_exception()


class _Facts:
    """The facts of a job, as a template reads them: under one word each, texts of the catalogue by `t`."""

    def __init__(self, facts: Mapping[str, Any], language: str) -> None:
        grouped: dict[str, dict[str, Any]] = {"site": {}, "theme": {}, "data": {}, "facts": {}, "asset": {}, "t": {}}
        for fact, value in facts.items():
            group, _, name = fact.partition(".")
            if not name:
                grouped[group] = value or {}
            elif group not in facts:
                grouped[group][name] = value
        self.assets = grouped["asset"]
        self.catalogue = Catalogue(language, grouped["t"])
        self.names = {
            "site": Namespace("site", grouped["site"]),
            "theme": Namespace("theme", grouped["theme"]),
            "data": loose(grouped["data"]),
            "facts": Namespace("facts", grouped["facts"]),
        }


def _grouped(digest: str, language: str, shop: Workshop) -> _Facts:
    """The facts of a job; those of the job before are at hand."""
    found = shop.at_hand.get((digest, language))
    if found is None:
        found = shop.at_hand[digest, language] = _Facts(shop.facts[digest], language)
    return found


class _Pen(Tools):
    """The context of one job: its inputs, its facts, and functions bound to its own path and language."""

    def __init__(self, job: Job, shop: Workshop, drawing: Environment) -> None:
        self.shop = shop
        self.drawing = drawing
        self.language = job.language
        self.form = form_of(shop.theme, job.template)
        self.feed = self.form == "feed"
        self.depth = job.path.count("/")
        self.from_root = job.path == "404.html"
        self.inputs = {name: _readable(resolved(value, shop)) for name, value in job.inputs.items()}
        self.page = self.inputs.get("page")
        self.article: Card | None = self.inputs.get("article")
        self.digest = job.facts
        self.facts = _grouped(job.facts, job.language, shop)
        # The picture of an article stands above its text, also where a template draws the text before.
        image = self.article.image if self.article else None
        self.first_picture = image.picture.url if image and image.picture else ""
        self.closed = 0
        # Whether what was drawn belongs to this output alone, for it names a file beside it or tells which picture is
        # the first.
        self.alone = False
        self.names = {**drawing.globals, **self.facts.names, **self.functions()}

    def context(self) -> dict[str, Any]:
        """All names of `docs/themes.md` for this output."""
        return {**self.names, **self.inputs, "page": self.page, "article": self.article}

    def functions(self) -> dict[str, Any]:
        """The functions every template and every directive can use."""
        return {
            "t": self.say,
            "url": self.url,
            "absolute": self.absolute,
            "asset": self.asset,
            "date": self.date,
            "clock": self.clock,
            "iso": self.iso,
            "number": self.number,
            "direction": self.direction,
            "language_name": self.language_name,
            "render_body": self.render_body,
            "picture": self.picture,
            "page": self.page,
        }

    def say(self, key: str, **values: Any) -> str:
        return say(self.facts.catalogue, key, **values)

    def date(self, value: Any, *, time: bool = False) -> str:
        """A date for readers. A deadline or an event tells its hour; when a text was published is a day by default."""
        return show_date(value, self.language, self.shop.setup.zone, "minute" if time else self.shop.setup.precision)

    def clock(self, value: Moment) -> str:
        """The hour and the zone of a moment alone, for where its day stands before it."""
        return show_moment(value, self.language, self.shop.setup.zone, alone=True)

    def iso(self, value: Any, time: bool = False) -> str:
        """A date for programs (ISO 8601), with its hour only where that is asked for or readers see it."""
        return iso(value, "minute" if time else self.shop.setup.precision)

    def number(self, value: Any) -> str:
        """A number for readers."""
        return show_number(value, self.language)

    def direction(self, language: str) -> str:
        """The direction in which a language is written: `ltr` or `rtl`."""
        return direction(language)

    def language_name(self, language: str) -> str:
        """The name of a language in itself."""
        return own_name(language)

    def url(self, place: Any) -> str:
        """An address as this output writes it: relative, from the base path (404.html), or absolute (feeds)."""
        target = _address_of(place)
        if "://" in target or target.startswith(("mailto:", "tel:")):
            return target
        return absolute(self.shop.setup.base_url, target) if self.feed else self.place(target)

    def place(self, target: str) -> str:
        """An address that is fetched together with this output: a feed on a mirror asks the mirror for its style."""
        self.alone = True
        if self.from_root:
            return base_path(self.shop.setup.base_url) + encoded(target.lstrip("/"))
        return relative(self.depth, target, self.shop.setup.links)

    def absolute(self, place: Any) -> str:
        return absolute(self.shop.setup.base_url, _address_of(place))

    def asset(self, name: str) -> Asset:
        try:
            found: Asset = self.facts.assets[name]
        except KeyError:
            raise LookupError(f"there is no asset “{name}”. {did_you_mean(name, self.facts.assets)}".strip()) from None
        # Of a file on a disk browsers cannot check the integrity, and refuse it.
        integrity = "" if self.shop.setup.links == "file" else found.integrity
        return structs.replace(found, url=self.place(found.url), integrity=integrity)

    def render_body(self, body: Body, article: Card | None = None) -> Markup:
        """The HTML of a body in the form of this output."""
        card = article or self.article
        if not self.feed or self.page or self.article:
            return self._body(body, card)
        # An article is in the feed of the site in three formats, and in those of its section, its tags and its authors.
        reads = (self.shop.theme.digest, self.shop.crew, self.shop.setup, self.digest, self.language)
        kept = _feed_body(digest_exact((*reads, body, card)))
        if kept:
            return kept[0]
        around, self.alone = self.alone, False
        drawn = self._body(body, card)
        if not self.alone:
            kept.append(drawn)
        self.alone = self.alone or around
        return drawn

    def _body(self, body: Body, card: Card | None) -> Markup:
        home = card.url if card else ""
        text = "".join(self._parts(body.parts, body.targets, card, home))
        if self.feed and home:
            text = _own_anchors(text, self.absolute(home))
        return Markup(text)  # noqa: S704 (made from checked parts)

    def _parts(
        self, parts: tuple[Part, ...], targets: tuple[Target, ...], card: Card | None, home: str
    ) -> Iterable[str]:
        for part in parts:
            if isinstance(part, Html):
                yield part.text
            elif isinstance(part, Slot):
                yield self._slot(part, targets[part.number], home)
            else:
                yield self._call(part, targets, card, home)

    def _slot(self, slot: Slot, target: Target, home: str) -> str:
        if slot.role == "unlink":
            return "" if isinstance(target, NoTarget) else "</a>"
        if isinstance(target, NoTarget):
            return ""
        if slot.role == "link":
            return f'<a href="{escape(self._href(target, home))}"{slot.attributes}>'
        if slot.role == "url":
            return escape(self._href(target, home))
        return self._image(target, slot.attributes) if isinstance(target, PictureTarget) else ""

    def picture(
        self,
        shown: Any,
        alt: str = "",
        *,
        sizes: str = "",
        lead: bool = False,
        closed: bool = False,
        **attributes: str | None,
    ) -> Markup:
        """A picture in all its formats and widths; '' when there is none. Attributes are written with - for _.

        `shown` is a picture of a card, or a file that a directive names. With `lead` it is what a reader sees first,
        and loaded before all else; what is `closed` is loaded when a reader comes to see it.
        """
        target = shown.picture if isinstance(shown, NamedFile) else shown
        if target is None:
            return Markup()
        words = "".join(
            f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"' for name, value in attributes.items() if value
        )
        was = self.closed
        self.closed += bool(closed)
        drawn = self._image(target, f' alt="{escape(alt or "")}"{words}', sizes, lead=lead)
        self.closed = was
        return Markup(drawn)  # noqa: S704 (made from escaped parts)

    def _image(self, target: PictureTarget, attributes: str, sizes: str = "", *, lead: bool = False) -> str:
        """An `<img>` with these attributes, in a `<picture>` where browsers may choose."""
        if self.form == "plain":
            alt = re.search(r' alt="([^"]*)"', attributes)
            return f'<span class="picture">[{alt[1]}]</span>' if alt and alt[1] else ""
        waits = self._waits(target.url) and (self.closed or not self.feed)
        loading = ' loading="lazy" decoding="async"' if waits else ' fetchpriority="high"' if lead else ""
        size = f' width="{target.width}" height="{target.height}"'
        source = f'src="{escape(self.url(target.url))}"'
        if self.feed or not target.sets:
            return f"<img {source}{attributes}{size}{loading}>"
        room = escape(sizes or _SIZES)
        *others, last = target.sets
        if last.files[-1][0] == target.url and not last.media:
            source = f"{source} {self._files(last, room)}"
        else:
            others.append(last)
        chosen = "".join(f'<source type="{each.type}"{_media(each)} {self._files(each, room)}>' for each in others)
        img = f"<img {source}{attributes}{size}{loading}>"
        return f"<picture>{chosen}{img}</picture>" if chosen else img

    def _files(self, each: PictureSet, room: str) -> str:
        """The files of one format; where there is one width only, it is for any room."""
        if len(each.files) == 1:
            return f'srcset="{escape(self.url(each.files[0][0]))}"'
        files = ", ".join(f"{escape(self.url(url))} {width}w" for url, width in each.files)
        return f'srcset="{files}" sizes="{room}"'

    def _waits(self, url: str) -> bool:
        """Whether a picture is loaded only when a reader comes near: all but the first, and whatever is closed."""
        self.alone = True
        if self.closed:
            return True
        self.first_picture = self.first_picture or url
        return url != self.first_picture

    def _file(self, target: Target) -> NamedFile | None:
        """A file that a directive names; None when it is not published now."""
        if isinstance(target, PictureTarget):
            waits, closed = self._waits(target.url), self.closed > 0
            size = (target.width, target.height)
            return NamedFile(self.url(target.url), *size, waits=waits, closed=closed, picture=target)
        if isinstance(target, PageTarget):
            return NamedFile(self._href(target, ""), closed=self.closed > 0)
        return None

    def _href(self, target: Target, home: str) -> str:
        if isinstance(target, OutsideTarget):
            return target.url
        if isinstance(target, PageTarget):
            fragment = f"#{target.fragment}" if target.fragment else ""
            if fragment and target.url == home and not self.feed and self.article:
                return encoded(fragment)
            return self.url(target.url + fragment)
        return self.url(target.url) if isinstance(target, PictureTarget) else ""

    def _call(self, call: Call, targets: tuple[Target, ...], card: Card | None, home: str) -> str:
        attributes = Loose(call.attributes)
        for name, number in call.files.items():
            attributes[name] = self._file(targets[number])
        source = targets[call.source] if call.source >= 0 else None
        if type(source) is SourceTarget:
            attributes.update(source_name=source.name, source_url=source.url, source_language=source.language)
        template = self._template(call.name)
        names = self.names.copy()
        names["attributes"] = attributes
        names["text"] = call.text
        names["inner"] = self._inner(call, targets, card, home) if call.inner else _NOTHING
        names["article"] = card
        return _filled(self.drawing, template, names)

    def _inner(self, call: Call, targets: tuple[Target, ...], card: Card | None, home: str) -> Markup:
        """What stands inside a directive."""
        declaration = self.shop.theme.declarations.get(call.name)
        closes = declaration is not None and declaration.closed
        self.closed += closes
        inner = "".join(self._parts(call.inner, targets, card, home))
        self.closed -= closes
        return Markup(inner)  # noqa: S704 (made from checked parts)

    def _template(self, name: str) -> jinja2.Template:
        """The template that draws a directive in the form of this output."""
        key = (self.drawing, name, self.form)
        found = self.shop.directives.get(key)
        if found is None:
            template = directive_template(self.shop.theme, name, self.form)
            found = self.shop.directives[key] = self.drawing.get_template(template)
        return found


@lru_cache(maxsize=1024)
def _feed_body(_digest: str) -> list[Markup]:
    """Where a body in the form of feeds is kept, by the digest of all that it is drawn from; empty at first."""
    return []


def _media(each: PictureSet) -> str:
    return f' media="{escape(each.media)}"' if each.media else ""


def _own_anchors(text: str, home: str) -> str:
    """Links to a place in the same text, which in a feed must name the article (RFC 4287 readers have no base)."""
    return text.replace(' href="#', f' href="{escape(home)}#')


def _address_of(place: Any) -> str:
    """The address of a card, a link, a term: whatever has a `url`; or the text itself."""
    found = getattr(place, "url", place)
    if not isinstance(found, str):
        raise TypeError(f"{found!r} is no address")
    return found


def _readable(value: Any) -> Any:
    """An input as a template reads it: free data may lack names."""
    if isinstance(value, Matter):
        return structs.replace(value, extra=loose(value.extra))
    if isinstance(value, dict):
        return loose(value)
    return value


def _line_of(error: BaseException, path: str) -> int:
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
    return (frames[-1].lineno or 1) if frames else 1


@lru_cache(maxsize=8)
def _paths(theme: Theme) -> frozenset[str]:
    return frozenset(template.path for template in theme.templates.values())


def _render_problem(error: Exception, job: Job, shop: Workshop) -> Problem:
    """A failing expression of a template: file and line, how it was reached, and the page that was drawn."""
    paths = _paths(shop.theme)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in paths]
    if not frames and isinstance(error, RecursionError | MemoryError):
        path = shop.theme.templates[job.template].path
        message = f"the template asks for too much: {type(error).__name__}"
        return Problem("error", "CL303", message, path, 1, 1, f"While drawing /{job.path}.")
    if not frames:
        raise error
    last = frames[-1]
    chain = " → ".join(dict.fromkeys(f"{frame.filename}:{frame.lineno}" for frame in frames))
    message = str(error) or type(error).__name__
    code = "CL302" if isinstance(error, jinja2.UndefinedError) else "CL303"
    source = f" from {job.source}" if job.source else ""
    line = last.lineno or 1
    text = next((template.text for template in shop.theme.templates.values() if template.path == last.filename), "")
    lines = text.splitlines()
    found = lines[line - 1] if 0 < line <= len(lines) else ""
    name = re.search(r"“([^”]+)”", message)
    at = found.find(name[1]) if name else -1
    column = (at if at >= 0 else len(found) - len(found.lstrip())) + 1
    hint = f"While drawing /{job.path}{source}" + (f", reached through {chain}." if len(frames) > 1 else ".")
    return Problem("error", code, message, last.filename, line, column, hint)
