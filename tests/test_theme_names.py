"""docs/themes.md lists every name a theme may use, and no other."""

import re
from pathlib import Path

from generator.config import load_config
from generator.hooks import Site
from generator.model.page import Page
from generator.plugins import plugin_manager
from generator.stages.find import find
from generator.stages.gather import Choice, gather
from generator.stages.parse_all import parse_here
from generator.stages.plan import known_facts, plan
from generator.templates import FACT_NAMES, FUNCTIONS
from generator.theme import load_theme
from tests.conftest import NOW, instant

REPOSITORY = Path(__file__).parents[1]
DOCS = (REPOSITORY / "docs" / "themes.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading."""
    section = DOCS.split(f"## {heading}", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def words(cell: str) -> set[str]:
    """The names in backticks, those in parentheses left out."""
    return {name for each in re.findall(r"`([^`]+)`", re.sub(r"\([^)]*\)", "", cell)) for name in each.split()}


def test_every_function_and_fact_stands_in_the_table() -> None:
    names = {re.split(r"[(.]", cells[0].strip("`"))[0] for cells in rows("What every template can use")}
    assert names == {"page", *FUNCTIONS, *FACT_NAMES}
    listed = {cells[0]: cells[1] for cells in rows("What every template can use")}
    assert set(re.findall(r"`([^`]+)`", listed["`page`"])[0].split()) == set(Page.__struct_fields__)
    facts = {fact.removeprefix("site.") for fact in known_facts(plugin_manager()) if fact.startswith("site.")}
    assert words(listed["`site.X`"]) == facts


def test_every_template_is_given_what_the_table_says() -> None:
    """The demonstration site has an output of each kind but a redirect."""
    config, _ = load_config(REPOSITORY, ("content.page_size=2", 'editions.text="all"'))
    assert config is not None
    theme, _ = load_theme(REPOSITORY, config)
    parsed = parse_here(REPOSITORY, find(REPOSITORY).files, config, theme.declarations)
    library = gather(parsed, config, Choice(instant(NOW)))
    the_plan = plan(Site(library, config, theme), plugin_manager())
    given: dict[str, set[str]] = {}
    for outputs in the_plan.rounds:
        for output in outputs:
            if output.template:
                given.setdefault(output.template, set()).update(set(output.values()) - {"page"})
    listed: dict[str, set[str]] = {}
    for cells in rows("Templates and what each is given"):
        for template in words(cells[0]):
            listed[template] = set() if cells[2].startswith("nothing more") else words(cells[2])
    assert {name: listed[name] for name in given} == given
    assert set(listed) - set(given) == {"redirect.html", "redirects.txt"}
