"""The Nu HTML checker over every page, stylesheet and drawing of a built site."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from tests.judge.programs import run
from tests.judge.site import BuiltSite, Finding

JAR = Path("vnu-jar/build/dist/vnu.jar")
STACK = "-Xss8m"
FORMS = ((".html", ()), (".css", ("--css",)), (".svg", ("--svg",)))


def judge(site: BuiltSite, java: str, modules: Path) -> tuple[list[Finding], list[Finding]]:
    """Errors and warnings. One run for each kind of file: the checker reads a folder's other files as HTML.

    Raises RuntimeError where the checker itself fails.
    """
    errors, warnings = [], []
    for suffix, options in FORMS:
        files = [str(site.folder / path) for path in site.with_suffix(suffix)]
        if not files:
            continue
        command = [java, STACK, "-jar", str(modules / JAR), "--format", "json", "--exit-zero-always", *options, *files]
        done = run(command)
        try:
            messages = json.loads(done.stderr)["messages"]
        except (ValueError, KeyError):
            raise RuntimeError(f"the Nu checker failed (exit {done.returncode}): {done.stderr[-2000:]}") from None
        for message in messages:
            finding = Finding(
                _path_of(site, message.get("url", "")), message.get("lastLine", 0), message.get("message", "")
            )
            if message["type"] == "info":
                warnings.append(finding)
            else:
                errors.append(finding)
    return sorted(errors), sorted(warnings)


def without_allowed(warnings: Sequence[Finding], allowed: Sequence[tuple[str, str]]) -> list[Finding]:
    """The warnings that no pair of (pattern, reason) answers; the pattern must match the whole message."""
    return [
        warning for warning in warnings if not any(re.fullmatch(pattern, warning.message) for pattern, _ in allowed)
    ]


def _path_of(site: BuiltSite, url: str) -> str:
    _, marker, path = url.partition(f"{site.folder.as_posix()}/")
    return path if marker else url
