"""`python -m tests.judge`: install what the judges need; with FOLDER and BASE_URL, hold them against that folder."""

import os
import sys
import time
from pathlib import Path

from tests.judge import browser, exiftool, feeds, links, nu, pictures, programs, sitemap, structured_data
from tests.judge.programs import Programs
from tests.judge.site import BuiltSite, Finding, read_site


def main(arguments: list[str]) -> int:
    """0: all is well. 1: something was found, or something is missing where CI is set. 2: wrong use."""
    if len(arguments) not in (0, 2) or (arguments and not Path(arguments[0]).is_dir()):
        _say("usage: python -m tests.judge [FOLDER BASE_URL]")
        return 2
    found = programs.prepare()
    if found.missing:
        _say(f"The judges miss {', '.join(found.missing)}: what needs them is skipped.")
    if not arguments:
        return 1 if found.missing and os.environ.get("CI") else 0
    return _judge(read_site("folder", Path(arguments[0]).resolve(), arguments[1]), found)


def _judge(site: BuiltSite, found: Programs) -> int:
    told = 0
    told += _tell("links", links.judge(site))
    told += _tell("orphans", links.orphans(site))
    told += _tell("feeds", feeds.judge(site) + feeds.judge_reading(site))
    told += _tell("sitemap", sitemap.judge(site))
    told += _tell("pictures", pictures.judge(site))
    if found.exiftool:
        told += _tell("exiftool", exiftool.judge(site, found.exiftool))
    if found.modules:
        types = (programs.MODULES / "schema-dts/dist/schema.d.ts").read_text(encoding="utf-8")
        told += _tell("structured data", structured_data.judge(site, structured_data.read_vocabulary(types)))
    if found.modules and found.xmllint and "sitemap.xml" in site.paths:
        schema = programs.MODULES / "sitemap/schema/sitemap.xsd"
        told += _tell("schema", sitemap.judge_schema(site, found.xmllint, schema, programs.REPORTS / "schema"))
    if found.modules and found.java:
        errors, warnings = nu.judge(site, found.java, programs.MODULES)
        told += _tell("nu", errors) + _tell("nu warnings", warnings)
    if found.modules and found.node and found.chromium:
        told += _browse(site, found)
    return 1 if told else 0


def _browse(site: BuiltSite, found: Programs) -> int:
    started = time.monotonic()
    seen = browser.browse(site, found.chromium, found.node, programs.MODULES, programs.REPORTS)
    _say(f"{len(seen.visits)} pages in the browser in {time.monotonic() - started:.0f} s")
    told = _tell("axe", browser.judge_accessibility(seen))
    told += _tell("requests", browser.judge_requests(seen))
    told += _tell("console", browser.judge_console(seen))
    told += _tell("arrivals", browser.judge_arrivals(seen))
    told += _tell("script", browser.judge_without_script(seen))
    told += _tell("narrow", browser.judge_narrow(seen))
    report = programs.REPORTS / f"{site.name}-needs-review.txt"
    report.write_text(browser.needs_review(seen), encoding="utf-8")
    _say(f"{browser.count_review(seen)} elements to review in {report.relative_to(programs.ROOT)}")
    return told


def _tell(judge: str, found: list[Finding]) -> int:
    _say(f"{judge}: {len(found)}")
    for finding in found:
        _say(f"  {finding}")
    return len(found)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
