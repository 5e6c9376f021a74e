"""Render all jobs: in parcels, by whoever does the work, into the staging folder where that is on this machine."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, structs

from generator.engine.artifacts import ArtifactStore
from generator.engine.executors import Executor
from generator.engine.parcels import Parcel, Sending, answer
from generator.engine.staging import stage
from generator.engine.versions import versions
from generator.model.document import Card, Matter, Text
from generator.model.job import Artifact, Job, Setup, Shared, TextOf
from generator.model.plugin import Plugins
from generator.stages.budget import weigh
from generator.stages.render import Workshop, render, workshop
from generator.theme import Theme, plain_settings

_TEMPLATES_A_PARCEL = 48
_PRODUCERS_A_PARCEL = 4
_SIZE_OF_A_PARCEL = 96 * 1024
_artifacts = msgspec.msgpack.Decoder(tuple[Artifact, ...])
_text = msgspec.msgpack.Decoder(Text)


class Order(Struct, frozen=True):
    """A job to do; `standing` is the digest of what stands in its place in the output folder, '' when nothing does."""

    job: Job
    standing: str = ""


class Foreman(Struct, frozen=True):
    """What is needed to have jobs done: the theme and settings, facts, where texts, sources and files are.

    `facts` are values by name, by the digest of all of them; they grow while jobs are made. `text` gives the text of a
    document, by its path, as it was kept. `staging` is what the names of staged files begin with, folder and all; ''
    when artifacts come with their bytes instead.
    `plugins` are those of the site. `often` are the templates that draw many pages. With `timed` each artifact says
    how long it took, with `weighed` what it weighs.
    """

    theme: Theme
    setup: Setup
    facts: Mapping[str, dict[str, Any]]
    text: Callable[[str], bytes]
    root: Path
    state: Path
    staging: str
    plugins: Plugins = Plugins()
    often: tuple[str, ...] = ()
    timed: bool = False
    weighed: bool = False


def render_all(orders: Iterable[Order], foreman: Foreman, executor: Executor) -> Iterator[Artifact]:
    """The artifact of each job, in order. What has other bytes than stand there is in the staging folder or at hand."""
    sending = Sending(versions(), repeated=frozenset({Card, Matter}), shared=Shared)
    # a worker draws: where files of the theme lie is nothing to it, and what settings lead to comes as facts
    theme = structs.replace(foreman.theme, static={}, links={}, settings=plain_settings(foreman.theme))
    sending.share(theme.digest, theme)
    if foreman.plugins.each:
        sending.share(foreman.plugins.digest, foreman.plugins)
    parcels = (_parcel(orders, number, sending, foreman, executor) for number, orders in enumerate(_divided(orders)))
    for content in sending.send(executor, render_parcel, parcels):
        yield from _artifacts.decode(content)


def render_assets(orders: Iterable[Order], foreman: Foreman) -> Iterator[Artifact]:
    """The artifact of each job that makes an asset, with its bytes: those are few, and read files of the theme."""

    def no_text(named: TextOf) -> Text:
        raise LookupError(named.path)

    shop = workshop(
        foreman.theme,
        foreman.setup,
        (),
        foreman.plugins,
        foreman.facts,
        no_text,
        foreman.root,
        ArtifactStore(foreman.state).get,
    )
    draw = _timed if foreman.timed else render
    made = (draw(order.job, shop) for order in orders)
    return map(_weighed, made) if foreman.weighed else made


def _divided(orders: Iterable[Order]) -> Iterator[list[Order]]:
    """The jobs in portions: makers of bytes may take long, and what reads much is large, so few of them go together.

    What is made from one file goes together, so that it is read once.
    """
    portion: list[Order] = []
    weight = 0.0
    for order in orders:
        if weight >= 1 and not (order.job.producer and order.job.source and order.job.source == portion[-1].job.source):
            yield portion
            portion, weight = [], 0.0
        portion.append(order)
        a_parcel = _PRODUCERS_A_PARCEL if order.job.producer else _TEMPLATES_A_PARCEL
        weight += max(1 / a_parcel, order.job.size / _SIZE_OF_A_PARCEL)
    if portion:
        yield portion


def _parcel(orders: list[Order], number: int, sending: Sending, foreman: Foreman, executor: Executor) -> Parcel:
    facts = dict.fromkeys(order.job.facts for order in orders)
    for digest in facts:
        sending.share(digest, foreman.facts[digest])
    texts = {path for order in orders for path in order.job.texts}
    staging = f"{foreman.staging}{number}" if foreman.staging else ""
    values = {
        "jobs": tuple(tuple(getattr(order.job, name) for name in Job.__struct_fields__) for order in orders),
        "standing": tuple(order.standing for order in orders),
        "setup": foreman.setup,
        "often": foreman.often,
        "timed": foreman.timed,
        "weighed": foreman.weighed,
        "theme": foreman.theme.digest,
        "plugins": foreman.plugins.digest,
        "texts": {path: foreman.text(path) for path in sorted(texts)},
        "here": (str(foreman.root), str(foreman.state), staging) if executor.here else (),
    }
    crew = (foreman.plugins.digest,) if foreman.plugins.each else ()
    return sending.parcel(values, (foreman.theme.digest, *crew, *facts))


def render_parcel(parcel: bytes) -> bytes:
    """A worker's part: the artifacts of the jobs in a parcel, as bytes."""
    return answer(parcel, versions(), _render)


def _render(values: dict[str, Any]) -> bytes:
    shared: dict[str, Any] = values["shared"]
    texts: dict[str, bytes] = values["texts"]
    read: dict[str, Text] = {}

    def text(named: TextOf) -> Text:
        if named.path not in read:
            read[named.path] = _text.decode(texts[named.path])
        return read[named.path]

    root, state, prefix = values["here"] or ("", "", "")
    shop = workshop(
        shared[values["theme"]],
        values["setup"],
        values["often"],
        shared[values["plugins"]] if values["plugins"] else Plugins(),
        shared,
        text,
        Path(root),
        ArtifactStore(Path(state)).get,
    )
    finish = partial(_staged, prefix) if prefix else _as_it_is
    draw = _timed if values["timed"] else render
    look = _weighed if values["weighed"] else _unweighed
    made = [
        finish(number, look(draw(Job(*job), shop)), standing)
        for number, (job, standing) in enumerate(zip(values["jobs"], values["standing"], strict=True))
    ]
    return msgspec.msgpack.encode(made)


def _timed(job: Job, shop: Workshop) -> Artifact:
    """The artifact of a job, with the seconds it took."""
    began = time.perf_counter()
    artifact = render(job, shop)
    return structs.replace(artifact, seconds=time.perf_counter() - began)


def _weighed(artifact: Artifact) -> Artifact:
    return structs.replace(artifact, weight=weigh(artifact.path, artifact.content))


def _unweighed(artifact: Artifact) -> Artifact:
    return artifact


def _as_it_is(_number: int, artifact: Artifact, standing: str) -> Artifact:
    return structs.replace(artifact, content=b"", kept=True) if artifact.digest == standing else artifact


def _staged(prefix: str, number: int, artifact: Artifact, standing: str) -> Artifact:
    """The artifact with its bytes in the staging folder, unless they stand in the output folder already."""
    if artifact.digest == standing:
        return structs.replace(artifact, content=b"", kept=True)
    if any(problem.severity == "error" for problem in artifact.problems):
        return artifact
    file = f"{prefix}-{number}"
    stage(file, artifact.content)
    return structs.replace(artifact, content=b"", file=file.rpartition("/")[2])
