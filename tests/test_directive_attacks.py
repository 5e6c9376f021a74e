"""What a stranger's directives can try, in every attribute there is: each comes to plain words or to a Problem."""

import io
import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from generator.config import load_config
from generator.markup.calls import MADE_BY_MARKDOWN
from generator.model.directive import AttributeRule, Declaration
from generator.theme import load_theme
from tests.conftest import SETTINGS, TinySite

ROOT = Path(__file__).parent.parent
ENGINES = ("python-markdown", "commonmark")
# In straight quotes of either kind; an action is checked as front matter is, and attacked there.
HOSTILE = ("</script><script>alert(1)</script> onx=1 ]]> --> {{ 7*7 }} \u202e", '"><img src=x onerror=alert(1)><b a="')
SCRIPTS = ("javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "data:text/html,x", "vbscript:x")
RIGHT = {
    "int": "1", "number": "1", "bool": "true", "date": "2026-05-01", "partial": "2026-05", "language": "en",
    "url": "https://a.example/", "email": "a@b.example", "phone": "+442079460000", "source": "daily", "anchor": "a",
}  # fmt: skip
FILES = {"picture": "bank.png", "video": "/pump.mp4", "audio": "/mara.mp3", ".vtt": "pump.vtt"}


def _declarations() -> dict[str, Declaration]:
    config, _ = load_config(ROOT, ())
    assert config is not None
    theme, _ = load_theme(ROOT, config)
    known = theme.declarations.values()
    return {each.name: each for each in known if each.name not in (*MADE_BY_MARKDOWN, "action")}


DECLARED = _declarations()


def _right(rule: AttributeRule) -> str:
    if rule.type == "file":
        return FILES.get(rule.values[0] if rule.values else "", "pump.vtt")
    return rule.values[0] if rule.type == "enum" else RIGHT.get(rule.type, "x")


def _written(declaration: Declaration, hostile: str, **given: str) -> str:
    """The directive with hostile words wherever words can stand, and right values elsewhere."""
    values = {
        name: given.get(name) or (hostile if rule.type == "str" and name != "country" else _right(rule))
        for name, rule in declaration.attributes.items()
        if not (rule.type == "url" and name not in given)
    }
    quote = "'" if '"' in hostile else '"'
    attributes = " ".join(f"{name}={quote}{value}{quote}" for name, value in values.items())
    braces = f"{{{attributes}}}" if attributes else ""
    words = hostile.replace("&", "&amp;").replace("<", "&lt;").replace("{", "\\{").replace("[", "\\[")
    words = words.replace("]", "\\]")
    if declaration.text == "source":
        return f"Fell.:{declaration.name}[daily]{braces}"
    if declaration.text == "none":
        return f"Here :{declaration.name}{braces} it is." if declaration.plain else f"::{declaration.name}{braces}"
    if declaration.text == "inline":
        return f"Here :{declaration.name}[{words}]{braces} it is."
    inside = "![A bank](bank.png)" if declaration.pictures else words
    return f":::{declaration.name}[{words}]{braces}\n{inside}\n:::"


@pytest.fixture(params=[("plain", "commonmark"), ("clarion", "python-markdown")], ids="-".join)
def attacked(request: pytest.FixtureRequest, site: TinySite) -> TinySite:
    """A site with files that directives can name, in both themes and with both engines."""
    theme, engine = request.param
    site.write("site.toml", f'{SETTINGS.replace("plain", theme)}\n[markdown]\nengine = "{engine}"\n')
    made = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(made, "PNG")
    site.write("content/posts/bank.png", made.getvalue())
    site.write("content/posts/pump.vtt", "WEBVTT\n\n00:00.000 --> 00:02.000\nA pump.\n")
    site.write("content/posts/pump.txt", "A pump.\n")
    site.write("static/pump.mp4", b"\0\0\0\x18ftypisom")
    site.write("static/mara.mp3", b"\xff\xfb\x90\0")
    site.write(
        "content/data/resources.toml", '[x]\nname = "X"\ncountry = "x"\nphone = "116 123"\n'.replace('"x"', '"GB"')
    )
    return site


def _elements(html: str) -> Iterator[tuple[str, dict[str, str | None]]]:
    found: list[tuple[str, dict[str, str | None]]] = []
    reader = HTMLParser()
    reader.handle_starttag = lambda name, given: found.append((name, dict(given)))  # type: ignore[method-assign]
    reader.feed(html)
    reader.close()
    return iter(found)


def _is_harmless(html: str) -> bool:
    """No handler, no script but data and files of the site, no address that runs."""
    for name, given in _elements(html):
        if any(key.startswith("on") for key in given) or given.get("src") == "x":
            return False
        if name == "script" and given.get("type") != "application/ld+json" and not given.get("src"):
            return False
        if any((given.get(key) or "").strip().lower().startswith(SCRIPTS[0][:11]) for key in ("href", "src", "cite")):
            return False
    return True


@pytest.mark.parametrize("name", DECLARED)
def test_hostile_words_in_a_directive_are_words(name: str, attacked: TinySite) -> None:
    for number, hostile in enumerate(HOSTILE):
        words = _written(DECLARED[name], hostile, country="GB", cover="1,1,2,2")
        attacked.post(f"river-{number}", f"Mine.\n\n{words}", sources="[{ id: daily, title: A }]")
    report = attacked.build()
    assert report.ok, report.problems
    for path, content in attacked.outputs().items():
        text = content.decode(errors="replace")
        if path.endswith(".html"):
            assert _is_harmless(text), path
            for data in text.split('<script type="application/ld+json">')[1:]:
                json.loads(data.partition("</script>")[0])
        elif path.endswith(".xml"):
            for element in ElementTree.fromstring(content).iter():  # noqa: S314 (made by this build)
                assert _is_harmless(element.text or ""), path
        elif path == "feed.json":
            assert all(_is_harmless(item["content_html"]) for item in json.loads(text)["items"])


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        (each.name, attribute)
        for each in DECLARED.values()
        for attribute, rule in each.attributes.items()
        if rule.type in ("url", "file", "source", "anchor", "language", "date", "partial")
    ],
)
def test_no_attribute_of_a_directive_takes_an_address_that_runs(
    name: str, attribute: str, script: str, site: TinySite
) -> None:
    words = _written(DECLARED[name], "words", country="GB", **{attribute: script})
    site.post("river", f"Mine.\n\n{words}", sources="[{ id: daily, title: A }]")
    report = site.build()
    assert not report.ok
    told = [(each.severity, each.path, each.line) for each in report.problems if each.code in ("CL212", "CL519")]
    assert told == [("error", "content/posts/river.md", 8)]


@pytest.mark.parametrize("engine", ENGINES)
def test_ten_thousand_directives_inside_each_other_are_a_problem_and_no_crash(engine: str, site: TinySite) -> None:
    site.write("site.toml", f'{SETTINGS}\n[markdown]\nengine = "{engine}"\n')
    site.post("a", ":::comment\n" * 10_000 + "Deep.\n" + ":::\n" * 10_000)
    site.post("b", "".join(f"{':' * (10_003 - number)}comment\n" for number in range(0, 10_000, 50)) + "Deep.\n")
    site.post("c", "::pull-quote[" * 10_000 + "Deep." + "]" * 10_000)
    site.post("d", ":cite[" * 10_000)
    report = site.build()
    assert not report.ok
    assert {problem.path for problem in report.problems} == {f"content/posts/{name}.md" for name in "abcd"}
    assert sum(len(problem.hint) for problem in report.problems) < 50_000


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "text",
    [
        "| a |\n| --- |\n| :::comment |\n| b |\n| ::: |\n",
        "| a |\n| --- |\n| ::pull-quote[Mine.] |\n",
        "- a\n\n  :::comment\n  b\n\n:::\n",
        "> :::comment\n> b\n\n:::\n",
        ":::comment\n- a\n:::\n  - b\n",
        ':::appeal{from="A"}\n| a |\n:::\n| --- |\n',
        "1. :::content-note{topics=x}\n2. b\n:::\n",
    ],
)
def test_a_directive_that_does_not_fit_where_it_stands_is_told_or_is_text(
    text: str, engine: str, site: TinySite
) -> None:
    site.write("site.toml", f'{SETTINGS}\n[markdown]\nengine = "{engine}"\n')
    site.post("river", f"Mine.\n\n{text}")
    report = site.build()
    if report.ok:
        page = site.read("river/index.html").partition('id="page_text"')[2]
        assert ":::" in page or "::pull-quote" in page or page.count("<p><strong>") == page.count("<p><small>")
    assert all(problem.line >= 6 for problem in report.problems), report.problems
