"""Plan: which outputs there are, what each may read, and the jobs that make them."""

import difflib
import platform
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.metadata import version
from typing import Any

import pluggy
from msgspec import Struct, structs

from generator.engine.digest import digest_exact, digest_value
from generator.engine.owned import name_fault
from generator.hooks import Fact, Site
from generator.kinds.frame import menu_document
from generator.model.body import Body, Call, PageTarget, Part
from generator.model.document import Document
from generator.model.job import Job, Output
from generator.model.problem import Problem
from generator.source.suggest import did_you_mean
from generator.templates import (
    DIRECTIVE_NAMES,
    FACT_NAMES,
    FUNCTIONS,
    Reading,
    directive_template,
    environment,
    form_of,
    loose,
    read,
)
from generator.text.addresses import address, old_address, output_path
from generator.text.slugs import collision_key
from generator.theme import Theme, catalogue

ASSETS = "assets/"
ABSENT = "CL259"
"""The code of a link, by an address of this site, to what is not there."""
ROUNDS = 4
_ADDRESS_TOLD = ("CL122", "CL123", "CL706")
_SHAPERS = (
    "Jinja2", "MarkupSafe", "Markdown", "pyromark", "selectolax", "Pygments", "Babel", "nh3", "pillow", "msgspec",
    "regex", "tzdata",
)  # fmt: skip
_LOOP_HINT = "Lists of articles come with the output: “listing.cards” on lists, “related” on articles (docs/themes.md)."


class Plan(Struct, frozen=True):
    """The outputs in rounds; each round reads only artifacts of earlier ones.

    `keys` says by output path which of the `readings` is its own: outputs that are drawn by the same template and
    the same directives read alike.
    """

    rounds: tuple[tuple[Output, ...], ...] = ()
    keys: dict[str, str] = {}
    readings: dict[str, Reading] = {}
    problems: tuple[Problem, ...] = ()


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """The versions of Clarion and of the libraries that shape an output: part of every key."""
    found = {name: version(name) for name in ("clarion", *_SHAPERS) if _installed(name)}
    return {"Python": platform.python_version(), **found}


def _installed(name: str) -> bool:
    try:
        version(name)
    except ModuleNotFoundError:
        return False
    return True


def plan(site: Site, manager: pluggy.PluginManager) -> Plan:
    """All outputs of a site, checked: one output for each path, every template and name known, every link kept."""
    problems: list[Problem] = []
    outputs = [output for found in manager.hook.clarion_outputs(site=site) for output in found]
    outputs.extend(
        output for found in manager.hook.clarion_indexes(site=site, outputs=tuple(outputs)) for output in found
    )
    outputs.sort(key=lambda output: output.path)
    problems.extend(_hidden_by_aliases(site, outputs))
    problems.extend(_impossible_names(site, outputs))
    problems.extend(_absent_links(site, outputs))
    problems.extend(_speechless(site))
    readings: dict[str, Reading] = {}
    keys: dict[str, str] = {}
    checked: set[tuple[str, str]] = set()
    facts = known_facts(manager)
    for output in outputs:
        names = (output.template, *_partials(site.theme, output)) if output.template else ()
        if not names:
            continue
        key = keys[output.path] = "+".join(names)
        if output.template not in site.theme.templates:
            readings.setdefault(key, Reading((), frozenset(), {}))
            problems.append(_no_template(site, output))
            continue
        if key not in readings:
            reading = readings[key] = _joined([read(site.theme, name) for name in names])
            problems.extend(reading.problems)
            problems.extend(_unknown_facts(reading, facts, site))
        if (key, output.kind) not in checked:
            checked.add((key, output.kind))
            problems.extend(_unknown_names(readings[key], output))
    rounds = [tuple(output for output in outputs if output.round == number) for number in range(1, ROUNDS)]
    first = [output for output in outputs if output.round == 0]
    assets, more = _assets(site, readings)
    problems.extend(more)
    problems.extend(_collisions(site, [*outputs, *(asset for level in assets.values() for asset in level)]))
    return Plan((*_levels(assets, first), *rounds), keys, readings, tuple(problems))


def _no_template(site: Site, output: Output) -> Problem:
    theme = site.theme
    known = [name for name in theme.templates if ":" not in name and "/" not in name]
    document = site.library.documents.get(output.source)
    line, column = document.entry.places.get("template", (1, 1)) if document else (0, 0)
    hint = did_you_mean(output.template, known) or f"The theme “{theme.name}” has: {', '.join(sorted(known))}."
    return Problem("error", "CL304", f"there is no template “{output.template}”", output.source, line, column, hint)


def _partials(theme: Theme, output: Output) -> tuple[str, ...]:
    """The directive templates that the bodies among an output's inputs call."""
    form = form_of(theme, output.template)
    names: set[str] = set()
    for value in output.inputs.values():
        for body in _bodies(value):
            names.update(_calls(body.parts))
    return tuple(directive_template(theme, name, form) for name in sorted(names))


def _bodies(value: Any) -> Iterable[Body]:
    if isinstance(value, Body):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _bodies(item)
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            inner = getattr(value, name)
            if isinstance(inner, Body | tuple | Struct):
                yield from _bodies(inner)


def _calls(parts: tuple[Part, ...]) -> Iterable[str]:
    for part in parts:
        if isinstance(part, Call):
            yield part.name
            yield from _calls(part.inner)


def _joined(readings: list[Reading]) -> Reading:
    names: dict[str, tuple[str, int, int]] = {}
    for number, reading in enumerate(readings):
        for name, place in reading.names.items():
            if number and name in DIRECTIVE_NAMES:
                continue
            names.setdefault(name, place)
    return Reading(
        tuple(sorted({name for reading in readings for name in reading.templates})),
        frozenset().union(*(reading.facts for reading in readings)) if readings else frozenset(),
        names,
        tuple(problem for reading in readings for problem in reading.problems),
    )


@lru_cache(maxsize=1)
def _jinja_globals() -> frozenset[str]:
    return frozenset(environment(Theme("none")).globals)


def _unknown_names(reading: Reading, output: Output) -> Iterable[Problem]:
    known = {*output.inputs, "page", "article", *FUNCTIONS, *FACT_NAMES, *_jinja_globals()}
    for name, (path, line, column) in reading.names.items():
        if name in known:
            continue
        hint = did_you_mean(name, known) or f"{output.template} is given: {', '.join(sorted(output.inputs))}."
        yield Problem("error", "CL302", f"there is no “{name}” here", path, line, column, hint)


def known_facts(manager: pluggy.PluginManager) -> dict[str, Fact]:
    """All facts that plugins offer, by name."""
    facts: dict[str, Fact] = {}
    for found in manager.hook.clarion_facts():
        facts.update(found)
    return facts


def _unknown_facts(reading: Reading, facts: Mapping[str, Fact], site: Site) -> Iterable[Problem]:
    for fact in sorted(reading.facts):
        group, _, name = fact.partition(".")
        if not name:
            continue
        path, line, column = _place(site.theme, reading, group, name)
        if group == "site" and fact not in facts:
            known = [each.removeprefix("site.") for each in facts if each.startswith("site.")]
            hint = did_you_mean(name, known) or _LOOP_HINT
            yield Problem("error", "CL302", f"there is no “site.{name}”", path, line, column, hint)
        elif group == "theme" and name not in site.theme.settings:
            hint = did_you_mean(name, site.theme.settings) or "Declare it in theme.toml under [settings]."
            yield Problem("error", "CL302", f"the theme has no setting “{name}”", path, line, column, hint)
        elif group == "asset" and name not in site.theme.static and f"{name}.jinja" not in site.theme.static:
            hint = did_you_mean(name, site.theme.static) or "Put it into static/."
            yield Problem("error", "CL306", f"there is no asset “{name}”", path, line, column, hint)
        elif group == "t" and name not in site.theme.catalogues.get("en", {}):
            hint = did_you_mean(name, site.theme.catalogues.get("en", {})) or "Add it to locales/en.toml."
            yield Problem("error", "CL307", f"the catalogue has no text “{name}”", path, line, column, hint)


def _place(theme: Theme, reading: Reading, group: str, name: str) -> tuple[str, int, int]:
    """The first place in a template's closure where a fact is named."""
    words = [f"{group}.{name}", f'{group}("{name}"', f"{group}('{name}'", f'{group}["{name}"]']
    for template in reading.templates:
        source = theme.templates[template]
        for number, line in enumerate(source.text.splitlines(), 1):
            for word in words:
                if word in line:
                    return source.path, number, line.index(word) + 1
    return theme.templates[reading.templates[0]].path if reading.templates else "", 1, 1


def _collisions(site: Site, outputs: Sequence[Output]) -> Iterable[Problem]:
    """Two outputs at one path, or a file where another needs a folder; case and Unicode form do not tell them apart.

    Of a document whose address is already told to be wrong nothing is said again.
    """
    told = {problem.path for problem in site.library.problems if problem.code in _ADDRESS_TOLD}
    seen: dict[str, Output] = {}
    folders: dict[str, Output] = {}
    for output in outputs:
        if output.source in told:
            continue
        key = collision_key(output.path)
        other = seen.setdefault(key, output)
        if other is not output:
            yield _collision(output, other)
            continue
        parts = key.split("/")
        for depth in range(1, len(parts)):
            folders.setdefault("/".join(parts[:depth]), output)
    for key, output in seen.items():
        if key in folders:
            yield _collision(output, folders[key])


def _collision(output: Output, other: Output) -> Problem:
    first, second = (other, output) if other.source else (output, other)
    return Problem(
        "error",
        "CL707",
        f"two outputs would be at {output.path}: {_named(first)} and {_named(second)}",
        second.source or first.source,
        hint="Give one of them another slug, alias or name.",
    )


def _hidden_by_aliases(site: Site, outputs: Sequence[Output]) -> Iterable[Problem]:
    """Aliases that are no pages of their own stand in `_redirects` only, and could hide an output there."""
    paths = {collision_key(output.path): output for output in outputs}
    for document in site.library.documents.values():
        entry = document.entry
        for number, alias in enumerate(entry.matter.aliases):
            path = output_path(old_address(alias))
            output = paths.get(collision_key(path))
            if output is None or path.endswith(".html"):
                continue
            place = entry.places.get(f"aliases.{number}", (1, 1))
            message = f"the alias “{alias}” would lead readers away from {_named(output)}"
            yield Problem("error", "CL707", message, entry.path, *place, "Take it out.")


def _speechless(site: Site) -> Iterable[Problem]:
    """Languages for which neither theme nor site has texts: their readers see English ones."""
    for language in site.library.shelves:
        if not {language, language.partition("-")[0]} & set(site.theme.catalogues):
            message = f"there are no texts in “{language}”: buttons and labels of its pages are in English"
            hint = f"Write locales/{language}.toml; docs/themes.md tells how."
            yield Problem("note", "CL320", message, f"locales/{language}.toml", hint=hint)


def _impossible_names(site: Site, outputs: Sequence[Output]) -> Iterable[Problem]:
    """Names no file can have on some system, told where the author gave them."""
    for output in outputs:
        fault = name_fault(output.path)
        if not fault:
            continue
        document = site.library.documents.get(output.source)
        line, column = (
            document.entry.places.get("aliases" if output.kind == "redirect" else "slug", (1, 1))
            if document
            else (0, 0)
        )
        hint = "Give it a shorter or plainer name: its slug, its alias or the name of its file."
        yield Problem(
            "error",
            "CL753",
            f"“{output.path}” cannot be written: {fault}",
            output.source or output.path,
            line,
            column,
            hint,
        )


def _named(output: Output) -> str:
    return output.source or f"the {output.kind} that Clarion makes"


def _absent_links(site: Site, outputs: Sequence[Output]) -> Iterable[Problem]:
    """Links of Markdown that name an output of this site by its address must find it."""
    paths = {output.path for output in outputs}
    addresses = [address(path) for path in paths]
    for documents in (site.library.documents, site.library.texts):
        for document in documents.values():
            yield from _absent_in(site, document, paths, addresses)
    for item in site.config.menu:
        named = menu_document(site, item)
        url = named.entry.card.url if named else item.page
        if not url.startswith("/") or output_path(url) in paths | site.library.absent:
            continue
        hint = _near(url, addresses)
        yield Problem("error", ABSENT, f"this site has no “{url}”", "site.toml", item.line, item.column, hint)


def _near(url: str, addresses: list[str]) -> str:
    near = difflib.get_close_matches(url, addresses, n=1, cutoff=0.6)
    return f"Did you mean “{near[0]}”?" if near else "Link to a file in content/, or to an address of this site."


def _absent_in(site: Site, document: Document, paths: set[str], addresses: list[str]) -> Iterable[Problem]:
    entry = document.entry
    for reference, target in zip(entry.references, site.library.targets.get(entry.path, ()), strict=True):
        if not isinstance(target, PageTarget) or output_path(target.url) in paths:
            continue
        hint = _near(target.url, addresses)
        yield Problem(
            "note" if entry.card.status == "draft" else "error",
            ABSENT,
            f"this site has no “{target.url}”",
            entry.path,
            reference.line,
            reference.column,
            hint,
        )


def _assets(site: Site, readings: Mapping[str, Reading]) -> tuple[dict[int, list[Output]], list[Problem]]:
    """The assets that templates and stylesheets name, by level: an asset comes after those it names itself."""
    theme = site.theme
    names: set[str] = set()
    problems: list[Problem] = []
    for reading in readings.values():
        if "asset" in reading.facts:
            names.update(name.removesuffix(".jinja") for name in theme.static)
        names.update(fact.partition(".")[2] for fact in reading.facts if fact.startswith("asset."))
    levels: dict[str, int] = {}

    def level(name: str, above: tuple[str, ...]) -> int:
        if name in levels or not _static(theme, name):
            return levels.get(name, 0)
        if name in above:
            problems.append(
                Problem(
                    "error",
                    "CL317",
                    f"“{name}” names itself: {' → '.join((*above, name))}",
                    _static(theme, name),
                    hint="Take one link of the circle out.",
                )
            )
            return 0
        found = [level(inner, (*above, name)) for inner in named_assets(theme, name)]
        levels[name] = 1 + max(found, default=-1)
        return levels[name]

    for name in sorted(names):
        level(name, ())
    outputs: dict[int, list[Output]] = {}
    for name, depth in sorted(levels.items()):
        template = (f"{name}.jinja" in theme.static and f"{name}.jinja") or ""
        outputs.setdefault(depth, []).append(
            Output(
                path=f"{ASSETS}{name}",
                kind="asset",
                language=site.config.site.language,
                producer="asset",
                inputs={
                    "name": name,
                    "digest": theme.static[template or name].digest,
                    "template": template,
                    "settings": theme.settings if template else {},
                    "names": named_assets(theme, name),
                },
                source=theme.static[template or name].path,
                round=0,
            )
        )
    return outputs, problems


def _static(theme: Theme, name: str) -> str:
    static = theme.static.get(name) or theme.static.get(f"{name}.jinja")
    return static.path if static else ""


def named_assets(theme: Theme, name: str) -> tuple[str, ...]:
    """The other assets a stylesheet names by `url(…)` or `@import`, as the theme's names."""
    return theme.links.get(name) or theme.links.get(f"{name}.jinja", ())


def _levels(assets: Mapping[int, list[Output]], first: list[Output]) -> tuple[tuple[Output, ...], ...]:
    """Round 0 in steps: plain assets with pictures and copies, then stylesheets, then those that import them."""
    steps = [tuple(assets.get(number, ())) for number in range(max(assets, default=0) + 1)]
    return ((*steps[0], *first), *steps[1:])


def make_jobs(
    outputs: Sequence[Output],
    the_plan: Plan,
    site: Site,
    facts: Mapping[str, Fact],
    assets: Mapping[str, Any],
    memory: dict[tuple[str, str], tuple[str, Any]],
) -> tuple[tuple[Job, ...], dict[str, Any]]:
    """The jobs of one round, whole: every fact evaluated, every input digested, the key over all of them.

    `assets` are the addresses of assets made in earlier steps; `memory` holds facts already evaluated.
    """
    jobs: list[Job] = []
    values: dict[str, Any] = {}
    digests: dict[int, str] = {}
    settings = {
        "setting urls.links": site.config.urls.links,
        "setting site.base_url": site.config.site.base_url,
        "setting site.timezone": site.config.site.timezone,
        "setting content.date_precision": site.config.content.date_precision,
        "setting theme.form": site.theme.form,
    }

    def digest(value: Any) -> str:
        if id(value) not in digests:
            digests[id(value)] = digest_exact(value)
        return digests[id(value)]

    for output in outputs:
        reading = the_plan.readings.get(the_plan.keys.get(output.path, ""))
        named: dict[str, str] = {}
        inputs = {f"input {name}": digest(value) for name, value in output.inputs.items()}
        inputs.update((f"version {name}", number) for name, number in versions().items())
        if output.kind == "asset":
            for name in output.inputs["names"]:
                value = assets.get(name)
                values[digest(value)] = value
                named[f"asset.{name}"] = digest(value)
        if reading is not None:
            inputs.update((f"template {name}", site.theme.templates[name].digest) for name in reading.templates)
            for fact in sorted(reading.facts):
                fact_digest, value = _evaluate(fact, output.language, site, facts, assets, memory)
                named[fact] = fact_digest
                values[fact_digest] = value
        inputs.update((f"fact {name}", fact_digest) for name, fact_digest in named.items())
        inputs.update(settings)
        job = Job(output=output, theme=site.theme.digest, inputs=inputs, facts=named)
        key = digest_value((output.path, output.template, output.producer, output.language, inputs))
        jobs.append(structs.replace(job, key=key))
    return tuple(jobs), values


def _evaluate(
    fact: str,
    language: str,
    site: Site,
    facts: Mapping[str, Fact],
    assets: Mapping[str, Any],
    memory: dict[tuple[str, str], tuple[str, Any]],
) -> tuple[str, Any]:
    if (fact, language) not in memory:
        value = _value(fact, language, site, facts, assets)
        memory[fact, language] = (digest_exact((fact, value)), value)
    return memory[fact, language]


def _value(fact: str, language: str, site: Site, facts: Mapping[str, Fact], assets: Mapping[str, Any]) -> Any:
    group, _, name = fact.partition(".")
    if group == "site":
        if name:
            return facts[fact](site, language)
        return {
            each.removeprefix("site."): make(site, language)
            for each, make in sorted(facts.items())
            if each.startswith("site.")
        }
    if group == "theme":
        return site.theme.settings[name] if name else site.theme.settings
    if group == "data":
        return loose(site.library.data.get(name)) if name else loose(site.library.data)
    if group == "asset":
        return assets.get(name) if name else dict(assets)
    strings = catalogue(site.theme, language)
    return strings[name] if name else strings
