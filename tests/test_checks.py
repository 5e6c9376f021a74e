"""What only the whole site can tell: each check against a site that a stranger could have written."""

from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from generator.work.new.site import site_files
from tests.conftest import SETTINGS, TinySite


def told(site: TinySite, code: str) -> list[str]:
    """What a build says under one code, with the hint."""
    return [f"{problem} {problem.hint}" for problem in site.build().problems if problem.code == code]


HINT = "Write one of them with other letters; or, if they mean the same, join them in content/data"


def test_two_labels_of_one_address_are_told_naming_both(site: TinySite) -> None:
    site.post("a", tags="[C++]")
    site.post("b", tags="[water, 'C#']")
    site.post("c", tags="['C#', c++]")
    assert told(site, "CL533") == [
        (
            "content/posts/b.md:4:15: warning CL533 “C#” and “C++” (in content/posts/a.md) are taken for one: "
            f"both are “c” in addresses {HINT}/tags.toml."
        )
    ]


def test_labels_that_differ_in_case_and_hyphens_only_are_one(site: TinySite) -> None:
    site.post("a", tags="[Water rights, women’s rights, CO₂]")
    site.post("b", tags="[water-rights, Women's rights, CO2]")
    assert site.problems() == []


@pytest.mark.parametrize("synonyms", ['label = "C++"\nsynonyms = ["C#"]', 'synonyms = ["C++", "C#"]'])
def test_labels_that_the_author_has_joined_are_one(site: TinySite, synonyms: str) -> None:
    site.post("a", tags="[C++]")
    site.post("b", tags="['C#']")
    site.write("content/data/tags.toml", f"[c]\n{synonyms}\n")
    assert site.problems() == []


def test_a_label_that_falls_under_joined_ones_unseen_is_told(site: TinySite) -> None:
    site.post("a", tags="[C++]")
    site.write("content/data/tags.toml", '[csharp]\nlabel = "C sharp"\nsynonyms = ["C#"]\n')
    assert told(site, "CL533") == [
        (
            "content/posts/a.md:4:8: warning CL533 “C++” and “C sharp” (in content/data/tags.toml) are taken for one: "
            f"both are “csharp” in addresses {HINT}/tags.toml."
        )
    ]


def test_labels_of_two_languages_or_taxonomies_are_two(site: TinySite) -> None:
    site.write("site.toml", f"{SETTINGS}[languages.de]\n[taxonomies.languages-spoken]\n")
    site.post("a", tags="[C++]")
    site.write("content/posts/b.de.md", "---\ntitle: B\ndate: 2026-11-01\ntags: ['C#']\n---\nWorte.\n")
    site.post("c", **{"languages-spoken": "['C?']"})
    assert told(site, "CL533") == []


def test_data_that_is_no_label_stops_the_build_and_does_not_break_it(site: TinySite) -> None:
    site.post("a", tags="[water]")
    site.write("content/data/tags.toml", "[water]\nlabel = ['a']\nsynonyms = 5\n")
    assert site.problems() == [
        "content/data/tags.toml:2:9: error CL113 `water.label` must be text, not a list",
        "content/data/tags.toml:3:12: error CL113 `water.synonyms` must be a list of text, not a number",
    ]


def test_two_articles_with_one_part_of_a_series_are_told(site: TinySite) -> None:
    site.post("a", series="{ name: The river, part: 1 }")
    site.post("b", series="{ name: The River, part: 1 }")
    site.post("c", series="{ name: The river, part: 4 }")
    site.post("d", series="{ name: The river }")
    site.post("e", series="{ name: The river }")
    site.post("f", series="{ name: The lake, part: 1 }")
    assert told(site, "CL534") == [
        (
            "content/posts/b.md:4:34: error CL534 this and content/posts/a.md are both part 1 of “The river” "
            "Give one of them another part."
        )
    ]


def test_the_parts_of_a_series_in_two_languages_are_not_counted_together(site: TinySite) -> None:
    site.write("site.toml", f"{SETTINGS}[languages.de]\n")
    site.post("a", series="{ name: River, part: 1 }")
    site.write(
        "content/posts/a.de.md", "---\ntitle: A\ndate: 2026-11-01\nseries: { name: River, part: 1 }\n---\nWorte.\n"
    )
    assert told(site, "CL534") == []


def test_a_part_that_a_text_to_come_has_too_is_an_error_today(site: TinySite) -> None:
    site.post("a", series="{ name: River, part: 1 }")
    site.post("b", date="2027-01-01", series="{ name: River, part: 1 }")
    assert len(told(site, "CL534")) == 1


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ('language = "xx-yy"', "site.toml:5:12: error CL407 `site.language`: “xx-yy” is no language"),
        ("[languages.xx]", "site.toml:5:12: error CL407 `languages.xx`: “xx” is no language"),
        ("[languages.ru]", ""),
    ],
)
def test_a_language_nobody_speaks_is_told(site: TinySite, settings: str, expected: str) -> None:
    site.write("site.toml", f'[site]\nid = "a.example"\ntitle = "A"\nbase_url = "https://a.example/"\n{settings}\n')
    assert told(site, "CL407") == ([f"{expected} Write a tag such as en, ru or pt-BR."] if expected else [])


def test_an_alias_is_the_same_however_it_is_written(site: TinySite) -> None:
    site.post("a", aliases="[/old/caf%C3%A9.php]")
    site.post("b", aliases="[/OLD/café.php]")
    assert told(site, "CL709") == [
        (
            "content/posts/b.md:4:11: error CL709 this and content/posts/a.md both have the alias “/OLD/café.php” "
            "Take it out of one of them."
        )
    ]


@pytest.mark.parametrize("name", ["demonstration", "new"])
def test_what_we_make_asks_for_nothing_without_effect(site: TinySite, name: str) -> None:
    if name == "new":
        for path, text in site_files("A", date(2026, 11, 1), ("", "")).items():
            site.write(path, text)
    else:
        root = Path(__file__).parent.parent
        copytree(root / "content", site.root / "content", dirs_exist_ok=True)
        site.write("site.toml", (root / "site.toml").read_text(encoding="utf-8"))
    codes = {problem.code for problem in site.build().problems}
    assert codes.isdisjoint({"CL129", "CL418", "CL131", "CL132", "CL533", "CL534"})
