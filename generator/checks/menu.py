"""Every item of the menu, and every page that a setting of the theme names, leads to a page that is there."""

from collections.abc import Iterable

from generator.config import SETTINGS_FILE, MenuItem
from generator.hooks import Check, Site, hookimpl
from generator.kinds.theme_facts import named_pages
from generator.model.problem import Problem
from generator.source.addresses import has_scheme
from generator.source.suggest import did_you_mean
from generator.text.addresses import output_path


@hookimpl
def clarion_checks() -> Iterable[Check]:
    return (Check("CL430", "The menu and the theme lead to pages of the site.", run),)


def run(site: Site) -> Iterable[Problem]:
    """Items whose file does not exist (an error) or is not published now (a warning: the item is left out)."""
    items: list[tuple[str, MenuItem]] = [("the menu", item) for item in site.config.menu]
    items.extend(named_pages(site))
    documents = {path.removeprefix("content/") for path in site.library.entries}
    documents |= {f"{name}.md" for name in site.library.texts}
    hidden = {out.path.removeprefix("content/"): out.reason for out in site.library.left_out}
    for who, item in items:
        page, place = item.page.removeprefix("content/"), (item.line, item.column)
        if output_path(item.page) in site.library.absent:
            message = f"“{item.page}” is not there now: {who} leaves it out"
            hint = "It comes back with what it leads to."
            yield Problem("warning", "CL430", message, SETTINGS_FILE, *place, hint)
            continue
        if page in documents or item.page.startswith("/") or has_scheme(item.page):
            continue
        if page in hidden:
            message = f"“{page}” is not published ({hidden[page]}): {who} leaves it out"
            hint = f"Publish it, or take it out of {who}."
            yield Problem("warning", "CL430", message, SETTINGS_FILE, *place, hint)
            continue
        hint = did_you_mean(page, documents) or "Name a file in content/, such as pages/about.md."
        yield Problem("error", "CL430", f"{who} names “{page}”, which is not there", SETTINGS_FILE, *place, hint)
