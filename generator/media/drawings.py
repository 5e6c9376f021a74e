"""SVG drawings, written anew from the shapes they hold: nothing that runs, asks elsewhere or tells of somebody."""

import re
from collections.abc import Mapping
from html import escape
from xml.parsers import expat

from msgspec import Struct

LARGEST = 4_000_000
_DEEPEST = 100
_MOST_ELEMENTS = 50_000
_MOST_DRAWN = 200_000
_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"

_SHAPES = frozenset(
    {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "use"},
)
_BESIDE = (
    "svg g defs symbol tspan textPath linearGradient radialGradient stop clipPath mask pattern marker switch style "
    "filter feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting "
    "feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge "
    "feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence"
)
_ELEMENTS = _SHAPES.union(_BESIDE.split())
_GEOMETRY = (
    "cx cy d dx dy fr fx fy gradientTransform gradientUnits height lengthAdjust markerHeight markerUnits markerWidth "
    "maskContentUnits maskUnits clipPathUnits method offset orient pathLength patternContentUnits patternTransform "
    "patternUnits points preserveAspectRatio r refX refY rotate rx ry side spacing spreadMethod startOffset textLength "
    "transform viewBox width x x1 x2 y y1 y2"
)
_PAINTING = (
    "alignment-baseline baseline-shift clip-path clip-rule color color-interpolation color-interpolation-filters "
    "direction display dominant-baseline fill fill-opacity fill-rule filter flood-color flood-opacity font-family "
    "font-size font-size-adjust font-stretch font-style font-variant font-weight image-rendering isolation "
    "letter-spacing lighting-color marker-end marker-mid marker-start mask mask-type mix-blend-mode opacity overflow "
    "paint-order pointer-events shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset "
    "stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor text-decoration "
    "text-rendering transform-origin unicode-bidi vector-effect visibility word-spacing writing-mode"
)
_FILTERING = (
    "amplitude azimuth baseFrequency bias diffuseConstant divisor edgeMode elevation exponent filterUnits in in2 "
    "intercept k1 k2 k3 k4 kernelMatrix kernelUnitLength limitingConeAngle mode numOctaves operator order "
    "pointsAtX pointsAtY pointsAtZ preserveAlpha primitiveUnits radius result scale seed slope specularConstant "
    "specularExponent stdDeviation stitchTiles surfaceScale tableValues targetX targetY type values xChannelSelector "
    "yChannelSelector z"
)
_ATTRIBUTES = frozenset(f"{_GEOMETRY} {_PAINTING} {_FILTERING} id class style lang".split())
_SEEN_AND_LOST = {
    "image": "embedded pictures",
    "feImage": "embedded pictures",
    "foreignObject": "web pages inside it",
    "video": "recordings inside it",
    "audio": "recordings inside it",
    "iframe": "web pages inside it",
    **dict.fromkeys(("animate", "animateColor", "animateMotion", "animateTransform", "set"), "movement"),
}
_TOLD = {
    "script": "scripts",
    "metadata": "metadata",
    "title": "title",
    "desc": "description",
    "a": "links",
    "namedview": "notes of its editor",
}
_URL = re.compile(r"url\(\s*(['\"]?)\s*(.*?)\s*\1\s*\)", re.IGNORECASE | re.DOTALL)
_HERE = re.compile(r"#[^\s\"'()<>\\]+")
_UNSAFE_STYLE = re.compile(r"@|\\|<|expression\s*\(|image(?:-set)?\s*\(|javascript:|-moz-binding", re.IGNORECASE)
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_HASH = re.compile(r"#([^\s\"'(){}<>,;:.\[\]>+~*]+)")
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)\s*(px|pt|pc|mm|cm|in|em|rem|ex)?\s*")
_NUMBER = re.compile(r"[-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]{1,3})?")
_CLASS = re.compile(r"\.(-?[_a-zA-Z][-\w]*)")
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_EMS = {"em": 16.0, "rem": 16.0, "ex": 8.0}


class Drawing(Struct, frozen=True):
    """A drawing as it is published: bytes, size in pixels, what was taken out, what of that one would have seen."""

    content: bytes
    width: int
    height: int
    removed: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


class _Refused(Exception):  # noqa: N818 (it never leaves this module)
    """Why a file is no drawing that can be written anew."""


class _Element(Struct):
    name: str
    attributes: dict[str, str]
    inner: "list[_Element | str]"


def redraw(content: bytes) -> Drawing | str:
    """The drawing with nothing but shapes, words that are seen, and paint; or why it is refused, in words.

    Elements and attributes are those of SVG 1.1 and SVG 2 that draw; everything else is left out: scripts, handlers,
    comments, metadata, what editors note, fonts and pictures from elsewhere, names nobody refers to. Entities are
    refused: they could make a small file large, or read another one.
    """
    if len(content) > LARGEST:
        return f"it is larger than {LARGEST // 1_000_000} MB"
    reader = _Reader()
    try:
        reader.read(content)
        root = reader.root
        if root is None:
            return "it holds no drawing"
        width, height = _size(root)
    except _Refused as refusal:
        return str(refusal)
    except (expat.ExpatError, ValueError) as error:
        return f"it is no XML: {expat.ErrorString(error.code) if isinstance(error, expat.ExpatError) else error}"
    if not _draws(root):
        return "it draws nothing that can be published"
    styles = "".join(_styles(root))
    if _drawn(root, _by_name(root), ()) > _MOST_DRAWN:
        return f"it draws more than {_MOST_DRAWN:,} elements"
    _forget_names(root, {*_named(root), *_HASH.findall(styles)}, set(_CLASS.findall(styles)))
    root.attributes.setdefault("viewBox", f"0 0 {width:g} {height:g}")
    root.attributes.update(width=f"{width:g}", height=f"{height:g}")
    text = "".join(_written(root, outermost=True))
    size = max(1, round(width)), max(1, round(height))
    return Drawing(text.encode(), *size, tuple(sorted(reader.told)), tuple(sorted(reader.lost)))


class _Reader:
    """Builds the tree of what may stay, and notes what does not."""

    def __init__(self) -> None:
        self.root: _Element | None = None
        self.told: set[str] = set()
        self.lost: set[str] = set()
        self._open: list[_Element] = []
        self._skipped = 0
        self._count = 0

    def read(self, content: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator="\n")
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._entity
        parser.CommentHandler = self._comment
        parser.ProcessingInstructionHandler = self._instruction
        parser.Parse(content, True)

    def _entity(self, *_: object) -> None:
        raise _Refused("it declares entities, which can hide anything")

    def _comment(self, _text: str) -> None:
        self.told.add("comments")

    def _instruction(self, _target: str, _text: str) -> None:
        self.told.add("instructions for programs")

    def _start(self, full: str, given: dict[str, str]) -> None:
        self._count += 1
        if self._count > _MOST_ELEMENTS:
            raise _Refused(f"it has more than {_MOST_ELEMENTS:,} elements")
        space, _, name = full.rpartition("\n")
        if self._skipped:
            self._skipped += 1
            return
        if self.root is None and (space not in (_SVG, "") or name != "svg"):
            raise _Refused("it holds no drawing")
        if space not in (_SVG, "") or name not in _ELEMENTS:
            if name == "a" and space == _SVG:
                # What a link encloses is drawn as ever.
                self.told.add("links")
                self._enter(_Element("g", self._kept("g", given), []))
                return
            self._note(space, name)
            self._skipped = 1
            return
        self._enter(_Element(name, self._kept(name, given), []))

    def _enter(self, element: _Element) -> None:
        if len(self._open) >= _DEEPEST:
            raise _Refused(f"it is nested more than {_DEEPEST} deep")
        if self._open:
            self._open[-1].inner.append(element)
        else:
            self.root = element
        self._open.append(element)

    def _note(self, space: str, name: str) -> None:
        if space == _SVG and name in _SEEN_AND_LOST:
            self.lost.add(_SEEN_AND_LOST[name])
        else:
            self.told.add(_TOLD.get(name, "notes of its editor" if space not in (_SVG, "") else "what does not draw"))

    def _end(self, _name: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        element = self._open.pop()
        if element.name == "style":
            style = _COMMENT.sub("", "".join(part for part in element.inner if isinstance(part, str)))
            if not _is_safe(style):
                self.lost.add("styles that ask elsewhere")
                style = ""
            element.inner = [" ".join(style.split())]

    def _text(self, text: str) -> None:
        if self._skipped or not self._open:
            return
        holder = self._open[-1]
        if holder.name in ("text", "tspan", "textPath", "style"):
            holder.inner.append(text)
        elif text.strip():
            self.told.add("text that is not drawn")

    def _kept(self, element: str, given: dict[str, str]) -> dict[str, str]:
        kept: dict[str, str] = {}
        for full, value in given.items():
            space, _, name = full.rpartition("\n")
            if name == "href" and space in ("", _XLINK):
                if _HERE.fullmatch(value.strip()):
                    kept["href"] = value.strip()
                else:
                    self.lost.add("what it asks from elsewhere") if element == "use" else self.told.add("links")
            elif space == _XML and name in ("space", "lang"):
                kept[f"xml:{name}"] = value
            elif space:
                self.told.add("notes of its editor")
            elif name.lower().startswith("on"):
                self.told.add("scripts")
            elif name not in _ATTRIBUTES:
                if name.startswith("data-"):
                    self.told.add("notes of its editor")
            elif name == "style" or "url" in value.lower() or "\\" in value:
                style = _COMMENT.sub("", value)
                if _is_safe(style):
                    kept[name] = style
                else:
                    self.lost.add("styles that ask elsewhere")
            else:
                kept[name] = value
        return kept


def _is_safe(style: str) -> bool:
    """Whether CSS asks nothing of anybody: no rule with @, no escape, and `url(…)` of this drawing alone."""
    if _UNSAFE_STYLE.search(style):
        return False
    found = [match[2] for match in _URL.finditer(style)]
    return len(found) == style.lower().count("url") and all(_HERE.fullmatch(target) for target in found)


def _size(root: _Element) -> tuple[float, float]:
    """Width and height in pixels: as they are given, else those of the `viewBox` (SVG 2, 8.2)."""
    numbers = re.split(r"[\s,]+", root.attributes.get("viewBox", "").strip())
    box = [float(number) for number in numbers] if all(map(_NUMBER.fullmatch, numbers)) else []
    given = [_pixels(root.attributes.get(name, "")) for name in ("width", "height")]
    wide, high = (box[2], box[3]) if len(box) == 4 and box[2] > 0 and box[3] > 0 else (0.0, 0.0)
    width, height = given
    if not width and not height:
        width, height = wide, high
    elif wide and high:
        width = width or height * wide / high
        height = height or width * high / wide
    if not (0 < width <= 100_000 and 0 < height <= 100_000):
        raise _Refused("it does not say how large it is")
    if len(box) != 4:
        root.attributes.pop("viewBox", None)
    return width, height


def _pixels(length: str) -> float:
    found = _LENGTH.fullmatch(length)
    return float(found[1]) * (_PIXELS | _EMS)[found[2] or ""] if found else 0.0


def _parts(element: _Element) -> list[_Element]:
    return [part for part in element.inner if isinstance(part, _Element)]


def _draws(element: _Element) -> bool:
    return element.name in _SHAPES or any(map(_draws, _parts(element)))


def _styles(element: _Element) -> list[str]:
    if element.name == "style":
        return [part for part in element.inner if isinstance(part, str)]
    return [style for part in _parts(element) for style in _styles(part)]


def _by_name(element: _Element) -> dict[str, _Element]:
    found = {name: inner for part in _parts(element) for name, inner in _by_name(part).items()}
    name = element.attributes.get("id")
    return {**found, name: element} if name else found


def _drawn(element: _Element, named: Mapping[str, _Element], within: tuple[str, ...]) -> int:
    """How many elements a browser draws, each as often as it is used: uses of uses could make a few lines endless."""
    count = 1
    for part in _parts(element):
        count += _drawn(part, named, within)
        if count > _MOST_DRAWN:
            return count
    target = element.attributes.get("href", "")[1:] if element.name == "use" else ""
    if target in named and target not in within:
        if len(within) >= _DEEPEST:
            return _MOST_DRAWN + 1
        count += _drawn(named[target], named, (*within, target))
    return count


def _named(element: _Element) -> list[str]:
    """The names that attributes in the drawing refer to."""
    found = []
    for name, value in element.attributes.items():
        if name == "href":
            found.append(value[1:])
        elif "#" in value:
            found += [match[2][1:] for match in _URL.finditer(value)]
    for part in _parts(element):
        found += _named(part)
    return found


def _forget_names(element: _Element, named: set[str], classes: set[str]) -> None:
    """Without the names of layers and objects, which tell what an editor or its user called them."""
    given = element.attributes
    if given.get("id") not in named:
        given.pop("id", None)
    kept = " ".join(name for name in given.pop("class", "").split() if name in classes)
    if kept:
        given["class"] = kept
    for part in _parts(element):
        _forget_names(part, named, classes)


def _written(element: _Element, *, outermost: bool = False) -> list[str]:
    attributes = "".join(
        f' {"xlink:href" if name == "href" else name}="{escape(value)}"' for name, value in element.attributes.items()
    )
    spaces = f' xmlns="{_SVG}" xmlns:xlink="{_XLINK}"' if outermost else ""
    written = [f"<{element.name}{spaces}{attributes}"]
    if not element.inner:
        return [*written, "/>"]
    written.append(">")
    for part in element.inner:
        written += [escape(part, quote=False)] if isinstance(part, str) else _written(part)
    return [*written, f"</{element.name}>"]
