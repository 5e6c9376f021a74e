"""The equations again, for minutes instead of seconds: more edits, more kills."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import test_kill
from tests.test_equations import AnyEdits
from tests.test_kill import Way, kill_and_heal

KILLS = 13
"""For each of the four ways to build."""

kind = test_kill.kind
way = test_kill.way


class ManyEdits(AnyEdits):
    """Longer series of edits, others in each run, each compared with what a process makes that remembers nothing."""

    forgets_all = True


ManyEdits.TestCase.settings = settings(
    max_examples=500, stateful_step_count=6, deadline=None, suppress_health_check=list(HealthCheck)
)
TestManyEdits = ManyEdits.TestCase


@pytest.mark.parametrize("moment", range(KILLS))
def test_a_build_may_be_killed_at_any_moment(way: Way, moment: int, tmp_path: Path) -> None:
    kill_and_heal(way, (moment + 0.5) / KILLS, tmp_path / "site")
