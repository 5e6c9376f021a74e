"""What came of an action that has closed by itself is told."""

from collections.abc import Iterable

from generator.hooks import Check, Site, hookimpl
from generator.model.problem import Problem


@hookimpl
def clarion_checks() -> Iterable[Check]:
    return (Check("CL536", "A closed action says what came of it.", run),)


def run(site: Site) -> Iterable[Problem]:
    """Actions that their author left open, past their deadline, without an outcome; time alone is never an error."""
    for entry in site.library.entries.values():
        for number, action in enumerate(entry.card.actions):
            if action.outcome or action.coming or action.state != "closed" or action.status not in ("open", "paused"):
                continue
            around = entry.places.get(f"actions.{number}", entry.places.get("actions", (1, 1)))
            place = entry.places.get(f"actions.{number}.closes", around)
            message = f"the action “{action.id}” has closed, and does not say what came of it"
            hint = "Write its `outcome`, and a `status` such as delivered, won or lost."
            yield Problem("note", "CL536", message, entry.path, *place, hint)
