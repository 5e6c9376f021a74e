"""Work sent to an executor: values in a parcel, and beside them, once for each worker, what many parcels share.

A parcel names what it shares by digest. A worker that lacks some of it answers with the digests it wants, and the
parcel is sent once more with them. A worker with other versions of what shapes an output is refused by name.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from threading import Lock
from typing import Any

import msgspec
from msgspec import Struct

from generator.engine.executors import Executor
from generator.engine.refusal import Refused
from generator.engine.wire import Packer, opened
from generator.model.problem import Problem

_REMEMBERED = 512
_WRITTEN = 4096
"""Structs whose bytes are kept for the parcels to come."""
_AT_FIRST = 8
"""Parcels for each worker that bring a shared value along, before each worker is thought to have it."""


class Parcel(Struct, frozen=True, array_like=True):
    """Packed values, the digests of what they share, what of that is given with them, the sender's versions.

    `number` counts those that are sent, so that an answer can say what it answers.
    """

    values: bytes
    names: tuple[str, ...]
    given: dict[str, bytes]
    versions: dict[str, str]
    number: int = 0


class Answer(Struct, frozen=True, array_like=True):
    """What a worker made of a parcel; or the digests it lacks; or which versions it has instead; or why it refuses.

    `number` is that of the parcel; it stands last, for a worker with an older version says nothing of it.
    """

    content: bytes = b""
    missing: tuple[str, ...] = ()
    versions: str = ""
    refused: Problem | None = None
    number: int = -1


class Sending:
    """Packs values for a work, and sends them. `repeated` and `shared` are types as `Packer` takes them."""

    def __init__(
        self, versions: Mapping[str, str], repeated: frozenset[type] = frozenset(), shared: type | None = None
    ) -> None:
        self._versions = dict(versions)
        self._repeated = repeated
        self._type = shared
        self._shared: dict[str, Any] = {}
        self._packed: dict[str, bytes] = {}
        self._written: dict[int, tuple[Any, bytes]] = {}

    def share(self, digest: str, value: Any) -> None:
        """Let parcels name a value by its digest."""
        self._shared[digest] = value

    def parcel(self, values: Mapping[str, Any], names: Iterable[str] = ()) -> Parcel:
        """The values as a parcel; `names` are digests they name besides the values of the shared type in them."""
        if len(self._written) > _WRITTEN:
            self._written.clear()
        packer = Packer(self._repeated, self._type, self._written)
        content = packer.parcel(values)
        self._shared.update(packer.names)
        return Parcel(content, tuple(dict.fromkeys((*names, *packer.names))), {}, self._versions)

    def send(self, executor: Executor, work: Callable[[bytes], bytes], parcels: Iterable[Parcel]) -> Iterator[bytes]:
        """What `work` makes of each parcel, in order.

        Raises: Refused with CL921 when a worker has other versions, with CL346 when an executor gives something else
        than the answer to the parcel that is next, and with what `work` refuses to do.
        """
        sent: list[Parcel] = []
        times: Counter[str] = Counter()

        def packed() -> Iterator[bytes]:
            for number, each in enumerate(parcels):
                parcel = msgspec.structs.replace(each, number=number)
                sent.append(parcel)
                fresh = [digest for digest in parcel.names if times[digest] < _AT_FIRST * executor.workers]
                times.update(fresh)
                yield self._with(parcel, fresh)

        for content in executor.run(work, packed()):
            parcel = sent.pop(0)
            answer = _answer_to(parcel, content)
            if answer.missing:
                (content,) = executor.run(work, [self._with(parcel, parcel.names)])
                answer = _answer_to(parcel, content)
            if answer.versions:
                hint = "Install the same versions on every machine of the cluster."
                raise Refused(Problem("error", "CL921", f"a worker has {answer.versions}", hint=hint))
            if answer.refused is not None:
                raise Refused(answer.refused)
            yield answer.content

    def _with(self, parcel: Parcel, digests: Iterable[str]) -> bytes:
        given = {digest: self._pack(digest) for digest in digests}
        return _encoder.encode(msgspec.structs.replace(parcel, given=given) if given else parcel)

    def _pack(self, digest: str) -> bytes:
        if digest not in self._packed:
            self._packed[digest] = Packer().parcel({"value": self._shared[digest]})
        return self._packed[digest]


_encoder = msgspec.msgpack.Encoder()
_parcel_decoder = msgspec.msgpack.Decoder(Parcel)
_answer_decoder = msgspec.msgpack.Decoder(Answer)
# A worker’s memory, keyed by content: what parcels share. A worker of a cluster may have several threads, and parsing
# and drawing keep tools that one at a time may use.
_remembered: OrderedDict[str, Any] = OrderedDict()
_one_at_a_time = Lock()


def _answer_to(parcel: Parcel, content: bytes) -> Answer:
    """The answer to a parcel. Raises: Refused with CL346 for another one, and for what no worker made."""
    try:
        found = _answer_decoder.decode(content)
    except msgspec.MsgspecError:
        found = None
    if found is None or (found.number != parcel.number and not found.versions):
        message = "the executor gives something else than the answer to the parcel that is next"
        hint = "An executor answers each parcel, in their order, with what its work gives (docs/plugins.md)."
        raise Refused(Problem("error", "CL346", message, hint=hint))
    return found


def answer(parcel: bytes, versions: Mapping[str, str], work: Callable[[dict[str, Any]], bytes]) -> bytes:
    """A worker's answer to a parcel: what `work` makes of its values."""
    received = _parcel_decoder.decode(parcel)
    others = [name for name in received.versions if versions.get(name) != received.versions[name]]
    if others:
        return _encoder.encode(Answer(versions=_told(others[0], versions, received.versions)))
    with _one_at_a_time:
        for digest, content in received.given.items():
            if digest not in _remembered:
                _remembered[digest] = opened(content, {})["value"]
        missing = tuple(digest for digest in received.names if digest not in _remembered)
        if missing:
            return _encoder.encode(Answer(missing=missing, number=received.number))
        shared = {digest: _remembered[digest] for digest in received.names}
        for digest in received.names:
            _remembered.move_to_end(digest)
        while len(_remembered) > max(_REMEMBERED, len(received.names)):
            _remembered.popitem(last=False)
        try:
            made = work({**opened(received.values, shared), "shared": shared})
            return _encoder.encode(Answer(made, number=received.number))
        except Refused as refusal:
            # Words travel, and an exception with its Problem may not.
            return _encoder.encode(Answer(refused=refusal.problem, number=received.number))


def _told(name: str, here: Mapping[str, str], there: Mapping[str, str]) -> str:
    """What a worker has other than who sent the parcel, in words."""
    if name == "source":
        return "another state of Clarion’s source"
    return f"{name} {here.get(name, 'not at all')} where this machine has {there[name]}"
