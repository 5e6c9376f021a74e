"""Every campaign an article names is there."""

from collections.abc import Iterable

from generator.hooks import Check, Site, hookimpl
from generator.model.problem import Problem
from generator.source.suggest import did_you_mean


@hookimpl
def clarion_checks() -> Iterable[Check]:
    return (Check("CL531", "A campaign has its file in content/campaigns/.", run),)


def run(site: Site) -> Iterable[Problem]:
    """Names that no published campaign bears."""
    there = {
        (entry.card.language, entry.card.url.rstrip("/").rpartition("/")[2])
        for entry in site.library.entries.values()
        if entry.type == "campaign"
    }
    for entry in site.library.entries.values():
        campaign = entry.card.campaign
        if not campaign or (entry.card.language, campaign) in there:
            continue
        known = [name for language, name in there if language == entry.card.language]
        line, column = entry.places.get("campaign", (1, 1))
        hint = did_you_mean(campaign, known) or f"Write content/campaigns/{campaign}.md."
        yield Problem("warning", "CL531", f"there is no campaign “{campaign}”", entry.path, line, column, hint)
