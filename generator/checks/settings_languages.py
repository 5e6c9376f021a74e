"""The languages of a site are languages."""

from collections.abc import Iterable

from generator.config import SETTINGS_FILE
from generator.hooks import Check, Site, hookimpl
from generator.model.problem import Problem
from generator.text.languages import is_language


@hookimpl
def clarion_checks() -> Iterable[Check]:
    return (Check("CL407", "The languages in the settings are languages.", run),)


def run(site: Site) -> Iterable[Problem]:
    """Tags that are well written and name no language, script or region that is known."""
    named = {"site.language": site.config.site.language}
    named |= {f"languages.{name}": name for name in site.config.languages}
    for setting, name in named.items():
        if not is_language(name):
            message = f"`{setting}`: “{name}” is no language"
            place = site.config.place(setting)
            yield Problem("error", "CL407", message, SETTINGS_FILE, *place, "Write a tag such as en, ru or pt-BR.")
