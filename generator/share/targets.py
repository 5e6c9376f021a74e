"""The places an article can be passed on to, as data: ours, and what a site adds to them or changes in them."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

import msgspec
from msgspec import Struct

from generator.config import SETTINGS_FILE, Config, ShareSettings
from generator.model.problem import Problem
from generator.source.places import Places
from generator.source.suggest import did_you_mean

SITE_FILE = "content/data/share_targets.toml"
EXAMPLE = 'Write [friendica] and below it name = "Friendica" and template = "https://example.org/compose?body={ut}".'
PLACEHOLDERS = ("u", "t", "ut", "title", "h", "tag", "via", "image", "subject", "body")

_NOWHERE = Places(start=(0, 0))
_ID = re.compile(r"[a-z][a-z0-9_-]*")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_CARRIES_THE_ADDRESS = ("{u}", "{ut}", "{body}")
_STAND_ALONE = re.compile(r"[A-Za-z0-9:/?#\[\]@!$&'()*+,;=._~%-]*")
# A link of these schemes runs in the page, reads the reader's disk or goes over the wire in the clear.
_REFUSED_SCHEMES = frozenset({"javascript", "data", "vbscript", "file", "blob", "about", "http", "filesystem"})
# The list under an article in its order; more than six are a wall of logos.
_ROW = 6


class ShareTarget(Struct, frozen=True, cache_hash=True):
    """One way to pass an article on; `targets.toml` says what each field means.

    `url_cost` is -1 for the address's own length. `off` is the reason why it is not offered unless a site asks for it.
    """

    id: str
    name: str
    template: str = ""
    row: int = 0
    more: int = 0
    text_limit: int = 0
    limit_kind: Literal["none", "weighted", "graphemes", "characters"] = "none"
    url_cost: int = 0
    hashtags: Literal["none", "text"] = "none"
    off: str = ""
    risk: str = ""
    checked_on: str = ""
    doc: str = ""

    @property
    def takes(self) -> frozenset[str]:
        """The placeholders of its template."""
        return _placeholders(self.template)


@lru_cache(maxsize=128)
def _placeholders(template: str) -> frozenset[str]:
    return frozenset(_PLACEHOLDER.findall(template))


@lru_cache(maxsize=1)
def own_targets() -> dict[str, ShareTarget]:
    """The targets that come with Clarion, by id."""
    tables = tomllib.loads((files(__package__) / "targets.toml").read_text(encoding="utf-8"))
    return {name: _target(name, table) for name, table in tables.items()}


def load_targets(
    site_data: Mapping[str, Any] | None = None, path: str = SITE_FILE, places: Places = _NOWHERE
) -> tuple[dict[str, ShareTarget], tuple[Problem, ...]]:
    """Clarion's targets with what a site's `share_targets.toml` adds, or changes field by field.

    `site_data` is that file as read, with the `places` of its keys. A table that cannot be used is left out and becomes
    a Problem (CL525).
    """
    targets = dict(own_targets())
    problems: list[Problem] = []
    for name, table in (site_data or {}).items():
        try:
            targets[name] = _changed(targets.get(name), name, table)
        except ValueError as error:
            message = f"share target `{name}`: {error}"
            problems.append(Problem("error", "CL525", message, path, *places.key((name,)), EXAMPLE))
    return targets, tuple(problems)


def _changed(target: ShareTarget | None, name: str, table: object) -> ShareTarget:
    if not isinstance(table, Mapping):
        raise ValueError("should be a table")
    before = msgspec.to_builtins(target) if target is not None else {}
    before.pop("id", None)
    if before.get("url_cost") == -1:
        before["url_cost"] = "full"
    return _target(name, before | dict(table))


def _target(name: str, table: Mapping[str, Any]) -> ShareTarget:
    if not _ID.fullmatch(name):
        raise ValueError("an id has small letters, digits, hyphens and underscores")
    unknown = [key for key in table if key not in ShareTarget.__struct_fields__ or key == "id"]
    if unknown:
        near = did_you_mean(unknown[0], ShareTarget.__struct_fields__)
        raise ValueError(f"there is no field `{unknown[0]}`. {near}".rstrip(" ."))
    fields: dict[str, Any] = {"name": name.title(), **table, "id": name}
    cost = fields.get("url_cost", 0)
    fields["url_cost"] = -1 if cost == "full" else cost
    if cost == -1:
        raise ValueError('`url_cost` is a number or "full"')
    fields["checked_on"] = str(fields.get("checked_on", ""))
    try:
        target = msgspec.convert(fields, ShareTarget)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error
    _check(target)
    return target


def _check(target: ShareTarget) -> None:
    if not target.template:
        if not target.off:
            raise ValueError("needs a `template`")
        return
    unknown = sorted(target.takes - set(PLACEHOLDERS))
    if unknown:
        raise ValueError(f"the template has `{{{unknown[0]}}}`. {did_you_mean(unknown[0], PLACEHOLDERS)}".rstrip(" ."))
    if not any(placeholder in target.template for placeholder in _CARRIES_THE_ADDRESS):
        raise ValueError("the template has none of `{u}`, `{ut}`, `{body}`, so the address would be missing")
    plain = _PLACEHOLDER.sub("", target.template)
    scheme, colon, _rest = plain.partition(":")
    if not colon or not re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme) or scheme in _REFUSED_SCHEMES:
        raise ValueError("the template should begin with `https://`, or with the scheme of an app")
    if not _STAND_ALONE.fullmatch(plain):
        raise ValueError("the template holds a character that an address cannot have; write it percent-encoded")
    if min(target.text_limit, target.row, target.more) < 0 or target.url_cost < -1:
        raise ValueError("a number is less than zero")
    if bool(target.text_limit) != (target.limit_kind != "none"):
        raise ValueError("`text_limit` and `limit_kind` go together")


def row_and_more(
    settings: ShareSettings, targets: Mapping[str, ShareTarget]
) -> tuple[list[ShareTarget], list[ShareTarget]]:
    """The targets in the row and those under "More ways", in order: as `[share]` names them, else as the targets say.

    A target stands in one of the two; names that are unknown, or have no link, are left out (`check_settings` tells).
    """
    row, more = _row_and_more(settings.targets, settings.more, tuple(targets.items()))
    return list(row), list(more)


# A site has one choice of targets, and asks for it with each of its articles.
@lru_cache(maxsize=16)
def _row_and_more(
    chosen: tuple[str, ...] | None, chosen_more: tuple[str, ...] | None, known: tuple[tuple[str, ShareTarget], ...]
) -> tuple[tuple[ShareTarget, ...], tuple[ShareTarget, ...]]:
    targets = dict(known)
    offered = [target for target in targets.values() if not target.off and target.template]
    if chosen is None:
        named_more = set(chosen_more or ())
        ranked = sorted(
            (target for target in offered if target.row and target.id not in named_more), key=lambda each: each.row
        )
        row = ranked[:_ROW]
    else:
        row = _named(chosen, targets)
    in_row = {target.id for target in row}
    if chosen_more is None:
        rest = [target for target in offered if target.id not in in_row]
        # What a site's settings took out of the row comes first, then ours, then what the site added.
        more = sorted(rest, key=lambda each: (each.row or _ROW + (each.more or len(targets)), each.id))
    else:
        more = [target for target in _named(chosen_more, targets) if target.id not in in_row]
    return tuple(row), tuple(more)


def _named(names: Iterable[str], targets: Mapping[str, ShareTarget]) -> list[ShareTarget]:
    return [targets[name] for name in dict.fromkeys(names) if name in targets and targets[name].template]


def check_settings(config: Config, targets: Mapping[str, ShareTarget]) -> tuple[Problem, ...]:
    """What is wrong in `[share]`: names that are no targets (CL523), targets that are off for a reason (CL524)."""
    problems: list[Problem] = []
    settings = config.share
    for key, names in (("targets", settings.targets), ("more", settings.more), ("via", settings.via)):
        for index, name in enumerate(names or ()):
            target = targets.get(name)
            where = f"`[share] {key}`"
            place = config.place(f"share.{key}.{name if key == 'via' else index}")
            if target is None:
                hint = did_you_mean(name, targets) or f"There are {', '.join(sorted(targets))}."
                message = f"{where} names `{name}`, which is no share target"
                problems.append(Problem("error", "CL523", message, SETTINGS_FILE, *place, hint))
            elif not target.template:
                message = f"{where} names `{name}`, which cannot be linked to"
                problems.append(
                    Problem(
                        "error", "CL524", message, SETTINGS_FILE, *place, f"{target.off[:1].upper()}{target.off[1:]}."
                    )
                )
            elif target.off and key != "via":
                message = f"{where} turns on `{name}`, which is off: {target.off}"
                hint = "Leave it out, or answer this with [[ignore]]."
                problems.append(Problem("warning", "CL524", message, SETTINGS_FILE, *place, hint))
    return tuple(problems)
