"""Plan: which outputs there are, what each may read, and the jobs that make them."""

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

import pluggy
from msgspec import Struct

from generator.engine.owned import name_fault
from generator.hooks import Fact, Site
from generator.kinds.frame import menu_document
from generator.kinds.theme_facts import named_pages
from generator.model.body import Call, PageTarget, Part, Targets
from generator.model.document import Entry
from generator.model.job import Output
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
    read,
)
from generator.text.addresses import address, old_address, output_path
from generator.text.slugs import collision_key
from generator.theme import Picture, Theme, plain_settings

ASSETS = "assets/"
ABSENT = "CL259"
"""The code of a link, by an address of this site, to what is not there."""
ROUNDS = 4
_ADDRESS_TOLD = ("CL122", "CL123", "CL706")
_LOOP_HINT = (
    "Lists of articles come with the output: “listing.cards” on lists, “related” on articles. Declare any other in "
    'site.toml or theme.toml, [facts.latest] with sort = "-date" and limit = 5, and read facts.latest (docs/themes.md).'
)


class Plan(Struct, frozen=True):
    """The outputs in rounds; each round reads only artifacts of earlier ones.

    `keys` says by output path which of the `readings` is its own: outputs that are drawn by the same template and
    the same directives read alike.
    """

    rounds: tuple[tuple[Output, ...], ...] = ()
    keys: dict[str, str] = {}
    readings: dict[str, Reading] = {}
    problems: tuple[Problem, ...] = ()


def plan(site: Site, manager: pluggy.PluginManager) -> Plan:
    """All outputs of a site, checked: one output for each path, every template and name known, every link kept."""
    problems: list[Problem] = []
    outputs = _outputs(site, manager)
    problems.extend(_hidden_by_aliases(site, outputs))
    problems.extend(_impossible_names(site, outputs))
    problems.extend(_absent_links(site, outputs))
    problems.extend(_speechless(site))
    readings, keys, more = _read(site, manager, outputs)
    problems.extend(more)
    assets, more = _assets(site, readings)
    problems.extend(more)
    problems.extend(_collisions(site, [*outputs, *(asset for level in assets.values() for asset in level)]))
    return Plan(_rounds(assets, outputs), keys, readings, tuple(problems))


def plan_texts(site: Site, manager: pluggy.PluginManager, changed: Collection[str]) -> Plan:
    """Of a plan that was checked before, the outputs that show the text of one of these documents, and all assets."""
    among = frozenset(changed)
    outputs = [output for output in _outputs(site, manager) if not among.isdisjoint(output.texts)]
    readings, keys, _ = _read(site, manager, outputs)
    assets, _ = _assets(site, readings)
    return Plan(_rounds(assets, outputs), keys, readings)


def _outputs(site: Site, manager: pluggy.PluginManager) -> list[Output]:
    outputs = [output for found in manager.hook.clarion_outputs(site=site) for output in found]
    outputs.extend(
        output for found in manager.hook.clarion_indexes(site=site, outputs=tuple(outputs)) for output in found
    )
    outputs.sort(key=lambda output: output.path)
    return outputs


def _rounds(assets: Mapping[int, list[Output]], outputs: list[Output]) -> tuple[tuple[Output, ...], ...]:
    rounds = [tuple(output for output in outputs if output.round == number) for number in range(1, ROUNDS)]
    return (*_levels(assets, [output for output in outputs if output.round == 0]), *rounds)


def _read(
    site: Site, manager: pluggy.PluginManager, outputs: list[Output]
) -> tuple[dict[str, Reading], dict[str, str], list[Problem]]:
    """What the templates of some outputs read, the key of each output's reading by its path, and what is wrong."""
    problems: list[Problem] = []
    readings: dict[str, Reading] = {}
    keys: dict[str, str] = {}
    checked: set[tuple[str, str]] = set()
    facts = known_facts(manager)
    leads = _lead_directives(site)
    known_keys: dict[tuple[str, tuple[str, ...]], tuple[str, tuple[str, ...]]] = {}
    for output in outputs:
        if not output.template:
            continue
        drawn_by = (output.template, output.directives)
        if drawn_by not in known_keys:
            names = (output.template, *_partials(site.theme, output, leads))
            known_keys[drawn_by] = ("+".join(names), names)
        key, names = known_keys[drawn_by]
        keys[output.path] = key
        if output.template not in site.theme.templates:
            readings.setdefault(key, Reading((), frozenset(), {}))
            problems.append(_no_template(site, output))
            continue
        if key not in readings:
            reading = readings[key] = _joined([read(site.theme, name) for name in names])
            problems.extend(reading.problems)
            problems.extend(unknown_facts(reading, facts, site))
        if (key, output.kind) not in checked:
            checked.add((key, output.kind))
            problems.extend(_unknown_names(readings[key], output))
    return readings, keys, problems


def _no_template(site: Site, output: Output) -> Problem:
    theme = site.theme
    known = [name for name in theme.templates if ":" not in name and "/" not in name]
    entry = site.library.entries.get(output.source)
    line, column = entry.places.get("template", (1, 1)) if entry else (0, 0)
    hint = did_you_mean(output.template, known) or f"The theme “{theme.name}” has: {', '.join(sorted(known))}."
    return Problem("error", "CL304", f"there is no template “{output.template}”", output.source, line, column, hint)


def _partials(theme: Theme, output: Output, leads: frozenset[str]) -> tuple[str, ...]:
    """The directive templates that the texts and leads among an output's inputs may call."""
    form = form_of(theme, output.template)
    return tuple(directive_template(theme, name, form) for name in sorted(leads.union(output.directives)))


def _lead_directives(site: Site) -> frozenset[str]:
    """The directives in the leads of what is listed: any page that is given a card may show one."""
    names: set[str] = set()
    for entry in site.library.entries.values():
        if entry.directives:
            names.update(_calls(entry.card.lead.parts))
    return frozenset(names)


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
        frozenset().union(*(reading.loaded for reading in readings)),
    )


@lru_cache(maxsize=1)
def jinja_globals() -> frozenset[str]:
    """The names that Jinja itself gives to templates."""
    return frozenset(environment(Theme("none")).globals)


def _unknown_names(reading: Reading, output: Output) -> Iterable[Problem]:
    inputs = output.values()
    known = {*inputs, "page", "article", *FUNCTIONS, *FACT_NAMES, *jinja_globals()}
    for name, (path, line, column) in reading.names.items():
        if name in known:
            continue
        hint = did_you_mean(name, known) or f"{output.template} is given: {', '.join(sorted(inputs))}."
        yield Problem("error", "CL302", f"there is no “{name}” here", path, line, column, hint)


def known_facts(manager: pluggy.PluginManager) -> dict[str, Fact]:
    """All facts that plugins offer, by name."""
    facts: dict[str, Fact] = {}
    for found in manager.hook.clarion_facts():
        facts.update(found)
    return facts


def unknown_facts(reading: Reading, facts: Mapping[str, Fact], site: Site) -> Iterable[Problem]:
    """The facts, texts, settings and assets that some templates name and that there are not."""
    for fact in sorted(reading.facts):
        group, _, name = fact.partition(".")
        found = _unknown_fact(group, name, facts, site) if name else None
        if found is not None:
            code, message, hint = found
            yield Problem("error", code, message, *_place(site.theme, reading, group, name), hint)


def _unknown_fact(group: str, name: str, facts: Mapping[str, Fact], site: Site) -> tuple[str, str, str] | None:
    """Code, message and hint for a fact that there is not; None for one that there is."""
    theme = site.theme
    if group == "site" and f"site.{name}" not in facts:
        known = [each.removeprefix("site.") for each in facts if each.startswith("site.")]
        return "CL302", f"there is no “site.{name}”", did_you_mean(name, known) or _LOOP_HINT
    if group == "facts" and name not in theme.queries:
        hint = did_you_mean(name, theme.queries) or f"Declare it in site.toml or theme.toml: [facts.{name}]."
        return "CL302", f"there is no query “{name}”", hint
    if group == "theme" and name not in theme.settings:
        hint = did_you_mean(name, theme.settings) or "Declare it in theme.toml under [settings]."
        return "CL302", f"the theme has no setting “{name}”", hint
    if group == "asset" and name not in theme.static and f"{name}.jinja" not in theme.static:
        return "CL306", f"there is no asset “{name}”", did_you_mean(name, theme.static) or "Put it into static/."
    texts = theme.catalogues.get("en", {})
    if group == "t" and name not in texts:
        return "CL307", f"the catalogue has no text “{name}”", did_you_mean(name, texts) or "Add it to locales/en.toml."
    return None


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
    events = first.kind == second.kind == "calendar"
    return Problem(
        "error",
        "CL707",
        f"two outputs would be at {output.path}: {_named(first)} and {_named(second)}",
        second.source or first.source,
        hint="Give the event of one of them another id." if events else "Give one of them another slug, alias or name.",
    )


def _hidden_by_aliases(site: Site, outputs: Sequence[Output]) -> Iterable[Problem]:
    """Aliases that are no pages of their own stand in `_redirects` only, and could hide an output there."""
    paths = {collision_key(output.path): output for output in outputs}
    for entry in site.library.entries.values():
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
        entry = site.library.entries.get(output.source)
        named = "aliases" if output.kind == "redirect" else "slug"
        line, column = entry.places.get(named, (1, 1)) if entry else (0, 0)
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
    addresses = _Addresses(paths)
    for entries in (site.library.entries, site.library.texts):
        for entry in entries.values():
            yield from _absent_in(site, entry, addresses)
    for item in (*site.config.menu, *(item for _, item in named_pages(site))):
        named = menu_document(site, item)
        url = named.card.url if named else item.page
        if not url.startswith("/") or url in addresses or output_path(url) in site.library.absent:
            continue
        yield Problem(
            "error", ABSENT, f"this site has no “{url}”", "site.toml", item.line, item.column, addresses.near(url)
        )


class _Addresses:
    """The addresses that are answered, and the one nearest to a wrong one."""

    def __init__(self, paths: set[str]) -> None:
        self._paths = paths
        self._known: dict[str, bool] = {}

    def __contains__(self, url: str) -> bool:
        found = self._known.get(url)
        if found is None:
            found = self._known[url] = output_path(url) in self._paths
        return found

    def near(self, url: str) -> str:
        """A hint with the nearest address."""
        near = difflib.get_close_matches(url, [address(path) for path in self._paths], n=1, cutoff=0.6)
        return f"Did you mean “{near[0]}”?" if near else "Link to a file in content/, or to an address of this site."


def _absent_in(site: Site, entry: Entry, addresses: _Addresses) -> Iterable[Problem]:
    for reference, target in zip(entry.references, site.library.targets.get(entry.path, Targets()), strict=True):
        if type(target) is not PageTarget or target.url in addresses:
            continue
        yield Problem(
            "note" if entry.card.status == "draft" else "error",
            ABSENT,
            f"this site has no “{target.url}”",
            entry.path,
            reference.line,
            reference.column,
            addresses.near(target.url),
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
        names.update(_pictures_of_settings(theme, reading.facts))
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
                    "settings": plain_settings(theme) if template else {},
                    "names": named_assets(theme, name),
                },
                source=theme.static[template or name].path,
                round=0,
            )
        )
    return outputs, problems


def _pictures_of_settings(theme: Theme, facts: Collection[str]) -> Iterable[str]:
    """The pictures that settings name which a template reads."""
    for name, value in theme.settings.items():
        if isinstance(value, Picture) and ("theme" in facts or f"theme.{name}" in facts):
            yield value.name


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
