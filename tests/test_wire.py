"""What travels to another process comes back equal, nothing is run by reading it, and nobody reads what is damaged."""

import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from generator.engine import parcels
from generator.engine.executors import Serial, Submitting
from generator.engine.parcels import Answer, Parcel, Sending, answer
from generator.engine.refusal import Refused
from generator.engine.wire import Packer, opened
from generator.model.document import Card
from generator.model.job import Setup, Shared, TextOf, View
from generator.model.problem import Problem
from tests.conftest import TinySite

VERSIONS = {"Python": "3", "clarion": "1", "source": "aa"}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False)
    | TEXTS
    | st.binary(max_size=8)
)
STRUCTS = (
    st.builds(Problem, st.sampled_from(["error", "warning", "note"]), TEXTS, TEXTS)
    | st.builds(Setup, TEXTS, TEXTS, TEXTS, TEXTS)
    | st.builds(TextOf, TEXTS)
)
VALUES = st.recursive(
    PLAIN | STRUCTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(TEXTS | st.integers(0, 9), inner, max_size=3)
        | st.builds(View, TEXTS, st.lists(inner, max_size=3).map(tuple))
        | st.builds(Shared, TEXTS, inner)
    ),
    max_leaves=20,
)


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal and of the same types all through: 1 is not True, and a tuple is no list."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, Struct):
        return all(same(getattr(one, name), getattr(other, name)) for name in one.__struct_fields__)
    return bool(one == other)


@given(st.dictionaries(TEXTS, VALUES, max_size=3))
@settings(max_examples=150, deadline=None)
def test_what_travels_comes_back_as_it_was(values: dict[str, Any]) -> None:
    assert same(opened(Packer().parcel(values), {}), values)


@given(st.lists(PLAIN | STRUCTS, max_size=4))
@settings(max_examples=50, deadline=None)
def test_what_occurs_often_or_is_shared_comes_back_as_it_was_too(values: list[Any]) -> None:
    problem, shared = Problem("note", "CL999", "so it is"), Shared("aa", {"many": (1, 2)})
    given_values = {"values": [*values, problem, (problem, problem)], "shared": (shared, [shared])}
    packer = Packer(frozenset({Problem}), Shared)
    parcel = packer.parcel(given_values)
    found = opened(parcel, packer.names)
    assert same(found["values"], given_values["values"])
    assert found["shared"][0] == {"many": (1, 2)}
    assert found["values"][-1][0] is found["values"][-1][1]
    assert parcel.count(b"so it is") == 1 + Packer().parcel({"values": values}).count(b"so it is")


def test_all_that_a_build_sends_comes_back_as_it_was(site: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nouns of the program themselves: entries, cards, bodies, settings, declarations, themes, views."""
    pack = Packer.parcel
    sent: list[dict[str, Any]] = []

    def noted(packer: Packer, values: dict[str, Any]) -> bytes:
        sent.append(values)
        return pack(packer, values)

    site.post("elm", "See [the ash](ash.md).\n\n## Part\n\nMore[^1].\n\n[^1]: A note.", tags="[water]")
    site.post("ash", "Words.", series="{ name: Trees, part: 1 }", tags="[water, air]")
    monkeypatch.setattr(Packer, "parcel", noted)
    assert site.build().ok
    monkeypatch.undo()
    assert [values for values in sent if not same(opened(Packer().parcel(values), {}), values)] == []
    assert {"Theme", "_Rules"} <= {type(values.get("value")).__name__ for values in sent}
    assert {"jobs", "files"} <= {name for values in sent for name in values}


class Foreign(Struct, frozen=True):
    """A struct of a module that a worker does not know."""

    name: str = ""


@pytest.mark.parametrize("value", [{1, 2}, object(), Path("a"), 1j, [({"a": frozenset()},)], View("a", (set(),))])
def test_what_does_not_travel_is_a_mistake_of_the_program(value: Any) -> None:
    with pytest.raises(TypeError, match="does not travel"):
        Packer().parcel({"value": value})


@pytest.mark.parametrize("value", [2**64, -(2**63) - 1, "\ud800"])
def test_numbers_and_texts_beyond_all_measure_do_not_travel(value: Any) -> None:
    with pytest.raises(TypeError, match="does not travel"):
        Packer().parcel({"value": value})


def test_a_struct_of_another_program_is_not_opened_unless_it_is_known() -> None:
    parcel = Packer().parcel({"value": Foreign("a")})
    with pytest.raises(msgspec.DecodeError, match="not known here"):
        opened(parcel, {})
    assert opened(parcel, {}, known=("tests.test_wire",)) == {"value": Foreign("a")}


def struct_named(name: Any, content: Any = b"\x80") -> bytes:
    """A parcel with one struct in it, said to be of that type."""
    return msgspec.msgpack.encode(([], {"value": [3, name, content]}))


@pytest.mark.parametrize(
    "name",
    [
        "antigravity:anything",
        "os:system",
        "subprocess:Popen",
        "generatorx:Struct",
        "generator:os",
        "generator..os:system",
        "generator.engine.wire:import_module",
        "generator.engine.wire:msgspec.Struct",
        "generator.build:subprocess.Popen",
        "generator.model.job:Struct",
        "generator.model.job:View.__init__",
        "generator.no_such_module:View",
        "generator.model.job:NoSuchName",
        "generator.model.job",
        "",
        ":",
        "\x00:\x00",
        7,
        None,
        ["generator"],
    ],
)
def test_a_hostile_parcel_names_nothing_but_our_own_structs(name: Any) -> None:
    """Nor is a module of others imported for it, which would run what is in it."""
    before = set(sys.modules)
    for content in (b"\x80", ["rm", "-r"], None, 3):
        with pytest.raises(msgspec.DecodeError):
            opened(struct_named(name, content), {})
    with pytest.raises(msgspec.DecodeError):
        opened(msgspec.msgpack.encode(([(name, b"\x80")], {})), {})
    assert {module for module in set(sys.modules) - before if not module.startswith("generator")} == set()


@pytest.mark.parametrize(
    "value",
    [
        [],
        [0, [9, 1]],
        [4, 0],
        [4, "a"],
        [3],
        [3, "generator.model.job:Setup"],
        [2],
        [2, 5],
        [5],
        [-1],
        [None],
        [[], []],
    ],
)
def test_a_parcel_of_another_shape_is_damaged(value: Any) -> None:
    with pytest.raises(msgspec.DecodeError):
        opened(msgspec.msgpack.encode(([], {"value": value})), {})


def test_a_parcel_of_endless_depth_is_damaged() -> None:
    for deep in (b"\x92\x00", b"\x92\x01", b"\x91"):
        with pytest.raises(msgspec.DecodeError):
            opened(b"\x92\x90\x81\xa5value" + deep * 50_000 + b"\x01", {})


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_damaged_bytes_are_refused_or_are_another_value(data: st.DataObject) -> None:
    """A byte that is another may make another value, but never anything else than a value."""
    parcel = bytearray(Packer().parcel({"a": (1, [View("x", (Setup("a", "b", "c", "d"),))]), "b": {"c": None}}))
    for _ in range(data.draw(st.integers(1, 3))):
        parcel[data.draw(st.integers(0, len(parcel) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(parcel)))
    for damaged in (bytes(parcel), bytes(parcel[:cut])):
        try:
            assert isinstance(opened(damaged, {}), dict)
        except (msgspec.DecodeError, KeyError):
            continue


def test_a_digest_that_nobody_has_is_told() -> None:
    parcel = Packer(named=Shared).parcel({"value": Shared("aa", 1)})
    with pytest.raises(KeyError, match="aa"):
        opened(parcel, {})


# Parcels: what is shared travels once


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that has just begun."""
    parcels._remembered.clear()


def told(values: dict[str, Any]) -> bytes:
    """What a worker got, in words."""
    shared = values["shared"]
    return repr((values["value"], sorted(shared.items()))).encode()


def work(parcel: bytes) -> bytes:
    """The work of a worker with the same versions."""
    return answer(parcel, VERSIONS, told)


class Counting(Serial):
    """Keeps the sizes of the parcels it was given."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def run(self, work: Any, parcels: Any) -> Any:
        """As ever, and counts."""
        for parcel in parcels:
            self.sizes.append(len(parcel))
            yield work(parcel)


def test_a_worker_that_lacks_shared_values_says_which_and_gets_them_once_more(forgetful: None) -> None:
    sending = Sending(VERSIONS)
    sending.share("aa", {"large": "x" * 5000})
    sending.share("bb", (1, 2))
    counting = Counting()
    answers = []
    for number, content in enumerate(
        sending.send(counting, work, (sending.parcel({"value": n}, ("aa", "bb")) for n in range(12)))
    ):
        answers.append(content)
        if number == 9:
            parcels._remembered.clear()
    assert answers == [repr((n, [("aa", {"large": "x" * 5000}), ("bb", (1, 2))])).encode() for n in range(12)]
    large = [size > 5000 for size in counting.sizes]
    assert large == [True] * 8 + [False] * 2 + [False, True] + [False]


def test_a_worker_names_exactly_the_digests_it_lacks(forgetful: None) -> None:
    parcels._remembered["aa"] = 1
    parcel = Parcel(Packer().parcel({"value": 1}), ("aa", "bb", "cc"), {}, VERSIONS, 7)
    answered = msgspec.msgpack.decode(work(msgspec.msgpack.encode(parcel)), type=Answer)
    assert answered == Answer(missing=("bb", "cc"), number=7)


class Careless(Serial):
    """Gives what `change` makes of all answers."""

    def __init__(self, change: Callable[[list[bytes]], Iterable[bytes]]) -> None:
        self.change = change

    def run(self, work: Any, parcels: Any) -> Any:
        """All answers, as they should not be."""
        return iter(self.change([work(parcel) for parcel in parcels]))


@pytest.mark.parametrize("change", [reversed, lambda found: found[1:], lambda found: [b"junk", *found]])
def test_an_answer_to_another_parcel_is_refused(
    forgetful: None, change: Callable[[list[bytes]], Iterable[bytes]]
) -> None:
    """It would be kept for the wrong text, and found there by later builds."""
    sending = Sending(VERSIONS)
    with pytest.raises(Refused) as caught:
        list(sending.send(Careless(change), work, [sending.parcel({"value": number}) for number in range(3)]))
    assert caught.value.problem.code == "CL346"


def test_a_worker_remembers_so_much_and_no_more(forgetful: None) -> None:
    """What was wanted last stays; a parcel that needs more than is kept at most is still done."""
    sending = Sending(VERSIONS)
    for number in range(2000):
        sending.share(f"{number}", number)
    names = [[f"{number}", "0"] for number in range(1, 1000)]
    list(sending.send(Serial(), work, (sending.parcel({"value": 0}, each) for each in names)))
    assert len(parcels._remembered) == parcels._REMEMBERED
    assert {"0", "999"} <= parcels._remembered.keys()
    everything = [f"{number}" for number in range(2000)]
    (content,) = sending.send(Serial(), work, [sending.parcel({"value": 0}, everything)])
    assert content.count(b"('") == 2000
    list(sending.send(Serial(), work, [sending.parcel({"value": 0}, ["1"])]))
    assert len(parcels._remembered) == parcels._REMEMBERED


@pytest.mark.parametrize(
    ("there", "words"),
    [
        ({**VERSIONS, "Python": "4"}, "a worker has Python 4 where this machine has 3"),
        ({"Python": "3", "source": "aa"}, "a worker has clarion not at all where this machine has 1"),
        ({**VERSIONS, "source": "bb"}, "a worker has another state of Clarion’s source"),
    ],
)
def test_a_worker_with_other_versions_is_refused_by_name(forgetful: None, there: dict[str, str], words: str) -> None:
    sending = Sending(VERSIONS)
    with pytest.raises(Refused) as caught:
        list(
            sending.send(Serial(), lambda parcel: answer(parcel, there, told), [sending.parcel({"value": 1})]),
        )
    assert (caught.value.problem.code, caught.value.problem.message) == ("CL921", words)


def test_threads_of_a_worker_take_turns(forgetful: None) -> None:
    """Parsing and drawing keep tools that one at a time may use."""
    sending = Sending(VERSIONS)
    sending.share("aa", 1)
    at_work = most = 0

    def counted(_values: dict[str, Any]) -> bytes:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        time.sleep(0.005)
        at_work -= 1
        return b"done"

    with ThreadPoolExecutor(4) as pool:
        executor = Submitting(pool, 4, here=False)
        parcels = (sending.parcel({"value": number}, ("aa",)) for number in range(12))
        answers = list(sending.send(executor, lambda parcel: answer(parcel, VERSIONS, counted), parcels))
    assert (answers, most) == ([b"done"] * 12, 1)


def test_a_card_travels_once_in_a_parcel_however_many_pages_show_it() -> None:
    card = Card("content/posts/a.md", "/a/", "a", "A title that is seen once", "en")
    parcel = Packer(frozenset({Card})).parcel({"jobs": tuple({"cards": (card, card)} for _ in range(5))})
    assert parcel.count(b"A title that is seen once") == 1
