"""What is written into a picture: the credit and the licence its author declared, and nothing else."""

from html import escape

_OPENS = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
    ' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/"'
)
_CLOSES = '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'


def notice(credit: str, licence: str) -> bytes:
    """An XMP packet (ISO 16684-1) with both as the IPTC photo metadata standard names them; b'' without either.

    The credit is the “Credit Line”, the licence the “Rights Usage Terms”. Equal words give equal bytes.
    """
    if not credit and not licence:
        return b""
    line = f' photoshop:Credit="{_plain(credit)}"' if credit else ""
    terms = (
        '<xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang="x-default">'
        f"{_plain(licence)}</rdf:li></rdf:Alt></xmpRights:UsageTerms>"
        if licence
        else ""
    )
    return f"{_OPENS}{line}>{terms}{_CLOSES}".encode()


def _plain(words: str) -> str:
    """Words on one line, without what XML cannot hold."""
    shown = "".join(character if character.isprintable() else " " for character in words)
    return escape(" ".join(shown.split()))
