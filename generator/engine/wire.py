"""Values as bytes and back, so that a job can be done in another process or on another machine.

Texts, bytes, numbers, tuples, lists, mappings and frozen structs travel; anything else is a mistake of the program. A
value comes back equal to what was sent: tuples stay tuples. Nothing is ever run by reading it. What a struct holds as
`dict[str, Any]` is plain data (lists, mappings, texts, numbers); what it holds as `Any` may be anything that travels.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import import_module
from typing import Any, get_args, get_origin

import msgspec

_PLAIN = frozenset({type(None), bool, int, float, str, bytes})
_TUPLE, _LIST, _MAPPING, _STRUCT, _AGAIN, _NAMED, _MANY = range(7)
_KNOWN = ("generator",)
_encoder = msgspec.msgpack.Encoder()
_parcel_decoder = msgspec.msgpack.Decoder(tuple[list[tuple[str, bytes]], dict[str, Any]])


class Packer:
    """Packs values by name into one parcel.

    Structs of the types `repeated` go into it once, however often they occur. Of a struct of the type `named` (with
    `digest` and `value`) only the digest goes into it; `names` collects the values. `written` are structs that other
    parcels have repeated, with their bytes, by identity: it is read and added to.
    """

    def __init__(
        self,
        repeated: frozenset[type] = frozenset(),
        named: type | None = None,
        written: dict[int, tuple[Any, bytes]] | None = None,
    ) -> None:
        self._repeated = repeated
        self._named = named
        self._written = {} if written is None else written
        self._numbers: dict[int, int] = {}
        self._table: list[tuple[str, bytes]] = []
        self.names: dict[str, Any] = {}

    def parcel(self, values: Mapping[str, Any]) -> bytes:
        """The values as bytes. Raises: TypeError for what does not travel."""
        packed = {name: self._pack(value) for name, value in values.items()}
        try:
            return _encoder.encode((self._table, packed))
        except (OverflowError, UnicodeEncodeError) as error:
            raise TypeError(f"a number or a text does not travel: {error}") from error

    def _pack(self, value: Any) -> Any:
        kind: Any = type(value)
        if kind in _PLAIN:
            return value
        if kind in self._repeated:
            return [_AGAIN, self._number(value, kind)]
        if kind is tuple:
            return self._tuple(value)
        if kind is list:
            return [_LIST, *[inner if type(inner) in _PLAIN else self._pack(inner) for inner in value]]
        if isinstance(value, dict):
            packed = {key: inner if type(inner) in _PLAIN else self._pack(inner) for key, inner in value.items()}
            return [_MAPPING, packed]
        if not isinstance(value, msgspec.Struct):
            raise TypeError(f"{kind.__name__} does not travel")
        if kind is self._named:
            digest: str = getattr(value, "digest")  # noqa: B009 - which struct it is, is for the caller to say
            self.names[digest] = getattr(value, "value")  # noqa: B009
            return [_NAMED, digest]
        return self._struct(value, kind)

    def _number(self, value: Any, kind: type) -> int:
        """The place in the table of a value that goes into the parcel once."""
        number = self._numbers.get(id(value))
        if number is None:
            number = self._numbers[id(value)] = len(self._table)
            found = self._written.get(id(value))
            if found is None:
                # what is known by its identity must not make room for another value, so it is kept
                found = self._written[id(value)] = (value, _encoder.encode(value))
            self._table.append((_name(kind), found[1]))
        return number

    def _tuple(self, values: tuple[Any, ...]) -> Any:
        if not values:
            return [_TUPLE]
        kinds = set(map(type, values))
        if len(kinds) == 1:
            (kind,) = kinds
            if kind not in _PLAIN and kind not in self._repeated and kind is not self._named and _is_closed(kind):
                return [_MANY, _name(kind), _encoder.encode(values)]
        return [_TUPLE, *[inner if type(inner) in _PLAIN else self._pack(inner) for inner in values]]

    def _struct(self, value: msgspec.Struct, kind: type[msgspec.Struct]) -> Any:
        if _may_hold_anything(kind):
            return [_STRUCT, _name(kind), [self._pack(getattr(value, name)) for name in kind.__struct_fields__]]
        return [_STRUCT, _name(kind), _encoder.encode(value)]


def opened(parcel: bytes, names: Mapping[str, Any], known: tuple[str, ...] = _KNOWN) -> dict[str, Any]:
    """The values of a parcel by name; `names` are those by digest.

    Only structs of the modules and packages `known` come out of it. Raises: KeyError for a digest that is not among
    the names, msgspec.DecodeError for bytes that are no parcel or hold anything else.
    """

    def unpack(value: Any) -> Any:
        if type(value) is not list:
            return value
        kind = value[0]
        if kind == _AGAIN:
            return again[value[1]]
        if kind == _TUPLE:
            return tuple([unpack(inner) if type(inner) is list else inner for inner in value[1:]])
        if kind == _MANY:
            return _struct_type(value[1], known)[2](value[2])
        if kind == _STRUCT:
            found, read, _ = _struct_type(value[1], known)
            if isinstance(value[2], bytes):
                return read(value[2])
            return found(*[unpack(inner) if type(inner) is list else inner for inner in value[2]])
        if kind == _NAMED:
            return names[value[1]]
        if kind == _LIST:
            return [unpack(inner) for inner in value[1:]]
        if kind == _MAPPING:
            return {key: unpack(inner) if type(inner) is list else inner for key, inner in value[1].items()}
        raise ValueError(f"there is no kind {kind}")

    try:
        table, packed = _parcel_decoder.decode(parcel)
        again = [_repeated(name, content, known) for name, content in table]
        return {name: unpack(value) for name, value in packed.items()}
    except (AttributeError, ImportError, IndexError, RecursionError, TypeError, ValueError) as error:
        raise msgspec.DecodeError(f"no parcel of this program: {error}") from error


@lru_cache(maxsize=256)
def _name(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


@lru_cache(maxsize=256)
def _is_closed(kind: type) -> bool:
    """Whether MessagePack alone gives back structs of this type as they were."""
    return issubclass(kind, msgspec.Struct) and not _may_hold_anything(kind)


@lru_cache(maxsize=256)
def _may_hold_anything(kind: type[msgspec.Struct]) -> bool:
    """Whether a struct may hold values of any type, also deep in it, which MessagePack alone would not give back."""
    return _is_open(kind, frozenset())


def _is_open(annotation: Any, seen: frozenset[Any]) -> bool:
    if annotation is Any:
        return True
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        if annotation in seen:
            return False
        return any(_is_open(field.type, seen | {annotation}) for field in msgspec.structs.fields(annotation))
    inner = get_args(annotation)
    if get_origin(annotation) is dict and inner[1] is Any:
        return False
    return any(_is_open(each, seen) for each in inner)


@lru_cache(maxsize=4096)
def _repeated(name: str, content: bytes, known: tuple[str, ...]) -> Any:
    """A struct that a parcel repeats, and most likely the next one too: a card stands on many pages."""
    return _struct_type(name, known)[1](content)


@lru_cache(maxsize=256)
def _struct_type(
    name: str, known: tuple[str, ...]
) -> tuple[type[msgspec.Struct], Callable[[bytes], Any], Callable[[bytes], Any]]:
    """A type of struct by its name, what reads one, what reads several. What a module uses of others is not known."""
    module, _, qualified = name.partition(":")
    if not any(module == each or module.startswith(f"{each}.") for each in known):
        raise TypeError(f"{name} is not known here")
    found: Any = import_module(module)
    for part in qualified.split("."):
        found = getattr(found, part)
    if not (isinstance(found, type) and issubclass(found, msgspec.Struct) and _name(found) == name):
        raise TypeError(f"{name} is no struct")
    several: Any = tuple[found, ...]
    return found, msgspec.msgpack.Decoder(found).decode, msgspec.msgpack.Decoder(several).decode
