"""The story of a source: whether it is published and why, what is made from it, who reads it."""

import posixpath
from collections.abc import Callable, Iterable

from generator.model.document import Entry
from generator.model.job import Output
from generator.model.problem import Problem
from generator.pipeline.outlooks import Outlook
from generator.stages.gather import DRAFT, EXPIRED, SCHEDULED, left_out_because
from generator.work.explain.reading import (
    drawings,
    outputs_of,
    place_of,
    readers_of,
    readers_of_facts,
    reading_of,
)
from generator.work.explain.stories import Reader, SourceStory

_CONTENT = "content/"
_DATA = "content/data/"
_DRAFTS = "content/drafts/"
_SECTION = "_section.toml"
_SETTINGS = "site.toml"
_TEXTS = (".md", ".markdown")
_OF_CLARION = ("resources", "share_targets", "tags")
_CITED = "sources"
_REASONS = {
    DRAFT: "not published: it is a draft (its status says so)",
    SCHEDULED: "not published yet: its date is still to come",
    EXPIRED: "not published any more: it has expired",
}
_STATES = {
    "published": "published",
    "unlisted": "published, but unlisted: only who has its address finds it",
    "retracted": "retracted: its page says so, and nothing shows its text",
}


def source_story(site: Outlook, path: str, problems: Iterable[Problem]) -> SourceStory | None:
    """What becomes of a source named by its path from the site's folder, or of a setting; None when there is none."""
    for tell in (_document, _data, _section, _other_content, _template, _static, _catalogue, _setting):
        story = tell(site, path)
        if story is not None:
            return story
    if not any(file.path == path for file in site.files):
        return None
    codes = sorted({problem.code for problem in problems if problem.path == path})
    state = f"not published: nothing can be made of it ({', '.join(codes) or 'it cannot be read'})"
    return SourceStory(path, "text" if path.lower().endswith(_TEXTS) else "file", state, published=False)


def known_sources(site: Outlook) -> list[str]:
    """All that `source_story` may be asked for."""
    theme = site.site.theme
    files = [file.path for file in site.files]
    templates = [template.path for template in theme.templates.values()]
    static = [each.path for each in theme.static.values()]
    facts = [fact for reading in site.plan.readings.values() for fact in reading.facts]
    settings = [fact for fact in facts if fact.startswith(("site.", "facts."))]
    return list(dict.fromkeys((*files, *templates, *static, *settings)))


def _document(site: Outlook, path: str) -> SourceStory | None:
    entry = next((entry for entry in site.parsed.entries if entry.path == path), None)
    if entry is None:
        return None
    what = "text above a list" if entry.type == "text" else entry.type
    reason, until = left_out_because(entry, site.choice)
    if reason:
        state = _REASONS.get(reason, f"not published: {reason}")
        if reason == DRAFT and path.startswith(_DRAFTS):
            state = f"not published: what lies in {_DRAFTS} never is"
        return SourceStory(path, what, state, published=False, until=until)
    made = _made_from(site, path)
    library = site.site.library
    present = library.entries.get(path) or next((each for each in library.texts.values() if each.path == path), entry)
    cards, texts = readers_of(site, path, present.card.url)
    state = _STATES.get(entry.card.status, entry.card.status)
    if entry.type == "text" and not texts and not made:
        state = "not shown: there is no list that it would stand above"
    errors = sorted({problem.code for problem in entry.problems if problem.severity == "error"})
    if errors:
        state = f"{state}, once the errors in it are mended ({', '.join(errors)})"
    return SourceStory(
        path=path,
        what=what,
        state=state,
        published=bool(made or cards or texts),
        until=_ends(site, entry),
        made=made,
        card_readers=cards,
        text_readers=texts,
        templates=drawings(site, (*made, *cards, *texts)),
    )


def _ends(site: Outlook, entry: Entry) -> int | None:
    return entry.ends if entry.ends is not None and entry.ends > site.choice.now else None


def _made_from(site: Outlook, path: str) -> tuple[Reader, ...]:
    return _where(site, lambda output: output.source == path)


def _where(site: Outlook, is_wanted: Callable[[Output], bool]) -> tuple[Reader, ...]:
    found = (output for output in outputs_of(site) if is_wanted(output))
    return tuple(Reader(place_of(site, output), output.kind) for output in found)


def _citing(site: Outlook) -> tuple[Reader, ...]:
    """Where texts stand that name a source which the site shares."""
    citing = {entry.path for entry in site.site.library.entries.values() if entry.matter.borrowed}
    return _where(site, lambda output: output.source in citing or not citing.isdisjoint(output.texts))


def _data(site: Outlook, path: str) -> SourceStory | None:
    name = posixpath.basename(path).rpartition(".")[0]
    if not path.startswith(_DATA) or name not in site.parsed.data:
        return None
    readers = readers_of_facts(site, (f"data.{name}", "data"))
    state = f"read by templates as data.{name}" if readers else f"no template in use reads data.{name}"
    if name in _OF_CLARION or name in site.site.config.taxonomies:
        state = f"Clarion itself reads it, and {state}"
    if name == _CITED:
        readers = tuple(dict.fromkeys((*readers, *_citing(site))))
        state = "Clarion itself reads it, for the texts that name sources in it"
    return SourceStory(path, "data", state, published=bool(readers), readers=readers, templates=drawings(site, readers))


def _section(site: Outlook, path: str) -> SourceStory | None:
    if posixpath.basename(path) != _SECTION:
        return None
    name = posixpath.dirname(path).removeprefix(_CONTENT)
    if name not in site.parsed.sections:
        return None
    entries = site.site.library.entries
    articles = {entry.path for entry in entries.values() if entry.card.section == name}
    made = _where(site, lambda output: output.source in articles)
    state = f"it says how the section {name} is shown, and gives front matter to its articles"
    return SourceStory(path, "section", state, published=bool(articles), readers=made, templates=drawings(site, made))


def _other_content(site: Outlook, path: str) -> SourceStory | None:
    """A picture or another file: published when a published document names it."""
    refused = site.parsed.refused.get(path)
    unnamed = path in site.parsed.unnamed
    what = "picture" if unnamed or path in site.parsed.media else "file"
    if refused is not None:
        return SourceStory(path, what, f"not published: {refused.message}", published=False)
    if not unnamed and path not in site.parsed.media and path not in site.parsed.files:
        return None
    made = _made_from(site, path)
    if not made:
        return SourceStory(path, what, "not published: no published text names it", published=False)
    urls = {f"/{each.path}" for each in made}
    naming = {
        name
        for name, targets in site.site.library.targets.items()
        if any(getattr(target, "url", "") in urls for target in targets)
    }
    for entry in site.site.library.entries.values():
        image = entry.card.image
        if image is not None and image.picture is not None and image.picture.url in urls:
            naming.add(entry.path)
    state = f"published, for it is named in {', '.join(sorted(naming))}" if naming else "published"
    readers = _where(site, lambda output: output.source in naming and not output.producer)
    return SourceStory(path, what, state, published=True, made=made, readers=readers)


def _template(site: Outlook, path: str) -> SourceStory | None:
    templates = site.site.theme.templates
    names = {name for name, template in templates.items() if path in (template.path, name)}
    if not names:
        return None
    readers = _where(site, lambda output: not names.isdisjoint(reading_of(site, output).templates))
    state = f"{len(readers)} outputs are drawn with it" if readers else "no output is drawn with it"
    plain = {name.rpartition(":")[2] for name in names}
    others = sorted({templates[name].path for name in plain if name in templates} - {path})
    if others and path not in plain:
        state += f"; the site's {', '.join(sorted(plain))} is {', '.join(others)}"
    return SourceStory(
        path, "template", state, published=bool(readers), readers=readers, templates=drawings(site, readers)
    )


def _static(site: Outlook, path: str) -> SourceStory | None:
    names = [name for name, static in site.site.theme.static.items() if path == static.path]
    if not names:
        return None
    made = _made_from(site, path)
    readers = readers_of_facts(site, ("asset", *(f"asset.{name.removesuffix('.jinja')}" for name in names)))
    state = "published" if made else "not published: no template or stylesheet in use names it"
    return SourceStory(path, "file of a theme", state, published=bool(made), made=made, readers=readers)


def _catalogue(site: Outlook, path: str) -> SourceStory | None:
    folder, _, name = path.rpartition("/")
    language = name.removesuffix(".toml")
    if posixpath.basename(folder) != "locales" or language not in site.site.theme.catalogues:
        return None

    def says(output: Output) -> bool:
        facts = reading_of(site, output).facts
        return any(fact == "t" or fact.startswith("t.") for fact in facts)

    readers = _where(
        site, lambda output: says(output) and output.language.partition("-")[0] in (language, language[:2])
    )
    state = f"its texts are those of pages in “{language}”" if readers else f"no page is in “{language}”"
    return SourceStory(path, "catalogue of texts", state, published=bool(readers), readers=readers)


def _setting(site: Outlook, path: str) -> SourceStory | None:
    if path == _SETTINGS:
        state = "all outputs read some of it; ask for one setting, such as site.title"
        return SourceStory(path, "settings", state, published=True)
    fact = path.replace("theme.settings.", "theme.")
    if not fact.startswith(("site.", "theme.", "facts.")):
        return None
    readers = readers_of_facts(site, (fact, fact.partition(".")[0]))
    if not readers:
        return None
    state = f"templates read it as {fact}"
    what = "query" if fact.startswith("facts.") else "setting"
    return SourceStory(path, what, state, published=True, readers=readers, templates=drawings(site, readers))
