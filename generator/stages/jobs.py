"""Jobs: what an output is made from, whole, with the key over all of it."""

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from typing import Any

from msgspec import Struct, msgpack, structs

from generator.engine.digest import key_bytes
from generator.engine.refusal import Refused
from generator.hooks import Fact, Site
from generator.kinds.queries import answer
from generator.kinds.theme_facts import setting_value
from generator.model.document import Card
from generator.model.job import Cause, Job, Output, Setup, Shared, TextOf, View
from generator.model.problem import Problem
from generator.templates import Reading, loose
from generator.theme import catalogue

ALWAYS = ("page", "article")
"""Inputs that every job carries when there are any: functions of a template read them."""
_CUT = 8
_PLAIN = frozenset({type(None), bool, int, float, str})
_encode = msgpack.Encoder().encode


def setup_of(site: Site) -> Setup:
    """The settings of a site that every output reads."""
    config = site.config
    return Setup(config.site.base_url, config.urls.links, config.site.timezone, config.content.date_precision)


class _Kit(Struct, frozen=True):
    """What all outputs of one language that are drawn by the same templates have in common.

    `facts` is the digest of the values of their facts by name.
    """

    inputs: frozenset[str]
    facts: str
    names: tuple[str, ...]
    digests: bytes
    cut: bytes


class Maker:
    """Makes the jobs of a site; `values` holds the facts that jobs made so far name by digest: values by name.

    `texts` are the digests of the documents' texts by path; `environment` are the versions and settings that every key
    holds. Facts are evaluated when the first job that names
    them is made, and once.
    """

    def __init__(
        self,
        site: Site,
        facts: Mapping[str, Fact],
        readings: Mapping[str, Reading],
        keys: Mapping[str, str],
        versions: Mapping[str, str],
        texts: Mapping[str, str],
    ) -> None:
        self.values: dict[str, dict[str, Any]] = {}
        self.assets: dict[str, Any] = {}
        self.setup = setup_of(site)
        settings = {f"setting {name}": str(value) for name, value in structs.asdict(self.setup).items()}
        self.environment = {
            **{f"version {name}": number for name, number in versions.items()},
            **settings,
            "setting theme.form": site.theme.form,
        }
        self._base = key_bytes(_encode(self.environment))
        self._texts = texts
        self._site = site
        self._facts = facts
        self._readings = readings
        self._keys = keys
        self._kits: dict[tuple[str, str], _Kit] = {}
        self._memory: dict[tuple[str, str], tuple[bytes, Any]] = {}
        self._cards: dict[int, tuple[Card, bytes]] = {}
        self._names: dict[tuple[str, ...], tuple[str, ...]] = {}

    def with_texts(self, texts: Mapping[str, str]) -> "Maker":
        """A maker for the same site of which some texts are others; what was digested and evaluated stays."""
        other = copy(self)
        other._texts = {**self._texts, **texts}  # noqa: SLF001 (its own class)
        return other

    def jobs(self, outputs: Sequence[Output]) -> Iterator[tuple[Job, Cause]]:
        """The jobs of some outputs of one round, in their order; those of earlier rounds are done."""
        for output in outputs:
            yield self.job(output)

    def job(self, output: Output) -> tuple[Job, Cause]:
        """The job of an output, and what its key is made of."""
        reading = self._keys.get(output.path, "")
        kit = self._kit(reading, output) if reading or output.kind != "asset" else self._kit_of_asset(output)
        inputs = output.values()
        if reading:
            inputs = {name: value for name, value in inputs.items() if name in kit.inputs}
        told = [_encode(self._told(value)) for value in inputs.values()]
        digests = list(map(key_bytes, told))
        names = (*inputs, *kit.names)
        head = _encode((output.path, output.kind, output.template, output.producer, output.language, *inputs))
        key = key_bytes(b"".join((self._base, head, *digests, kit.digests))).hex()
        job = Job(
            path=output.path,
            kind=output.kind,
            language=output.language,
            template=output.template,
            producer=output.producer,
            source=output.source,
            theme=self._site.theme.digest,
            inputs=inputs,
            facts=kit.facts,
            key=key,
            texts=output.texts,
            size=sum(map(len, told)),
        )
        cut = b"".join([digest[:_CUT] for digest in digests])
        return job, Cause(self._names.setdefault(names, names), cut, kit.cut)

    def card_digest(self, card: Card) -> bytes:
        """The digest of a card, which is there when a job has read it."""
        found = self._cards.get(id(card))
        return found[1] if found is not None else key_bytes(_encode(card))

    def _kit(self, key: str, output: Output) -> _Kit:
        found = self._kits.get((key, output.language))
        if found is not None:
            return found
        reading = self._readings.get(key)
        templates = [(name, self._site.theme.templates[name].digest) for name in reading.templates] if reading else []
        facts = {name: self._fact(name, output.language) for name in sorted(reading.facts)} if reading else {}
        kit = self._kit_with(
            reading.loaded.union(ALWAYS) if reading else frozenset(),
            [(f"template {name}", bytes.fromhex(digest)) for name, digest in templates],
            facts,
        )
        self._kits[key, output.language] = kit
        return kit

    def _kit_of_asset(self, output: Output) -> _Kit:
        """An asset reads the addresses of those it names, which were made before it."""
        facts = {}
        for name in output.values()["names"]:
            value = self.assets.get(name)
            facts[f"asset.{name}"] = (key_bytes(_encode(value)), value)
        return self._kit_with(frozenset(), [], facts)

    def _kit_with(
        self, inputs: frozenset[str], named: list[tuple[str, bytes]], facts: dict[str, tuple[bytes, Any]]
    ) -> _Kit:
        named = [*named, *((f"fact {name}", digest) for name, (digest, _) in facts.items())]
        digests = b"".join(digest for _, digest in named)
        together = key_bytes(digests + _encode([name for name, _ in named])).hex()
        self.values[together] = {name: value for name, (_, value) in facts.items()}
        cut = b"".join(digest[:_CUT] for _, digest in named)
        return _Kit(inputs, together, tuple(name for name, _ in named), digests, cut)

    def _told(self, value: Any) -> Any:
        """A value as what stands for it in a digest: digests for cards and texts, which are digested once."""
        kind = type(value)
        if kind is Card:
            found = self._cards.get(id(value))
            if found is None:
                # the card is kept, for what is known by its identity must not make room for another
                found = self._cards[id(value)] = (value, key_bytes(_encode(value)))
            return found[1]
        if kind is tuple:
            return [inner if type(inner) in _PLAIN else self._told(inner) for inner in value]
        if kind is View:
            return {value.name: self._told(value.arguments)}
        if kind is TextOf:
            if value.path not in self._texts:
                message = f"a plugin asks for the text of “{value.path}”, which is not published"
                raise Refused(Problem("error", "CL346", message, hint="Ask for those of `site.library.entries`."))
            return {"text": self._texts[value.path], "targets": value.targets.packed}
        return {"shared": value.digest} if kind is Shared else value

    def _fact(self, fact: str, language: str) -> tuple[bytes, Any]:
        """The digest and the value of a fact in a language."""
        found = self._memory.get((fact, language))
        if found is None:
            value = self._value(fact, language)
            found = self._memory[fact, language] = (key_bytes(_encode((fact, value))), value)
        return found

    def _value(self, fact: str, language: str) -> Any:
        group, _, name = fact.partition(".")
        site = self._site
        if group == "site":
            if name:
                return self._facts[fact](site, language)
            return {
                each.removeprefix("site."): make(site, language)
                for each, make in sorted(self._facts.items())
                if each.startswith("site.")
            }
        if group == "theme":
            if name:
                return setting_value(site, name, language, self.assets)
            return {each: setting_value(site, each, language, self.assets) for each in site.theme.settings}
        if group == "facts":
            queries = site.theme.queries
            if name:
                return answer(site, language, queries[name])
            return {each: answer(site, language, query) for each, query in sorted(queries.items())}
        if group == "data":
            return loose(site.library.data.get(name)) if name else loose(site.library.data)
        if group == "asset":
            return self.assets.get(name) if name else dict(self.assets)
        strings = catalogue(site.theme, language)
        return strings[name] if name else strings
