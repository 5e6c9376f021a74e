"""Every picture and recording in the output as ExifTool reads it: nothing about anybody but a declared credit."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.judge.programs import run
from tests.judge.site import BuiltSite, Finding

LOOKED_AT = (
    *(".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".ico", ".svg"),
    *(".mp4", ".m4v", ".m4a", ".webm", ".mp3", ".ogg", ".oga", ".opus"),
)
# What ExifTool makes up itself, or reads from the file system.
NOT_OF_THE_FILE = ("SourceFile", "ExifTool:", "System:", "File:", "Composite:")
# How a file is built: its size, its colours, where its data lies.
STRUCTURES = {"JFIF", "PNG", "GIF", "RIFF", "SVG", "MPEG", "Meta", "QuickTime", "Matroska", "Opus", "Vorbis", "ICO"}
# What an author declared, and the text of a drawing, which its readers hear.
DECLARED = {"XMP-photoshop:Credit", "XMP-xmpRights:UsageTerms", "SVG:Title", "SVG:Desc"}
PERSONAL = re.compile(
    r"GPS|Location|Make|Model|Software|Encoder|Artist|Author|Creator|Title|Comment|(?<!Group)Description|Copyright(?!Flag)|"
    r"Owner|Serial|UserData|Camera|Keyword|Metadata|Thumbnail|Preview(?:Image|Picture)|Warning"
)
HARMLESS = {"HandlerDescription": ("VideoHandler", "SoundHandler")}
A_TIME = re.compile(r"Date$|Date/")
NO_TIME = "0000:00:00 00:00:00"


def judge(site: BuiltSite, exiftool: str) -> list[Finding]:
    """What ExifTool finds in the files of a site that tells of somebody."""
    paths = site.with_suffix(*LOOKED_AT)
    if not paths:
        return []
    done = run([exiftool, "-json", "-G1", "-a", "-u", "-ee", *paths], folder=site.folder)
    told = json.loads(done.stdout or "[]")
    found = [Finding(each["SourceFile"], 0, said) for each in told for said in judge_file(each)]
    if len(told) != len(paths):
        found.append(Finding(".", 0, f"ExifTool read {len(told)} of {len(paths)} files: {done.stderr.strip()}"))
    return sorted(found)


def judge_file(tags: Mapping[str, Any]) -> Iterator[str]:
    """What the tags of one file, `GROUP:NAME` with their values, say besides how it is built."""
    for tag, value in tags.items():
        group, _, name = tag.partition(":")
        if tag.startswith(NOT_OF_THE_FILE) or tag in DECLARED:
            continue
        if group not in STRUCTURES and not re.fullmatch(r"Track\d+", group):
            yield f"carries {tag}: {value}"
        elif A_TIME.search(name):
            if value != NO_TIME:
                yield f"tells a time, {tag}: {value}"
        elif PERSONAL.search(name) and value not in HARMLESS.get(name, ()):
            yield f"carries {tag}: {value}"
