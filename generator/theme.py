"""A chain of themes, read from disk into one frozen value."""

import posixpath
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

from generator.config import SETTINGS_FILE, Config, MenuItem
from generator.engine.digest import digest_bytes, digest_value
from generator.model.directive import Declaration
from generator.model.fields import THEME_FACTS
from generator.model.problem import Problem
from generator.model.query import Query
from generator.source.catalogue import read_catalogue
from generator.source.check import Rules, check
from generator.source.colours import counterpart
from generator.source.copied import COPIED_FILE, Copied, read_copied
from generator.source.decode import decode
from generator.source.folders import is_left_behind
from generator.source.queries import FACTS, queries_of
from generator.source.suggest import did_you_mean
from generator.source.theme_settings import UNREADABLE, Setting, read_settings, unreadable, wanted
from generator.source.toml import read_toml

API = 1
FORMS = ("page", "plain")
DESCRIPTION = "theme.toml"
_KEYS = ("name", "parent", "api", "form", "settings", "facts")
BASE = "base"
LINKS = ("templates", "directives", "static", "locales")
_DECLARATION = re.compile(r"\A\s*\{#-?(.*?)-?#\}", re.DOTALL)
_STYLE_LINK = re.compile(
    r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^"')\s][^)]*?))\s*\)|(?:@import|\bsrc\()\s*(?:"([^"]*)"|'([^']*)')""",
    re.IGNORECASE,
)
_IMAGE_SET = re.compile(r"image-set\((?:[^()]|\([^()]*\))*\)", re.IGNORECASE)
_QUOTED = re.compile(r""""([^"]*)"|'([^']*)'""")
_STYLE_COMMENT = re.compile(
    r"""/\*.*?(?:\*/|\Z)|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|url\(\s*[^"'\s)][^)]*\)""", re.DOTALL | re.IGNORECASE
)
_STYLE_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})[ \t]?|(\n)|(.))")
_OTHER_FORMS = (".feed.html", ".plain.html")
"""How a directive is drawn outside pages; what it takes stands in the file without."""
_TEXT_SUFFIXES = (".html", ".xml", ".json", ".txt", ".jinja")
_SVG_BOX = re.compile(
    rb"""<svg\b[^>]*?\sviewBox\s*=\s*["']\s*\S+?[\s,]+\S+?[\s,]+(\d+(?:\.\d+)?)[\s,]+(\d+(?:\.\d+)?)"""
)
_SVG_HEAD = 16_384


class Template(Struct, frozen=True):
    """The source of a template; `path` is what messages call it."""

    path: str
    text: str
    digest: str


class Static(Struct, frozen=True):
    """A file of `static/`: where it lies, what messages call it, the digest of its bytes, whose it is."""

    file: str
    path: str
    digest: str
    of_site: bool = False


class Picture(Struct, frozen=True):
    """A picture of `static/` that a setting names, with its size in pixels (of an SVG, that of its view box)."""

    name: str
    width: int
    height: int


class ThemeLink(Struct, frozen=True):
    """One theme of a chain, as its `theme.toml` describes it. `label` is what messages call its folder."""

    name: str
    folder: Path
    label: str
    parent: str = ""
    api: int = API
    form: str = ""
    settings: dict[str, Setting] = field(default_factory=dict)
    facts: dict[str, Query] = field(default_factory=dict)


class ThemeFolder(Struct, frozen=True):
    """A folder laid out like a theme that is read behind `base`; `label` is what messages call it."""

    name: str
    folder: Path
    label: str


class Theme(Struct, frozen=True):
    """Everything a chain of themes gives.

    `templates` by name (`article.html`, `directives/appeal.html`); a name with a theme before it
    (`clarion:article.html`) is that theme's own version. `links` are the files of `static/` that a stylesheet names.
    `catalogues` by language tag. `queries` are those of the site too, which count before a theme's. `form` is `page`,
    or `plain` for a theme that shows no pictures. `settings` are plain values, and where they name what only the site
    knows: a MenuItem for a page, a tuple of them for links, a Picture.
    """

    name: str
    form: str = "page"
    templates: dict[str, Template] = field(default_factory=dict)
    static: dict[str, Static] = field(default_factory=dict)
    catalogues: dict[str, dict[str, Any]] = field(default_factory=dict)
    links: dict[str, tuple[str, ...]] = field(default_factory=dict)
    declarations: dict[str, Declaration] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    digest: str = ""

    def __hash__(self) -> int:
        return hash(self.digest)


@lru_cache(maxsize=64)
def catalogue(theme: Theme, language: str) -> dict[str, Any]:
    """The texts of a language; what it lacks is taken from its base language, then from English."""
    base = language.partition("-")[0]
    return {**theme.catalogues.get("en", {}), **theme.catalogues.get(base, {}), **theme.catalogues.get(language, {})}


def bundled_themes() -> Path:
    """The folder of the themes that come with Clarion: inside the wheel, or beside the package in a checkout."""
    packaged = Path(str(resources.files("generator"))) / "_themes"
    if packaged.is_dir():
        return packaged
    return Path(str(resources.files("generator"))).parent / "themes"


def load_theme(root: Path, config: Config, further: Sequence[ThemeFolder] = ()) -> tuple[Theme, tuple[Problem, ...]]:
    """The theme named in the settings with its parents, the site before it, `base` and `further` folders behind it."""
    problems: list[Problem] = []
    chain = theme_chain(root, config, problems)
    links = [("site", root, ""), *((link.name, link.folder, link.label) for link in chain)]
    links.extend((each.name, each.folder, each.label) for each in further)
    templates: dict[str, Template] = {}
    static: dict[str, Static] = {}
    catalogues: dict[str, dict[str, Any]] = {}
    for link_name, folder, label in reversed(links):
        _read_templates(link_name, folder, label, templates, problems)
        _read_static(folder, label, static, problems, of_site=link_name == "site")
        _read_locales(folder, label, catalogues, problems)
    links_of = {
        name: _links(name, file, static, problems)
        for name, file in static.items()
        if _is_style(name) or name.endswith(".jinja")
    }
    declared = {name: setting for link in reversed(chain) for name, setting in link.settings.items()}
    settings = _settings(config, declared, static, problems)
    problems.extend(_drifted(root, chain))
    declarations = _declarations(templates, catalogues, problems)
    theme = Theme(
        name=config.theme.name,
        form=form_of_chain(chain),
        templates=templates,
        static=static,
        catalogues=catalogues,
        links=links_of,
        declarations=declarations,
        settings=settings,
        queries={
            name: query
            for found in (*(link.facts for link in reversed(chain)), config.facts)
            for name, query in found.items()
        },
    )
    return msgspec.structs.replace(theme, digest=_digest(theme)), tuple(problems)


def theme_chain(root: Path, config: Config, problems: list[Problem]) -> tuple[ThemeLink, ...]:
    """The theme in use, its parents, and `base`, as far as they are there; `problems` get what is wrong."""
    chain: list[ThemeLink] = []
    name = config.theme.name
    while name and name not in (link.name for link in chain):
        found = find_theme(root, name)
        if found is None:
            known = theme_names(root)
            place = config.place("theme.name") if not chain else (0, 0)
            path = chain[-1].label + DESCRIPTION if chain else SETTINGS_FILE
            hint = did_you_mean(name, known) or f"The themes here: {', '.join(sorted(known))}."
            problems.append(Problem("error", "CL309", f"there is no theme “{name}”", path, *place, hint))
            break
        link = describe(name, *found, config.taxonomies, problems)
        chain.append(link)
        parent = link.parent or (BASE if name != BASE else "")
        if parent in (seen.name for seen in chain):
            message = f"the theme “{parent}” would be its own parent"
            hint = "Name another parent, or none."
            problems.append(Problem("error", "CL310", message, f"{link.label}{DESCRIPTION}", 1, 1, hint))
        name = parent
    return tuple(chain)


def form_of_chain(chain: Iterable[ThemeLink]) -> str:
    """The form of a theme: its own, else that of the nearest parent that says one."""
    return next((link.form for link in chain if link.form), FORMS[0])


def _digest(theme: Theme) -> str:
    """The digest of what a theme says; where its files lie on this machine is not part of it."""
    sources = {name: template.digest for name, template in theme.templates.items()}
    files = {name: (static.digest, static.of_site) for name, static in theme.static.items()}
    return digest_value((theme.name, theme.form, sources, files, theme.catalogues, theme.settings, theme.queries))


def theme_names(root: Path) -> set[str]:
    """The names of the themes of a site, and of those that come with Clarion."""
    places = (root / "themes", bundled_themes())
    return {
        path.name for place in places if place.is_dir() for path in place.iterdir() if (path / DESCRIPTION).is_file()
    }


def find_theme(root: Path, name: str) -> tuple[Path, str] | None:
    """The folder of a theme, and what messages call it: one of the site, else one that comes with Clarion."""
    if not re.fullmatch(r"[\w-]+", name):
        return None
    for place in (root / "themes", bundled_themes()):
        if (place / name / DESCRIPTION).is_file():
            return place / name, f"themes/{name}/"
    return None


def describe(name: str, folder: Path, label: str, taxonomies: Iterable[str], problems: list[Problem]) -> ThemeLink:
    """What the `theme.toml` of a theme says; `problems` get what is wrong with it."""
    path = f"{label}{DESCRIPTION}"
    text, unread = decode(_content(folder / DESCRIPTION, path, problems) or b"", path)
    problems.extend(unread)
    reading = read_toml(text or "", path)
    problems.extend(reading.problems)
    description: dict[str, Any] = reading.value or {}
    for key in description:
        if key not in _KEYS:
            hint = did_you_mean(key, _KEYS) or f"A theme has: {', '.join(_KEYS)}."
            place = reading.places.key((key,))
            problems.append(Problem("error", "CL310", f"a theme has no “{key}”", path, *place, hint))
    if description.get("api", API) != API:
        message = f"this theme was made for version {description['api']} of the theme names, and this is {API}"
        hint = "Take a version of the theme made for this Clarion."
        problems.append(Problem("error", "CL313", message, path, *reading.places.value(("api",)), hint))
    for key, kind in (("name", str), ("parent", str), ("form", str), ("settings", dict)):
        if not isinstance(description.get(key, kind()), kind):
            what = "a group of keys" if kind is dict else "a text"
            place = reading.places.value((key,))
            problems.append(Problem("error", "CL310", f"`{key}` must be {what}", path, *place, f"Write {what}."))
            description = {each: value for each, value in description.items() if each != key}
    if description.get("form", FORMS[0]) not in FORMS:
        place = reading.places.value(("form",))
        problems.append(Problem("error", "CL310", "`form` is `page` or `plain`", path, *place, "Write one of the two."))
    kept, told = read_settings(description.get("settings", {}), reading.places, path)
    problems.extend(told)
    facts = {name: value for name, value in description.items() if name == FACTS}
    clean, wrong = check(facts, THEME_FACTS, reading.places, path=path, rules=Rules(UTC))
    queries, told = queries_of(clean.get(FACTS, {}), reading.places, path, taxonomies)
    problems.extend((*wrong, *told))
    return ThemeLink(
        name=name,
        folder=folder,
        label=label,
        parent=description.get("parent", ""),
        api=description.get("api", API),
        form=description.get("form", "") if description.get("form") in FORMS else "",
        settings=kept,
        facts=queries,
    )


def _walk(folder: Path, label: str, problems: list[Problem]) -> list[tuple[str, Path]]:
    """The files below a folder by their relative names; a symlink that leads out of it is refused."""
    if not folder.is_dir():
        return []
    if not _is_inside(folder, folder.parent.resolve()):
        problems.append(_leads_out(label.rstrip("/")))
        return []
    top = folder.resolve()
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not _is_text(name):
            safe = name.encode(errors="replace").decode()
            problems.append(
                Problem(
                    "error", "CL703", f"the name of {safe} is not UTF-8", label.rstrip("/"), hint="Rename the file."
                )
            )
        elif path.is_symlink() and not _is_inside(path, top):
            problems.append(_leads_out(f"{label}{name}"))
        elif path.is_file():
            found.append((name, path))
    return found


def _is_inside(path: Path, top: Path) -> bool:
    """Whether a path leads to something below `top`; not when it is a link to nowhere or round in a circle."""
    try:
        return path.resolve(strict=True).is_relative_to(top)
    except (OSError, RuntimeError):
        return False


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _leads_out(shown: str) -> Problem:
    return Problem(
        "error", "CL314", f"{shown} is a link that leads out of its folder", shown, hint="Copy the file instead."
    )


def _content(path: Path, shown: str, problems: list[Problem]) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"this file cannot be read: {error.strerror}"
        problems.append(Problem("error", "CL705", message, shown, hint="Mend its permissions."))
        return None


def _read_templates(
    link: str, folder: Path, label: str, templates: dict[str, Template], problems: list[Problem]
) -> None:
    for sub, prefix in (("templates", ""), ("directives", "directives/")):
        for name, path in _walk(folder / sub, f"{label}{sub}/", problems):
            if path.suffix not in _TEXT_SUFFIXES or path.name.startswith("."):
                continue
            shown = f"{label}{sub}/{name}"
            content = _content(path, shown, problems)
            if content is None:
                continue
            try:
                text = content.decode("utf-8-sig")
            except UnicodeDecodeError:
                problems.append(
                    Problem("error", "CL315", "this template is not UTF-8", shown, 1, 1, "Save it as UTF-8.")
                )
                continue
            template = Template(shown, text, digest_bytes(content))
            templates[prefix + name] = template
            templates[f"{link}:{prefix}{name}"] = template


def _read_static(
    folder: Path, label: str, static: dict[str, Static], problems: list[Problem], *, of_site: bool
) -> None:
    for name, path in _walk(folder / "static", f"{label}static/", problems):
        if is_left_behind(name):
            continue
        content = _content(path, f"{label}static/{name}", problems)
        if content is None:
            continue
        static.pop(f"{name}.jinja", None)
        static.pop(name.removesuffix(".jinja"), None)
        static[name] = Static(str(path), f"{label}static/{name}", digest_bytes(content), of_site)


def _is_style(name: str) -> bool:
    return name.removesuffix(".jinja").endswith(".css")


class StyleLink(Struct, frozen=True):
    """An address in a stylesheet and where it stands: characters `start` to `end`, without quotation marks."""

    target: str
    start: int
    end: int


def style_links(text: str) -> Iterator[StyleLink]:
    """The addresses a stylesheet asks for by `url(…)`, `src(…)`, `@import` or `image-set(…)`, outside of comments."""
    return _links_in(_without_comments(text))


def _without_comments(text: str) -> str:
    """A stylesheet with spaces for its comments; what only looks like one, in a string or an address, stays."""
    return _STYLE_COMMENT.sub(
        lambda match: re.sub(r"[^\n]", " ", match[0]) if match[0].startswith("/*") else match[0], text
    )


def _links_in(bare: str) -> Iterator[StyleLink]:
    for match in _STYLE_LINK.finditer(bare):
        if match.lastindex:
            yield StyleLink(match[match.lastindex], *match.span(match.lastindex))
    for images in _IMAGE_SET.finditer(bare):
        for match in _QUOTED.finditer(bare, *images.span()):
            if match.lastindex:
                yield StyleLink(match[match.lastindex], *match.span(match.lastindex))


def foreign_links(text: str, path: str) -> Iterator[Problem]:
    """Where a stylesheet would have readers ask another site, also when escapes (CSS Syntax, section 4.3.7) hide it."""
    plain = _STYLE_ESCAPE.sub(_unescaped, _without_comments(text))
    for link in _links_in(plain):
        target = link.target.strip().replace("\\", "/")
        if not re.match(r"//|(?!data:)[a-z][a-z0-9+.-]*:", target, re.IGNORECASE):
            continue
        line = plain.count("\n", 0, link.start) + 1
        column = link.start - plain.rfind("\n", 0, link.start)
        message = f"this stylesheet asks another site for “{link.target}”"
        hint = "Put the file into static/ and name it by its path."
        yield Problem("error", "CL318", message, path, line, column, hint)


def _unescaped(match: re.Match[str]) -> str:
    if match[2]:
        return ""
    number = int(match[1], 16) if match[1] else ord(match[3])
    # An escaped quotation mark neither begins nor ends a string.
    return chr(number) if number < 0x80 and chr(number) not in "\"'" else "\ufffd"


def _links(name: str, style: Static, static: Mapping[str, Static], problems: list[Problem]) -> tuple[str, ...]:
    try:
        text = Path(style.file).read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        problems.append(Problem("error", "CL315", "this file is not UTF-8", style.path, 1, 1, "Save it as UTF-8."))
        return ()
    abroad = tuple(foreign_links(text, style.path)) if _is_style(name) else ()
    problems.extend(abroad)
    if abroad:
        return ()
    found: list[str] = []
    for link in style_links(text) if _is_style(name) else ():
        if not link.target or link.target.startswith(("data:", "#")) or "{{" in link.target:
            continue
        inner = style_target(name, link.target)
        if inner not in static and f"{inner}.jinja" not in static:
            line = text.count("\n", 0, link.start) + 1
            column = link.start - text.rfind("\n", 0, link.start)
            hint = "Put it into static/, or mend the path; it is relative to this stylesheet."
            problems.append(Problem("error", "CL306", f"there is no asset “{inner}”", style.path, line, column, hint))
            continue
        found.append(inner)
    found.extend(re.findall(r"""asset\(\s*["']([^"']+)["']""", text))
    return tuple(dict.fromkeys(found))


def style_target(name: str, target: str) -> str:
    """The file of `static/` that an address inside the stylesheet `name` means."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), re.split(r"[?#]", target)[0]))


def _read_locales(folder: Path, label: str, catalogues: dict[str, dict[str, Any]], problems: list[Problem]) -> None:
    for name, path in _walk(folder / "locales", f"{label}locales/", problems):
        if path.suffix != ".toml":
            continue
        shown = f"{label}locales/{name}"
        text, told = decode(_content(path, shown, problems) or b"", shown)
        strings, wrong = read_catalogue(text or "", shown)
        problems.extend((*told, *wrong))
        catalogues[path.stem] = {**catalogues.get(path.stem, {}), **strings}


def _declarations(
    templates: Mapping[str, Template], catalogues: Mapping[str, Mapping[str, Any]], problems: list[Problem]
) -> dict[str, Declaration]:
    declarations: dict[str, Declaration] = {}
    for key, template in sorted(templates.items()):
        if not key.startswith("directives/") or not key.endswith(".html") or key.endswith(_OTHER_FORMS):
            continue
        name = key.removeprefix("directives/").removesuffix(".html")
        match = _DECLARATION.match(template.text)
        try:
            values = tomllib.loads(match[1]) if match else {}
            if "plain" in values:
                # It names a text of the catalogues.
                texts = {language: found.get(str(values["plain"])) for language, found in catalogues.items()}
                values["plain"] = {language: text for language, text in texts.items() if isinstance(text, str)}
            declarations[name] = msgspec.convert({**values, "name": name}, Declaration)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            problems.append(
                Problem(
                    "error",
                    "CL308",
                    f"the declaration of the directive “{name}” cannot be read: {error}",
                    template.path,
                    1,
                    1,
                    "The first comment of a directive is TOML, as docs/themes.md shows.",
                )
            )
    return declarations


def copied_files(root: Path, problems: list[Problem]) -> dict[str, Copied]:
    """The files that the site has copied from themes, by path; `problems` get what is wrong with their list."""
    if not (root / COPIED_FILE).is_file():
        return {}
    text, unread = decode(_content(root / COPIED_FILE, COPIED_FILE, problems) or b"", COPIED_FILE)
    found, told = read_copied(text or "")
    problems.extend((*unread, *told))
    return found


def original_of(path: str, theme: str, chain: Sequence[ThemeLink]) -> Path | None:
    """The file of a theme that a file of the site was copied from; None when the theme is not in use."""
    inner = re.sub(r"\Athemes/[^/]+/", "", path)
    folder = next((link.folder for link in chain if link.name == theme), None)
    if folder is None or not inner.startswith(tuple(f"{name}/" for name in LINKS)) or ".." in inner.split("/"):
        return None
    return folder / inner


def _drifted(root: Path, chain: Sequence[ThemeLink]) -> list[Problem]:
    """What was copied from a theme and changed there since: what the site shows is made of an older version."""
    problems: list[Problem] = []
    for path, copied in sorted(copied_files(root, problems).items()):
        original = original_of(path, copied.theme, chain)
        if original is None or not (root / path).is_file():
            continue
        if not original.is_file():
            message, hint = f"the theme “{copied.theme}” has this file no longer", "See whether it is still read."
        elif digest_bytes(original.read_bytes()) != copied.digest:
            message = f"this was copied from the theme “{copied.theme}”, which has another version now"
            hint = (
                f"See what changed: clarion theme diff {path}. When yours is right: clarion theme diff --seen {path}."
            )
        else:
            continue
        problems.append(Problem("warning", "CL328", message, path, hint=hint))
    return problems


def plain_settings(theme: Theme) -> dict[str, Any]:
    """The settings that a stylesheet may read: what pages and pictures it would name, only templates know."""
    return {name: value for name, value in theme.settings.items() if not isinstance(value, MenuItem | tuple | Picture)}


def _settings(
    config: Config, declared: Mapping[str, Setting], static: Mapping[str, Static], problems: list[Problem]
) -> dict[str, Any]:
    """The value of each setting: what the site chose, where that can be, else the default."""
    given: dict[str, Any] = {}
    for name, value in config.theme.settings.items():
        place = config.place(f"theme.settings.{name}")
        if name not in declared:
            known = ", ".join(sorted(declared)) or "none"
            hint = did_you_mean(name, declared) or f"Its settings: {known}."
            problems.append(
                Problem("error", "CL311", f"the theme has no setting “{name}”", SETTINGS_FILE, *place, hint)
            )
            continue
        instead = wanted(declared[name], value)
        if instead:
            message = f"theme.settings.{name} takes {instead}"
            hint = declared[name].sentence or "Write a value of this kind."
            problems.append(Problem("error", "CL312", message, SETTINGS_FILE, *place, hint))
            continue
        given[name] = value
    return {name: _value(setting, given, declared, static, config, problems) for name, setting in declared.items()}


def _value(
    setting: Setting,
    given: Mapping[str, Any],
    declared: Mapping[str, Setting],
    static: Mapping[str, Static],
    config: Config,
    problems: list[Problem],
) -> Any:
    value = given.get(setting.name, setting.default)
    if setting.type == "colour":
        return _colour(setting, given, declared, config, problems)
    if setting.type == "page":
        return MenuItem("", value, *config.place(f"theme.settings.{setting.name}")) if value else None
    if setting.type == "links":
        return tuple(
            MenuItem(item["title"], item["page"], *config.place(f"theme.settings.{setting.name}.{number}.page"))
            for number, item in enumerate(value or ())
        )
    if setting.type == "picture":
        return _picture(setting, value, static, config, problems) if value else None
    return value


def _colour(
    setting: Setting,
    given: Mapping[str, Any],
    declared: Mapping[str, Setting],
    config: Config,
    problems: list[Problem],
) -> str | None:
    """A colour that can be read on its grounds; one that is not given is made of its pair, where that is."""
    if setting.name not in given:
        pair = declared.get(setting.pair)
        if pair is None or pair.name not in given:
            default: str | None = setting.default
            return default
        return counterpart(given[pair.name], pair.on, setting.on)
    colour: str = given[setting.name]
    pale = unreadable(setting, colour)
    if pale is not None:
        place = config.place(f"theme.settings.{setting.name}")
        message = f"theme.settings.{setting.name}: {pale[0]}"
        problems.append(Problem("error", UNREADABLE, message, SETTINGS_FILE, *place, pale[1]))
    return colour


def _picture(
    setting: Setting, name: str, static: Mapping[str, Static], config: Config, problems: list[Problem]
) -> Picture | None:
    place = config.place(f"theme.settings.{setting.name}")
    found = static.get(name)
    if found is None:
        message = f"theme.settings.{setting.name}: there is no “{name}” in static/"
        hint = did_you_mean(name, static) or "Put the picture there, and name it from there."
        problems.append(Problem("error", "CL322", message, SETTINGS_FILE, *place, hint))
        return None
    size = _size(Path(found.file))
    if size is None:
        message = f"theme.settings.{setting.name}: the size of “{name}” cannot be read"
        hint = "Save the picture anew; an SVG needs a viewBox."
        problems.append(Problem("error", "CL322", message, SETTINGS_FILE, *place, hint))
        return None
    return Picture(name, *size)


def _size(file: Path) -> tuple[int, int] | None:
    """Width and height of a picture, of which only the head is read."""
    if file.suffix.lower() == ".svg":
        with file.open("rb") as stream:
            box = _SVG_BOX.search(stream.read(_SVG_HEAD))
        sides = (round(float(box[1])), round(float(box[2]))) if box else (0, 0)
        return sides if min(sides) > 0 else None
    from PIL import Image

    try:
        with Image.open(file) as picture:
            return picture.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
