"""CSV (RFC 4180): the first row names the columns, each further row becomes a mapping."""

import csv
import io
from typing import Any

from generator.model.problem import Problem
from generator.source.places import Places, Reading


def read_csv(text: str, path: str = "") -> Reading:
    """The rows of a CSV text as mappings of text by column name; empty lines are passed over."""
    rows: list[dict[str, Any]] = []
    problems: list[Problem] = []

    def say(message: str, line: int, hint: str) -> None:
        problems.append(Problem("error", "CL107", message, path, line, 1, hint))

    reader = csv.reader(io.StringIO(text), strict=True)
    line = 1
    names: list[str] = []
    try:
        for row in reader:
            here, line = line, reader.line_num + 1
            if not row:
                continue
            if not names:
                names = [name.strip() for name in row]
                _check_names(names, here, say)
                continue
            if len(row) != len(names):
                say(
                    f"{len(row)} cells where the first row names {len(names)} columns", here, "Quote cells with commas."
                )
                continue
            rows.append(dict(zip(names, row, strict=True)))
    except csv.Error as error:
        say(f"this is not CSV: {error}", line, "Double each quotation mark inside a quoted cell.")
    return Reading(rows, Places(), tuple(problems), readable=not problems)


def _check_names(names: list[str], line: int, say: Any) -> None:
    if len(names) == 1 and ";" in names[0]:
        say("the columns are separated by semicolons", line, "Save it with commas.")
    elif not all(names):
        say("a column without a name", line, "Name every column in the first row.")
    elif len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        say(f"two columns are named “{twice}”", line, "Rename one.")
