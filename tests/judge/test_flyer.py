"""The flyer of an article prints on one page of A4 and of Letter paper and is read on phones, whatever it says."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.conftest import SETTINGS, TinySite
from tests.judge import programs
from tests.judge.programs import Programs

PAPERS = ("A4", "Letter")
PETITION = (
    "[{kind: petition, url: 'https://rivers.example/petition', closes: 2026-12-01, organiser: {name: Rivers First}}]"
)
ARABIC = "جفّ النهر ومن كانوا يعدّون أيّامه قيل لهم أن يكفّوا عن العدّ منذ شهور "
HINDI = "नदी सूख गई है और जो लोग उसके दिन गिन रहे थे उन्हें गिनना बंद करने को कहा गया "
GERMAN = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz "
SAID = {
    "short": ("en", "Dry", ""),
    "usual": ("en", "The river is dry, and nobody says why", "For three months the river has been dry. " * 4),
    "long": ("en", "The river is dry, and those who counted its days were told to stop. " * 5, "They count on. " * 40),
    "longest": ("en", "The river is dry, and nobody says why. " * 30, "They count on, in the open. " * 60),
    "german": ("de", GERMAN * 3, "Überwachungsaufgaben. " * 30),
    "arabic": ("ar", ARABIC * 2, "النهر جافّ منذ ثلاثة أشهر. " * 20),
    "hindi": ("hi", HINDI * 2, "नदी सूखी है। " * 30),
    "chinese": ("zh", "河流乾涸了而沒有人說明原因" * 10, "三個月以來河流一直是乾的。" * 30),
    "one-word": ("en", "W" * 160, "w" * 300),
}


@pytest.fixture(scope="module")
def flyers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a site with a flyer for each of `SAID`."""
    root = tmp_path_factory.mktemp("flyers")
    site = TinySite(root, SETTINGS.replace('kit = "none"', 'kit = "all"').replace("Tiny", "Rivers and their banks"))
    languages = "".join(f"[languages.{each}]\n" for each in sorted({said[0] for said in SAID.values()} - {"en"}))
    site.edit("site.toml", "[theme]", f"{languages}[theme]")
    for name, (language, title, summary) in SAID.items():
        slug = f"{name}-{'reka-' * 14}" if name == "longest" else name
        note = "{topics: [violence], level: described}" if name == "long" else ""
        site.post(
            name,
            slug=slug.strip("-"),
            title=title,
            summary=summary,
            language=language,
            actions=PETITION,
            content_note=note,
        )
    report = site.build()
    assert report.ok, [str(problem) for problem in report.problems]
    return site.output


def test_each_flyer_is_one_page_nothing_of_it_is_cut_and_a_phone_shows_it_wide_enough_to_read(
    flyers: Path, tools: Programs
) -> None:
    if not (tools.chromium and tools.node and tools.modules):
        pytest.skip(f"missing: {', '.join(tools.missing)}")
    pages = [path.as_uri() for path in sorted(flyers.rglob("share/flyer/index.html"))]
    assert len(pages) == len(SAID)
    orders = {"executable": tools.chromium, "pages": pages, "papers": PAPERS}
    command = [tools.node, str(Path(__file__).with_name("print.mjs")), str(programs.MODULES)]
    done = subprocess.run(
        command, input=json.dumps(orders), capture_output=True, encoding="utf-8", check=True, timeout=300
    )
    found = {
        Path(each["url"]).parents[2].name[:12]: (each["sheets"], each["hidden"], each["crushed"])
        for each in json.loads(done.stdout)
    }
    assert found == {name: ({"A4": 1, "Letter": 1}, [], []) for name in found}
