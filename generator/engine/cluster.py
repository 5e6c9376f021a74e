"""The executor of a Dask cluster: many machines for what needs no file of this one."""

import logging
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from concurrent.futures import wait as wait_for
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from importlib.metadata import version
from pkgutil import resolve_name
from typing import Any
from urllib.parse import urlsplit

from generator.engine.executors import Submitting
from generator.engine.refusal import Refused
from generator.model.problem import Problem

_SCHEME = "dask"
_PATIENCE = 5.0
"""Seconds until a scheduler that does not answer counts as absent, and so does a worker that none has replaced."""
_LOOK_EVERY = 0.5
_LOGGERS = ("asyncio", "distributed", "distributed.client", "distributed.gc", "tornado", "tornado.application")
_SETTINGS = {
    "distributed.comm.timeouts.connect": f"{_PATIENCE}s",
    # The first parcels bring the theme and all facts along: that is meant.
    "distributed.admin.large-graph-warning-threshold": "1TB",
}


@contextmanager
def connected(address: str) -> Iterator[Submitting]:
    """The executor of the cluster whose scheduler is at `dask://HOST:PORT`; it is let go of afterwards.

    What a worker was doing when it ended, another does again. How the machines trust each other is for Dask's own
    settings to say. Raises: Refused, also while it works: CL921 (a machine has no Clarion, or another Dask), CL922
    (Dask is not installed here), CL923 (no scheduler answers), CL924 (no worker is left).
    """
    parts = urlsplit(address)
    if parts.scheme != _SCHEME or not parts.hostname:
        hint = "Write dask://HOST:PORT, such as dask://127.0.0.1:8786."
        raise _refused("CL923", f"{address} is not the address of a scheduler", hint)
    try:
        dask: Any = import_module("dask")
        distributed: Any = import_module("distributed")
    except ModuleNotFoundError as error:
        message = f"Dask is not installed here: there is no module {error.name}"
        raise _refused("CL922", message, 'Install it: pip install "clarion[dask]".') from error
    with ExitStack() as stack:
        stack.enter_context(_silence())
        stack.enter_context(dask.config.set(_SETTINGS))
        client = stack.enter_context(_client(distributed.Client, parts.netloc, address))
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            raise _no_worker(f"the scheduler at {address} has no worker") from error
        _refuse_others(client)
        # A parcel that is sent once more is other work, so its bytes need not be digested to tell.
        executor = client.get_executor(pure=False)
        result = _patiently(client, distributed.KilledWorker)
        yield Submitting(executor, sum(client.nthreads().values()), here=False, result=result)


@contextmanager
def _client(kind: Any, place: str, address: str) -> Iterator[Any]:
    """A client of the scheduler at a place, closed afterwards, also where it does not get beyond its beginning."""
    # Only who has it before it begins can close one that fails there, and else it tells of that as the program ends.
    client = kind.__new__(kind)
    try:
        try:
            client.__init__(place, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise _no_scheduler(f"no scheduler answers at {address}") from error
        except Exception as error:
            raise _other(f"the scheduler at {address} does not understand this Dask: {error}") from error
        yield client
    finally:
        with suppress(Exception):
            client.close(timeout=_PATIENCE)


def _refuse_others(client: Any) -> None:
    """The scheduler takes work to pieces, the workers do it: each needs Clarion, and Dask as it is here."""
    for what, argument in ((version, "distributed"), (resolve_name, "generator.engine.parcels:__name__")):
        expected = what(argument)
        try:
            machines = {"the scheduler": client.run_on_scheduler(what, argument)}
        except ModuleNotFoundError as error:
            machines = {"the scheduler": error}
        for worker, found in client.run(what, argument, on_error="return").items():
            machines[f"the worker at {worker}"] = found
        for who, found in machines.items():
            if isinstance(found, ModuleNotFoundError):
                raise _other(f"{who} has no Clarion")
            if found != expected:
                raise _other(f"{who} has Dask {found} where this machine has {expected}")


def _patiently(client: Any, killed: type[Exception]) -> Callable[[Future[bytes]], bytes]:
    """What waits for an answer as long as somebody may be working on it."""

    def result(future: Future[bytes]) -> bytes:
        alone = 0.0
        while not wait_for([future], _LOOK_EVERY).done:
            reached, workers = _at_work(client)
            alone = 0.0 if workers else alone + _LOOK_EVERY
            if alone > _PATIENCE:
                raise _no_worker("the cluster has no worker left") if reached else _gone()
        try:
            return future.result()
        except CancelledError as error:
            raise _gone() from error
        except killed as error:
            raise _no_worker("several workers ended one after the other over the same work") from error
        except ModuleNotFoundError as error:
            if not (error.name or "").startswith("generator"):
                raise
            raise _other("a worker that has joined the cluster has no Clarion") from error

    return result


def _at_work(client: Any) -> tuple[bool, bool]:
    """Whether the scheduler can be reached, and whether it has workers."""
    # What is sent while a client notices that its scheduler has gone is never cancelled, and there is none to ask.
    if client.status != "running":
        return False, False
    try:
        return True, bool(client.nthreads())
    except (OSError, AttributeError):
        return False, False


@contextmanager
def _silence() -> Iterator[None]:
    """What Dask says of its connections on stderr is told here as one problem, so it says nothing."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        levels = [logger.level for logger in loggers]
        for logger in loggers:
            logger.setLevel(logging.CRITICAL + 1)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)


def _other(message: str) -> Refused:
    return _refused("CL921", message, "Install the same versions on every machine of the cluster.")


def _no_scheduler(message: str) -> Refused:
    return _refused("CL923", message, "Look whether the scheduler runs and may be reached from here.")


def _gone() -> Refused:
    return _no_scheduler("the scheduler of the cluster has gone")


def _no_worker(message: str) -> Refused:
    return _refused("CL924", message, "Start workers, with more memory if they were ended for lack of it.")


def _refused(code: str, message: str, hint: str) -> Refused:
    return Refused(Problem("error", code, message, hint=hint))
