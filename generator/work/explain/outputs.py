"""The story of an output: from which source, by which templates, out of which inputs."""

from generator.model.job import Output
from generator.pipeline.outlooks import Outlook
from generator.stages.reasons import SETTING_NAMES
from generator.text.addresses import address
from generator.work.explain.reading import chain_of, documents_of, place_of, reading_of
from generator.work.explain.stories import OutputStory

_VERSION = "version "


def output_story(site: Outlook, output: Output, *, stands: bool) -> OutputStory:
    """What an output is made from; `stands` says whether an error keeps the site from being built."""
    theme = site.site.theme
    path = place_of(site, output)
    names = site.plan.keys.get(output.path, "").split("+")
    environment = site.maker.environment
    reasons: tuple[str, ...] = ()
    state = "an error stands in this site, so nothing is made"
    if not stands:
        job, cause = site.maker.job(output)
        reasons = site.reasons.of(job, cause, site.ledger.outputs.get(path), site.standing.digests.get(path, ""))
        state = "the next build makes it anew" if reasons else f"what stands in {site.target.name}/ is up to date"
    return OutputStory(
        path=path,
        address=address(path),
        kind=output.kind,
        language=output.language,
        source=output.source,
        state=state,
        current=not stands and not reasons,
        reasons=reasons,
        templates=tuple(theme.templates[name].path for name in chain_of(theme, names)),
        directives=output.directives,
        inputs=tuple(documents_of(site, output)),
        facts=tuple(sorted(reading_of(site, output).facts)),
        settings={name: environment[key] for key, name in SETTING_NAMES.items()},
        versions={key.removeprefix(_VERSION): each for key, each in environment.items() if key.startswith(_VERSION)},
    )
