"""Every country and language that a text asks help lines for has some."""

from collections.abc import Iterable

from generator.hooks import Check, Site, hookimpl
from generator.model.problem import Problem
from generator.source.resources import DIRECTIVE, SITE_FILE, read_resources


@hookimpl
def clarion_checks() -> Iterable[Check]:
    return (Check("CL553", "Help lines are there for each country and language that is asked for.", run),)


def run(site: Site) -> Iterable[Problem]:
    """Directives that would show nothing: a reader in need would look for what is announced and find nobody."""
    entries = [
        entry
        for found in (site.library.entries, site.library.texts)
        for entry in found.values()
        if DIRECTIVE in entry.directives
    ]
    if not entries:
        return
    lines, _ = read_resources(site.library.data.get("resources"))
    known = sorted({" ".join((line.country, *line.languages)) for line in lines.values()})
    there = f"There are: {', '.join(known)}." if known else f"Write them in {SITE_FILE}."
    for entry in entries:
        for reference in entry.references:
            if reference.kind != "resource":
                continue
            country, _, language = reference.target.partition(" ")
            if any(line.serves(country, language) for line in lines.values()):
                continue
            message = f"there are no help lines for {country}" + (f" in the language {language}" if language else "")
            yield Problem("warning", "CL553", message, entry.path, reference.line, reference.column, there)
