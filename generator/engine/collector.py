"""The garbage collector during a build: nearly all that is made is frozen and free of circles, so it looks rarely."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (100_000, 50, 100)


@contextmanager
def looking_seldom() -> Iterator[None]:
    """The collector of this process looks seldom; afterwards as often as before."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
