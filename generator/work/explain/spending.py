"""Where the time of a build went, and which setting makes the dearest of it cheaper."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from generator.config import Config
from generator.model.report import Profile, Report, Took

_SHOWN = 10
_MATTERS = 0.05
"""Of less than this share of a build nothing is advised."""


class Spending(Struct, frozen=True):
    """What took longest in one build, dearest first; seconds of several processes are added up.

    `stages` are the seconds of the build itself. `texts`, `outputs`, `templates` are the ten dearest of each; `kinds`
    are outputs of one kind together; `extensions` are the seconds each took on a sample of texts. `advice` are
    sentences. With `idle` nothing had to be done.
    """

    idle: bool = False
    stages: tuple[Took, ...] = ()
    texts: tuple[Took, ...] = ()
    outputs: tuple[Took, ...] = ()
    templates: tuple[Took, ...] = ()
    kinds: tuple[Took, ...] = ()
    extensions: tuple[Took, ...] = ()
    sample: int = 0
    advice: tuple[str, ...] = ()


def spending(report: Report, config: Config, extensions: tuple[Took, ...] = (), sample: int = 0) -> Spending:
    """What a report with a profile says of the time its build took."""
    profile = report.profile or Profile()
    stages = tuple(Took(name, seconds) for name, seconds in report.timings.items())
    idle = report.ok and not (profile.texts or profile.outputs or report.written or report.removed)
    if idle:
        return Spending(idle=True, stages=stages)
    kinds = _together(profile.outputs)
    return Spending(
        stages=stages,
        texts=_dearest(profile.texts),
        outputs=_dearest(profile.outputs),
        templates=_dearest(profile.templates),
        kinds=kinds,
        extensions=extensions,
        sample=sample,
        advice=tuple(_advice(report.timings, profile, kinds, extensions, sample, config)),
    )


def _dearest(items: Iterable[Took]) -> tuple[Took, ...]:
    return tuple(sorted(items, key=lambda each: (-each.seconds, each.name))[:_SHOWN])


def _together(outputs: Iterable[Took]) -> tuple[Took, ...]:
    """The outputs of each kind as one."""
    kinds: dict[str, list[float]] = {}
    for each in outputs:
        kinds.setdefault(each.of, []).append(each.seconds)
    together = [Took(kind, sum(seconds), len(seconds), "kind") for kind, seconds in kinds.items()]
    return tuple(sorted(together, key=lambda each: (-each.seconds, each.name)))


def _advice(
    timings: Mapping[str, float],
    profile: Profile,
    kinds: tuple[Took, ...],
    extensions: tuple[Took, ...],
    sample: int,
    config: Config,
) -> Iterable[str]:
    """What makes the dearest cheaper, the most helpful first."""
    texts = sum(each.seconds for each in profile.texts)
    made = {each.name: each.seconds for each in kinds}
    worked = texts + sum(made.values())
    if not worked:
        return
    least = _MATTERS * worked
    found: list[tuple[float, str]] = []
    costs = [(each.seconds / sample * len(profile.texts), each.name) for each in extensions if sample]
    found += [(cost, f"the extension “{name}”: take it out of [markdown] extensions") for cost, name in costs]
    if config.markdown.engine == "python-markdown":
        but = ", but has no extensions" if config.markdown.extensions else ""
        hint = f'[markdown] engine = "commonmark" reads them several times as fast{but}'
        found.append((texts - sum(cost for cost, _ in costs), f"Markdown: {hint}"))
    if config.feeds.content == "full":
        feeds = made.get("feed", 0.0)
        found.append((feeds, 'feeds with whole texts: [feeds] content = "summary", or a smaller limit'))
    hint = "[images] widths with a smaller greatest width makes smaller ones"
    found.append((made.get("picture", 0.0), f"pictures: {hint}"))
    lists = sum(made.get(kind, 0.0) for kind in ("home", "list", "term", "section", "author"))
    if config.content.page_size > _SHOWN:
        found.append((lists, f"lists: [content] page_size = {_SHOWN} makes each page of them shorter"))
    for cost, sentence in sorted(found, reverse=True):
        if cost >= least:
            yield f"{cost:.2f} s for {sentence}."
    dearest = _dearest(profile.templates)
    if dearest and dearest[0].seconds >= least:
        first = dearest[0]
        yield f"{first.seconds:.2f} s are spent in {first.name}: a simpler template there tells most."
    if timings.get("write", 0.0) > max(least, sum(timings.values()) / 2):
        yield f"{timings['write']:.2f} s for writing: a faster disk for the output folder tells most."
