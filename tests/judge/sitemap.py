"""The sitemap held against the schema of sitemaps.org, against the pages that are there, and against robots.txt."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.judge.page import read_page
from tests.judge.programs import run
from tests.judge.site import BuiltSite, Finding
from tests.judge.xml import name_of, read_xml

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST = 50_000
MOST_BYTES = 52_428_800
XHTML_LINK = """<?xml version="1.0" encoding="UTF-8"?>
<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/1999/xhtml">
  <element name="link">
    <complexType>
      <attribute name="rel" use="required" fixed="alternate"/>
      <attribute name="hreflang" use="required" type="string"/>
      <attribute name="href" use="required" type="anyURI"/>
    </complexType>
  </element>
</schema>
"""
WHOLE = """<?xml version="1.0" encoding="UTF-8"?>
<schema xmlns="http://www.w3.org/2001/XMLSchema">
  <import namespace="http://www.sitemaps.org/schemas/sitemap/0.9" schemaLocation="sitemap.xsd"/>
  <import namespace="http://www.w3.org/1999/xhtml" schemaLocation="xhtml-link.xsd"/>
</schema>
"""


def judge(site: BuiltSite) -> list[Finding]:
    """What the sitemap and robots.txt say wrong, or leave out."""
    if "sitemap.xml" not in site.paths:
        return [Finding("sitemap.xml", 0, "is not there")]
    try:
        root = read_xml(site.read("sitemap.xml"))
    except ValueError as problem:
        return [Finding("sitemap.xml", 0, str(problem))]
    if name_of(root) != (SITEMAP, "urlset"):
        return [Finding("sitemap.xml", 0, f"the root element is {root.tag}, not a urlset")]
    listed = [url.findtext(f"{{{SITEMAP}}}loc") or "" for url in root]
    said = [*_judge_listed(site, listed), *_judge_left_out(site, listed), *_judge_size(site, listed)]
    return sorted([Finding("sitemap.xml", 0, each) for each in said] + list(_judge_robots(site)))


def judge_schema(site: BuiltSite, xmllint: str, schema: Path, folder: Path) -> list[Finding]:
    """What `xmllint` says of the sitemap by the official schema file; `folder` takes the schemas put together."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sitemap.xsd").write_bytes(schema.read_bytes())
    (folder / "xhtml-link.xsd").write_text(XHTML_LINK, encoding="utf-8")
    (folder / "whole.xsd").write_text(WHOLE, encoding="utf-8")
    done = run([xmllint, "--noout", "--nonet", "--schema", str(folder / "whole.xsd"), str(site.folder / "sitemap.xml")])
    if done.returncode == 0:
        return []
    return [Finding("sitemap.xml", 0, line) for line in done.stderr.splitlines() if line.strip()]


def _judge_listed(site: BuiltSite, listed: list[str]) -> Iterator[str]:
    for address in sorted({address for address in listed if listed.count(address) > 1}):
        yield f"{address} is listed more than once"
    for address in listed:
        if not address.startswith(site.base_url):
            yield f"{address} is not under {site.base_url}"
            continue
        led = site.lead("index.html", address)
        if led.problem:
            yield f"{address} {led.problem}"
            continue
        if not led.path.endswith(".html"):
            yield f"{address} is no page"
            continue
        page = read_page(site.read(led.path))
        if not page.is_indexable:
            yield f"{address} is listed, but tells robots not to, or sends readers on"
        if page.canonical and page.canonical != address:
            yield f"{address} is listed, but calls itself {page.canonical}"


def _judge_left_out(site: BuiltSite, listed: list[str]) -> Iterator[str]:
    """Every article that robots may list is listed; which lists of articles are is the generator's choice."""
    for path in site.with_suffix(".html"):
        page = read_page(site.read(path))
        if page.og_type == "article" and page.is_indexable and site.url(path) not in listed:
            yield f"{site.url(path)} is an article for all, and is not listed"


def _judge_size(site: BuiltSite, listed: list[str]) -> Iterator[str]:
    if len(listed) > MOST or (site.folder / "sitemap.xml").stat().st_size > MOST_BYTES:
        yield f"holds over {MOST} addresses or 50 MB: an index is due"


def _judge_robots(site: BuiltSite) -> Iterator[Finding]:
    """RFC 9309, and one `Sitemap:` line, which is absolute."""
    if "robots.txt" not in site.paths:
        yield Finding("robots.txt", 0, "is not there")
        return
    named = []
    for number, line in enumerate(site.read("robots.txt").splitlines(), 1):
        field, colon, value = line.partition("#")[0].partition(":")
        if not colon:
            if field.strip():
                yield Finding("robots.txt", number, f"{line!r} is not FIELD: VALUE")
            continue
        if field.strip().lower() not in ("user-agent", "allow", "disallow", "sitemap"):
            yield Finding("robots.txt", number, f"unknown field {field!r}")
        if field.strip().lower() == "sitemap":
            named.append(value.strip())
    if named != [site.url("sitemap.xml")]:
        yield Finding("robots.txt", 0, f"names {named}, not the sitemap at {site.url('sitemap.xml')}")
    if any(not urlsplit(address).scheme for address in named):
        yield Finding("robots.txt", 0, "names a sitemap by a relative address")
