"""A new theme: a child of another with the fewest files, or one that stands on its own."""

import re
from pathlib import Path

from generator.config import Config
from generator.engine.owned import name_fault
from generator.model.problem import Problem
from generator.source.suggest import did_you_mean
from generator.source.theme_settings import TYPES
from generator.text.slugs import collision_key
from generator.theme import API, BASE, DESCRIPTION, bundled_themes, load_theme, theme_names
from generator.work.new.place import New, write_new
from generator.work.theme.chosen import with_theme

WHOLE = "plain"
"""The theme whose files begin one that stands on its own."""
_TEXT_ONLY = frozenset({"templates/partials/feed_picture.html"})
"""What only a theme has that shows no pictures."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}\Z")
_STYLES = re.compile(r"\{%-?\s*block\s+styles\b")

_DESCRIPTION = """\
# A theme of this site. What it does not have is taken from {parents}.
name = "{name}"
parent = "{parent}"
api = {api}

# What a site may choose under [theme.settings] in its site.toml; templates and stylesheets read it as theme.mood.
# [settings.mood]
# type = "enum"                 # {types}
# values = ["calm", "loud"]
# default = "calm"
# sentence = "How it speaks."
"""
_LAYOUT = """\
{{# The frame of every page: that of {parent}, and behind its stylesheets one of this theme. #}}
{{% extends "{parent}:layout.html" %}}
{{% block styles %}}
{{{{ super() }}}}
<link rel="stylesheet" href="{{{{ asset('{name}.css').url }}}}">
{{% endblock %}}
"""
_STYLE = """\
/* These rules come behind those of {parent}, and count before them. */
.name {{ letter-spacing: 0.02em }}
"""


def new_theme(root: Path, config: Config, name: str, parent: str) -> New | Problem:
    """Write a theme into `themes/NAME/` that does not exist yet.

    A child of `parent` has a description, a frame and a stylesheet of its own; of `base`, which has no pages, it is a
    theme that stands on its own, begun as `plain` is. Raises: OSError when the folder cannot be written.
    """
    wrong = unusable_name(root, name)
    if wrong is not None:
        return wrong
    if parent != BASE and parent not in theme_names(root):
        known = theme_names(root)
        hint = did_you_mean(parent, known) or f"The themes here: {', '.join(sorted(known))}."
        return Problem("error", "CL309", f"there is no theme “{parent}”", hint=hint)
    files = _whole(name) if parent == BASE else _child(root, config, name, parent)
    for path, text in files.items():
        problem = write_new(root, path, text)
        if problem is not None:
            return problem
    return New(tuple(files))


def unusable_name(root: Path, name: str) -> Problem | None:
    """Why a theme of this site cannot have a name: no folder can, or there is one."""
    if not _NAME.match(name) or name_fault(name):
        message = f"“{name}” cannot be the name of a theme"
        return Problem("error", "CL363", message, hint="Write small letters, digits and hyphens, such as broadsheet.")
    folder = root / "themes"
    there = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    if collision_key(name) in {collision_key(each) for each in (*there, *theme_names(root))}:
        hint = "Choose another name."
        return Problem("error", "CL362", f"there is a theme “{name}” already", f"themes/{name}", hint=hint)
    return None


def _child(root: Path, config: Config, name: str, parent: str) -> dict[str, str]:
    files = {
        f"themes/{name}/{DESCRIPTION}": _described(name, parent, f"{parent}, and what that lacks from its parents")
    }
    layout = load_theme(root, with_theme(config, parent))[0].templates.get("layout.html")
    if layout is not None and _STYLES.search(layout.text):
        files[f"themes/{name}/templates/layout.html"] = _LAYOUT.format(name=name, parent=parent)
        files[f"themes/{name}/static/{name}.css"] = _STYLE.format(parent=parent)
    return files


def _whole(name: str) -> dict[str, str]:
    """The templates of `plain`, which every page of a site can be drawn with, and its stylesheet, under a new name."""
    start = bundled_themes() / WHOLE
    files = {f"themes/{name}/{DESCRIPTION}": _described(name, "", f"{BASE}: feeds, partials, directives")}
    for path in sorted((start / "templates").rglob("*")):
        inner = path.relative_to(start).as_posix()
        if path.is_file() and inner not in _TEXT_ONLY:
            files[f"themes/{name}/{inner}"] = path.read_text(encoding="utf-8").replace(f"{WHOLE}.css", f"{name}.css")
    homes = (bundled_themes() / home / "static" / f"{WHOLE}.css" for home in (WHOLE, BASE))
    style = next(home for home in homes if home.is_file())
    return {**files, f"themes/{name}/static/{name}.css": style.read_text(encoding="utf-8")}


def _described(name: str, parent: str, parents: str) -> str:
    return _DESCRIPTION.format(name=name, parent=parent, parents=parents, api=API, types=" ".join(TYPES))
