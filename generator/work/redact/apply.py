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

    The file is whole at every moment.
    """
    file = (root / source.path).resolve()
    content = redacted(source)
    try:
        found = file.read_bytes()
        if found == content:
            # It is a link to a file that was done before.
            return None
        if found != source.content:
            hint = "Save it, close it in your editor, and run the command again."
            return Problem("error", "CL567", "this file changed meanwhile and stays as it is", source.path, hint=hint)
        before = file.stat()
        if before.st_nlink > 1:
            message = "this file has another name elsewhere on the disk (a hard link), under which the text would stay"
            hint = f"Find it (find / -samefile {source.path}), remove it, and run the command again."
            return Problem("error", "CL571", message, source.path, hint=hint)
        write_whole(file, content)
    except OSError as error:
        message = f"this file cannot be written, and the text is still in it: {error.strerror}"
        return Problem("error", "CL570", message, source.path, hint="Mend its permissions, and those of its folder.")
    with suppress(OSError):
        file.chmod(before.st_mode & 0o7777)
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
