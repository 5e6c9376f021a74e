"""Where in the source an attribute or element that an engine wrote comes from."""

from collections.abc import Sequence
from urllib.parse import unquote

from generator.markup.inlines import RawTag
from generator.markup.lines import Line
from generator.source.places import Place


class Locator:
    """Gives out the places of raw tags in the order in which they were written."""

    def __init__(self, tags: Sequence[RawTag], lines: Sequence[Line]) -> None:
        self.lines = lines
        self.tags: dict[str, list[RawTag]] = {}
        for tag in tags:
            self.tags.setdefault(tag.name, []).append(tag)
        self.values: dict[tuple[str, str, str], list[Place]] = {}
        for tag in tags:
            for (attribute, value), place in tag.attributes.items():
                self.values.setdefault((tag.name, attribute, unquote(value)), []).append(place)

    def __call__(self, element: str, attribute: str, value: str) -> Place:
        """Line and column of an attribute's value; of the attribute itself for `name=`; of the element for ''.

        (0, 0) when it is not found.
        """
        if not attribute:
            tags = self.tags.get(element, [])
            return tags[0].place if tags else (0, 0)
        places = self.values.get((element, attribute, unquote(value)), [])
        if places:
            return places.pop(0) if len(places) > 1 else places[0]
        return self._literally(attribute if attribute.endswith("=") else value or attribute)

    def _literally(self, text: str) -> Place:
        for line in self.lines:
            index = line.source.find(text)
            if text and index >= 0:
                return line.number, index + 1
        return 0, 0
