"""The executor of a Dask cluster: many machines for what needs no file of this one."""

import logging
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from concurrent.futures import wait as wait_for
from contextlib import ExitStack, contextmanager
from importlib import import_module
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
    settings to say. Raises: Refused, also while it works: CL921 (a machine has no Clarion), CL922 (Dask is not
    installed here), CL923 (no scheduler answers), CL924 (no worker is left).
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
        try:
            client = distributed.Client(parts.netloc, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise _no_scheduler(f"no scheduler answers at {address}") from error
        stack.callback(client.close, timeout=_PATIENCE)
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            raise _no_worker(f"the scheduler at {address} has no worker") from error
        _refuse_without_clarion(client)
        # A parcel that is sent once more is other work, so its bytes need not be digested to tell.
        executor = client.get_executor(pure=False)
        result = _patiently(client, distributed.KilledWorker)
        yield Submitting(executor, sum(client.nthreads().values()), here=False, result=result)


def _refuse_without_clarion(client: Any) -> None:
    """The scheduler takes work to pieces, the workers do it: each needs Clarion."""
    try:
        client.run_on_scheduler(resolve_name, "generator:__name__")
    except ModuleNotFoundError as error:
        raise _no_clarion("the scheduler") from error
    for worker, found in client.run(resolve_name, "generator:__name__", on_error="return").items():
        if isinstance(found, ModuleNotFoundError):
            raise _no_clarion(f"the worker at {worker}") from found


def _patiently(client: Any, killed: type[Exception]) -> Callable[[Future[bytes]], bytes]:
    """What waits for an answer as long as somebody may be working on it."""

    def result(future: Future[bytes]) -> bytes:
        alone = 0.0
        while not wait_for([future], _LOOK_EVERY).done:
            alone = 0.0 if _has_workers(client) else alone + _LOOK_EVERY
            if alone > _PATIENCE:
                raise _no_worker("the cluster has no worker left")
        try:
            return future.result()
        except CancelledError as error:
            raise _no_scheduler("the scheduler of the cluster has gone") from error
        except killed as error:
            raise _no_worker("several workers ended one after the other over the same work") from error
        except ModuleNotFoundError as error:
            if not (error.name or "").startswith("generator"):
                raise
            raise _no_clarion("a worker that has joined the cluster") from error

    return result


def _has_workers(client: Any) -> bool:
    try:
        return bool(client.nthreads())
    except OSError:
        return False


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


def _no_clarion(who: str) -> Refused:
    return _refused("CL921", f"{who} has no Clarion", "Install the same version on every machine of the cluster.")


def _no_scheduler(message: str) -> Refused:
    return _refused("CL923", message, "Look whether the scheduler runs and may be reached from here.")


def _no_worker(message: str) -> Refused:
    return _refused("CL924", message, "Start workers, with more memory if they were ended for lack of it.")


def _refused(code: str, message: str, hint: str) -> Refused:
    return Refused(Problem("error", code, message, hint=hint))
