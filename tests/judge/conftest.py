"""What the judges share: the programs of others, the built sites, and what a browser saw of each."""

import os
from pathlib import Path

import pytest

from tests.judge import browser, making, programs, structured_data
from tests.judge.browser import Browsed
from tests.judge.making import MadeSite
from tests.judge.programs import Programs
from tests.judge.site import BuiltSite
from tests.judge.structured_data import Vocabulary

HERE = Path(__file__).parent
TOLD: pytest.StashKey[list[str]] = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TOLD] = []


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Judges are asked for by name (`make judge`): they need programs that `make test` must do without."""
    asked = [config.invocation_params.dir / argument.partition("::")[0] for argument in config.args]
    return None if any(path == HERE or HERE in path.parents for path in map(Path.resolve, asked)) else True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash[TOLD]:
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def tell(pytestconfig: pytest.Config) -> list[str]:
    """Lines to print when all is done: figures that a person should see also when nothing failed."""
    return pytestconfig.stash[TOLD]


@pytest.fixture(scope="session")
def tools() -> Programs:
    """The programs of others. Where one is missing the judge that needs it is skipped; where CI is set, it fails."""
    found = programs.find()
    if found.missing and os.environ.get("CI"):
        pytest.fail(f"missing: {', '.join(found.missing)}", pytrace=False)
    return found


@pytest.fixture(scope="session", params=making.made_sites(), ids=lambda made: made.name)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """Each site in turn, built by the real command."""
    made: MadeSite = request.param
    try:
        return making.build(made, tmp_path_factory.mktemp(made.name))
    except RuntimeError as problem:
        pytest.fail(str(problem), pytrace=False)


@pytest.fixture(scope="session")
def browsed(site: BuiltSite, tools: Programs, tell: list[str]) -> Browsed:
    """The site as a browser saw it: every page, once."""
    if not (tools.chromium and tools.node and tools.modules):
        pytest.skip(f"missing: {', '.join(tools.missing)}")
    seen = browser.browse(site, tools.chromium, tools.node, programs.MODULES, programs.REPORTS, making.NOW)
    report = programs.REPORTS / f"{site.name}-needs-review.txt"
    report.write_text(browser.needs_review(seen), encoding="utf-8")
    tell.append(
        f"{site.name}: {len(seen.visits)} pages in the browser, {browser.count_review(seen)} elements to review "
        f"in {report.relative_to(programs.ROOT)}"
    )
    return seen


@pytest.fixture(scope="session")
def vocabulary(tools: Programs) -> Vocabulary:
    """schema.org's types and properties."""
    if not tools.modules:
        pytest.skip(f"missing: {', '.join(tools.missing)}")
    types = programs.MODULES / "schema-dts" / "dist" / "schema.d.ts"
    return structured_data.read_vocabulary(types.read_text(encoding="utf-8"))
