"""Where in a file the keys and values of its data stand."""

from typing import Any

from msgspec import Struct, field

from generator.model.problem import Problem

KeyPath = tuple[str | int, ...]
Place = tuple[int, int]

MAXIMUM_DEPTH = 32
LARGEST_NUMBER = 2**63 - 1


class Places(Struct, frozen=True):
    """Line and column (from 1, columns in Unicode characters) of each key and each value, by its path.

    The path of the second action's address is `("actions", 1, "url")`. `start` is the place of the whole, `format`
    (yaml, toml, json) the one the author writes in, for hints in the same.
    """

    keys: dict[KeyPath, Place] = field(default_factory=dict)
    values: dict[KeyPath, Place] = field(default_factory=dict)
    start: Place = (1, 1)
    format: str = "yaml"

    def key(self, path: KeyPath) -> Place:
        """Where the key is written; for what is not written, the nearest thing around it."""
        while path:
            found = self.keys.get(path) or self.values.get(path)
            if found is not None:
                return found
            path = path[:-1]
        return self.start

    def value(self, path: KeyPath) -> Place:
        """Where the value begins; for what is not written, the nearest thing around it."""
        return self.values.get(path) or self.key(path)


class Reading(Struct, frozen=True):
    """What a reader found: plain values (dict, list, str, int, float, bool, None), their places, what is wrong.

    `readable` is False when the text breaks the rules of its format: `value` is then None.
    """

    value: Any
    places: Places
    problems: tuple[Problem, ...] = ()
    readable: bool = True


def place_at(text: str, offset: int, first_line: int = 1) -> Place:
    """Line and column of a character, when the text begins at the first column of `first_line`."""
    return text.count("\n", 0, offset) + first_line, offset - text.rfind("\n", 0, offset)


def dotted(path: KeyPath) -> str:
    """A path as authors read it: `actions[1].url`, counted from 1."""
    words = ""
    for step in path:
        if isinstance(step, int):
            words += f"[{step + 1}]"
        else:
            words += f".{step}" if words else step
    return words


def written_twice(path: KeyPath, first: Place, second: Place) -> str:
    """The message about a key that stands at two places."""
    if first[0] == second[0]:
        return f"“{dotted(path)}” is written twice, in columns {first[1]} and {second[1]} of line {first[0]}"
    return f"“{dotted(path)}” is written twice, on lines {first[0]} and {second[0]}"
