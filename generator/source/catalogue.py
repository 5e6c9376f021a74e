"""Catalogues of words (`locales/ru.toml`): a text by key, or texts by plural category; each mistake has its place."""

from typing import Any

from generator.model.problem import Problem
from generator.source.places import KeyPath
from generator.source.toml import read_toml

PLURALS = ("zero", "one", "two", "few", "many", "other")
"""CLDR's plural categories; which of them a language has is in its plural rules."""

_HINT = 'Write key = "text", or a table of plural forms with `other` among them.'


def read_catalogue(text: str, path: str) -> tuple[dict[str, str | dict[str, str]], tuple[Problem, ...]]:
    """The words of a catalogue in TOML, and what is wrong with it (CL316); what is wrong is left out."""
    reading = read_toml(text, path)
    problems = list(reading.problems)
    strings: dict[str, str | dict[str, str]] = {}

    def refuse(place: KeyPath, message: str) -> None:
        problems.append(Problem("error", "CL316", message, path, *reading.places.key(place), _HINT))

    for key, value in (reading.value or {}).items():
        if isinstance(value, str):
            strings[key] = value
        elif isinstance(value, dict):
            wrong = _wrong_form(value)
            if wrong is None:
                strings[key] = {category: str(form) for category, form in value.items()}
            else:
                refuse((key, wrong) if wrong else (key,), _said(key, wrong, value))
        else:
            refuse((key,), f"“{key}” is neither a text nor a table of plural forms")
    return strings, tuple(problems)


def _wrong_form(forms: dict[str, Any]) -> str | None:
    """The plural form that is wrong, '' when `other` is missing, None when all is well."""
    for category, form in forms.items():
        if category not in PLURALS or not isinstance(form, str):
            return category
    return None if "other" in forms else ""


def _said(key: str, wrong: str, forms: dict[str, Any]) -> str:
    if not wrong:
        return f"“{key}” has plural forms but not “other”, which every language needs"
    if wrong not in PLURALS:
        return f"“{key}.{wrong}” is no plural form; there are {', '.join(PLURALS)}"
    return f"“{key}.{wrong}” is a {type(forms[wrong]).__name__}, not a text"
