"""A theme looked through before anybody reads a page of it: templates, names, texts, stylesheets, scripts."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from jinja2 import TemplateSyntaxError
from msgspec import Struct

from generator.config import Config
from generator.hooks import Site
from generator.model.document import Text
from generator.model.job import TextOf
from generator.model.library import Library
from generator.model.problem import Problem, in_order
from generator.plugins import load_plugins, plugin_manager
from generator.source.suggest import did_you_mean
from generator.stages.jobs import setup_of
from generator.stages.plan import jinja_globals, known_facts, unknown_facts
from generator.stages.render import workshop
from generator.templates import DIRECTIVE_NAMES, FACT_NAMES, FUNCTIONS, environment, read, syntax_problem
from generator.theme import BASE, DESCRIPTION, LINKS, Theme, ThemeLink, load_theme, theme_chain
from generator.work.theme.chosen import with_theme
from generator.work.theme.given import GIVEN
from generator.work.theme.sources import problems_in

_LOOKED_AT = (".html", ".css", ".js", ".mjs", ".jinja")
_ALWAYS = frozenset({"page", "article", *FUNCTIONS, *FACT_NAMES})


class Checked(Struct, frozen=True):
    """What became of a look through a theme: which files were looked at, and what is wrong."""

    name: str
    files: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def check_theme(root: Path, config: Config, name: str) -> Checked:
    """All that is wrong with a theme, told of its own files; of the theme in use, of the site's own files too.

    What parents do is their matter, but what the theme lacks of them is not: a page that nothing draws, a name or a
    text that is not there.
    """
    chosen = with_theme(config, name)
    plugins, told = load_plugins(root, chosen)
    theme, found = load_theme(root, chosen, plugins.folders)
    chain = theme_chain(root, chosen, [])
    if not chain:
        return Checked(name, problems=in_order((*told, *found)))
    site = Site(Library(), chosen, theme, plugins.plugins)
    own = list(_own_files(root, chain[0], of_site=name == config.theme.name))
    paths = {path for path, _ in own}
    problems = [*told, *found, *_missing(theme, chain[0]), *_unknown(site, paths)]
    problems.extend(_uncompiled(site, paths, {problem.path for problem in problems if problem.code == "CL301"}))
    for path, file in own:
        try:
            text = file.read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            # Loading the theme has told it.
            continue
        problems.extend(problems_in(path, text))
    unanswered = (problem for problem in problems if not _is_answered(problem, config))
    return Checked(name, tuple(path for path, _ in own), in_order(unanswered))


def _is_answered(problem: Problem, config: Config) -> bool:
    """Whether the site has answered a warning or a note, by `[[ignore]]`; errors cannot be."""
    rules = (rule for rule in config.ignore if rule.code == problem.code)
    return problem.severity != "error" and any(Path(problem.path).match(rule.path) for rule in rules)


def _own_files(root: Path, link: ThemeLink, *, of_site: bool) -> Iterator[tuple[str, Path]]:
    """The files of a theme that can be looked at, by what messages call them; with the site's own before them."""
    homes = [("", root)] if of_site else []
    for label, home in (*homes, (link.label, link.folder)):
        for folder in LINKS:
            for path in sorted((home / folder).rglob("*")):
                if path.suffix in _LOOKED_AT and path.is_file() and not path.is_symlink():
                    yield f"{label}{path.relative_to(home).as_posix()}", path


def _missing(theme: Theme, link: ThemeLink) -> Iterator[Problem]:
    lacking = [name for name in GIVEN if name not in theme.templates]
    # Of `base` alone no site is made.
    if lacking and link.name != BASE:
        message = f"neither this theme nor its parents have {', '.join(lacking)}"
        hint = "Write them, or name a parent that has them: docs/themes.md says what each template draws."
        yield Problem("error", "CL304", message, f"{link.label}{DESCRIPTION}", 1, 1, hint)


def _unknown(site: Site, own: set[str]) -> Iterator[Problem]:
    """Names, facts, texts, assets and templates that are not there, of those that the theme's own files name."""
    theme = site.theme
    facts = known_facts(plugin_manager(site.plugins))
    known: set[tuple[str, tuple[str, int, int]]] = set()
    for name in sorted(each for each in theme.templates if ":" not in each):
        reading = read(theme, name)
        told: list[Problem] = list(reading.problems)
        if theme.templates[name].path in own:
            told.extend(unknown_facts(reading, facts, site))
        given = _given(name)
        if given is not None:
            # A partial is read by many templates, and told of once.
            fresh = [each for each in reading.names.items() if each not in known]
            known.update(fresh)
            told.extend(_unknown_names(name, fresh, given))
        yield from (problem for problem in told if problem.path in own)


def _uncompiled(site: Site, own: set[str], told: set[str]) -> Iterator[Problem]:
    """Templates that cannot be made ready to draw: they name a filter or a test that there is not."""
    theme, plugins = site.theme, site.plugins
    # A workshop gives the environment of a theme its filters, those of plugins among them.
    workshop(theme, setup_of(site), (), plugins, {}, _no_text, Path(), _nothing_kept)
    drawing = environment(theme, plugins.digest)
    for name, template in sorted(theme.templates.items()):
        if ":" in name or template.path not in own or template.path in told:
            continue
        try:
            drawing.compile(template.text, name, template.path)
        except TemplateSyntaxError as error:
            yield syntax_problem(error, template.path, template.text)


def _no_text(named: TextOf) -> Text:
    raise LookupError(named.path)


def _nothing_kept(_key: str, make: Callable[[], bytes]) -> bytes:
    return make()


def _given(name: str) -> frozenset[str] | None:
    """The names a template may read; None for one that only others draw with, in whose place it is looked at."""
    if name.startswith("directives/"):
        return _ALWAYS | set(DIRECTIVE_NAMES) | jinja_globals()
    return GIVEN[name] | _ALWAYS | jinja_globals() if name in GIVEN else None


def _unknown_names(
    template: str, names: Iterable[tuple[str, tuple[str, int, int]]], given: frozenset[str]
) -> Iterator[Problem]:
    for name, place in names:
        if name not in given:
            own = sorted(given - _ALWAYS - jinja_globals())
            hint = did_you_mean(name, given) or f"{template} is given: {', '.join(own) or 'nothing more'}."
            yield Problem("error", "CL302", f"there is no “{name}” in {template}", *place, hint)
