"""Digests of 16 bytes: BLAKE2b of what has a name in the output or a file of its own, else SHA-256."""

from hashlib import blake2b, file_digest, sha256
from pathlib import Path
from typing import Any

import msgspec

DIGEST_SIZE = 16

_encoder = msgspec.msgpack.Encoder(order="deterministic")
_as_it_is = msgspec.msgpack.Encoder()


def key_bytes(content: bytes) -> bytes:
    """A digest of some bytes that builds only compare, as 16 bytes.

    Most processors have instructions for SHA-256, which then takes a quarter of the time of BLAKE2b.
    """
    return sha256(content).digest()[:DIGEST_SIZE]


def key_value(value: Any) -> str:
    """A digest of a value that builds only compare, in hexadecimal; the value is of what `digest_value` takes."""
    return key_bytes(encode(value)).hex()


def digest_bytes(content: bytes) -> str:
    """The digest of some bytes (32 hexadecimal digits)."""
    return blake2b(content, digest_size=DIGEST_SIZE).hexdigest()


def digest_file(path: Path) -> str:
    """The digest of a file's bytes, read in pieces.

    Raises: OSError when the file cannot be read.
    """
    with path.open("rb") as stream:
        return file_digest(stream, lambda: blake2b(digest_size=DIGEST_SIZE)).hexdigest()


def encode(value: Any) -> bytes:
    """A value as MessagePack, the same bytes for equal values in every process."""
    return _encoder.encode(value)


def digest_exact(value: Any) -> str:
    """The digest of a value in which the order of a mapping's keys counts, as for a template that shows them."""
    return key_bytes(_as_it_is.encode(value)).hex()


def digest_value(value: Any) -> str:
    """The digest of a value made of structs, tuples, dicts, texts, numbers, dates."""
    return digest_bytes(encode(value))
