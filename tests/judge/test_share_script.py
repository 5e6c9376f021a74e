"""Passing on in a real browser: what the script adds does what it says, keeps and asks nothing, and is not missed."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.judge import making, programs
from tests.judge.making import MadeSite
from tests.judge.programs import Programs
from tests.judge.server import published, refusing_proxy

ADDRESS = "https://rivers.example/river/"
MESSAGE = f"The river is dry - and nobody says why. {ADDRESS}"
POST = "The%20river%20is%20dry%20-%20and%20nobody%20says%20why.%20https%3A%2F%2Frivers.example%2Friver%2F"
SETTINGS = '[site]\nid = "rivers.example"\ntitle = "Rivers"\nbase_url = "https://rivers.example/"\n'
ARTICLE = f"""---
title: The river
date: 2026-11-01
share: {{ text: The river is dry - and nobody says why. }}
---
{"A paragraph that stands above. " * 60}

The well-known mill, at the lower bridge, has not turned since the first of May, and nobody who lives beside it was
asked whether the pumps may run at night.

## The pumps

There are seven & no more.
"""
NOTHING = [{}, {}, ""]


@pytest.fixture(scope="module")
def passed_on(tmp_path_factory: pytest.TempPathFactory, tools: Programs) -> dict[str, Any]:
    """What came of each way to pass an article on, by the name of its scene in share.mjs."""
    if not (tools.chromium and tools.node and tools.modules):
        pytest.skip(f"missing: {', '.join(tools.missing)}")
    folder = tmp_path_factory.mktemp("share")
    source = folder / "source"
    (source / "content/posts").mkdir(parents=True)
    (source / "site.toml").write_text(SETTINGS, encoding="utf-8")
    (source / "content/posts/river.md").write_text(ARTICLE, encoding="utf-8")
    site = making.build(MadeSite("share", source), folder)
    with published(site) as home, refusing_proxy() as (proxy, _):
        # the proxy is for what is beyond this machine: the browser asks loopback itself
        orders = {"executable": tools.chromium, "proxy": proxy, "url": f"{home}river/"}
        script = Path(__file__).with_name("share.mjs")
        told = programs.answered(tools.node, programs.MODULES, script, orders, folder, "share", 240)
    found: dict[str, Any] = json.loads(told)
    return found


def scene(passed_on: dict[str, Any], name: str, beyond: int = 0) -> dict[str, Any]:
    """What came of one scene, in which nothing went wrong and no more than so many addresses elsewhere were asked."""
    told = dict(passed_on[name])
    assert "trouble" not in told, told["trouble"]
    assert told.pop("console") == []
    assert len(told.pop("beyond")) == beyond
    return told


def test_the_address_and_a_message_are_copied(passed_on: dict[str, Any]) -> None:
    told = scene(passed_on, "copying")
    assert told["link"] == ["Copied.", ADDRESS]
    assert told["message"] == ["Copied.", MESSAGE]
    assert told["buttons"] == ["Copy link", "Copy message", "Mastodon"]
    assert told["low"] == []
    assert told["stored"] == NOTHING


def test_a_page_without_https_copies_as_well(passed_on: dict[str, Any]) -> None:
    assert scene(passed_on, "copying_by_hand") == {
        "said": "Copied.", "copied": MESSAGE, "focus": "Copy message",
    }  # fmt: skip


def test_who_may_not_copy_is_told_and_finds_the_address_marked(passed_on: dict[str, Any]) -> None:
    told = scene(passed_on, "copying_refused")
    assert told == {"said": "This did not work here. Copy the link by hand.", "chosen": ADDRESS}


def test_the_device_shares_in_its_own_way_and_who_changes_their_mind_hears_nothing(passed_on: dict[str, Any]) -> None:
    told = scene(passed_on, "device")
    assert told == {
        "given": {"title": "The river · Rivers", "text": "The river is dry - and nobody says why.", "url": ADDRESS},
        "said": "",
        "first": "Share…",
    }
    assert scene(passed_on, "device_fails") == {"said": "This did not work here. Copy the link by hand."}


def test_a_server_is_chosen_checked_and_not_kept(passed_on: dict[str, Any]) -> None:
    told = scene(passed_on, "server", beyond=4)
    assert told["axe"] == []
    assert (told["focused"], told["forget_offered"]) == (True, False)
    refused = ["", "mastodon", "127.0.0.1", "a b.social", "x.social:8080", "javascript:alert(1)", ".social", "a..b"]
    assert told["refused"] == refused
    assert told["wrong"] == "This is no name of a server. It looks like mastodon.social."
    assert told["closed"] == [False, "Mastodon"]
    hosts = ("mastodon.social", "mastodon.social", "xn--bcher-kva.example", "x.social")
    assert told["opened"] == [f"https://{host}/share?text={POST}" for host in hosts]
    assert told["stored"] == NOTHING


def test_a_server_is_kept_where_the_reader_ticks_so_until_it_is_forgotten(passed_on: dict[str, Any]) -> None:
    told = scene(passed_on, "server_kept", beyond=3)
    assert told == {
        "ticked_at_first": False,
        "kept": [{"share_server": "mastodon.social"}, {}, ""],
        "filled": "mastodon.social",
        "unticked": NOTHING,
        "said": "Your server is forgotten.",
        "forgotten": NOTHING,
        "empty": "",
        "closed": False,
    }


def test_a_browser_without_dialogs_keeps_the_link(passed_on: dict[str, Any]) -> None:
    told = scene(passed_on, "without_dialogs")
    assert told == {"mastodon": f"https://share.joinmastodon.org/#text={POST}"}


def test_marked_words_are_copied_with_a_link_that_finds_them(passed_on: dict[str, Any]) -> None:
    told = scene(passed_on, "words")
    assert told["offered_at_first"] is False
    assert [copied.rpartition("\n")[2] for copied in told["copied"]] == [
        f"{ADDRESS}#:~:text=well%2Dknown%20mill%2C",
        f"{ADDRESS}#:~:text=The%20well%2Dknown%20mill%2C%20at%20the,beside%20it%20was%20asked%20whether",
        f"{ADDRESS}#:~:text=may%20run%20at%20night.,There%20are%20seven%20%26%20no",
    ]
    assert told["copied"][2].startswith("may run at night.\n\nThe pumps\nThere are seven & no\n\nThe river\n")
    assert told["found"] == [True, True, True]


def test_without_script_nothing_is_missing_and_nothing_is_dead(passed_on: dict[str, Any]) -> None:
    told = scene(passed_on, "without_script")
    assert told["buttons"] == 0
    assert told["words"][:2] == ["Pass it on", "Copy link"]
    assert told["mastodon"] == f"https://share.joinmastodon.org/#text={POST}"
    assert told["address"] == ADDRESS
    assert told["place"] == "#the-pumps"
