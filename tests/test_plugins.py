"""Plugins: what they may add is seen to be there, and what goes wrong in one is told with its name and its line."""

import base64
import hashlib
import multiprocessing
import os
import re
import subprocess
import sys
import zipfile
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from generator.model.document import Text
from generator.model.job import Setup
from generator.model.plugin import Plugins
from generator.pipeline.outlooks import outlook
from generator.pipeline.session import Session
from generator.pipeline.surveys import survey
from generator.plugins import finding, plugin_manager
from generator.plugins.manager import FILTERS
from generator.rebuild import rebuild
from generator.stages import parse_all, render_all
from generator.stages.render import workshop
from generator.templates import environment
from generator.theme import Theme
from tests.conftest import NOW, SETTINGS, TinySite, instant

ROOT = Path(__file__).parents[1]
DOCS = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
EXAMPLES = {
    path: text
    for path, text in re.findall(r"^```\w+ (\S+)\n(.*?)^```$", DOCS, re.MULTILINE | re.DOTALL)
    if path != "pyproject.toml"
}
HOOK = "from generator.hooks import *\nfrom msgspec import Struct\nfrom msgspec.structs import replace\n"
"""Three lines before each plugin of these tests."""


@pytest.fixture(autouse=True)
def small_parcels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several parcels also for a small site."""
    monkeypatch.setattr(parse_all, "_A_PARCEL", 1)
    monkeypatch.setattr(render_all, "_TEMPLATES_A_PARCEL", 2)
    monkeypatch.setattr(render_all, "_PRODUCERS_A_PARCEL", 1)


def with_plugins(site: TinySite, settings: str = "", **sources: str) -> TinySite:
    """The site with plugins of its own, by name."""
    for name, source in sources.items():
        site.write(f"plugins/{name}.py", HOOK + source)
    names = ", ".join(f'"{name}"' for name in sources)
    site.write("site.toml", f"{SETTINGS}\n[plugins]\nnames = [{names}]\n{settings}")
    return site


def told(site: TinySite) -> list[tuple[str, str]]:
    """What a build says is wrong, with its hints."""
    return [(str(problem), problem.hint) for problem in site.build().problems]


@pytest.fixture
def documented(site: TinySite) -> TinySite:
    """The site that docs/plugins.md describes."""
    for path, text in EXAMPLES.items():
        site.write(path, SETTINGS + text if path == "site.toml" else text)
    return site


# What docs/plugins.md shows


def test_the_page_shows_every_hook_in_an_example_that_is_run() -> None:
    hooks = {name for name in dir(plugin_manager().hook) if name.startswith("clarion_")}
    sources = "".join(text for path, text in EXAMPLES.items() if path.endswith(".py"))
    assert set(re.findall(r"^def (clarion_\w+)", sources, re.MULTILINE)) == hooks
    assert set(re.findall(r"^\| `(clarion_\w+)\(", DOCS, re.MULTILINE)) == hooks


def test_what_the_page_shows_is_so(documented: TinySite) -> None:
    documented.post("loud", title="ALL LOUD")
    report = documented.build()
    assert [str(problem) for problem in report.problems] == [
        "content/posts/loud.md:1:1: warning CALM1 this title shouts",
    ]
    lost = documented.read("404.html")
    assert "<p>LOST! 116 111, day and night</p>" in lost
    assert lost.endswith("<!-- made with care -->\n")
    assert "Two *stars* stay stars." in documented.read("note/index.html")
    assert '<p class="place">The lower bank</p>' in documented.read("river/index.html")
    assert documented.read("titles.json") == '["A plain note", "ALL LOUD", "The river"]'
    pages = sum(1 for path in documented.outputs() if path.endswith(".html"))
    assert documented.read("pages.json") == f'["{pages} pages"]'
    assert "<h1>A plain note</h1>" in documented.read("longest/index.html")
    assert "made with care" not in documented.read("feed.xml")


def test_processes_give_the_same_bytes(documented: TinySite) -> None:
    assert documented.build(jobs=1).ok
    alone = documented.outputs()
    for way in multiprocessing.get_all_start_methods():
        if way == "forkserver":
            continue
        other = TinySite(documented.root.parent, (documented.root / "site.toml").read_text(encoding="utf-8"))
        for path, text in EXAMPLES.items():
            other.write(path, SETTINGS + text if path == "site.toml" else text)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("generator.engine.processes._way_to_start", lambda way=way: way)
            report = other.build(jobs=2, output=documented.root.parent / f"output-{way}")
        assert report.ok, report.problems
        made = TinySite(other.root)
        made.output = documented.root.parent / f"output-{way}"
        assert made.outputs() == alone
        for path in (other.root / ".clarion").glob("cache*"):
            path.unlink()


def clarion(site: Path, *words: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """What a command says, in a process of its own that finds packages in `path` too."""
    found = os.pathsep.join(filter(None, (str(path or ""), str(ROOT), os.environ.get("PYTHONPATH"))))
    return subprocess.run(
        [sys.executable, "-m", "generator", *words],
        cwd=site,
        env={**os.environ, "PYTHONPATH": found, "SOURCE_DATE_EPOCH": str(instant(NOW))},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_commands_and_executors_of_plugins_are_reached_from_the_command_line(documented: TinySite) -> None:
    assert clarion(documented.root, "count", "river").stdout == "5 letters\n"
    assert clarion(documented.root.parent, "count", "river", "--site", "site").returncode == 2
    assert re.search(r"^  count +Count letters\.$", clarion(documented.root, "--help").stdout, re.MULTILINE)
    assert "count" not in clarion(documented.root.parent, "--help").stdout
    wrong = clarion(documented.root, "conut", "river")
    assert (wrong.returncode, "Did you mean “count”?" in wrong.stderr) == (2, True)
    assert documented.build().ok
    alone = documented.outputs()
    done = clarion(documented.root, "build", "--executor", "threads://2", "--output", "other")
    assert done.returncode == 0, done.stderr
    documented.output = documented.root / "other"
    assert documented.outputs() == alone


# An installed package

EVERYTHING = {
    "clarion_everything/__init__.py": """\
from generator.hooks import *
from msgspec import Struct
from msgspec.structs import replace

from . import formats


class Settings(Struct, frozen=True):
    word: str


@hookimpl
def clarion_settings():
    return Settings


@hookimpl
def clarion_sources():
    return {".note": formats.read}


@hookimpl
def clarion_theme():
    return "theme"


@hookimpl
def clarion_outputs(site):
    yield Output("made.txt", "made", "en", producer="made", inputs={"made": "by clarion_outputs"})
    yield Output("drawn.txt", "drawn", "en", template="drawn.txt", inputs={"view": Deferred("viewed", ("view",))})


@hookimpl
def clarion_indexes(site, outputs):
    yield Output("listed.txt", "made", "en", producer="made", inputs={"made": f"by clarion_indexes: {len(outputs)}"})


@hookimpl
def clarion_producers():
    return {"made": lambda inputs: inputs["made"].encode()}


@hookimpl
def clarion_views():
    return {"viewed": lambda word: f"{word} by clarion_views"}


@hookimpl
def clarion_filters():
    return {"filtered": lambda word: f"{word} by clarion_filters"}


@hookimpl
def clarion_facts(settings):
    return {"site.told": lambda site, language: f"{settings.word} by clarion_facts"}


@hookimpl
def clarion_checks():
    return [Check("EVERY1", "It is called.", lambda site: [Problem("note", "EVERY1", "by clarion_checks")])]


@hookimpl
def clarion_finish(artifact, job):
    if job.kind != "made":
        return artifact
    return replace(artifact, content=artifact.content + b", by clarion_finish")


@hookimpl
def clarion_executors():
    from clarion_everything import workers

    return {"everything": workers.connect}


@hookimpl
def clarion_commands(settings):
    from clarion_everything.commands import everything

    return [everything]
""",
    "clarion_everything/formats.py": """\
from generator.hooks import Written


def read(text):
    return Written(text, {"title": "By clarion_sources", "date": "2026-10-01"})
""",
    "clarion_everything/workers.py": """\
from contextlib import contextmanager


class Here:
    workers = 1
    here = True

    def run(self, work, parcels):
        print("by clarion_executors")
        return map(work, parcels)


@contextmanager
def connect(address):
    yield Here()
""",
    "clarion_everything/commands.py": """\
import click


@click.command("everything")
def everything():
    print("by clarion_commands")
""",
    "clarion_everything/theme/templates/drawn.txt": "{{ view }}, {{ 'a word' | filtered }}, {{ site.told }}",
    "clarion_everything/theme/directives/every.html": '{# text = "none" #}\n<p>by clarion_theme</p>\n',
}


def wheel(folder: Path) -> Path:
    """A wheel of the package that implements every hook (PEP 427)."""
    info = "clarion_everything-1.0.dist-info"
    files = {
        **EVERYTHING,
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: clarion-everything\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[clarion]\neverything = clarion_everything\n",
    }
    record = []
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record.append(f"{path},sha256={digest},{len(text.encode())}")
    files[f"{info}/RECORD"] = "\n".join((*record, f"{info}/RECORD,,", ""))
    made = folder / "clarion_everything-1.0-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return made


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which pip has installed the package."""
    folder = tmp_path_factory.mktemp("packages")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", folder / "there"]
    subprocess.run([*pip, wheel(folder)], check=True, capture_output=True)
    return folder / "there"


def test_the_package_has_every_hook() -> None:
    hooks = {name for name in dir(plugin_manager().hook) if name.startswith("clarion_")}
    assert set(re.findall(r"^def (clarion_\w+)", EVERYTHING["clarion_everything/__init__.py"], re.MULTILINE)) == hooks


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_every_hook_of_an_installed_package_is_called(site: TinySite, packages: Path, jobs: str) -> None:
    settings = '[plugins]\nnames = ["everything"]\n[plugins.everything]\nword = "set"\n'
    site.write("site.toml", f"{SETTINGS}\n{settings}")
    site.write("content/posts/note.note", "Words of a note.\n")
    site.post("river", "::every{}")
    done = clarion(site.root, "build", "--jobs", jobs, path=packages)
    assert done.returncode == 0, done.stderr
    assert "note EVERY1 by clarion_checks" in done.stderr
    assert site.read("made.txt") == "by clarion_outputs, by clarion_finish"
    assert re.fullmatch(r"by clarion_indexes: \d+, by clarion_finish", site.read("listed.txt"))
    assert site.read("drawn.txt") == "view by clarion_views, a word by clarion_filters, set by clarion_facts"
    assert "By clarion_sources" in site.read("note/index.html")
    assert "<p>by clarion_theme</p>" in site.read("river/index.html")
    assert clarion(site.root, "everything", path=packages).stdout == "by clarion_commands\n"
    again = clarion(site.root, "build", "--executor", "everything://", "--output", "other", path=packages)
    assert (again.returncode, "by clarion_executors" in again.stdout) == (0, True)


def test_what_is_installed_and_not_named_does_not_run(site: TinySite, packages: Path) -> None:
    site.post("river")
    site.write("plugins/lying.py", "raise SystemExit('it ran')\n")
    assert clarion(site.root, "build", path=packages).returncode == 0
    assert "made.txt" not in site.outputs()
    assert clarion(site.root, "everything", path=packages).returncode == 2


def test_a_plugin_of_the_site_named_like_an_installed_one_is_an_error(site: TinySite, packages: Path) -> None:
    with_plugins(site, everything="")
    done = clarion(site.root, "build", path=packages)
    assert done.returncode == 1
    assert "there are two plugins “everything”: plugins/everything.py and the package clarion_everything" in done.stderr


def test_a_worker_with_another_state_of_an_installed_plugin_is_refused(
    site: TinySite, packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that lacks a package, or has another version of it, must not draw as if it had the same."""
    settings = '[plugins]\nnames = ["everything"]\n[plugins.everything]\nword = "set"\n'
    site.write("site.toml", f"{SETTINGS}\n{settings}")
    code = (
        "import sys; from pathlib import Path; from generator.config import load_config;"
        "from generator.plugins import load_plugins, plugin_manager; from msgspec.structs import replace;"
        "named, _ = load_plugins(Path(), load_config(Path())[0]); plugins = named.plugins;"
        "plugin_manager(replace(plugins, each=(replace(plugins.each[0], digest='0' * 32),)))"
    )
    found = os.pathsep.join((str(packages), str(ROOT)))
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=site.root,
        env={**os.environ, "PYTHONPATH": found},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "error CL921 a worker has another state of the plugin “everything”" in done.stderr


OBJECT = """\
from generator.hooks import hookimpl


class Maps:
    def __init__(self, word):
        self.word = word

    @hookimpl
    def clarion_filters(self):
        return {"mapped": lambda text: text + self.word}

    @hookimpl
    def clarion_facts(self):
        return {"site.broken": lambda site, language: 1 / 0}


plugin = Maps("!")
"""


def test_an_installed_plugin_may_be_an_object_of_a_single_module(
    site: TinySite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "maps_of_a_test.py").write_text(OBJECT, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    entries = [EntryPoint("maps", value, "clarion") for value in ("maps_of_a_test:plugin", "other:plugin")]
    monkeypatch.setattr(finding, "installed", lambda: {"maps": tuple(entries)})
    site.write("site.toml", f'{SETTINGS}\n[plugins]\nnames = ["maps"]\n')
    site.write("templates/not_found.html", "{{ 'lost' | mapped }}")
    assert "".join(site.problems()) == (
        "site.toml:15:10: error CL341 there are two plugins “maps”: the package maps_of_a_test:plugin and the package "
        "other:plugin"
    )
    entries.pop()
    assert site.build(jobs=2).ok
    assert site.read("404.html") == "lost!"
    site.write("templates/not_found.html", "{{ site.broken }}")
    assert "".join(site.problems()) == (
        "maps_of_a_test.py:14:55: error CL345 clarion_facts of the plugin “maps” failed: "
        "ZeroDivisionError: division by zero"
    )
    entries[0] = EntryPoint("maps", "absent_in_this_test", "clarion")
    assert "".join(site.problems()) == (
        "site.toml: error CL342 the plugin “maps” cannot be imported: "
        "ModuleNotFoundError: No module named 'absent_in_this_test'"
    )


# What goes wrong


def test_a_plugin_that_is_not_there_is_told_with_the_nearest_name(site: TinySite) -> None:
    with_plugins(site, maps="@hookimpl\ndef clarion_filters():\n    return {}\n")
    site.edit("site.toml", '["maps"]', '["mpas", "../maps", "maps", "maps"]')
    assert told(site) == [
        ("site.toml:15:10: error CL340 there is no plugin “mpas”", "Did you mean “maps”?"),
        (
            "site.toml:15:18: error CL340 there is no plugin “../maps”",
            "Did you mean “maps”?",
        ),
        ("site.toml:15:37: error CL341 the plugin “maps” is named twice", "Keep one of them."),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import nowhere_to_be_found", "4:1: error CL342 the plugin “maps” cannot be imported: ModuleNotFoundError: "),
        ("\n1 / 0", "5:1: error CL342 the plugin “maps” cannot be imported: ZeroDivisionError: division by zero"),
        ("def f(:", "4:7: error CL342 the plugin “maps” cannot be imported: invalid syntax"),
        ("raise SystemExit(3)", "4:1: error CL342 the plugin “maps” cannot be imported: SystemExit: 3"),
        ("open('/nowhere/secret')", "4:1: error CL342 the plugin “maps” cannot be imported: FileNotFoundError: No"),
    ],
)
def test_a_plugin_that_cannot_be_imported_is_told_with_its_line(site: TinySite, source: str, expected: str) -> None:
    (problem,) = with_plugins(site, maps=source).problems()
    assert problem.startswith(f"plugins/maps.py:{expected}")
    assert "/nowhere" not in problem


@pytest.mark.parametrize(
    ("source", "message", "hint"),
    [
        (
            "@hookimpl\ndef clarion_outptus(site): ...",
            "CL343 the plugin “maps” has “clarion_outptus”, and there is no such hook",
            "Did you mean “clarion_outputs”?",
        ),
        (
            "@hookimpl\ndef clarion_outputs(sit): ...",
            "CL343 “clarion_outputs” of the plugin “maps” asks for “sit”, which it is not given",
            "Did you mean “site”?",
        ),
        (
            "\ndef clarion_outputs(site): ...",
            "CL343 “clarion_outputs” of the plugin “maps” is not marked as a hook",
            "Write @hookimpl above it.",
        ),
        (
            "@hookimpl(wrapper=True)\ndef clarion_outputs(site): ...",
            "CL343 “clarion_outputs” of the plugin “maps” would wrap other plugins",
            "A hook adds: take the option out.",
        ),
        (
            "@hookimpl\ndef clarion_outputs(*, sit): ...",
            "CL343 “clarion_outputs” of the plugin “maps” asks for “sit”, which it is not given",
            "Did you mean “site”?",
        ),
    ],
)
def test_a_misspelt_hook_is_an_error(site: TinySite, source: str, message: str, hint: str) -> None:
    ((problem, given),) = told(with_plugins(site, maps=source))
    assert re.fullmatch(rf"plugins/maps\.py:[45]:1: error {re.escape(message)}", problem)
    assert given == hint


def test_a_plugin_without_a_hook_is_told_that_nothing_of_it_is_called(site: TinySite) -> None:
    with_plugins(site, maps="class Maps:\n    @hookimpl\n    def clarion_filters(self): ...")
    assert told(site) == [
        (
            "site.toml:15:10: warning CL349 the plugin “maps” has no hook",
            "Write @hookimpl above its functions, or take it out.",
        )
    ]
    assert told(with_plugins(site, maps=SETTINGS_OF.replace("zoom: int", "zoom: int = 3"))) == []


def test_a_hook_that_is_there_twice_is_an_error(site: TinySite) -> None:
    """One of the two would be called, and nobody could say which."""
    twice = "@hookimpl\ndef clarion_filters(): ...\n@hookimpl(specname='clarion_filters')\ndef other(): ..."
    assert with_plugins(site, maps=twice).problems() == [
        "plugins/maps.py:6:1: error CL343 the plugin “maps” has “clarion_filters” twice"
    ]


SETTINGS_OF = """
class Settings(Struct, frozen=True):
    zoom: int
    colour: str = "red"

@hookimpl
def clarion_settings():
    return Settings
"""


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("[plugins.maps]\nzoom = 3\n", []),
        (
            '[plugins.maps]\nzoom = "3"\nclour = "blue"\n',
            [
                (
                    "site.toml:17:8: error CL344 `plugins.maps.zoom` is wrong: expected `int`, got `str`",
                    "Write a value of that type.",
                ),
                (
                    "site.toml:18:9: error CL344 the plugin “maps” has no setting “clour”",
                    "Did you mean “colour”?",
                ),
            ],
        ),
        (
            "",
            [("site.toml:14:2: error CL344 `plugins.maps.zoom` is missing", "Write [plugins.maps] with zoom = ….")],
        ),
        (
            "[plugins.maps]\nzoom = 3\n[plugins.mops]\n",
            [("site.toml:18:10: warning CL344 [plugins.mops] is of no plugin of this site", "Did you mean “maps”?")],
        ),
    ],
)
def test_settings_of_a_plugin_are_checked(site: TinySite, settings: str, expected: list[tuple[str, str]]) -> None:
    assert told(with_plugins(site, settings, maps=SETTINGS_OF)) == expected


@pytest.mark.parametrize(
    ("declared", "settings", "message"),
    [
        ("zoom: 'Nowhere' = 3", "", "clarion_settings of the plugin “maps” failed: NameError: name 'Nowhere' is not"),
        (
            "zoom: int = 3\n    def __post_init__(self):\n        raise KeyError('zoom')",
            "",
            "[plugins.maps] is wrong: 'zoom'",
        ),
        ("zoom: set", "zoom = 3", "`plugins.maps.zoom` is wrong: "),
    ],
)
def test_settings_that_no_value_fits_are_told(site: TinySite, declared: str, settings: str, message: str) -> None:
    source = f"class Own(Struct, frozen=True):\n    {declared}\n@hookimpl\ndef clarion_settings():\n    return Own"
    (problem,) = with_plugins(site, f"[plugins.maps]\n{settings}\n", maps=source).build().problems
    assert problem.message.startswith(message)


FAULTS = {
    "an output": (
        """
@hookimpl
def clarion_outputs(site):
    yield 1 / 0
""",
        ("7:11", "clarion_outputs", "ZeroDivisionError: division by zero"),
        "Mend this line",
    ),
    "a producer": (
        """
@hookimpl
def clarion_outputs(site):
    yield Output("a.txt", "a", "en", producer="a")

@hookimpl
def clarion_producers():
    return {"a": lambda inputs: inputs["b"]}
""",
        ("11:33", "clarion_producers", "KeyError: 'b'"),
        "While making /a.txt. ",
    ),
    "a filter": (
        """
@hookimpl
def clarion_filters():
    return {"half": lambda text: text / 2}
""",
        ("7:34", "clarion_filters", "TypeError: unsupported operand type(s) for /: 'str' and 'int'"),
        "While making /404.html. ",
    ),
    "a fact": (
        """
@hookimpl
def clarion_facts():
    return {"site.half": lambda site, language: language / 2}
""",
        ("7:49", "clarion_facts", "TypeError: unsupported operand type(s) for /: 'str' and 'int'"),
        "Mend this line",
    ),
    "a check": (
        """
@hookimpl
def clarion_checks():
    return [Check("M1", "It fails.", run)]

def run(site):
    yield site.nothing
""",
        ("10:11", "clarion_checks", "AttributeError: 'Site' object has no attribute 'nothing'"),
        "Mend this line",
    ),
    "finish": (
        """
@hookimpl
def clarion_finish(artifact, job):
    return 1 / (job.kind != "not-found") and artifact
""",
        ("7:12", "clarion_finish", "ZeroDivisionError: division by zero"),
        "While making /404.html. ",
    ),
    "a reader": (
        """
@hookimpl
def clarion_sources():
    return {".txt": lambda text: text.nothing}
""",
        ("7:34", "clarion_sources", "AttributeError: 'str' object has no attribute 'nothing'"),
        "While reading content/posts/note.txt. ",
    ),
}


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("what", FAULTS)
def test_what_fails_in_a_plugin_is_told_with_its_hook_and_its_line(site: TinySite, what: str, jobs: int) -> None:
    source, (place, hook, said), hint = FAULTS[what]
    with_plugins(site, maps=source)
    uses = {"a filter": "{{ 'a' | half }}", "a fact": "{{ site.half }}"}.get(what, "")
    site.write("templates/not_found.html", f'{{% extends "layout.html" %}}\n{{% block main %}}{uses}{{% endblock %}}')
    site.write("content/posts/note.txt", "Words")
    report = site.build(jobs=jobs)
    expected = f"plugins/maps.py:{place}: error CL345 {hook} of the plugin “maps” failed: {said}"
    assert [str(problem) for problem in report.problems] == [expected]
    assert report.problems[0].hint.startswith(hint)
    assert not site.output.exists() or not site.outputs()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def clarion_outputs(site):\n    yield 3", "clarion_outputs gives an int where Output is wanted"),
        ("def clarion_outputs(site): ...", "clarion_outputs gives a NoneType, not several of Output"),
        (
            "def clarion_outputs(site):\n    yield Output('../a.txt', 'a', 'en', producer='a')",
            "“../a.txt” is no path of an output: write one such as maps/index.html",
        ),
        (
            "def clarion_outputs(site):\n    yield Output('/etc/a.txt', 'a', 'en', producer='a')",
            "“/etc/a.txt” is no path of an output: write one such as maps/index.html",
        ),
        (
            "def clarion_outputs(site):\n    yield Output('a.txt', 'asset', 'en', producer='a')",
            "a.txt is of the kind “asset”, which is Clarion’s own",
        ),
        (
            "def clarion_outputs(site):\n    yield Output('a.txt', 'a', 'en')",
            "a.txt needs either a template or a producer",
        ),
        (
            "def clarion_outputs(site):\n    yield Output('a.txt', 'a', 'en', producer='nobody')",
            "a.txt needs the producer “nobody”, and there is none",
        ),
        (
            "def clarion_outputs(site):\n    yield Output('a.txt', 'a', 'en', 'home.html', inputs={'b': [{1, 2}]})",
            "the input “b” of a.txt holds a set, which no worker could be sent",
        ),
        ("def clarion_facts():\n    return {'maps': len}", "clarion_facts gives “maps”, which is no name of a fact"),
        ("def clarion_filters():\n    return {'maps': 3}", "clarion_filters gives an int for “maps”, not a function"),
        ("def clarion_filters():\n    return [len]", "clarion_filters gives a list, not functions by name"),
        ("def clarion_sources():\n    return {'.md': len}", "clarion_sources gives “.md”, which Clarion reads itself"),
        ("def clarion_theme():\n    return '../../elsewhere'", "clarion_theme gives no name of a folder beside the"),
        ("def clarion_theme():\n    return 'nowhere'", "there is no folder plugins/nowhere"),
        ("def clarion_settings():\n    return {}", "clarion_settings gives no struct of msgspec"),
        ("def clarion_settings():\n    return Open", "clarion_settings gives a struct that is not frozen"),
        (
            "def clarion_sources():\n    return {'.png': len}",
            "clarion_sources gives “.png”, which Clarion reads itself",
        ),
        (
            "def clarion_sources():\n    return {'.txt': lambda text: Written('x', mistakes=3)}",
            "clarion_sources reads a text as Written that holds something else: Expected `array`, got `int`",
        ),
        (
            "def clarion_outputs(site):\n    yield Output('a.txt', 'a', 'en', 'home.html', texts='one')",
            "the texts of a.txt are a str, not a tuple of texts",
        ),
        (
            "def clarion_outputs(site):\n    yield Output('a.txt', 'a', 'en', 'home.html', listed=3)",
            "a.txt is listed as an int, not as Listed",
        ),
        (
            "def clarion_checks():\n    return [Check('AB1', '', lambda site: [Problem('note', 'AB1', '\\ud800')])]",
            "clarion_checks tells of a problem that holds something else: ",
        ),
        (
            "def clarion_filters():\n    return {'half': lambda text: '\\ud800'}",
            "“half” gives half a character, which no file can hold",
        ),
        ("def clarion_finish(artifact, job): ...", "clarion_finish gives a NoneType, not the artifact with its bytes"),
        (
            "def clarion_finish(artifact, job):\n    return replace(artifact, problems=(Problem('note', 'CL1', 'm'),))",
            "clarion_finish tells of “CL1”: a code of its own is two capital letters or more, and digits",
        ),
        (
            "def clarion_checks():\n    return [Check('M1', '', lambda site: [Problem('fatal', 'M1', 'm')])]",
            "clarion_checks tells of a problem that holds something else: Invalid enum value 'fatal'",
        ),
        (
            "def clarion_checks():\n    return [Check('M1', '', lambda site: [Problem('error', 'M1', None)])]",
            "clarion_checks tells of a problem that holds something else: Expected `str`, got `null`",
        ),
        (
            "def clarion_outputs(site):\n    yield Output('a.txt', 'a', 'en', 'home.html', inputs={'b': 2**70})",
            "the input “b” of a.txt holds a number of more than 64 bits, which no worker could be sent",
        ),
        (
            "def clarion_outputs(site):\n    yield Output('a.txt', 'a', 'en', 'home.html', inputs={'b': ['\\ud800']})",
            "the input “b” of a.txt holds half a character, which no worker could be sent",
        ),
        (
            (
                "def clarion_outputs(site):\n"
                "    yield Output('a.txt', 'a', 'en', 'home.html', inputs={'b': Deferred('c', (object(),))})"
            ),
            "the input “b” of a.txt holds an object, which no worker could be sent",
        ),
        (
            "def clarion_outputs(site):\n    yield Output('a?.txt', 'a', 'en', 'home.html')",
            "“a?.txt” is no path of an output: a name in it holds a control character or one of",
        ),
        (
            "def clarion_outputs(site):\n    yield Output('.clarion-output', 'a', 'en', 'home.html')",
            "“.clarion-output” is no path of an output: “.clarion-output” is where Clarion keeps account",
        ),
        (
            "def clarion_outputs(site):\n    site.library.entries.clear()\n    return []",
            "clarion_outputs changes the site that it is given",
        ),
        (
            "def clarion_checks():\n    return [Check('M1', '', lambda site: site.library.data.update(a=1) or [])]",
            "clarion_checks changes the site that it is given",
        ),
    ],
)
def test_what_a_hook_gives_is_checked(site: TinySite, source: str, message: str) -> None:
    site.post("river")
    site.write("content/posts/note.txt", "Words")
    site.write("templates/not_found.html", "{{ 'a' | half }}" if "'half'" in source else "")
    problems = [*with_plugins(site, maps=f"class Open(Struct): ...\n@hookimpl\n{source}").build().problems]
    assert {(problem.code, problem.path) for problem in problems} == {("CL346", "plugins/maps.py")}
    assert all(problem.message.startswith(message) for problem in problems)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "clarion_filters():\n    return {'upper': len}",
            "the filter “upper” of the plugin “maps” is Clarion’s already",
        ),
        (
            "clarion_facts():\n    return {'site.menu': len}",
            "the fact “site.menu” of the plugin “maps” is Clarion’s already",
        ),
        (
            "clarion_executors():\n    return {'other': len}",
            "the executor of “other” of the plugin “other” is the plugin “maps”’s already",
        ),
    ],
)
def test_plugins_add_and_replace_nothing(site: TinySite, source: str, message: str) -> None:
    one = f"@hookimpl\ndef {source}"
    plugins = {"maps": one, "other": one} if "other" in source else {"maps": one}
    assert [problem.message for problem in with_plugins(site, **plugins).build().problems] == [message]


def test_the_filters_of_clarion_are_known_to_be_taken() -> None:
    theme = Theme("of this test")
    workshop(theme, Setup("", "", "", ""), (), Plugins(), {}, lambda _: Text(), Path(), lambda _, make: make())
    assert environment(theme).filters.keys() == {*environment(Theme("none")).filters, *FILTERS}


def test_two_outputs_at_one_path_are_an_error(site: TinySite) -> None:
    source = (
        "@hookimpl\ndef clarion_outputs(site):\n    yield Output('404.html', 'a', 'en', producer='a')\n"
        "@hookimpl\ndef clarion_producers():\n    return {'a': lambda inputs: b''}"
    )
    assert with_plugins(site, maps=source).problems() == [
        "error CL707 two outputs would be at 404.html: the a of the plugin “maps” and the not-found that Clarion makes"
    ]
    source = "@hookimpl\ndef clarion_outputs(site):\n    yield Output('a.html', 'a', 'en', 'nowhere.html')"
    assert with_plugins(site, maps=source).problems() == [
        "error CL304 there is no template “nowhere.html”, which the a of the plugin “maps” at a.html asks for"
    ]


HOSTILE = {
    "an exception that cannot say what it is": (
        (
            "class E(Exception):\n    def __str__(self):\n        raise ValueError\n"
            "@hookimpl\ndef clarion_filters():\n    raise E"
        ),
        "CL345 clarion_filters of the plugin “maps” failed: E",
    ),
    "an exception beside all others": (
        "class E(BaseException): ...\n@hookimpl\ndef clarion_filters():\n    raise E('gone')",
        "CL345 clarion_filters of the plugin “maps” failed: E: gone",
    ),
    "recursion without end": (
        "@hookimpl\ndef clarion_facts():\n    return clarion_facts()",
        "CL345 clarion_facts of the plugin “maps” failed: RecursionError: maximum recursion depth exceeded",
    ),
    "a mapping that fails": (
        (
            "from collections.abc import Mapping\nclass M(Mapping):\n    def __getitem__(self, key): ...\n"
            "    def __len__(self):\n        return 1\n    def __iter__(self):\n        return iter(1 / 0)\n"
            "@hookimpl\ndef clarion_filters():\n    return M()"
        ),
        "CL345 clarion_filters of the plugin “maps” failed: ZeroDivisionError: division by zero",
    ),
    "a name that fails": (
        (
            "class N:\n    __repr__ = __str__ = __format__ = lambda self: 1 / 0\n"
            "@hookimpl\ndef clarion_filters():\n    return {N(): len}"
        ),
        "CL346 clarion_filters gives a N, which is no name of a filter",
    ),
    "a name that fails to be looked up": (
        (
            "def __getattr__(name):\n    raise (ValueError if name == 'clarion_maps' else AttributeError)(name)\n"
            "def __dir__():\n    return ['clarion_maps']"
        ),
        "CL345 clarion_maps of the plugin “maps” failed: ValueError: clarion_maps",
    ),
    "a coroutine": (
        "@hookimpl\nasync def clarion_filters():\n    return {}",
        "CL346 clarion_filters gives a coroutine, not functions by name",
    ),
}


@pytest.mark.filterwarnings("ignore:coroutine")
@pytest.mark.parametrize("what", HOSTILE)
def test_whatever_a_plugin_does_no_author_sees_a_traceback(site: TinySite, what: str) -> None:
    source, message = HOSTILE[what]
    problems = with_plugins(site, maps=source).build().problems
    assert [f"{problem.code} {problem.message}"[: len(message)] for problem in problems] == [message]
    assert problems[0].path == "plugins/maps.py"


def test_what_a_plugin_does_to_the_inputs_of_a_job_nobody_sees(site: TinySite) -> None:
    ant = "@hookimpl\ndef clarion_finish(artifact, job):\n    job.inputs.clear()\n    return artifact"
    bee = finishing("not-found", "%d").replace('b"%d"', "str(len(job.inputs) > 0).encode()")
    with_plugins(site, ant=ant, bee=bee)
    assert site.build().ok
    assert site.read("404.html").endswith("True")


MEND_PATH = "Put the file there, or mend the path; it is relative to this file."


def test_a_mistake_in_another_format_stands_at_its_line(site: TinySite) -> None:
    source = """
@hookimpl
def clarion_sources():
    return {".txt": read}

def read(text):
    return Written(text, {"date": "2026-10-01", "titel": "x"}, 2, (Mistake("too long", 3, 2, "Cut it.", "warning"),))
"""
    with_plugins(site, maps=source)
    site.write("content/posts/note.txt", "first\nsecond [link](nowhere.md)\n")
    assert told(site) == [
        ("content/posts/note.txt:1:1: error CL111 unknown key `titel`", "Did you mean “title”?"),
        (
            "content/posts/note.txt:1:1: error CL112 `title` is missing",
            'Write title: "The river", or begin the text with `# A heading`.',
        ),
        ("content/posts/note.txt:3:15: error CL250 there is no file “nowhere.md”", MEND_PATH),
        ("content/posts/note.txt:3:2: warning CL348 too long", "Cut it. The plugin “maps” says so."),
    ]


PAGE = """\
<p>First *stars* and <a href="river.md">a link</a>.</p>

<h2>A part</h2>

    <p>not code</p>
<pre>one

two</pre>
"""
HTML_READER = """
@hookimpl
def clarion_sources():
    return {".htm": lambda text: Written(text, {"title": "A page", "date": "2026-10-01"}, html=True)}
"""


@pytest.mark.parametrize("engine", ["python-markdown", "commonmark"])
def test_a_format_may_be_read_as_html(site: TinySite, engine: str) -> None:
    with_plugins(site, f'[markdown]\nengine = "{engine}"\n', maps=HTML_READER)
    site.post("river")
    site.write("content/posts/stone.htm", PAGE)
    assert site.problems() == []
    words = site.read("stone/index.html")
    assert 'First *stars* and <a href="../river/">a link</a>.' in words
    assert '<h2 id="a-part">A part</h2>' in words
    assert "<p>not code</p>" in words
    assert "<pre>one\n\ntwo</pre>" in words
    site.write("content/posts/stone.htm", f"{PAGE}\n<script>x()</script>\n")
    assert site.problems() == [
        "content/posts/stone.htm:10:1: error CL224 a script inside a page is refused by the policy of the site"
    ]


def test_a_draft_in_another_format_stops_nothing(site: TinySite) -> None:
    with_plugins(site, maps="@hookimpl\ndef clarion_sources():\n    return {'.txt': lambda text: 1 / 0}")
    site.write("content/drafts/note.txt", "Words")
    site.post("river")
    assert site.build().ok


def test_what_fails_in_a_command_is_told_as_the_plugins(site: TinySite) -> None:
    source = """
import click

@hookimpl
def clarion_commands():
    return [fail]

@click.command("fail")
def fail():
    1 / 0
"""
    with_plugins(site, maps=source)
    done = clarion(site.root, "fail")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("plugins/maps.py:13:5: error CL345 clarion_commands of the plugin “maps” failed")
    with_plugins(site, maps=source.replace('"fail"', '"build"'))
    assert "CL347 the command “build” of the plugin “maps” is Clarion’s already" in clarion(site.root, "fail").stderr


def test_a_broken_plugin_does_not_keep_anybody_from_help(site: TinySite) -> None:
    with_plugins(site, maps="1 / 0")
    done = clarion(site.root, "--help")
    assert done.returncode == 0
    assert "  build " in done.stdout
    assert done.stderr.startswith("plugins/maps.py:4:1: error CL342 the plugin “maps” cannot be imported")


def test_what_fails_in_an_executor_is_told_as_the_plugins(site: TinySite) -> None:
    source = """
from contextlib import contextmanager

class Broken:
    workers = 1
    here = True
    def run(self, work, parcels):
        raise RuntimeError("gone")

@hookimpl
def clarion_executors():
    return {"broken": connect}

@contextmanager
def connect(address):
    yield Broken()
"""
    with_plugins(site, maps=source)
    site.post("river")
    done = clarion(site.root, "build", "--executor", "broken://1")
    assert done.returncode == 1
    assert done.stderr.startswith(
        "plugins/maps.py:11:9: error CL345 clarion_executors of the plugin “maps” failed: RuntimeError: gone"
    )


NEXT = "the executor gives something else than the answer to the parcel that is next"


@pytest.mark.parametrize(
    ("executor", "message"),
    [
        (
            "workers, here = 0, True",
            "clarion_executors leads to an Own that is no executor: `workers` is a number from 1",
        ),
        (
            "workers, here = 1, None",
            "clarion_executors leads to an Own that is no executor: `workers` is a number from 1",
        ),
        (
            "def run(self, work, parcels): return None",
            "clarion_executors answers with a NoneType, not with bytes for each parcel",
        ),
        (
            "def run(self, work, parcels): return ['x' for _ in parcels]",
            "clarion_executors answers with a str, not with bytes for each",
        ),
        ("def run(self, work, parcels): return iter(())", "clarion_executors does not answer every parcel"),
        (
            "def run(self, work, parcels): return [*map(work, parcels)][1:]",
            "clarion_executors does not answer every parcel",
        ),
        ("def run(self, work, parcels): return [b'junk' for _ in parcels]", NEXT),
        (
            "def run(self, work, parcels): return [*map(work, parcels)] * 2",
            "clarion_executors answers with more than it was asked, not",
        ),
    ],
)
def test_an_executor_that_does_not_answer_every_parcel_is_refused(site: TinySite, executor: str, message: str) -> None:
    """Half a site would be published, and the other half removed."""
    source = f"""
from contextlib import contextmanager

class Good:
    workers, here = 1, True
    def run(self, work, parcels):
        return map(work, parcels)

class Own(Good):
    {executor}

@hookimpl
def clarion_executors():
    return {{"own": connect, "good": contextmanager(lambda address: iter([Good()]))}}

@contextmanager
def connect(address):
    yield Own()
"""
    with_plugins(site, maps=source)
    site.post("river")
    done = clarion(site.root, "build", "--executor", "good://")
    assert done.returncode == 0, done.stderr
    before = site.outputs()
    site.post("stone")
    done = clarion(site.root, "build", "--executor", "own://")
    assert (done.returncode, f"CL346 {message}" in done.stderr) == (1, True), done.stderr
    assert site.outputs() == before


def test_a_plugin_gets_no_text_that_is_not_published(site: TinySite) -> None:
    site.write("content/drafts/river.md", "---\ntitle: River\n---\nSecret words.")
    source = """
@hookimpl
def clarion_outputs(site):
    path = "content/drafts/river.md"
    yield Output("a.html", "a", "en", "a.html", inputs={"body": TextOf(path)}, texts=(path,))
"""
    site.write("templates/a.html", "{{ body }}")
    assert with_plugins(site, maps=source).problems() == [
        "error CL346 a plugin asks for the text of “content/drafts/river.md”, which is not published"
    ]


def test_a_reader_of_the_site_sees_plugins_too(site: TinySite) -> None:
    """`clarion list` and `clarion explain` find what a build would."""
    with_plugins(site, plaintext=EXAMPLES["plugins/plaintext.py"])
    site.write("content/posts/note.txt", EXAMPLES["content/posts/note.txt"])
    assert [row.path for row in survey(site.root, now=instant(NOW)).rows] == ["content/posts/note.txt"]
    found, problems = outlook(site.root, now=instant(NOW))
    assert (found is not None, problems) == (True, ())
    site.write("plugins/plaintext.py", "1 / 0")
    assert [problem.code for problem in survey(site.root, now=instant(NOW)).problems] == ["CL342"]
    assert [problem.code for problem in outlook(site.root, now=instant(NOW))[1]] == ["CL342"]


WANTED = "a code of its own is two capital letters or more, and digits, such as MAPS1"


def test_a_problem_of_a_plugin_has_a_code_of_its_own_which_can_be_answered(site: TinySite) -> None:
    check = """
@hookimpl
def clarion_checks():
    return [Check("CODE", "It tells.", lambda site: [Problem("warning", "CODE", "told", "content/posts/river.md")])]
"""
    site.post("river")
    for code, message in (
        ("MAPS1", "told"),
        ("CL250", f"clarion_checks tells of “CL250”: {WANTED}"),
        ("none", f"clarion_checks tells of “none”: {WANTED}"),
    ):
        with_plugins(site, maps=check.replace("CODE", code))
        assert [problem.message for problem in site.build().problems] == [message]
    answer = '[[ignore]]\ncode = "MAPS1"\npath = "content/posts/*"\nreason = "It is so."\n'
    assert told(with_plugins(site, answer, maps=check.replace("CODE", "MAPS1"))) == []


# What changes


def test_a_preview_draws_a_saved_text_of_another_format_at_once(site: TinySite) -> None:
    with_plugins(site, plaintext=EXAMPLES["plugins/plaintext.py"], loud=EXAMPLES["plugins/loud.py"])
    site.write("content/posts/note.txt", EXAMPLES["content/posts/note.txt"] + "\nSecond words.\n")
    site.write("templates/not_found.html", "{{ 'lost' | loud }}")
    session = Session()
    assert site.build(session=session).ok
    site.edit("content/posts/note.txt", "Second", "Other")
    report = rebuild(session, {"content/posts/note.txt"}, now=instant(NOW), clock=lambda: 0.0)
    assert report is not None
    assert "note/index.html" in report.written
    assert "Other words." in site.read("note/index.html")
    site.edit("plugins/loud.py", "!", "!!")
    assert site.build(session=session).written == ("404.html",)
    assert site.read("404.html") == "LOST!!"


class Watch:
    """Notes what parse and render were asked to do."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.parsed: list[str] = []
        parse = parse_all.parse_document

        def parse_document(file: object, *rest: object, **named: object) -> object:
            self.parsed.append(file.path)
            return parse(file, *rest, **named)

        monkeypatch.setattr(parse_all, "parse_document", parse_document)


FINISH = """
@hookimpl
def clarion_finish(artifact, job):
    if job.kind != "KIND":
        return artifact
    return replace(artifact, content=artifact.content + b"ADDED")
"""


def finishing(kind: str, added: str) -> str:
    """A plugin that adds something to outputs of a kind."""
    return FINISH.replace("KIND", kind).replace("ADDED", added)


def test_an_edit_of_a_plugin_draws_all_again_and_parses_nothing(
    site: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_plugins(site, maps=finishing("not-found", "one"))
    site.post("river")
    assert site.build().ok
    before = site.outputs()
    assert site.build().written == ()
    watch = Watch(monkeypatch)
    site.edit("plugins/maps.py", 'b"one"', 'b"two"')
    assert site.build().written == ("404.html",)
    assert site.read("404.html").endswith("two")
    assert watch.parsed == []
    site.edit("plugins/maps.py", 'b"two"', 'b"one"')
    assert site.build().written == ("404.html",)
    assert (watch.parsed, site.outputs()) == ([], before)


def test_an_edit_of_a_plugin_that_reads_a_format_parses_all_once(
    site: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_plugins(site, plaintext=EXAMPLES["plugins/plaintext.py"])
    site.write("content/posts/note.txt", EXAMPLES["content/posts/note.txt"])
    site.post("river", "See [the note](note.txt).")
    assert site.build().ok, site.problems()
    assert 'href="../note/"' in site.read("river/index.html")
    before = site.outputs()
    watch = Watch(monkeypatch)
    site.edit("plugins/plaintext.py", "plain = ", 'plain = "Read: " + ')
    assert site.build().ok
    assert "Read: " in site.read("note/index.html")
    assert sorted(watch.parsed) == ["content/posts/note.txt", "content/posts/river.md"]
    watch.parsed.clear()
    site.edit("plugins/plaintext.py", 'plain = "Read: " + ', "plain = ")
    assert site.build().ok
    assert (watch.parsed, site.outputs()) == ([], before)


def test_settings_of_a_plugin_count_as_its_source_does(site: TinySite) -> None:
    source = SETTINGS_OF + (
        "@hookimpl\ndef clarion_finish(artifact, job, settings):\n"
        "    return replace(artifact, content=str(settings.zoom).encode()) if job.kind == 'not-found' else artifact\n"
    )
    with_plugins(site, "[plugins.maps]\nzoom = 3\n", maps=source)
    assert site.build().ok
    assert site.read("404.html") == "3"
    site.edit("site.toml", "zoom = 3", "zoom = 4")
    assert site.build().written == ("404.html",)
    assert site.read("404.html") == "4"


def test_a_plugin_may_finish_an_asset_whose_name_then_follows_its_bytes(site: TinySite) -> None:
    assert site.build().ok
    before = {path for path in site.outputs() if path.endswith(".css")}
    with_plugins(site, maps=finishing("asset", "/* more */"))
    assert site.build().ok
    after = {path for path in site.outputs() if path.endswith(".css")}
    assert (len(after), before & after) == (len(before), set())
    assert all(site.read(path).endswith("/* more */") for path in after)
    assert any(Path(path).name in site.read("index.html") for path in after)


def test_plugins_finish_in_the_order_of_their_names(site: TinySite) -> None:
    words = {"zebra": "3", "ant": "1", "maps": "2"}
    with_plugins(site, **{name: finishing("not-found", word) for name, word in words.items()})
    assert site.build().ok
    assert site.read("404.html").endswith("123")


def test_a_package_imports_its_own_files_and_leaves_the_path_alone(site: TinySite) -> None:
    filters = "@hookimpl\ndef clarion_filters():\n    return {'half': half, 'other': other.other}\n"
    site.write("plugins/maps/__init__.py", f"{HOOK}from .inner.tiles import half\nfrom . import other\n{filters}")
    site.write("plugins/maps/inner/__init__.py", "")
    site.write(
        "plugins/maps/inner/tiles.py", "from ..other import other\ndef half(text):\n    return other(text)[:2]\n"
    )
    site.write("plugins/maps/other.py", "def other(text):\n    return text[::-1]\n")
    site.write("site.toml", f'{SETTINGS}\n[plugins]\nnames = ["maps"]\n')
    site.write("templates/not_found.html", "{{ 'abcd' | half }}{{ 'xy' | other }}")
    before = list(sys.path)
    assert site.build(jobs=2).ok
    assert (site.read("404.html"), sys.path) == ("dcyx", before)
    assert "maps" not in sys.modules
    site.edit("plugins/maps/other.py", "text[::-1]", "text")
    assert site.build(jobs=2).ok
    assert site.read("404.html") == "abxy"


def test_a_site_without_plugins_pays_nothing(site: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even the list of what is installed is looked at."""
    monkeypatch.setattr("generator.plugins.finding.installed", None)
    monkeypatch.setattr("generator.plugins.manager.find_plugins", None)
    site.post("river")
    assert site.build().ok
