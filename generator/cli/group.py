"""The group of all verbs: a verb's module is imported when the verb is used."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from generator.engine.refusal import Refused

VERBS = {
    "new": "Begin a site, a post or a page.",
    "build": "Turn the site's texts into a folder that any web host can serve.",
    "serve": "Look at the site in a browser while you write, drafts included.",
    "list": "Show every text with its state and date.",
    "theme": "Find, begin, change, check and add themes.",
    "redact": "Take the texts of redactions out of their sources.",
    "explain": "Say what an output was made from, or what becomes of a source.",
}

EXIT_ERROR = 1
EXIT_WITHOUT = 3
EXIT_MISTAKE_OF_OURS = 70  # EX_SOFTWARE of sysexits.h
EXIT_INTERRUPTED = 130  # 128 + SIGINT, as shells count


class Clarion(click.Group):
    """Click's group with verbs by name, a suggestion for a wrong one, and an end that is never a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The verbs in the order an author meets them."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The verb's command, its module imported now; None when there is no such verb."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"generator.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """The list of verbs, without importing one of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))
        further = _commands_of_plugins(())
        if further:
            with formatter.section("Commands of this site’s plugins"):
                formatter.write_dl([(name, each.get_short_help_str()) for name, each in further.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As in click, with "did you mean" for a verb that does not exist."""
        name = args[0]
        if name not in VERBS and not name.startswith("-"):
            from generator.source.suggest import did_you_mean

            further = _commands_of_plugins(args)
            if name in further:
                return name, further[name], args[1:]
            known = (*VERBS, *further)
            hint = did_you_mean(name, known) or f"There are: {', '.join(known)}."
            ctx.fail(f"There is no command “{name}”. {hint}")
        return super().resolve_command(ctx, args)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a verb. Standing alone, end the process: 0, or what the verb returned, or 2, 70, 130 as told below."""
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        _never_fail_to_print()
        try:
            code = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        except click.ClickException as problem:
            problem.show()
            sys.exit(problem.exit_code)
        except click.Abort:
            click.echo("Stopped.", err=True)
            sys.exit(EXIT_INTERRUPTED)
        except OSError as problem:
            _told(f"{problem.filename or 'the system'}: error CL919 {problem.strerror or problem}", EXIT_ERROR, problem)
        except Exception as mistake:  # noqa: BLE001 - whatever it is, an author gets a sentence and no traceback
            from generator.engine.refusal import Refused

            if isinstance(mistake, Refused):
                _refused(mistake)
            _told(_mistake(mistake), EXIT_MISTAKE_OF_OURS, mistake)
        sys.exit(code if isinstance(code, int) else 0)


def _never_fail_to_print() -> None:
    """A terminal whose encoding lacks a character gets its escape instead of an exception."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _commands_of_plugins(args: Sequence[str]) -> dict[str, click.Command]:
    """The commands that plugins of a site add, by name: the site that `args` name, or the one where you are.

    A site that names no plugins costs a look at its settings, and nothing else is imported for it.
    """
    root = _site_in(args)
    try:
        if b"plugins" not in (root / "site.toml").read_bytes():
            return {}
    except OSError:
        return {}
    from generator.cli.plugins import commands_of

    return commands_of(root, taken=VERBS)


def _site_in(args: Sequence[str]) -> Path:
    """The folder that the words of a command give as `--site`."""
    for number, word in enumerate(args):
        if word == "--site" and number + 1 < len(args):
            return Path(args[number + 1])
        if word.startswith("--site="):
            return Path(word.partition("=")[2])
    return Path()


def _refused(refusal: "Refused") -> NoReturn:
    from generator.cli.show import say_problems

    if os.environ.get("CLARION_TRACEBACK"):
        raise refusal
    say_problems([refusal.problem], Path())
    sys.exit(EXIT_ERROR)


def _told(sentence: str, code: int, error: BaseException) -> NoReturn:
    from generator.cli.show import visible

    if os.environ.get("CLARION_TRACEBACK"):
        raise error
    click.echo(visible(sentence), err=True)
    sys.exit(code)


def _mistake(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" ({Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno})" if trace else ""
    return (
        f"This is a mistake in Clarion, not in your site: {type(error).__name__}: {error}{place}. "
        "Please report this line; with CLARION_TRACEBACK=1 set, the command says more."
    )


def _version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if not wanted:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        number = version("clarion")
    except PackageNotFoundError:
        number = "from a source folder"
    click.echo(f"clarion {number}")
    ctx.exit()


@click.group(cls=Clarion, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Say which version this is."
)
def clarion() -> None:
    """Clarion turns Markdown articles that raise awareness into a fast, safe, static site."""
