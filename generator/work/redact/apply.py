"""Taking redacted texts out of their sources."""

from contextlib import suppress
from pathlib import Path

from generator.engine.staging import sync_folder, write_whole
from generator.markup.redaction import DIRECTIVE
from generator.model.problem import Problem
from generator.source.decode import BYTE_ORDER_MARK
from generator.work.redact.look import Source


def apply(root: Path, source: Source) -> Problem | None:
    """Replace each redaction of a file by one without text, and keep every other byte; a Problem when it cannot be.

    The file is whole at every moment. Raises: OSError when it cannot be written.
    """
    file = (root / source.path).resolve()
    content = redacted(source)
    if file.read_bytes() != source.content:
        hint = "Save it, close it in your editor, and run the command again."
        return Problem("error", "CL567", "this file changed in the meantime and stays as it is", source.path, hint=hint)
    mode = file.stat().st_mode & 0o7777
    write_whole(file, content)
    with suppress(OSError):
        file.chmod(mode)
    sync_folder(file.parent)
    return None


def redacted(source: Source) -> bytes:
    """The bytes of a file with its redactions taken out."""
    text = source.content.decode("utf-8")
    # Redactions know where they stand in the text as it is read: without a mark at its beginning, with \n line ends.
    start = len(text) - len(text.lstrip(BYTE_ORDER_MARK))
    indexes = [
        index for index in range(start, len(text)) if not (text[index] == "\r" and text.startswith("\n", index + 1))
    ]
    indexes.append(len(text))
    body = len(indexes) - 1 - source.cleared.length
    pieces: list[str] = []
    done = 0
    for each in source.cleared.redactions:
        if not each.text:
            continue
        begin, end = indexes[body + each.start], indexes[body + each.end - 1] + 1
        pieces += [text[done:begin], f":{DIRECTIVE}{each.attributes}"]
        done = end
    return "".join((*pieces, text[done:])).encode()
