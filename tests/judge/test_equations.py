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
    """Longer series of edits, others in each run."""


class ForgottenEdits(AnyEdits):
    """The same, each compared with what a process makes that remembers nothing: that takes six times as long."""

    forgets_all = True


def _so_many(examples: int) -> settings:
    return settings(
        max_examples=examples, stateful_step_count=6, deadline=None, suppress_health_check=list(HealthCheck)
    )


ManyEdits.TestCase.settings = _so_many(400)
ForgottenEdits.TestCase.settings = _so_many(100)
TestManyEdits = ManyEdits.TestCase
TestForgottenEdits = ForgottenEdits.TestCase


@pytest.mark.parametrize("moment", range(KILLS))
def test_a_build_may_be_killed_at_any_moment(way: Way, moment: int, tmp_path: Path) -> None:
    kill_and_heal(way, (moment + 0.5) / KILLS, tmp_path / "site")
