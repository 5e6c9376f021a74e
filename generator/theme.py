"""A chain of themes, read from disk into one frozen value."""

import posixpath
import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

from generator.config import Config
from generator.engine.digest import digest_bytes, digest_value
from generator.model.directive import Declaration
from generator.model.problem import Problem
from generator.source.catalogue import read_catalogue
from generator.source.decode import decode
from generator.source.suggest import did_you_mean
from generator.source.toml import read_toml

API = 1
_DESCRIPTION = ("name", "parent", "api", "form", "settings")
BASE = "base"
LINKS = ("templates", "directives", "static", "locales")
_DECLARATION = re.compile(r"\A\s*\{#-?(.*?)-?#\}", re.DOTALL)
_STYLE_LINK = re.compile(r"""url\(\s*["']?([^"')]+?)["']?\s*\)|@import\s+["']([^"']+)["']""")
_TEXT_SUFFIXES = (".html", ".xml", ".json", ".txt", ".jinja")
_SETTING_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "number": (int, float),
    "bool": (bool,),
    "enum": (str,),
}


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


class Theme(Struct, frozen=True):
    """Everything a chain of themes gives.

    `templates` by name (`article.html`, `directives/appeal.html`); a name with a theme before it
    (`clarion:article.html`) is that theme's own version. `links` are the files of `static/` that a stylesheet names.
    `catalogues` by language tag. `form` is `page`, or `plain` for a theme that shows no pictures.
    """

    name: str
    chain: tuple[str, ...] = ()
    form: str = "page"
    templates: dict[str, Template] = field(default_factory=dict)
    static: dict[str, Static] = field(default_factory=dict)
    catalogues: dict[str, dict[str, Any]] = field(default_factory=dict)
    links: dict[str, tuple[str, ...]] = field(default_factory=dict)
    declarations: dict[str, Declaration] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    digest: str = ""

    def __hash__(self) -> int:
        return hash(self.digest)


def bundled_themes() -> Path:
    """The folder of the themes that come with Clarion: inside the wheel, or beside the package in a checkout."""
    packaged = Path(str(resources.files("generator"))) / "_themes"
    if packaged.is_dir():
        return packaged
    return Path(str(resources.files("generator"))).parent / "themes"


def load_theme(root: Path, config: Config) -> tuple[Theme, tuple[Problem, ...]]:
    """The theme named in the settings with its parents, the site before it and `base` behind it."""
    problems: list[Problem] = []
    folders: list[tuple[str, Path, str, dict[str, Any]]] = []
    name = config.theme.name
    while name and name not in (seen[0] for seen in folders):
        found = _find_theme(root, name)
        if found is None:
            known = ", ".join(sorted(_theme_names(root)))
            problems.append(
                Problem("error", "CL309", f"there is no theme “{name}”", "site.toml", hint=f"The themes here: {known}.")
            )
            break
        folder, label = found
        description = _describe(folder, label, problems)
        folders.append((name, folder, label, description))
        name = description.get("parent") or (BASE if name != BASE else "")
    described = {name: description for name, _, _, description in folders}
    links = [("site", root, "", {}), *folders]
    templates: dict[str, Template] = {}
    static: dict[str, Static] = {}
    catalogues: dict[str, dict[str, Any]] = {}
    for link_name, folder, label, _ in reversed(links):
        _read_templates(link_name, folder, label, templates, problems)
        _read_static(folder, label, static, problems, of_site=link_name == "site")
        _read_locales(folder, label, catalogues, problems)
    links_of = {name: _links(name, file, static, problems) for name, file in static.items() if _is_style(name)}
    settings = _settings(config, [description for _, _, _, description in reversed(folders)], problems)
    declarations = _declarations(templates, problems)
    top = described.get(config.theme.name, {})
    theme = Theme(
        name=config.theme.name,
        chain=tuple(link[0] for link in links),
        form=str(top.get("form", "page")),
        templates=templates,
        static=static,
        catalogues=catalogues,
        links=links_of,
        declarations=declarations,
        settings=settings,
    )
    return msgspec.structs.replace(theme, digest=_digest(theme)), tuple(problems)


def _digest(theme: Theme) -> str:
    """The digest of what a theme says; where its files lie on this machine is not part of it."""
    sources = {name: template.digest for name, template in theme.templates.items()}
    files = {name: (static.digest, static.of_site) for name, static in theme.static.items()}
    return digest_value((theme.name, theme.form, sources, files, theme.catalogues, theme.settings))


def _theme_names(root: Path) -> set[str]:
    places = (root / "themes", bundled_themes())
    return {
        path.name for place in places if place.is_dir() for path in place.iterdir() if (path / "theme.toml").is_file()
    }


def _find_theme(root: Path, name: str) -> tuple[Path, str] | None:
    if not re.fullmatch(r"[\w-]+", name):
        return None
    for place in (root / "themes", bundled_themes()):
        if (place / name / "theme.toml").is_file():
            return place / name, f"themes/{name}/"
    return None


def _describe(folder: Path, label: str, problems: list[Problem]) -> dict[str, Any]:
    path = f"{label}theme.toml"
    text, told = decode((folder / "theme.toml").read_bytes(), path)
    problems.extend(told)
    reading = read_toml(text or "", path)
    problems.extend(reading.problems)
    description: dict[str, Any] = reading.value or {}
    for key in description:
        if key not in _DESCRIPTION:
            hint = did_you_mean(key, _DESCRIPTION) or f"A theme has: {', '.join(_DESCRIPTION)}."
            place = reading.places.key((key,))
            problems.append(Problem("error", "CL310", f"a theme has no “{key}”", path, *place, hint))
    if description.get("api", API) != API:
        message = f"this theme was made for version {description['api']} of the theme names, and this is {API}"
        hint = "Take a version of the theme made for this Clarion."
        problems.append(Problem("error", "CL313", message, path, *reading.places.value(("api",)), hint))
    return description


def _walk(folder: Path, label: str, problems: list[Problem]) -> list[tuple[str, Path]]:
    """The files below a folder by their relative names; a symlink that leads out of it is refused."""
    if not folder.is_dir():
        return []
    top = folder.resolve()
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() and not path.resolve().is_relative_to(top):
            problems.append(
                Problem(
                    "error",
                    "CL314",
                    f"{label}{name} is a link that leads out of its folder",
                    f"{label}{name}",
                    hint="Copy the file instead.",
                )
            )
        elif path.is_file():
            found.append((name, path))
    return found


def _read_templates(
    link: str, folder: Path, label: str, templates: dict[str, Template], problems: list[Problem]
) -> None:
    for sub, prefix in (("templates", ""), ("directives", "directives/")):
        for name, path in _walk(folder / sub, f"{label}{sub}/", problems):
            if path.suffix not in _TEXT_SUFFIXES or path.name.startswith("."):
                continue
            content = path.read_bytes()
            shown = f"{label}{sub}/{name}"
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
        if path.name in (".gitkeep", ".DS_Store"):
            continue
        static.pop(f"{name}.jinja", None)
        static.pop(name.removesuffix(".jinja"), None)
        static[name] = Static(str(path), f"{label}static/{name}", digest_bytes(path.read_bytes()), of_site)


def _is_style(name: str) -> bool:
    return name.removesuffix(".jinja").endswith(".css")


def style_links(text: str) -> Iterator[re.Match[str]]:
    """The `url(…)` and `@import` addresses of a stylesheet; group 1 or 2 is the address."""
    return _STYLE_LINK.finditer(text)


def _links(name: str, style: Static, static: Mapping[str, Static], problems: list[Problem]) -> tuple[str, ...]:
    text = Path(style.file).read_text(encoding="utf-8", errors="replace")
    found: list[str] = []
    for match in style_links(text):
        target = match[1] or match[2]
        if target.startswith(("data:", "#")) or "{{" in target:
            continue
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - text.rfind("\n", 0, match.start())
        if "//" in target:
            problems.append(
                Problem(
                    "error",
                    "CL318",
                    f"this stylesheet asks another site for “{target}”",
                    style.path,
                    line,
                    column,
                    "Put the file into static/ and name it by its path.",
                )
            )
            continue
        inner = style_target(name, target)
        if inner not in static and f"{inner}.jinja" not in static:
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
        text, told = decode(path.read_bytes(), shown)
        strings, wrong = read_catalogue(text or "", shown)
        problems.extend((*told, *wrong))
        catalogues[path.stem] = {**catalogues.get(path.stem, {}), **strings}


def _declarations(templates: Mapping[str, Template], problems: list[Problem]) -> dict[str, Declaration]:
    declarations: dict[str, Declaration] = {}
    for key, template in sorted(templates.items()):
        if not key.startswith("directives/") or not key.endswith(".html") or key.endswith(".feed.html"):
            continue
        name = key.removeprefix("directives/").removesuffix(".html")
        match = _DECLARATION.match(template.text)
        try:
            values = tomllib.loads(match[1]) if match else {}
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


def _settings(config: Config, descriptions: list[dict[str, Any]], problems: list[Problem]) -> dict[str, Any]:
    declared: dict[str, dict[str, Any]] = {}
    for description in descriptions:
        declared.update(description.get("settings", {}))
    settings = {name: rule.get("default") for name, rule in declared.items()}
    for name, value in config.theme.settings.items():
        if name not in declared:
            known = ", ".join(sorted(declared)) or "none"
            problems.append(
                Problem(
                    "error", "CL311", f"the theme has no setting “{name}”", "site.toml", hint=f"Its settings: {known}."
                )
            )
            continue
        rule = declared[name]
        kind = rule.get("type", "str")
        right = isinstance(value, _SETTING_TYPES.get(kind, (str,))) and not (
            kind in ("int", "number") and isinstance(value, bool)
        )
        if not right or (kind == "enum" and value not in rule.get("values", ())):
            wanted = ", ".join(rule.get("values", ())) if kind == "enum" else kind
            problems.append(
                Problem(
                    "error",
                    "CL312",
                    f"theme.settings.{name} takes {wanted}",
                    "site.toml",
                    hint=rule.get("sentence", ""),
                )
            )
            continue
        settings[name] = value
    return settings
