"""What is still asked for a campaign that is over is told."""

from collections.abc import Iterable

from generator.hooks import Check, Site, hookimpl
from generator.model.problem import Problem
from generator.text.addresses import language_root

# Those who gave, came or joined may still be wanted; a petition whose end is reached is signed in vain.
_IN_VAIN = ("petition", "write", "call")
_ENDS = {"won": "is won", "lost": "ended without success"}


@hookimpl
def clarion_checks() -> Iterable[Check]:
    return (Check("CL537", "Nobody is asked to sign, write or call for a campaign that is over.", run),)


def run(site: Site) -> Iterable[Problem]:
    """Petitions, letters and calls that are open, paused or to come, and whose campaign was won or lost."""
    entries = site.library.entries.values()
    campaigns = [(entry.card.url, entry.matter.campaign) for entry in entries]
    over = {url: _ENDS[campaign.state] for url, campaign in campaigns if campaign and campaign.state in _ENDS}
    for entry in entries if over else ():
        end = over.get(f"{language_root(entry.card.language, site.config)}campaigns/{entry.card.campaign}/")
        if end is None:
            continue
        for number, action in enumerate(entry.card.actions):
            if action.kind not in _IN_VAIN or action.state not in ("upcoming", "open", "paused"):
                continue
            place = entry.places.get(f"actions.{number}", entry.places.get("actions", (1, 1)))
            message = f"the campaign “{entry.card.campaign}” {end}, and the action “{action.id}” is {action.state}"
            hint = "Write its `status`, such as delivered, won or lost, and its `outcome`."
            yield Problem("note", "CL537", message, entry.path, *place, hint)
