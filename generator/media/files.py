"""Which files beside an article may be published as they are."""

import re
from pathlib import PurePosixPath

from generator.media.containers import sniff
from generator.media.pictures import PICTURE_SUFFIXES
from generator.media.recordings import LARGEST, RECORDING_SUFFIXES, packer_version
from generator.model.problem import Problem

LARGE = 25_000_000

_AS_THEY_ARE = (
    ".asc .bib .csv .geojson .gpg .ics .json .jsonld .markdown .md .minisig .ndjson .pub .sig .srt .toml .tsv "
    ".txt .vcf .vtt .yaml .yml"
)
_WITH_WARNING = {
    ".pdf": (
        "a PDF may carry its author's name, earlier versions, and text under black bars",
        "Print it to a new PDF.",
    ),
    ".zip": ("what is in an archive is not looked at", "Look through it for names and places."),
    ".epub": ("an EPUB may carry its author's name", "Look through its metadata."),
}
_STATIC = "What must be published as it is belongs in static/."
_CLEANED = "Save a video as MP4 or WebM, sound as MP3, M4A or Opus: those are packed anew without them."
_WITH_VIDEO = (
    "Install what packs it anew without them, pip install 'clarion[video]'. Or publish it on a platform and link to it."
)
_OFFICE = (
    ".doc .docm .docx .dot .dotx .fodt .key .numbers .odg .odp .ods .odt .ott .pages .pot .potx .pps .ppsx .ppt .pptx "
    ".rtf .wpd .xls .xlsb .xlsm .xlsx"
)
_SOUND = ".aac .aif .aiff .amr .ape .caf .flac .m4a .m4b .mid .midi .mp3 .oga .ogg .opus .wav .weba .wma"
_VIDEO = ".3gp .avi .flv .m2ts .m4v .mkv .mov .mp4 .mpeg .mpg .mts .ogv .ts .webm .wmv"
_SCRIPTS = ".htm .html .js .mjs .mht .mhtml .shtml .swf .wasm .xht .xhtml .xml .xsl .xslt"
_EDITORS = (
    ".ai .arw .cr2 .cr3 .dng .eps .heic .heif .hif .indd .jp2 .jxl .nef .orf .psb .psd .raf .raw .rw2 .tif .tiff .xcf"
)
_PROGRAMS = ".apk .app .bat .cmd .com .deb .dmg .exe .jar .lnk .msi .pkg .ps1 .rpm .scr .sh .vbs"
_RECORDS = ".accdb .db .eml .mbox .mdb .msg .ost .pst .sqlite .sqlite3"
_REASONS = (
    (
        _OFFICE,
        "an office document carries names, revisions and comments",
        "Publish its text as an article, a table as CSV, or print it to PDF.",
    ),
    (_SOUND, "a recording may carry names, places and times", _CLEANED),
    (_VIDEO, "a video may carry names, places and times", _CLEANED),
    (_SCRIPTS, "this file can run scripts on your readers' machines", f"Write it as an article. {_STATIC}"),
    (".svgz", "what is in a packed drawing is not looked at", "Save it as plain SVG, or export it as PNG."),
    (
        _EDITORS,
        "a file of a camera or an editor carries places, times and hidden layers",
        "Export it as JPEG or PNG and show it as a picture.",
    ),
    (".fit .gpx .kml .kmz .tcx", "a track carries places and times", f"Show what matters as a picture. {_STATIC}"),
    (
        _PROGRAMS,
        "this file can run on your readers' machines",
        f"Link to where its makers publish it. {_STATIC}",
    ),
    (_RECORDS, "letters and data bases carry names and addresses", "Publish what matters as text or CSV."),
    (
        ".env .kdbx .p12 .pem .pfx .ppk",
        "this file may hold a secret key",
        "Take it out of the folder of the site.",
    ),
)
_REFUSED = {suffix: (reason, hint) for suffixes, reason, hint in _REASONS for suffix in suffixes.split()}
_SUFFIX_OF_KIND = {"PDF": {".pdf"}, "ZIP": {".zip", ".epub"}}
_BINARY_KINDS = frozenset({"JPEG", "PNG", "GIF", "WEBP", "AVIF", "HEIF", "TIFF", "PSD", "SVG", "PDF", "ZIP"})
_PLAIN = re.compile(r"[^\x00-\x1f\x7f]+")


def file_problem(path: str, size: int, head: bytes = b"") -> Problem | None:
    """What stands against publishing a file beside an article as it is; None when nothing does.

    `size` is in bytes. `head` is the beginning of the file, where the caller has it: content that is of another kind
    than the suffix says is then refused too. Errors: CL616 (a recording that cannot be packed anew here), CL617 (one
    that is empty or too large), CL620 (a kind that may carry names, places or scripts), CL621 (an unknown kind), CL622
    (a picture, which is rebuilt and never copied), CL623 (content and suffix differ). Warnings: CL624 (may carry the
    author's name), CL625 (empty), CL626 (over 25 MB).
    """
    name = _shown(path)
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in PICTURE_SUFFIXES:
        hint = f"Show it with ![what is on it]({name})."
        return Problem(
            "error", "CL622", f"{name} is a picture, and pictures are never copied as they are", path, hint=hint
        )
    if suffix in RECORDING_SUFFIXES:
        return _recording_problem(name, path, size)
    if suffix in _REFUSED:
        reason, hint = _REFUSED[suffix]
        return Problem("error", "CL620", f"{name} is not published: {reason}", path, hint=hint)
    if suffix not in _AS_THEY_ARE.split() and suffix not in _WITH_WARNING:
        hint = f"Publish it as text, CSV, PDF or ZIP. {_STATIC}"
        return Problem("error", "CL621", f"{name} is not published: what it may carry is not known", path, hint=hint)
    kind = sniff(head)
    if kind in _BINARY_KINDS and suffix not in _SUFFIX_OF_KIND.get(kind, set()):
        hint = "Give it the suffix of what it is."
        return Problem("error", "CL623", f"{name} is not published: it is {kind} under another name", path, hint=hint)
    if not size:
        return Problem(
            "warning", "CL625", f"{name} is an empty file", path, hint="Save it again, or take the link out."
        )
    if size > LARGE:
        return _large(name, path, size)
    if suffix in _WITH_WARNING:
        reason, hint = _WITH_WARNING[suffix]
        return Problem("warning", "CL624", f"{name}: {reason}", path, hint=hint)
    return None


def _large(name: str, path: str, size: int) -> Problem:
    hint = "Many readers pay for each megabyte: shorten it, or say its size in the link."
    return Problem("warning", "CL626", f"{name} has {size / 1_000_000:.0f} MB", path, hint=hint)


def _recording_problem(name: str, path: str, size: int) -> Problem | None:
    if not packer_version():
        message = f"{name} is not published: it may carry names, places and times"
        return Problem("error", "CL616", message, path, hint=_WITH_VIDEO)
    if not size:
        return Problem("error", "CL617", f"{name} is an empty file", path, hint="Save it again, or take it out.")
    if size > LARGEST:
        message = f"{name} has {size / 1_000_000:.0f} MB, more than {LARGEST // 1_000_000}"
        return Problem("error", "CL617", message, path, hint="Save it smaller, or publish it on a platform.")
    return _large(name, path, size) if size > LARGE else None


def _shown(path: str) -> str:
    return "".join(_PLAIN.findall(PurePosixPath(path).name))
