"""What is known of the pictures a site shows, kept from build to build: their files need not be read again."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct, field, structs

from generator.engine.digest import digest_value
from generator.engine.sealed import Unusable, load_sealed, save_sealed
from generator.engine.versions import versions
from generator.model.document import File, Media

_FILE = "pictures"
_MAGIC = b"clarion pictures 1\n"


class _Kept(Struct, frozen=True):
    """Pictures by the digest of their file, without its path; `made_by` is all else that looking at one depends on."""

    made_by: str = ""
    pictures: dict[str, Media] = field(default_factory=dict)


def load_known(state: Path, max_pixels: int) -> Mapping[str, Media]:
    """The pictures that were shown last, by the digest of their file; nothing when that cannot be believed."""
    kept = _load(state)
    return kept.pictures if kept.made_by == _made_by(max_pixels) else {}


def save_known(state: Path, max_pixels: int, shown: Iterable[Media]) -> None:
    """Keep what is known of the pictures that are shown, and of no other. Raises: OSError."""
    kept = _Kept(_made_by(max_pixels), {each.digest: structs.replace(each, path="") for each in shown})
    if not kept.pictures:
        (state / _FILE).unlink(missing_ok=True)
    elif kept != _load(state):
        save_sealed(state / _FILE, kept, _MAGIC)


def recall(known: Mapping[str, Media], file: File) -> Media | None:
    """What is known of a picture file; None when it was not shown last."""
    found = known.get(file.digest)
    return structs.replace(found, path=file.path) if found is not None else None


def _load(state: Path) -> _Kept:
    try:
        return load_sealed(state / _FILE, _Kept, _MAGIC)
    except Unusable:
        return _Kept()


def _made_by(max_pixels: int) -> str:
    return digest_value((versions(), max_pixels))
