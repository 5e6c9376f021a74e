"""The commands, as an author or a script meets them."""

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
import pytest
from click.testing import CliRunner, Result

import generator.build
import generator.engine.cluster
from generator.cli.group import VERBS, clarion
from generator.cli.progress import Progress
from generator.cli.show import is_coloured, plain, problem_lines, source_excerpt, visible
from generator.cli.summary import Circumstances, report_lines
from generator.cli.words import count, fine_span, moment, span, until
from generator.engine.executors import Serial
from generator.engine.refusal import Refused
from generator.model.library import LeftOut
from generator.model.problem import Problem
from generator.model.report import Report
from generator.serve.folder import claim
from generator.work.new.site import new_site

ROOT = Path(__file__).parent.parent
DAY = date(2026, 11, 1)
NOW = "2026-11-22T12:00:00Z"
NOW_SECONDS = 1_795_348_800
COMMAND = [sys.executable, "-m", "generator"]


def text(title: str, day: str = "2026-11-02", **more: str) -> str:
    keys = "".join(f"{name}: {value}\n" for name, value in more.items())
    return f"---\ntitle: {title}\ndate: {day}\n{keys}---\n\nA text about {title}.\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    root = tmp_path / "site"
    new_site(
        root,
        title="Water",
        day=DAY,
        identifiers=("5ad4b7f4-3a39-4f0c-8d75-0b5a27a7b001", "5ad4b7f4-3a39-4f0c-8d75-0b5a27a7b002"),
    )
    return root


@pytest.fixture(autouse=True)
def _no_clock_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.delenv("CLARION_TRACEBACK", raising=False)


def run(site: Path, *arguments: str) -> Result:
    now = [] if "--now" in arguments else ["--now", NOW]
    return CliRunner().invoke(clarion, [*arguments, "--site", str(site), *now])


def started(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_help_comes_at_once_and_loads_nothing_heavy(tmp_path: Path) -> None:
    taken: list[float] = []
    while len(taken) < 3 and min(taken, default=1.0) >= 0.5:
        began = time.monotonic()
        result = started("--help", cwd=tmp_path)
        taken.append(time.monotonic() - began)
    took = min(taken)
    print(f"clarion --help took {took:.3f} s")  # noqa: T201 - the number is of interest, its limit is not tight
    assert (result.returncode, took < 0.5) == (0, True)
    assert all(f"  {verb} " in result.stdout for verb in VERBS)
    heavy = [
        "markdown",
        "jinja2",
        "PIL",
        "babel",
        "phonenumbers",
        "rich",
        "livereload",
        "tornado",
        "pygments",
        "selectolax",
        "yaml",
        "msgspec",
    ]
    code = f"import sys, generator.cli.group; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True, cwd=ROOT) == "[]\n"


def test_a_misspelt_command_is_answered_with_the_right_one() -> None:
    result = CliRunner().invoke(clarion, ["biuld"])
    assert (result.exit_code, "Did you mean “build”?" in result.output) == (2, True)
    result = CliRunner().invoke(clarion, ["xyzzy"])
    assert (result.exit_code, f"There are: {', '.join(VERBS)}." in result.output) == (2, True)


def commands(group: click.Group, context: click.Context) -> Iterator[click.Command]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, context)
        else:
            yield command


def test_every_verb_has_the_common_options_and_only_paired_flags() -> None:
    """A flag without its opposite changes its default between versions of click."""
    context = click.Context(clarion)
    for command in commands(clarion, context):
        options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
        names = {name for option in options for name in option.opts}
        assert {"--site", "--set", "--format", "--strict", "--now"} <= names, command.name
        assert all(option.secondary_opts for option in options if option.is_flag), command.name


def test_the_version_is_told() -> None:
    assert CliRunner().invoke(clarion, ["--version"]).output.startswith("clarion ")


def test_a_first_build_says_what_it_made_and_what_to_do_next(site: Path) -> None:
    (site / "content/posts/secret.md").write_text(text("A secret", status="draft"))
    (site / "content/posts/later.md").write_text(text("Later", day="2026-11-28T09:00:00Z"))
    first = run(site, "build")
    assert first.exit_code == 0, first.output
    assert "unchanged" in first.stdout
    assert "content/posts/secret.md: draft" in first.stdout
    assert "content/posts/later.md: scheduled, until 28 November 2026, 09:00 (UTC), in 6 days" in first.stdout
    assert "The site changes next on 28 November 2026, 09:00 (UTC), in 6 days" in first.stdout
    assert "clarion serve --built" in first.stdout
    second = run(site, "build")
    assert "no files written" in second.stdout
    assert "clarion serve --built" not in second.stdout


def test_json_tells_the_same_facts_in_one_object(site: Path) -> None:
    (site / "content/posts/later.md").write_text(text("Later", day="2026-11-28T09:00:00Z"))
    result = run(site, "build", "--format", "json", "--set", 'site.timezone="Europe/Berlin"')
    told: dict[str, Any] = json.loads(result.stdout)
    assert (told["command"], told["exit"], told["ok"]) == ("build", 0, True)
    assert told["left_out"] == [
        {"path": "content/posts/later.md", "reason": "scheduled", "until": "2026-11-28T10:00:00+01:00"}
    ]
    assert told["next_change"] == "2026-11-28T10:00:00+01:00"
    assert "index.html" in told["written"]
    assert result.stderr == ""


def test_nothing_is_written_while_an_error_stands(site: Path) -> None:
    (site / "content/posts/wrong.md").write_text(text("Wrong", lang="en"))
    result = run(site, "build")
    assert (result.exit_code, (site / "output").exists()) == (1, False)
    assert "content/posts/wrong.md:4:1: error CL1" in result.stderr
    assert "Nothing was written: 1 error" in result.stdout
    told = json.loads(run(site, "build", "--format", "json").stdout)
    assert (told["exit"], told["problems"][0]["line"]) == (1, 4)


def test_a_text_left_out_on_purpose_gives_its_own_exit_code(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (site / "content/posts/wrong.md").write_text(text("Wrong"))
    result = run(site, "build", "--without", "content/posts/wrong.md")
    assert result.exit_code == 3, result.output
    assert "Built without: content/posts/wrong.md" in result.stdout
    assert not (site / "output/wrong").exists()
    monkeypatch.chdir(site / "content/posts")
    assert run(site, "build", "--without", "wrong.md").exit_code == 3
    missing = run(site, "build", "--without", "wrnog.md")
    assert (missing.exit_code, "no file 'wrnog.md'" in missing.output) == (2, True)


@pytest.mark.parametrize("flag", ["--drafts", "--future"])
def test_what_is_not_published_never_goes_where_the_published_lies(site: Path, tmp_path: Path, flag: str) -> None:
    (site / "output").mkdir()
    (tmp_path / "link").symlink_to(site / "output")
    for place in (
        [],
        ["--output", str(site / "output")],
        ["--output", str(site / "output/x")],
        ["--output", str(tmp_path / "link")],
    ):
        result = run(site, "build", flag, *place)
        assert (result.exit_code, list((site / "output").iterdir())) == (2, []), place
    assert run(site, "build", flag, "--output", str(tmp_path / "seen")).exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "--now", "tomorrow"],
        ["build", "--now", "2026-13-45"],
        ["build", "--set", "site.title"],
        ["build", "--set", "=1"],
        ["build", "--format", "xml"],
        ["build", "--nonsense"],
        ["list", "--state", "lost"],
        ["serve", "--port", "70000"],
        ["build", "--jobs", "-1"],
        ["build", "--jobs", "many"],
        ["build", "--executor", "tcp://127.0.0.1:8786"],
        ["build", "--executor", "dask://127.0.0.1"],
        ["explain"],
    ],
)
def test_a_wrong_call_is_told_apart_from_a_wrong_text(site: Path, arguments: list[str]) -> None:
    result = run(site, *arguments)
    assert (result.exit_code, "Traceback" in result.output, (site / "output").exists()) == (2, False, False)


def test_a_folder_without_a_site_is_an_error_with_a_hint(tmp_path: Path) -> None:
    result = run(tmp_path, "build")
    assert (result.exit_code, "site.toml" in result.stderr) == (1, True)


def test_a_text_left_out_on_purpose_may_be_as_wrong_as_it_likes(site: Path) -> None:
    (site / "content/posts/wrong.md").write_text(text("Wrong", lang="en"))
    assert run(site, "build", "--without", "content/posts/wrong.md").exit_code == 3


class Asked:
    """Stands for the pipeline and keeps what it was asked."""

    def __init__(self, answer: Report | BaseException) -> None:
        self.answer = answer
        self.told: dict[str, Any] = {}

    def __call__(self, root: Path, **told: Any) -> Report:
        self.told = {"root": root, **told}
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


def asked(monkeypatch: pytest.MonkeyPatch, answer: Report | BaseException) -> Asked:
    pipeline = Asked(answer)
    monkeypatch.setattr(generator.build, "build", pipeline)
    return pipeline


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (NOW, NOW_SECONDS),
        ("2026-11-22T13:00:00+01:00", NOW_SECONDS),
        ("2026-11-22T13:00:00", NOW_SECONDS),
        ("2026-11-22", NOW_SECONDS - 13 * 3600),
    ],
)
def test_an_instant_without_an_offset_is_in_the_sites_zone(
    site: Path, monkeypatch: pytest.MonkeyPatch, given: str, seconds: int
) -> None:
    pipeline = asked(monkeypatch, Report(ok=True))
    run(site, "build", "--now", given, "--set", 'site.timezone="Europe/Berlin"')
    assert pipeline.told["now"] == seconds


def test_the_instant_comes_from_the_environment_where_none_is_given(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline = asked(monkeypatch, Report(ok=True))
    runner = CliRunner()
    runner.invoke(clarion, ["build", "--site", str(site)], env={"SOURCE_DATE_EPOCH": "1795348800"})
    assert pipeline.told["now"] == NOW_SECONDS
    wrong = runner.invoke(clarion, ["build", "--site", str(site)], env={"SOURCE_DATE_EPOCH": "soon"})
    assert (wrong.exit_code, "SOURCE_DATE_EPOCH" in wrong.output) == (2, True)
    before = int(time.time())
    runner.invoke(clarion, ["build", "--site", str(site)])
    assert before <= pipeline.told["now"] <= int(time.time())


def test_the_number_of_processes_is_handed_on(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = asked(monkeypatch, Report(ok=True))
    run(site, "build")
    assert (pipeline.told["jobs"], pipeline.told["executor"]) == (0, None)
    run(site, "build", "--jobs", "3")
    assert pipeline.told["jobs"] == 3


def test_a_cluster_does_the_work_and_is_let_go_of(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    hands = Serial()

    @contextmanager
    def connected(address: str) -> Iterator[Serial]:
        seen.append(address)
        yield hands
        seen.append("gone")

    monkeypatch.setattr(generator.engine.cluster, "connected", connected)
    pipeline = asked(monkeypatch, Report(ok=True))
    assert run(site, "build", "--executor", "dask://127.0.0.1:8786").exit_code == 0
    assert (seen, pipeline.told["executor"]) == (["dask://127.0.0.1:8786", "gone"], hands)


def test_a_cluster_that_cannot_be_had_is_a_problem_with_a_hint(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def connected(address: str) -> Any:
        raise Refused(Problem("error", "CL923", f"no scheduler answers at {address}", hint="Start one."))

    monkeypatch.setattr(generator.engine.cluster, "connected", connected)
    result = run(site, "build", "--executor", "dask://127.0.0.1:8786")
    assert (result.exit_code, result.stderr) == (
        1,
        "error CL923 no scheduler answers at dask://127.0.0.1:8786\n  Start one.\n",
    )


def test_a_mistyped_cluster_is_answered_with_an_example(site: Path) -> None:
    result = run(site, "build", "--executor", "http://cluster:8786")
    assert "write dask://HOST:PORT, such as dask://127.0.0.1:8786" in " ".join(result.stderr.split())


class Busy:
    """Stands for a pipeline that finds another build at work, and has it ended when it waits long enough."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    def __call__(self, _root: Path, *, wait: float, **_told: Any) -> Report:
        self.waited.append(wait)
        if len(self.waited) == 1:
            problem = Problem("error", "CL903", "another build is running (process 7)", hint="Wait.")
            return Report(ok=False, problems=(problem,))
        return Report(ok=True)


def test_a_build_waits_for_another_one_and_says_so_once(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = Busy()
    monkeypatch.setattr(generator.build, "build", pipeline)
    result = run(site, "build")
    assert (result.exit_code, result.stderr) == (0, "another build is running (process 7): waiting\n")
    assert (pipeline.waited[0], sum(pipeline.waited)) == (1.0, 60.0)


def test_a_mistake_of_ours_is_one_line_without_a_traceback(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(monkeypatch, TypeError("unhashable \x1b[31m"))
    result = run(site, "build")
    assert result.exit_code == 70
    assert result.stderr.startswith("This is a mistake in Clarion, not in your site: TypeError: unhashable \\x1b[31m (")
    assert (result.stderr.count("\n"), "Traceback" in result.output) == (1, False)
    monkeypatch.setenv("CLARION_TRACEBACK", "1")
    assert isinstance(run(site, "build").exception, TypeError)


def test_a_full_disk_is_no_mistake_of_ours(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(monkeypatch, OSError(28, "No space left on device", "output"))
    result = run(site, "build")
    assert (result.exit_code, result.stderr) == (1, "output: error CL919 No space left on device\n")


def test_an_interrupted_build_ends_with_one_word(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked(monkeypatch, KeyboardInterrupt())
    result = run(site, "build")
    assert (result.exit_code, result.stderr.strip()) == (130, "Stopped.")


def test_list_shows_every_text_with_its_state(site: Path) -> None:
    (site / "content/posts/secret.md").write_text(text("A [/bad] secret", status="draft"))
    (site / "content/posts/later.md").write_text(text("Later", day="2026-11-28T09:00:00Z"))
    result = run(site, "list")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert "draft      2026-11-02 content/posts/secret.md   A [/bad] secret" in lines
    changes = "changes on 28 November 2026, 09:00 (UTC), in 6 days"
    assert f"scheduled  2026-11-28 content/posts/later.md    Later  {changes}" in lines
    assert lines[-1] == "4 texts"
    told = json.loads(run(site, "list", "--state", "draft", "--format", "json").stdout)
    assert [(row["path"], row["state"], row["date"]) for row in told["documents"]] == [
        ("content/posts/secret.md", "draft", "2026-11-02")
    ]


def test_the_commands_stand_on_their_own_feet(site: Path) -> None:
    """Through the interpreter, from the site's folder, in a locale without UTF-8."""
    result = started("build", "--now", NOW, cwd=site, LC_ALL="C", PYTHONIOENCODING="ascii")
    assert (result.returncode, result.stderr) == (0, "")
    assert "The site is in output/" in result.stdout
    refused = started("build", "--drafts", cwd=site)
    assert (refused.returncode, "Traceback" in refused.stderr) == (2, False)


def lines_of(*problems: Problem) -> list[str]:
    return list(problem_lines(problems, plain, lambda _problem: None))


def test_problems_are_sorted_and_carry_their_hint() -> None:
    assert lines_of(
        Problem("note", "CL203", "a note", "a.md"),
        Problem("error", "CL201", "[/bad] thing", "b.md", 3, 7, "Mend [it]."),
        Problem("error", "CL201", "first", "b.md", 2, 0),
    ) == [
        "b.md:2:1: error CL201 first",
        "b.md:3:7: error CL201 [/bad] thing",
        "  Mend [it].",
        "a.md: note CL203 a note",
    ]


def test_problems_are_grouped_by_code_after_the_tenth() -> None:
    problems = [Problem("error", "CL201", f"no {number}", "a.md", number, 1, "Mend it.") for number in range(1, 31)]
    lines = lines_of(*problems, Problem("note", "CL209", "single", "z.md", 1, 1))
    assert lines[20:23] == ["20 more of error CL201, such as: no 11", "  Mend it.", "  a.md:11:1"]
    assert lines[-2:] == ["  and 8 more places (--format json names all)", "z.md:1:1: note CL209 single"]


@pytest.mark.parametrize(
    ("attack", "shown"),
    [
        ("\x1b]0;owned\x07", "\\x1b]0;owned\\x07"),
        ("a\x9b31mb", "a\\x9b31mb"),
        ("safe\u202egnp.exe", "safe\\u202egnp.exe"),
        ("two\nlines", "two lines"),
        ("bad\udcff", "bad\\udcff"),
        ("حقوق [bold]", "حقوق [bold]"),
    ],
)
def test_a_text_cannot_drive_the_terminal(attack: str, shown: str) -> None:
    assert visible(attack) == shown
    assert shown in lines_of(Problem("error", "CL201", attack, "a.md"))[0]


@pytest.mark.parametrize("title", ["[/bad]", "[bold", "[link=x]a[/]", "[/]"])
def test_brackets_in_a_text_of_the_author_are_no_markup_of_the_terminal(site: Path, title: str) -> None:
    """rich raises MarkupError for `[/bad]`, and would swallow `[bold]`."""
    post = site / "content/posts/bad.md"
    post.write_text(text(f"'{title}'"))
    assert run(site, "build").exit_code == 0
    assert title in run(site, "list").stdout
    post.write_text(text(f"'{title}'", status=f"'{title}'"))
    told = run(site, "build")
    assert (told.exit_code, title in told.stderr, "mistake in Clarion" in told.output) == (1, True, False)


def test_the_caret_stands_under_its_column_whatever_the_script(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("\ufefffirst\r\n水 e\u0301 [x](y)\r\n", encoding="utf-8", newline="")
    problem = Problem("error", "CL201", "x", "a.md", 2, 6)
    assert source_excerpt(tmp_path, problem) == ("水 e\u0301 [x](y)", "     ^")
    (tmp_path / "long.md").write_text("x" * 500 + "!" + "y" * 500)
    shown = source_excerpt(tmp_path, Problem("error", "CL201", "x", "long.md", 1, 501))
    assert shown is not None
    assert shown[0][shown[1].index("^")] == "!"
    assert len(shown[0]) == 100


@pytest.mark.parametrize(
    ("path", "line"), [("missing.md", 1), ("a.md", 9), ("a.md", 0), ("../outside.md", 1), ("a\0.md", 1)]
)
def test_where_no_line_can_be_shown_none_is(tmp_path: Path, path: str, line: int) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/a.md").write_text("one\n")
    (tmp_path / "outside.md").write_text("private\n")
    assert source_excerpt(tmp_path / "site", Problem("error", "CL201", "x", path, line, 1)) is None


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colours_only_on_a_terminal_that_wants_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert (is_coloured(Terminal()), is_coloured(io.StringIO())) == (True, False)
    monkeypatch.setenv("NO_COLOR", "1")
    assert is_coloured(Terminal()) is False


def test_progress_is_silent_for_a_second_and_away_from_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    ticks = iter([0.0, 0.5, 1.5, 1.6])
    with Progress(lambda: next(ticks), wanted=True) as progress:
        progress("[/bad]", 1, 3)
        assert screen.getvalue() == ""
        progress("[/bad]", 2, 3)
        progress("[/bad]", 3, 3)
    assert "[/bad]" in screen.getvalue()
    monkeypatch.setattr(sys, "stderr", silent := io.StringIO())
    with Progress(iter([0.0, 5.0]).__next__, wanted=True) as progress:
        progress("render", 1, 3)
    assert silent.getvalue() == ""


def test_a_summary_names_all_that_happened(tmp_path: Path) -> None:
    report = Report(
        ok=True,
        problems=(Problem("warning", "CL201", "x"), Problem("note", "CL201", "y")),
        written=("index.html",),
        unchanged=7,
        removed=("old/index.html",),
        left_out=tuple(LeftOut(f"content/posts/{number}.md", "draft") for number in range(25)),
        articles=1,
        pages=8,
        output=str(tmp_path / "output"),
        without=("content/posts/a.md",),
    )
    facts = Circumstances(tmp_path, ZoneInfo("UTC"), NOW_SECONDS, 0.416)
    lines = list(report_lines(report, facts))
    assert lines[:3] == [
        "Built 1 article and 8 pages in 0.42 s.",
        "  1 file written, 7 unchanged, 1 removed",
        "  Left out: 25 texts",
    ]
    assert lines[-4:] == [
        "    and 5 more (clarion list shows all)",
        "  Built without: content/posts/a.md",
        "  To look at: 1 warning, 1 note (above).",
        f"  The site is in {tmp_path}/output",
    ]


def test_words_for_numbers_and_spans() -> None:
    assert [count(number, "file") for number in (0, 1, 2)] == ["no files", "1 file", "2 files"]
    assert [span(seconds) for seconds in (0.04, 7.26, 125)] == ["0.04 s", "7.3 s", "2 min 5 s"]
    assert [fine_span(seconds) for seconds in (0.0004, 0.0123, 1.24)] == ["0.4 ms", "12 ms", "1.2 s"]
    assert [until(seconds) for seconds in (-5, 0, 30, 60, 7200, 6 * 86400 - 3 * 3600)] == [
        "now",
        "now",
        "in less than a minute",
        "in 1 minute",
        "in 2 hours",
        "in 6 days",
    ]
    assert moment(NOW_SECONDS, ZoneInfo("Asia/Kolkata")) == "22 November 2026, 17:30 (Asia/Kolkata)"


def test_the_next_command_removes_what_a_killed_preview_left(site: Path) -> None:
    left = site / ".clarion/preview/pages/secret/index.html"
    left.parent.mkdir(parents=True)
    left.write_text("a draft")
    run(site, "list")
    assert not (site / ".clarion/preview").exists()


def test_the_folder_of_a_living_preview_stays(site: Path) -> None:
    with claim(site) as folder:
        assert folder is not None
        assert folder.parent.stat().st_mode & 0o777 == 0o700
        assert folder.parent.parent.stat().st_mode & 0o777 == 0o700
        (folder.parent / "page").write_text("x")
        assert started("list", cwd=site).returncode == 0
        assert (folder.parent / "page").is_file()
        with claim(site) as second:
            assert second is None
    assert not (site / ".clarion/preview").exists()


def test_sweeping_never_follows_a_link(site: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("dear")
    (site / ".clarion").mkdir()
    (site / ".clarion/preview").symlink_to(tmp_path / "mine")
    run(site, "list")
    assert (tmp_path / "mine/letter.txt").read_text() == "dear"
    assert not (site / ".clarion/preview").is_symlink()
