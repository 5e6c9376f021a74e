"""`python -m tests.bench`: measure Clarion beside its peers, and write the page that tells it."""

import argparse
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import msgspec

from tests.bench import report
from tests.bench.bench import Failed, Plan, measure
from tests.bench.install import FOLDER, ROOT

POSTS = 10_000


def main(arguments: list[str]) -> int:
    """0: measured and written. 1: a generator failed, or did not make the pages; nothing is written."""
    plan = _plan(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    memory = Path("/dev/shm")  # noqa: S108 (a folder of its own is made in it)
    above = Path(os.environ["BENCH_DIR"]) if os.environ.get("BENCH_DIR") else memory if memory.is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="clarion-bench-", dir=above))
    try:
        results = measure(plan, folder, tell)
    except Failed as failed:
        tell(f"The bench failed: {failed}")
        return 1
    except KeyboardInterrupt:
        tell("Interrupted.")
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    whole = plan.posts == POSTS and not plan.only
    docs = ROOT / "docs" if whole else FOLDER
    (docs / "images").mkdir(parents=True, exist_ok=True)
    (docs / "benchmarks.md").write_text(report.page(results, "images/benchmarks.svg"), encoding="utf-8")
    (docs / "images/benchmarks.svg").write_text(report.picture(results), encoding="utf-8")
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "results.json").write_bytes(msgspec.json.format(msgspec.json.encode(results)))
    tell(report.summary(results))
    tell(f"Written: {(docs / 'benchmarks.md').relative_to(ROOT)}")
    return 0


def _plan(arguments: list[str]) -> Plan:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--posts", type=int, default=POSTS, help="articles of the site")
    parser.add_argument("--runs", type=int, default=5, help="cold builds of each, two at least of what is slow")
    parser.add_argument("--scale", action="store_true", help="ten times as many articles as well")
    parser.add_argument("--only", default="", help="families, with commas: clarion,hugo,pelican,nikola,jekyll,eleventy")
    chosen = parser.parse_args(arguments)
    only = frozenset(filter(None, chosen.only.split(",")))
    return Plan(posts=chosen.posts, runs=max(chosen.runs, 1), scale=chosen.scale, only=only)


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def tell(line: str) -> None:
    """Say something on the terminal at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
