"""What a picture is called in the output: a name that says what the author called it, never what a camera did."""

import re
import unicodedata
from pathlib import PurePosixPath

from generator.text.slugs import slug

UNNAMED = "picture"
_MAKERS = re.compile(
    r"(img|image|dsc|dscn|dscf|dcim|pxl|mvimg|vid|gopr|dji|pict|pic|photo|foto|scan|screen ?shot|screencast|"
    r"bildschirmfoto|bildschirmaufnahme|capture d.?écran|captura de pantalla|captura de ecrã|schermata|skärmavbild|"
    r"снимок экрана|скриншот|ekran görüntüsü|لقطة شاشة|whatsapp image|whatsapp video|signal|telegram|viber image|"
    r"fb img|received|inshot|snapchat|unknown|untitled|unbenannt|clipboard|pasted image|file|p|imagepipe)"
    r"( ?[\d ().,-]*| .*\d.*)",
)
_STAMP = re.compile(
    r"\d{6,}|(19|20)\d\d([ .-]?)(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?!\d)|"
    r"\d{1,2}([ .-])\d{1,2}\5(19|20)\d\d|[0-9a-f]{12,}"
)
_UUID = re.compile(r"[0-9a-f]{8}[ -][0-9a-f]{4}[ -]")


def picture_name(file: str) -> str:
    """The name of a picture made from a file of that name or path: its slug (see `text.slugs`), never ''.

    Names that cameras, telephones and messengers give carry a time, a device or an application: they, and those with
    a date, a time stamp or a hash in them, become `picture`.
    """
    stem = PurePosixPath(file.replace("\\", "/")).stem
    plain = re.sub(r"[\s_]+", " ", unicodedata.normalize("NFC", stem).casefold()).strip()
    if _MAKERS.fullmatch(plain) or _STAMP.search(plain) or _UUID.search(plain):
        return UNNAMED
    return slug(stem) or UNNAMED
