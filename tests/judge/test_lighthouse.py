"""Lighthouse on its phone profile, over pages that stand for the others."""

import pytest

from tests.judge import lighthouse, programs
from tests.judge.making import DEMONSTRATION, made_sites
from tests.judge.programs import Programs
from tests.judge.site import BuiltSite
from tests.judge.test_sites import agree

PAGES = {
    DEMONSTRATION: ("index.html", "lantern-night-bus/index.html", "lantern-counting/index.html", "act/index.html"),
    "demonstration-plain": ("index.html", "lantern-night-bus/index.html"),
    "arabic": ("index.html", "الحافلة-الليلية/index.html"),
}
CHOSEN = [made for made in made_sites() if made.name in PAGES]


@pytest.mark.parametrize("site", CHOSEN, ids=[made.name for made in CHOSEN], indirect=True)
def test_lighthouse_finds_nothing_to_do_better_for_people_and_search_engines(
    site: BuiltSite, tools: Programs, tell: list[str]
) -> None:
    if not (tools.chromium and tools.node and tools.modules):
        pytest.skip(f"missing: {', '.join(tools.missing)}")
    profiles = lighthouse.profile(
        site, PAGES[site.name], tools.chromium, tools.node, programs.MODULES, programs.REPORTS
    )
    tell.extend(lighthouse.told(site.name, profiles))
    agree(lighthouse.judge(profiles))
