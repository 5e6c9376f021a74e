"""The ids of one text, each once."""

from generator.markup.complaints import Complaints
from generator.source.places import Place

_OF_ACTIONS = "act-"


class Identifiers:
    """The ids found so far, in the order in which they were."""

    def __init__(self, complaints: Complaints) -> None:
        self.complaints = complaints
        self.found: dict[str, None] = {}
        self._next: dict[str, int] = {}

    def choose(self, name: str, place: Place) -> None:
        """An id that the author wrote out, which can be neither like those of a theme nor like those of actions."""
        if "_" in name:
            hint = "Ids with _ belong to the theme: write - instead."
            self.complaints.error("CL227", f"the id “{name}” may be given by the theme as well", place, hint)
        elif name.startswith(_OF_ACTIONS):
            hint = f"Ids that begin with {_OF_ACTIONS} belong to actions: choose another."
            self.complaints.error("CL227", f"the id “{name}” may be given by an action as well", place, hint)
        self.define(name, place)

    def define(self, name: str, place: Place) -> None:
        """An id that must be exactly this; a second one of that name is a Problem."""
        if name in self.found:
            hint = "Links can lead to one of them only: rename the other."
            self.complaints.error("CL227", f"the id “{name}” is given twice", place, hint)
        self.found.setdefault(name)

    def unique(self, wanted: str) -> str:
        """An id like the wanted one that is not taken, `wanted-2` when it is; taken from now on."""
        name = wanted
        number = self._next.get(wanted, 2)
        while name in self.found:
            name = f"{wanted}-{number}"
            number += 1
        self._next[wanted] = number
        self.found[name] = None
        return name
