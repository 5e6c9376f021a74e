"""The machine that was measured on, as far as it explains the figures; not its name."""

import os
import platform
from pathlib import Path

from msgspec import Struct


class Machine(Struct, frozen=True):
    """`memory` is in bytes; `storage` is what the sites lie on; `load` is that of others, before all was measured."""

    processor: str
    cores: int
    memory: int
    system: str
    python: str
    storage: str
    load: float


def this_machine(folder: Path) -> Machine:
    """What this machine says of itself; `folder` is where the sites lie."""
    return Machine(
        processor=_field("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 0,
        memory=int((_field("/proc/meminfo", "MemTotal") or "0").split()[0]) * 1024,
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        storage=f"memory ({found})" if (found := file_system(folder)) in ("tmpfs", "ramfs") else found or "unknown",
        load=os.getloadavg()[0],
    )


def file_system(folder: Path) -> str:
    """The type of the file system that a folder lies on; "" where it cannot be known."""
    place = folder.resolve()
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    mounts = {fields[1]: fields[2] for fields in (line.split() for line in lines)}
    return next((mounts[str(above)] for above in (place, *place.parents) if str(above) in mounts), "")


def _field(file: str, name: str) -> str:
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")
