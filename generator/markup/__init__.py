"""From Markdown to a body: `convert`."""

from generator.markup.convert import convert
from generator.markup.converted import Converted

__all__ = ["Converted", "convert"]
