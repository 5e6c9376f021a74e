"""The commands: each reads its options, calls one function, and shows what came of it."""


def main() -> None:
    """The entry point of `clarion`; ends the process with the command's exit code."""
    from generator.cli.group import clarion

    clarion(prog_name="clarion")
