"""The options that every verb has, and those that several have."""

import functools
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from msgspec import Struct

_DAY_OF_YEAR_9999 = 253_402_300_799

without_option = click.option(
    "--without", multiple=True, metavar="PATH", help="Leave this text out, whatever is wrong with it."
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Work in N processes (default: as many as pay).",
)


class Common(Struct, frozen=True):
    """What every verb is told: the site's folder (absolute), settings for this run, the instant (UTC seconds)."""

    site: Path
    overrides: tuple[str, ...]
    format: str
    strict: bool
    now: int
    now_is_fixed: bool

    @property
    def json(self) -> bool:
        """Whether one JSON object is wanted instead of sentences."""
        return self.format == "json"

    def instant(self) -> int:
        """The instant of a build that begins now, in UTC seconds: the given one, or the clock's."""
        return self.now if self.now_is_fixed else int(time.time())


def zone_of(site: Path, overrides: tuple[str, ...]) -> ZoneInfo:
    """The site's time zone; UTC while its settings cannot be read, which the verb itself will tell."""
    from generator.config import load_config

    config, _ = load_config(site, overrides)
    try:
        return ZoneInfo(config.site.timezone if config else "UTC")
    except (ValueError, OSError):
        return ZoneInfo("UTC")


def common(verb: Callable[..., int | None]) -> Callable[..., int | None]:
    """Give a verb the common options as its first argument, a `Common`.

    Whatever a killed preview left in `.clarion/preview/` is removed before the verb begins.
    """

    @functools.wraps(verb)
    def call(
        site: Path, overrides: tuple[str, ...], output_format: str, strict: bool, now_text: str | None, **rest: Any
    ) -> int | None:
        from generator.serve.folder import sweep

        root = site.resolve()
        sweep(root)
        now, fixed = _now(now_text, root, overrides)
        return verb(Common(root, overrides, output_format, strict, now, fixed), **rest)

    wrapped: Callable[..., int | None] = call
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def _overrides(_ctx: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        name, equals, _ = value.partition("=")
        if not equals or not name.strip():
            raise click.BadParameter(f"{value!r} is not of the form name=value, such as site.title='\"Water\"'.")
    return values


def _now(text: str | None, site: Path, overrides: tuple[str, ...]) -> tuple[int, bool]:
    if text is None:
        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        if epoch is None:
            return int(time.time()), False
        # https://reproducible-builds.org/specs/source-date-epoch/: ASCII digits, seconds of the Unix epoch
        if not (epoch.isascii() and epoch.isdigit() and int(epoch) <= _DAY_OF_YEAR_9999):
            raise click.UsageError(f"SOURCE_DATE_EPOCH is {epoch!r}; it is a number of seconds, such as 1764547200.")
        return int(epoch), True
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone_of(site, overrides))
        return int(moment.astimezone(UTC).timestamp()), True
    except (ValueError, OverflowError):
        raise click.BadParameter(
            f"{text!r} is not an instant of ISO 8601; write 2026-12-01T09:00:00Z, or 2026-12-01.", param_hint="'--now'"
        ) from None


_OPTIONS = (
    click.option(
        "--site",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=".",
        metavar="DIR",
        help="The folder of the site (default: where you are).",
    ),
    click.option(
        "--set",
        "overrides",
        multiple=True,
        callback=_overrides,
        metavar="A.B=TOML",
        help="A setting for this run only, such as site.title='\"Water\"'; can be repeated.",
    ),
    click.option(
        "--format",
        "output_format",
        type=click.Choice(["text", "json"]),
        default="text",
        help="Sentences, or one JSON object.",
    ),
    click.option("--strict/--no-strict", default=False, help="Count warnings as errors."),
    click.option(
        "--now",
        "now_text",
        metavar="INSTANT",
        help="Work as if it were this instant (ISO 8601; without an offset in the site's zone).",
    ),
)
