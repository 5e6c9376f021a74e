"""Settings: `site.toml` as one frozen value."""

import os
import re
import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct, field, structs

from generator.model.fields import ARTICLE, SETTINGS, Field, Table
from generator.model.problem import Problem
from generator.model.query import Query
from generator.source.check import Rules, check, code, without_effect
from generator.source.decode import decode
from generator.source.folders import OWN_FOLDERS
from generator.source.places import MAXIMUM_DEPTH, KeyPath, Place, Places, dotted
from generator.source.queries import queries_of
from generator.source.suggest import did_you_mean, nearest
from generator.source.toml import read_toml

SETTINGS_FILE = "site.toml"
OVERRIDE = "--set"
_LATER = ("safety", "search", "network", "mirrors", "deploy", "gate")
_GENERATED = re.compile(r"act|archive|assets|authors|campaigns|corrections|feeds|mirrors|page|safety|search|series")
_OVERRIDE = re.compile(r"\s*([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)\s*=(.*)\Z", re.DOTALL)


class SiteSettings(Struct, frozen=True):
    """`[site]`. `base_url` ends with a slash; `timezone` is an IANA name; `id` identifies the site in feed ids."""

    title: str
    base_url: str
    id: str = ""
    tagline: str = ""
    description: str = ""
    language: str = "en"
    timezone: str = "UTC"
    authors: tuple[str, ...] = ()
    licence: str = ""
    contact: str = ""
    repository: str = "none"


class UrlSettings(Struct, frozen=True):
    """`[urls]`: patterns of `{year} {month} {day} {slug} {section} {language}`, and how links are written."""

    posts: str = "/{slug}/"
    pages: str = "/{slug}/"
    links: str = "pretty"


class ContentSettings(Struct, frozen=True):
    """`[content]`."""

    page_size: int = 10
    date_precision: str = "day"


class Taxonomy(Struct, frozen=True):
    """`[taxonomies.NAME]`; `tags` is always there."""

    name: str
    title: str = ""
    feed: bool = True


class MarkdownSettings(Struct, frozen=True):
    """`[markdown]`."""

    engine: str = "python-markdown"
    extensions: tuple[str, ...] = ()
    unsafe_html: bool = True


class ThemeSettings(Struct, frozen=True):
    """`[theme]`; `settings` are checked against the theme's `theme.toml`."""

    name: str = "clarion"
    settings: dict[str, Any] = field(default_factory=dict)


class MenuItem(Struct, frozen=True):
    """`[[menu]]`: `page` is a source path (`pages/about.md`), an address from the root, or an absolute one.

    `line` and `column` are its place in `site.toml`, 0 for what `--set` gives.
    """

    title: str
    page: str
    line: int = 0
    column: int = 0


class FeedSettings(Struct, frozen=True):
    """`[feeds]`."""

    content: str = "full"
    limit: int = 20


class ShareSettings(Struct, frozen=True):
    """`[share]`: ids of targets in the row and under "More ways" (None: as the target file says)."""

    targets: tuple[str, ...] | None = None
    more: tuple[str, ...] | None = None
    address: str = "primary"
    kit: str = "actions"
    via: dict[str, str] = field(default_factory=dict)


class ImageSettings(Struct, frozen=True):
    """`[images]`: the greatest of `widths` bounds the one picture made of each original."""

    widths: tuple[int, ...] = (1200,)
    formats: tuple[str, ...] = ()
    max_pixels: int = 50_000_000


class EditionSettings(Struct, frozen=True):
    """`[editions]`: which articles have a `text` edition: the long ones, `all`, or `none`."""

    text: str = "long"


class Budget(Struct, frozen=True):
    """`[budget]`: the most the first view of a page may weigh, in compressed bytes; None where nothing is said."""

    html: int | None = None
    css: int | None = None
    script: int | None = None
    images: int | None = None
    total: int | None = None


class Author(Struct, frozen=True):
    """`[authors.ID]`. Readers see `pen_name` where there is one and never `name` beside it."""

    id: str
    name: str
    pen_name: str = ""
    bio: str = ""
    url: str = ""
    picture: str = ""
    fediverse: str = ""

    @property
    def shown(self) -> str:
        """The name readers see."""
        return self.pen_name or self.name


class Language(Struct, frozen=True):
    """`[languages.XX]`: overrides of the site's title, tagline and description in that language."""

    code: str
    title: str = ""
    tagline: str = ""
    description: str = ""


class Ignore(Struct, frozen=True):
    """`[[ignore]]`: a Problem the author has answered. `path` is a glob; only warnings and notes can be ignored."""

    code: str
    path: str
    reason: str


class PluginSettings(Struct, frozen=True):
    """`[plugins]`: modules of `plugins/` or installed ones by name, and their own settings."""

    names: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)


class Config(Struct, frozen=True):
    """All settings of a site, checked and with every default filled in.

    `places` has line and column of each value that `site.toml` gives, by its dotted name (`theme.settings.accent`,
    `markdown.extensions.0`, `menu.0.page`); a name that `--set` gives has the place (0, 0), and so has all below it.
    """

    site: SiteSettings
    urls: UrlSettings = UrlSettings()
    content: ContentSettings = ContentSettings()
    taxonomies: dict[str, Taxonomy] = field(default_factory=lambda: {"tags": Taxonomy("tags")})
    markdown: MarkdownSettings = MarkdownSettings()
    theme: ThemeSettings = ThemeSettings()
    menu: tuple[MenuItem, ...] = ()
    feeds: FeedSettings = FeedSettings()
    share: ShareSettings = ShareSettings()
    images: ImageSettings = ImageSettings()
    editions: EditionSettings = EditionSettings()
    budget: Budget = Budget()
    replies: str = "email"
    languages: dict[str, Language] = field(default_factory=dict)
    authors: dict[str, Author] = field(default_factory=dict)
    variants: dict[str, Any] = field(default_factory=dict)
    ignore: tuple[Ignore, ...] = ()
    facts: dict[str, Query] = field(default_factory=dict)
    plugins: PluginSettings = PluginSettings()
    later: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)

    def place(self, name: str) -> Place:
        """Line and column in `site.toml` of a value by its dotted name, else of what holds it; (0, 0) without one."""
        while name and name not in self.places:
            name = name.rpartition(".")[0]
        return self.places.get(name, (0, 0))


def load_config(root: Path, overrides: Sequence[str] = ()) -> tuple[Config | None, tuple[Problem, ...]]:
    """The settings of the site in `root`, with `--set` overrides (`a.b=TOML`); None when they cannot be used at all."""
    path = root / SETTINGS_FILE
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        hint = "Go to the folder of a site, or begin one with `clarion new site`."
        return None, (Problem("error", "CL410", "there is no site.toml here", SETTINGS_FILE, hint=hint),)
    except OSError as error:
        message = f"site.toml cannot be read: {os.strerror(error.errno or 0)}"
        return None, (Problem("error", "CL410", message, SETTINGS_FILE, hint="Mend its permissions."),)
    text, problems = decode(content, SETTINGS_FILE)
    if text is None:
        return None, problems
    config, found = load_text(text, overrides)
    return config, (*problems, *found)


def load_text(text: str, overrides: Sequence[str] = ()) -> tuple[Config | None, tuple[Problem, ...]]:
    """The settings a `site.toml` of this text stands for. All mistakes are told at once.

    None when the text is no TOML or the site has no title or usable address; otherwise what is wrong is left out.
    """
    reading = read_toml(text, SETTINGS_FILE)
    if not reading.readable:
        return None, reading.problems
    config, problems = _load(reading.value, reading.places, SETTINGS_FILE)
    if not overrides:
        return config, problems
    values, given, problems_of_overrides = _overridden(reading.value, overrides)
    config, found = _load(values, _without(reading.places, given), SETTINGS_FILE)
    if config is not None:
        nowhere: dict[str, Place] = {".".join(names): (0, 0) for names in given}
        config = structs.replace(config, places={**config.places, **nowhere})
    told = [*problems_of_overrides]
    for problem in found:
        # What the file alone did not get wrong, an override did: it has no place in the file.
        known = problem in problems
        told.append(problem if known else structs.replace(problem, path=OVERRIDE, line=0, column=0))
    return config, tuple(told)


def _without(places: Places, given: Iterable[tuple[str, ...]]) -> Places:
    """The places in the file without those of what is given otherwise."""

    def kept(found: Mapping[KeyPath, Place]) -> dict[KeyPath, Place]:
        return {path: place for path, place in found.items() if not any(path[: len(names)] == names for names in given)}

    return structs.replace(places, keys=kept(places.keys), values=kept(places.values))


def _overridden(
    values: dict[str, Any], overrides: Sequence[str]
) -> tuple[dict[str, Any], tuple[tuple[str, ...], ...], tuple[Problem, ...]]:
    """The values with the overrides, the names of these, and what is wrong with them."""
    problems = []
    given = []
    for override in overrides:
        match = _OVERRIDE.match(override)
        hint = """Write it as --set 'site.title="A title"'."""
        if match is None:
            problems.append(Problem("error", "CL411", f"“{override}” is not name=value", OVERRIDE, hint=hint))
            continue
        names = match[1].split(".")
        reading = read_toml(f"value = {match[2].strip()}\n")
        if not reading.readable or len(reading.value) != 1 or len(names) > MAXIMUM_DEPTH:
            message = f"“{match[2].strip()}” is no TOML value for {match[1]}"
            problems.append(Problem("error", "CL411", message, OVERRIDE, hint=f"{hint[:-1]}: text is in quotes."))
            continue
        values = _with(values, names, reading.value["value"])
        given.append(tuple(names))
    return values, tuple(given), tuple(problems)


def _with(values: Any, names: list[str], value: Any) -> dict[str, Any]:
    inside = values if isinstance(values, dict) else {}
    if len(names) == 1:
        return {**inside, names[0]: value}
    return {**inside, names[0]: _with(inside.get(names[0], {}), names[1:], value)}


class _Complaints:
    """Findings about settings, by the path of the value they are about."""

    def __init__(self, places: Places, path: str) -> None:
        self.places = places
        self.path = path
        self.problems: list[Problem] = []

    def say(self, number: str, message: str, at: KeyPath, hint: str, *, key: bool = False) -> None:
        place = self.places.key(at) if key else self.places.value(at)
        self.problems.append(Problem("error", number, message, self.path, *place, hint))


def _load(values: dict[str, Any], places: Places, path: str) -> tuple[Config | None, tuple[Problem, ...]]:
    clean, problems = check(values, SETTINGS, places, path=path, rules=Rules(UTC))
    complaints = _Complaints(places, path)
    site = _site(clean.get("site", {}), complaints)
    languages = _languages(clean.get("languages", {}), complaints)
    authors = _authors(clean.get("authors", {}), complaints)
    _known_authors(clean.get("site", {}).get("authors", ()), authors, complaints)
    taxonomies = _taxonomies(clean.get("taxonomies", {}), languages, complaints)
    _dateless_pages(clean.get("urls", {}), complaints)
    variants, of_variants = _variants(clean.get("variants", {}), places, path)
    plugins = _plugins(clean.get("plugins", {}), complaints)
    facts, of_facts = queries_of(clean.get("facts", {}), places, path, taxonomies)
    later = {name: clean[name] for name in _LATER if name in clean}
    for name in ("search", "deploy", "gate"):
        _must_be_group(later, name, complaints)
    theme = dict(clean.get("theme", {}))
    if not isinstance(theme.get("settings", {}), dict):
        complaints.say(
            code("settings", 3),
            "`theme.settings` must be a group of keys",
            ("theme", "settings"),
            "Write [theme.settings].",
        )
        del theme["settings"]
    idle = without_effect(clean, SETTINGS, places, path=path)
    everything = (*problems, *complaints.problems, *of_variants, *of_facts, *idle)
    if site is None:
        return None, everything
    menu = tuple(
        MenuItem(item["title"], item["page"], *places.values.get(("menu", index, "page"), (0, 0)))
        for index, item in enumerate(clean.get("menu", ()))
        if "title" in item and "page" in item
    )
    ignore = tuple(Ignore(**item) for item in clean.get("ignore", ()) if len(item) == len(Ignore.__struct_fields__))
    return (
        Config(
            site=site,
            urls=UrlSettings(**clean.get("urls", {})),
            content=ContentSettings(**clean.get("content", {})),
            taxonomies=taxonomies,
            markdown=MarkdownSettings(**clean.get("markdown", {})),
            theme=ThemeSettings(**theme),
            menu=menu,
            feeds=FeedSettings(**clean.get("feeds", {})),
            share=ShareSettings(**clean.get("share", {})),
            images=ImageSettings(**clean.get("images", {})),
            editions=EditionSettings(**clean.get("editions", {})),
            budget=Budget(**clean.get("budget", {})),
            replies=clean.get("replies", {}).get("way", "email"),
            languages=languages,
            authors=authors,
            variants=variants,
            ignore=ignore,
            facts=facts,
            plugins=plugins,
            later=later,
            places={".".join(map(str, at)): place for at, place in places.values.items() if at},
        ),
        everything,
    )


def _site(clean: Mapping[str, Any], complaints: _Complaints) -> SiteSettings | None:
    values = dict(clean)
    base_url = values.get("base_url", "")
    if base_url:
        parts = urlsplit(base_url)
        if parts.query or parts.fragment or "?" in base_url or "#" in base_url:
            message = "the address of a site has no ? and no #"
            complaints.say("CL412", message, ("site", "base_url"), "Write https://host/ or https://host/folder/.")
            return None
        values["base_url"] = base_url.rstrip("/") + "/"
        values.setdefault("id", parts.hostname or "")
    zone = values.get("timezone", "UTC")
    if not is_timezone(zone):
        hint = did_you_mean(zone, zoneinfo.available_timezones()) or "Write a name such as Europe/Berlin, or UTC."
        complaints.say("CL413", f"there is no time zone “{zone}”", ("site", "timezone"), hint)
        del values["timezone"]
    if not values.get("title") or not values.get("base_url"):
        return None
    return SiteSettings(**values)


def is_timezone(name: str) -> bool:
    """Whether a name is that of a zone in the IANA database."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _languages(values: Mapping[str, Any], complaints: _Complaints) -> dict[str, Language]:
    languages = {}
    for name, value in values.items():
        if not Rules(UTC).is_language(name):
            at: KeyPath = ("languages", name)
            complaints.say(
                code("settings", 7), f"“{name}” is no language", at, "Write a tag such as en, ru or pt-BR.", key=True
            )
            continue
        languages[name] = Language(name, **value)
    return languages


def _authors(values: Mapping[str, Any], complaints: _Complaints) -> dict[str, Author]:
    authors = {}
    for name, value in values.items():
        shown = value.get("name") or value.get("pen_name")
        if not shown:
            message = f"`authors.{name}` has neither `name` nor `pen_name`"
            complaints.say(code("settings", 2), message, ("authors", name), 'For example: pen_name = "Alex"', key=True)
            continue
        authors[name] = Author(**{**value, "id": name, "name": shown})
    return authors


def _known_authors(names: Sequence[str], authors: Mapping[str, Author], complaints: _Complaints) -> None:
    for index, name in enumerate(names):
        if name not in authors:
            hint = did_you_mean(name, authors) or f'Add [authors.{name}] with name = "…".'
            complaints.say("CL414", f"there is no author “{name}”", ("site", "authors", index), hint)


def _taxonomies(values: Mapping[str, Any], languages: Iterable[str], complaints: _Complaints) -> dict[str, Taxonomy]:
    taken = {*ARTICLE.names, *OWN_FOLDERS, *map(str.casefold, languages)}
    taxonomies = {"tags": Taxonomy("tags")}
    for name, value in values.items():
        at: KeyPath = ("taxonomies", name)
        folded = name.casefold()
        if name != "tags" and (folded in taken or _GENERATED.fullmatch(folded)):
            complaints.say("CL415", f"“{name}” has a meaning of its own", at, "Name the taxonomy otherwise.", key=True)
            continue
        taxonomies[name] = Taxonomy(name, **value)
    return taxonomies


def _dateless_pages(values: Mapping[str, Any], complaints: _Complaints) -> None:
    pattern = values.get("pages", "")
    for token in ("year", "month", "day"):
        if f"{{{token}}}" in pattern:
            complaints.say("CL416", f"pages have no date: {{{token}}} cannot be", ("urls", "pages"), "Write /{slug}/.")
            return


def _variants(values: Mapping[str, Any], places: Places, path: str) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Variants as the author wrote them: settings that replace those of the site."""
    problems: list[Problem] = []
    table = Table("variant", "settings", tuple(_optional(each) for each in SETTINGS.fields if each.name != "variants"))
    for name, value in values.items():
        _, found = check(value, table, places, path=path, rules=Rules(UTC), at=("variants", name))
        problems.extend(found)
    return dict(values), tuple(problems)


def _optional(setting: Field) -> Field:
    table = setting.table.without() if setting.table is not None and not setting.many else setting.table
    return structs.replace(setting, required=False, table=table)


def _plugins(values: Mapping[str, Any], complaints: _Complaints) -> PluginSettings:
    settings = {name: value for name, value in values.items() if name != "names"}
    for name in tuple(settings):
        if not isinstance(settings[name], dict):
            hint = f"Write [plugins.{name}]."
            if nearest(name, ("names",)):
                hint = "Did you mean “names”?"
            message = f"`{dotted(('plugins', name))}` must be a group of keys"
            complaints.say(code("settings", 3), message, ("plugins", name), hint)
            del settings[name]
    return PluginSettings(values.get("names", ()), settings)


def _must_be_group(later: dict[str, Any], name: str, complaints: _Complaints) -> None:
    if name in later and not isinstance(later[name], dict):
        complaints.say(code("settings", 3), f"`{name}` must be a group of keys", (name,), f"Write [{name}].")
        del later[name]
