"""The catalogues that come with Clarion say the same things, with the same values in them, each in its own grammar."""

import re
import tomllib
from typing import Any

import pytest
from babel import Locale

from generator.theme import bundled_themes

LOCALES = bundled_themes() / "base" / "locales"
ENGLISH = "en"


def read(language: str) -> dict[str, Any]:
    return tomllib.loads((LOCALES / f"{language}.toml").read_text(encoding="utf-8"))


def others() -> list[str]:
    return sorted(path.stem for path in LOCALES.glob("*.toml") if path.stem != ENGLISH)


def values_in(words: str | dict[str, str]) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", " ".join(words.values()) if isinstance(words, dict) else words))


@pytest.mark.parametrize("language", others())
def test_a_catalogue_is_complete_and_says_nothing_else(language: str) -> None:
    assert list(read(language)) == list(read(ENGLISH))


@pytest.mark.parametrize("language", others())
def test_each_text_holds_the_values_that_the_english_one_holds(language: str) -> None:
    english = {key: values_in(words) for key, words in read(ENGLISH).items()}
    assert {key: values_in(words) for key, words in read(language).items()} == english


@pytest.mark.parametrize("language", [ENGLISH, *others()])
def test_what_is_counted_has_every_plural_form_of_its_language(language: str) -> None:
    forms = {*Locale.parse(language).plural_form.tags, "other"}
    counted = {key: set(words) for key, words in read(language).items() if isinstance(words, dict)}
    assert counted == dict.fromkeys(counted, forms)


def test_no_catalogue_lacks_a_count_that_another_has() -> None:
    counted = {
        language: {key for key, words in read(language).items() if isinstance(words, dict)}
        for language in [ENGLISH, *others()]
    }
    assert counted == dict.fromkeys(counted, counted[ENGLISH])
