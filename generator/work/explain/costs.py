"""What each Markdown extension of a site costs, measured on some of its texts."""

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import structs

from generator.config import Config, MarkdownSettings
from generator.markup.engines import engine_for
from generator.model.report import Took

_SAMPLE = 50


def extension_costs(
    root: Path, config: Config, texts: Sequence[str], clock: Callable[[], float]
) -> tuple[tuple[Took, ...], int]:
    """The seconds that each extension adds to some of the texts, dearest first, and how many texts those are.

    `texts` are paths from the site's folder. Each text is converted with all extensions, and with all but one.
    """
    settings = config.markdown
    if not settings.extensions or settings.engine != "python-markdown":
        return (), 0
    step = max(1, -(-len(texts) // _SAMPLE))
    sample = [content for path in sorted(texts)[::step] if (content := _read(root / path))]
    whole = _seconds(settings, sample, clock)
    found = []
    for name in settings.extensions:
        others = tuple(each for each in settings.extensions if each != name)
        less = _seconds(structs.replace(settings, extensions=others), sample, clock)
        found.append(Took(name, max(0.0, whole - less), len(sample), "extension"))
    return tuple(sorted(found, key=lambda each: -each.seconds)), len(sample)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ""


def _seconds(settings: MarkdownSettings, sample: Sequence[str], clock: Callable[[], float]) -> float:
    """How long the sample takes, the better of two times: what is loaded at first use is no cost of a text."""
    render = engine_for(settings).render
    taken = []
    for _ in range(2):
        began = clock()
        for text in sample:
            render(text)
        taken.append(clock() - began)
    return min(taken)
