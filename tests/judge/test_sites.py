"""Every judge over every site."""

from collections.abc import Sequence

import pytest

from tests.judge import browser, exiftool, feeds, links, nu, pictures, programs, sitemap, structured_data
from tests.judge.browser import Browsed
from tests.judge.programs import Programs
from tests.judge.site import BuiltSite, Finding
from tests.judge.structured_data import Vocabulary

SHOWN = 40
PLANTED = b"planted"

# Warnings of the Nu checker that stand, each with why: (pattern of the whole message, reason).
ALLOWED_WARNINGS: tuple[tuple[str, str], ...] = ()


def agree(found: Sequence[Finding]) -> None:
    """Fail with what was found, in full up to a screenful."""
    if not found:
        return
    lines = [str(finding) for finding in found[:SHOWN]]
    if len(found) > SHOWN:
        lines.append(f"… {len(found) - SHOWN} more")
    pytest.fail(f"{len(found)} found\n" + "\n".join(lines), pytrace=False)


def test_every_address_of_ours_leads_somewhere(site: BuiltSite) -> None:
    agree(links.judge(site))


def test_every_page_is_reached_from_the_home_page(site: BuiltSite) -> None:
    agree(links.orphans(site))


def test_feeds_follow_their_specifications(site: BuiltSite) -> None:
    agree(feeds.judge(site))


def test_a_feed_reader_reads_every_entry(site: BuiltSite) -> None:
    agree(feeds.judge_reading(site))


def test_there_is_an_atom_an_rss_and_a_json_feed(site: BuiltSite) -> None:
    assert {"feed.xml": "atom", "rss.xml": "rss", "feed.json": "json"}.items() <= feeds.find_feeds(site).items()


def test_the_sitemap_lists_what_is_there_for_all(site: BuiltSite) -> None:
    agree(sitemap.judge(site))


def test_the_sitemap_is_valid_by_its_schema(site: BuiltSite, tools: Programs) -> None:
    if not (tools.xmllint and tools.modules):
        pytest.skip(f"missing: {', '.join(tools.missing)}")
    schema = programs.MODULES / "sitemap" / "schema" / "sitemap.xsd"
    agree(sitemap.judge_schema(site, tools.xmllint, schema, programs.REPORTS / "schema"))


def test_structured_data_keeps_to_the_vocabulary(site: BuiltSite, vocabulary: Vocabulary) -> None:
    agree(structured_data.judge(site, vocabulary))


def test_pictures_carry_nothing_but_pixels(site: BuiltSite) -> None:
    agree(pictures.judge(site))


def test_exiftool_finds_nothing_about_anybody(site: BuiltSite, tools: Programs) -> None:
    if not tools.exiftool:
        pytest.skip(f"missing: {', '.join(tools.missing)}")
    agree(exiftool.judge(site, tools.exiftool))


def test_the_nu_checker_finds_no_error_and_no_new_warning(site: BuiltSite, tools: Programs) -> None:
    if not (tools.java and tools.modules):
        pytest.skip(f"missing: {', '.join(tools.missing)}")
    errors, warnings = nu.judge(site, tools.java, programs.MODULES)
    agree([*errors, *nu.without_allowed(warnings, ALLOWED_WARNINGS)])


def test_axe_finds_no_violation_in_light_and_dark_on_phone_and_desktop(browsed: Browsed) -> None:
    agree(browser.judge_accessibility(browsed))


def test_what_axe_leaves_to_people_was_looked_at(browsed: Browsed) -> None:
    agree(browser.judge_review(browsed))


def test_no_request_leaves_the_site_and_none_fails(browsed: Browsed) -> None:
    agree(browser.judge_requests(browsed))


def test_the_console_stays_silent(browsed: Browsed) -> None:
    agree(browser.judge_console(browsed))


def test_pages_that_send_readers_on_arrive(browsed: Browsed) -> None:
    agree(browser.judge_arrivals(browsed))


def test_pages_say_the_same_without_script(browsed: Browsed) -> None:
    agree(browser.judge_without_script(browsed))


def test_nothing_is_wider_than_a_small_phone(browsed: Browsed) -> None:
    agree(browser.judge_narrow(browsed))


def test_nothing_that_is_not_published_is_in_the_output(site: BuiltSite) -> None:
    """The made sites hold the word in drafts, scheduled and expired texts, and in what pictures carry."""
    holding = [path for path in site.paths if PLANTED in (path.encode() + (site.folder / path).read_bytes()).lower()]
    agree([Finding(path, 0, f"holds the word {PLANTED.decode()!r}") for path in holding])
