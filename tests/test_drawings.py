"""SVG drawings are written anew: shapes stay, and nothing runs, asks elsewhere or tells of somebody."""

import pytest

from generator.media.drawings import Drawing, redraw

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="20" height="10">'
TOLD = "/home/anna.k/Desktop/map.svg"


def drawn(inner: str, opening: str = OPEN) -> Drawing:
    found = redraw(f"{opening}{inner}</svg>".encode())
    assert isinstance(found, Drawing), found
    return found


def inside(inner: str) -> str:
    """What becomes of the inner of a drawing that also has a line in it."""
    text = drawn(f"{inner}<path d='M0 0h9'/>").content.decode()
    return text.partition(">")[2].removesuffix('<path d="M0 0h9"/></svg>')


def test_a_drawing_keeps_its_shapes_its_size_and_its_words() -> None:
    found = drawn(
        '<defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/></linearGradient></defs>'
        '<g transform="scale(2)"><path d="M0 0h9v9z" fill="url(#g)"/><text x="1">a &amp; <tspan>b</tspan></text></g>'
    )
    assert (found.width, found.height, found.removed, found.lost) == (20, 10, (), ())
    assert found.content.decode() == (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="20" height="10" '
        'viewBox="0 0 20 10"><defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/></linearGradient></defs>'
        '<g transform="scale(2)"><path d="M0 0h9v9z" fill="url(#g)"/><text x="1">a &amp; <tspan>b</tspan></text></g>'
        "</svg>"
    )
    assert redraw(found.content) == found


@pytest.mark.parametrize(
    ("inner", "removed", "lost"),
    [
        ("<script>alert(1)</script>", "scripts", ""),
        ("<g onload='alert(1)'/>", "scripts", ""),
        ("<g ONCLICK='alert(1)'/>", "scripts", ""),
        ("<a href='javascript:alert(1)'><g/></a>", "links", ""),
        ("<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>", "", "web pages inside it"),
        ("<image href='https://x.example/a.png'/>", "", "embedded pictures"),
        ("<image href='data:image/png;base64,AAAA'/>", "", "embedded pictures"),
        ("<use href='https://x.example/a.svg#b'/>", "", "what it asks from elsewhere"),
        ("<use xlink:href='other.svg#b'/>", "", "what it asks from elsewhere"),
        ("<g fill='url(https://x.example/a)'/>", "", "styles that ask elsewhere"),
        ("<g fill='URL( \"//x.example\" )'/>", "", "styles that ask elsewhere"),
        ("<g style='background:url(https://x.example)'/>", "", "styles that ask elsewhere"),
        ("<g style='fill:u\\72l(https://x.example)'/>", "", "styles that ask elsewhere"),
        ("<g style='fill:url/**/(#a);x:url(//x.example)'/>", "", "styles that ask elsewhere"),
        ("<style>@import 'https://x.example/a.css';</style>", "", "styles that ask elsewhere"),
        ("<style>@font-face{src:url(https://x.example)}</style>", "", "styles that ask elsewhere"),
        ("<style>g{fill:image-set('https://x.example' 1x)}</style>", "", "styles that ask elsewhere"),
        ("<set attributeName='href' to='javascript:alert(1)'/>", "", "movement"),
        ("<animate attributeName='x' values='0;9'/>", "", "movement"),
        (f"<!-- {TOLD} -->", "comments", ""),
        (f"<metadata>{TOLD}</metadata>", "metadata", ""),
        (f"<title>{TOLD}</title>", "title", ""),
        (f"<desc>{TOLD}</desc>", "description", ""),
        (f"<sodipodi:namedview xmlns:sodipodi='http://sodipodi.sourceforge.net/x'>{TOLD}</sodipodi:namedview>",
         "notes of its editor", ""),
        (f"<g xmlns:inkscape='http://www.inkscape.org/x' inkscape:docname='{TOLD}'/>", "notes of its editor", ""),
        (f"<g data-name='{TOLD}'/>", "notes of its editor", ""),
        (f"<?xml-stylesheet href='{TOLD}'?>", "instructions for programs", ""),
        ("<handler xmlns='http://www.w3.org/2001/xml-events'/>", "notes of its editor", ""),
        (f"<g>{TOLD}</g>", "text that is not drawn", ""),
    ],
)  # fmt: skip
def test_what_runs_asks_elsewhere_or_tells_of_somebody_is_left_out(inner: str, removed: str, lost: str) -> None:
    found = drawn(f"{inner}<path d='M0 0h9'/>")
    assert (found.removed, found.lost) == ((removed,) if removed else (), (lost,) if lost else ())
    text = found.content.decode().lower()
    for word in ("alert", "x.example", "anna", "onload", "onclick", "javascript", "import", "base64", "<!--", "<?"):
        assert word not in text


def test_names_of_layers_and_classes_go_unless_something_refers_to_them() -> None:
    assert inside('<g id="Anna K." class="Anna"><g id="a"/></g><use xlink:href="#a"/>') == (
        '<g><g id="a"/></g><use xlink:href="#a"/>'
    )
    assert inside('<style>.b{fill:red} #c{}</style><g id="c" class="b Anna"/>') == (
        '<style>.b{fill:red} #c{}</style><g id="c" class="b"/>'
    )


@pytest.mark.parametrize(
    ("opening", "size"),
    [
        ('<svg viewBox="0 0 300 150">', (300, 150)),
        ('<svg width="100%" viewBox="0,0,300,150">', (300, 150)),
        ('<svg width="60" viewBox="0 0 300 150">', (60, 30)),
        ('<svg width="25.4mm" height="1in">', (96, 96)),
        ('<svg width="0.1" height="0.1">', (1, 1)),
    ],
)
def test_the_size_is_as_it_is_given_or_that_of_the_view_box(opening: str, size: tuple[int, int]) -> None:
    found = drawn("<path d='M0 0h9'/>", opening)
    assert (found.width, found.height) == size


def used_ten_times(number: int) -> str:
    return f'<g id="u{number}">' + f'<use href="#u{number - 1}"/>' * 10 + "</g>"


BOMB = "".join(map(used_ten_times, range(1, 12)))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (f"{OPEN}</svg>", "it draws nothing that can be published"),
        (f"{OPEN}<script/><image href='a.png'/></svg>", "it draws nothing that can be published"),
        (f"{OPEN}<path d='M0 0h9'/>", "it is no XML: no element found"),
        ("<svg><path d='M0 0h9'/></svg>", "it does not say how large it is"),
        ('<svg viewBox="0 0 nan 5"><path/></svg>', "it does not say how large it is"),
        ("<html xmlns='http://www.w3.org/1999/xhtml'/>", "it holds no drawing"),
        ('<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + OPEN + "<text>&b;</text></svg>", "entities"),
        ('<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + OPEN + "<text>&a;</text></svg>", "entities"),
        (f"{OPEN}{'<g>' * 200}<path/>{'</g>' * 200}</svg>", "it is nested more than 100 deep"),
        (f"{OPEN}{'<path/>' * 60_000}</svg>", "it has more than 50,000 elements"),
        (f'{OPEN}<path id="u0"/>{BOMB}</svg>', "it draws more than 200,000 elements"),
        (f"{OPEN}<!--{'x' * 5_000_000}--><path/></svg>", "it is larger than 4 MB"),
    ],
)  # fmt: skip
def test_what_is_no_drawing_or_a_trap_is_refused(content: str, reason: str) -> None:
    found = redraw(content.encode())
    assert isinstance(found, str)
    assert reason in found


def test_a_drawing_that_uses_itself_does_not_hang() -> None:
    assert "<use" in drawn('<g id="a"><use href="#a"/></g><path d="M0 0h9"/>').content.decode()


def test_the_usual_document_type_is_passed_over() -> None:
    plain = '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/x/svg11.dtd">'
    found = redraw(f"{plain}{OPEN}<path d='M0 0h9'/></svg>".encode())
    assert isinstance(found, Drawing)
    assert b"DOCTYPE" not in found.content
