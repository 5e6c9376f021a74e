"""X's weights, compared with those of npm's `twitter-text` over generated texts."""

import json
import os
import random
import subprocess
from pathlib import Path

import pytest

from generator.share.counts import weighted_length
from tests.judge import programs

# A blank ends each emoji beyond the BMP: glued into a domain, one half of it is counted with the domain over there.
PIECES = (
    "word", "a", "B", "1", " ", " ", "\n", ".", ",", "-", "_", "/", "!", "?", "'", "\"", "$", "~", "|", "#tag",
    "@user", "＃", "(", ")", "Привет", "для", "سلام", "שלום", "हिन्दी", "中文", "你好。", "かな", "한국",
    "\u1100\u1161", "e\u0301",
    "é", "…", "—", "‘q’", "★", "example.org", "x.com", "www.a.de", "a.b", "co.uk", "foo.museum", "foo.notadomain",
    "münchen.de", "日本.com", "пример.рф", "http://", "https://", "HTTPS://",
    "https://日本.みんな",
    "https://t.co/abcDEF123", "https://t.co/abc?x=1", "http://1.2.3.4", "/path", "/a(b)c", "/a(b(c)d)", "?q=1&b=2",
    "#frag", ":8080", "wikipedia.org/wiki/Foo_(bar)", "[a](http://b.org/c)", "user@example.com",
    "foo_bar.example.com", "-a.com", "example.xn--p1ai",
    "👨\u200d👩\u200d👧\u200d👦 ", "👍🏽 ", "❤\ufe0f", "❤", "©\ufe0f",
    "©", "1\ufe0f\u20e3", "🇩🇪 ", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f ", "🏳\ufe0f\u200d🌈 ",
    "😀 ", "☺\ufe0e", "👩\u200d⚕\ufe0f ", "🏃🏽\u200d♀\ufe0f ", "🕵\ufe0f\u200d♂\ufe0f ", "\u200f", "\u2067", "\u2069",
    "\u3000",
    "a" * 70 + ".com", "https://t.co/" + "a" * 45,
)  # fmt: skip
TEXTS = 5_000


def test_weights_are_those_of_twitter_text() -> None:
    found = programs.find()
    if not (found.node and found.modules):
        missing = "Node or its packages are missing; `make judge` installs them"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    dice = random.Random(280)  # noqa: S311 - texts, not secrets, and the same ones each time
    texts = ["".join(dice.choices(PIECES, k=dice.randint(1, 9))) for _ in range(TEXTS)]
    command = [found.node, str(Path(__file__).with_name("count.mjs")), str(programs.MODULES)]
    done = subprocess.run(
        command, input=json.dumps(texts), capture_output=True, encoding="utf-8", check=True, timeout=120
    )
    differing = {
        text: (weighted_length(text), theirs)
        for text, theirs in zip(texts, json.loads(done.stdout), strict=True)
        if weighted_length(text) != theirs
    }
    assert differing == {}
