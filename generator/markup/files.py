"""Files that directives name, as references."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from generator.markup.complaints import Complaints
from generator.markup.tokens import Begin, Token
from generator.markup.urls import is_picture
from generator.model.body import Call, Reference
from generator.model.directive import Declaration
from generator.source.places import Place


def with_files(
    tokens: Sequence[Token],
    references: Sequence[Reference],
    declarations: Mapping[str, Declaration],
    complaints: Complaints,
) -> tuple[list[Token], tuple[Reference, ...]]:
    """The tokens, where each call knows the references of the files it names, and the references with these behind.

    What readers who do not see or hear need beside a file is asked for (CL221, CL632, CL633). `declarations` are those
    of the directives the author wrote.
    """
    kept = list(tokens)
    found = list(references)
    for index, token in enumerate(tokens):
        if type(token) is not Begin or token.call.name not in declarations:
            continue
        call = token.call
        if call.attributes.get("file"):
            _ask(call, declarations[call.name], complaints)
        files: dict[str, int] = {}
        for name, place in token.files:
            target = str(call.attributes[name])
            files[name] = len(found)
            if is_picture(target):
                found.append(_picture(call, name, target, place))
            else:
                found.append(Reference("file", target, *place))
        if files:
            kept[index] = replace(token, call=replace(call, files=files))
    return kept, tuple(found)


def _picture(call: Call, name: str, target: str, place: Place) -> Reference:
    """A picture; what the directive says of the one it is about goes with it."""
    if name != "file":
        return Reference("picture", target, *place)
    cover, credit, licence = (str(call.attributes.get(key) or "") for key in ("cover", "credit", "licence"))
    return Reference("picture", target, *place, cover, credit, licence)


def _ask(call: Call, declaration: Declaration, complaints: Complaints) -> None:
    """The words a picture needs, the captions and the transcript of a recording, where the directive can have them."""
    rules, given = declaration.attributes, call.attributes
    place = (call.line, call.column)
    if "alt" in rules and not given.get("alt") and not given.get("decorative"):
        hint = 'Say what it shows, alt="a full hall", or write decorative when it says nothing.'
        message = f"the picture “{given['file']}” has no text for those who do not see it"
        complaints.warning("CL221", message, place, hint)
    if "captions" in rules and not given.get("captions") and "video" in rules["file"].values:
        hint = "Write what is said and heard as WebVTT, beside this text, and name it: captions=NAME.vtt."
        complaints.warning("CL632", f"the video “{given['file']}” has no captions", place, hint)
    if "transcript" in rules and not given.get("transcript"):
        hint = "Write down what is said and what happens, beside this text, and name it: transcript=NAME.txt."
        complaints.warning("CL633", f"the recording “{given['file']}” has no transcript", place, hint)
