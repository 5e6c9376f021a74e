"""Slugs, words, quotes, languages, dates, catalogues: text in any script."""

import time
from datetime import date
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from generator.model.document import Card, Change, Moment
from generator.source.catalogue import read_catalogue
from generator.text.addresses import absolute, encoded, relative
from generator.text.catalogue import Catalogue, UnknownTextError, say
from generator.text.dates import iso, last_changed, rfc3339, show_date, show_day, show_moment, show_partial
from generator.text.languages import direction, is_language, isolate, own_name
from generator.text.numbers import show_number
from generator.text.phones import e164, is_phone
from generator.text.quotes import curl, marks
from generator.text.slugs import RESERVED, collision_key, slug, slug_problem
from generator.text.sorting import sort_key
from generator.text.words import count_words, cut, reading_minutes
from generator.text.xml import xml_safe

DAY = Moment(date(2017, 5, 9))
INSTANT = Moment(date(2017, 5, 9), 1494339045)


# Slugs


@pytest.mark.parametrize(
    ("title", "language", "expected"),
    [
        ("Water, at last!", "", "water-at-last"),
        ("  --  ", "", ""),
        ("…", "", ""),
        ("🔥", "", ""),
        ("❤️", "", ""),
        ("Чечня: что делать?", "ru", "чечня-что-делать"),
        ("حقوق الإنسان", "ar", "حقوق-الإنسان"),
        ("人权 观察", "zh", "人权-观察"),
        ("हिन्दी में", "hi", "हिन्दी-में"),
        ("İstanbul IŞIK", "tr", "istanbul-ışık"),
        ("ILIK", "tr", "ılık"),
        ("ILIK", "az-Latn", "ılık"),
        ("İstanbul", "", "istanbul"),
        ("Cafe\u0301", "fr", "café"),
        ("CO₂ and m²", "", "co2-and-m2"),
        ("می\u200cخواهم", "fa", "می-خواهم"),
        ("ශ්\u200dරී", "si", "ශ්රී"),
        ("co\u00adoperate", "", "cooperate"),
        ("../../etc/passwd", "", "etc-passwd"),
        ("a_b.c", "", "a-b-c"),
    ],
)
def test_a_slug_keeps_letters_marks_and_digits_of_every_script(title: str, language: str, expected: str) -> None:
    """Devanagari and Turkish are where slug libraries break; of nothing but signs there is no slug."""
    assert slug(title, language) == expected


def test_a_long_slug_is_cut_at_a_word() -> None:
    assert slug("word " * 40) == "-".join(["word"] * 16)
    assert slug("слово " * 40) == "-".join(["слово"] * 13)
    assert len(slug("правозащитник" * 20).encode()) <= 200
    assert slug("人" * 100) == "人" * 66


@given(st.text(max_size=300), st.sampled_from(["", "en", "tr", "fa"]))
def test_slugs_are_within_limits_and_stay_as_they_are(text: str, language: str) -> None:
    made = slug(text, language)
    assert len(made) <= 80
    assert len(made.encode()) <= 200
    assert slug(made, language) == made
    assert not made.startswith("-")
    assert "--" not in made
    assert not made or slug_problem(made) == "" or "Windows" in slug_problem(made)


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("", "empty"),
        ("..", "folder"),
        (".", "folder"),
        ("a/../b", "slash"),
        ("a\\b", "slash"),
        ("a\x00b", "control"),
        ("a\nb", "control"),
        ("con", "Windows"),
        ("COM1", "Windows"),
        ("nul.txt", "Windows"),
        ("lpt³", "Windows"),
        (".git", "hidden"),
        ("a.", "dot"),
        ("a b", "a space"),
        ("a?b", "`?`"),
        ("a\u202eb", "U+202E"),
        ("x" * 81, "81 characters"),
        ("人" * 67, "201 bytes"),
    ],
)
def test_a_slug_that_would_leave_its_folder_or_break_a_disk_is_told_in_words(written: str, word: str) -> None:
    assert word in slug_problem(written)


def test_good_slugs_have_no_problem() -> None:
    assert [slug_problem(each) for each in ("water", "чечня", "हिन्दी", "a-b_c.d", "2026", "console")] == [""] * 6


def test_names_of_generated_outputs_are_reserved() -> None:
    assert {"tags", "page", "feed.xml", "_redirects", "manifest.json.minisig", "robots.txt"} <= RESERVED
    assert "water" not in RESERVED


def test_paths_collide_as_disks_see_them() -> None:
    assert collision_key("Water/") == collision_key("water/")
    assert collision_key("caf\u00e9") == collision_key("CAFE\u0301")
    assert collision_key("straße") != collision_key("strase")


# Words


def test_reading_time_knows_scripts_without_spaces() -> None:
    assert reading_minutes("word " * 228, "en") == 1
    assert reading_minutes("word " * 229, "en") == 2
    assert reading_minutes("слово " * 368, "ru") == 2
    assert reading_minutes("字" * 510, "zh") == 2
    assert reading_minutes("かな" * 357, "ja") == 2
    assert reading_minutes("กขค" * 588, "th") == 2
    assert reading_minutes("— …", "en") == 0


def test_words_are_counted_in_every_script() -> None:
    assert count_words("Don't stop — well-known facts.") == 4
    assert count_words("हिन्दी में लिखा") == 3
    assert count_words("我爱 Python") == 3
    assert count_words("กกกกกกก") == 2


@given(st.text(st.sampled_from("aé²œж .,-—’“\u00a0\u2028\n\x1f"), max_size=40))
def test_words_are_what_stands_between_spaces_and_has_a_letter_or_a_digit(text: str) -> None:
    assert count_words(text) == sum(any(map(str.isalnum, piece)) for piece in text.split())


def test_a_cut_text_ends_at_a_word() -> None:
    assert cut("One two three", 13) == "One two three"
    assert cut("One two three", 12) == "One two…"
    assert cut("One two, three", 10) == "One two…"
    assert cut("你好世界和平", 4) == "你好世…"
    assert cut("Donaudampfschifffahrt", 6) == "Donau…"
    assert cut("a 👨‍👩‍👧‍👦", 3) == "a…"
    assert cut("word", 0) == ""


@given(st.text(max_size=120), st.integers(0, 60))
def test_a_cut_text_is_never_over_its_limit(text: str, limit: int) -> None:
    for measure in (len, lambda each: len(each.encode("utf-8", "surrogatepass")), lambda each: 3 * len(each)):
        made = cut(text, limit, measure)
        assert measure(made) <= limit
        assert made == text or made == "" or (made.endswith("…") and text.startswith(made[:-1]))


# Addresses


@given(st.text(st.sampled_from("ab/.-é% ?&'()\"#[]~"), max_size=20))
def test_an_address_is_encoded_but_for_what_a_path_may_hold(url: str) -> None:
    path, mark, fragment = url.partition("#")
    safe = "/-._~!$&'()*+,;=:@"
    assert encoded(url) == quote(path, safe=safe) + mark + quote(fragment, safe=f"{safe}?")


def test_an_address_made_for_markup_is_not_mixed_up_with_a_plain_one() -> None:
    for plain in ("https://other.example/?a&b", "/water/"):
        made = [absolute("https://example.org/", kind(plain)) for kind in (str, Markup, str, Markup)]
        assert [type(each) for each in made] == [type(made[0]), type(made[1])] * 2
        assert type(relative(1, plain)) is str


# Quotes


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", '"Yes," she said, "I don\'t."', "“Yes,” she said, “I don’t.”"),
        ("en", "He said 'no' twice.", "He said ‘no’ twice."),
        ("en", "\"'Nested' first,\" he said", "“‘Nested’ first,” he said"),
        ("de", "Sie sagte: \"Er rief 'nein'.\"", "Sie sagte: „Er rief ‚nein‘.“"),
        ("de-CH", '"Ja"', "«Ja»"),
        ("fr", 'Il dit "non" à l\'eau', "Il dit «\u202fnon\u202f» à l’eau"),
        ("ru", 'он сказал "нет"', "он сказал «нет»"),
        ("uk", 'об\'єкт "А"', "об’єкт «А»"),
        ("pl", '"tak"', "„tak”"),
        ("sv", '"ja"', "”ja”"),
        ("he", 'צה"ל אמר "כן"', "צה״ל אמר ”כן”"),
        ("fa", '"آری"', "«آری»"),
        ("zh", '他说"你好"，"再见"。', "他说“你好”，“再见”。"),
        ("zh-Hant", '他說"你好"', "他說「你好」"),
        ("ja", '彼は"はい"と', "彼は「はい」と"),
        ("xx", '"x"', "“x”"),
    ],
)
def test_quotes_follow_the_language(language: str, text: str, expected: str) -> None:
    assert curl(text, "", language) == expected


@pytest.mark.parametrize("language", ["en", "de", "fr", "ru", "sv", "hu"])
def test_an_apostrophe_is_never_a_quotation_mark(language: str) -> None:
    """German single quotes turned every apostrophe round in the tool that others use."""
    assert curl("Don't", "", language) == "Don’t"
    assert curl("rock 'n' roll in the '90s", "", language) == "rock ’n’ roll in the ’90s"
    assert curl("the dogs' bowls", "", language) == "the dogs’ bowls"


def test_feet_and_inches_stay() -> None:
    assert curl("He is 5'10\" tall", "", "en") == "He is 5'10\" tall"
    assert curl('"He is 5\'10" tall"', "", "en") == "“He is 5'10\" tall”"
    assert curl('"in 1984"', "", "en") == "“in 1984”"


def test_dots_and_dashes() -> None:
    assert curl("wait... 1914--18 --- so", "", "en") == "wait… 1914–18 — so"
    assert curl("--help ..... ------ <!-- -->", "", "en") == "--help ..... ------ <!-- -->"


def test_what_precedes_a_text_decides_its_first_mark() -> None:
    assert curl('" he said', "d", "en") == "” he said"
    assert curl("'s cat", "l", "en") == "’s cat"
    assert curl('"Yes', " ", "en") == "“Yes"


@given(st.text(st.sampled_from("ab 1\"'.-,é字"), max_size=60), st.sampled_from(["en", "de", "fr", "he", "ja"]))
def test_quotes_change_no_letter(text: str, language: str) -> None:
    def letters(given_text: str) -> str:
        return "".join(each for each in given_text if each.isalnum() or each in " ,")

    assert letters(curl(text, "", language)) == letters(text)


def test_text_without_marks_is_returned_itself() -> None:
    text = "Nothing to do here. Nothing-at-all."
    assert curl(text, "", "en") is text


@pytest.mark.parametrize("pattern", ["'", '"', " 'a", "a' ", '1"', "'n", "--", "..", "'a "])
def test_curling_takes_linear_time(pattern: str) -> None:
    start = time.perf_counter()
    curl(pattern * 50_000, "", "en")
    assert time.perf_counter() - start < 2


def test_the_marks_of_many_languages_are_known() -> None:
    assert marks("pt-BR").opening == "“"
    assert marks("pt").opening == "«"
    assert marks("zh-Hant-TW").opening == "「"
    assert marks("nb") == marks("no")


# Languages


def test_language_tags_are_known_ones() -> None:
    good = ["en", "pt-BR", "zh-Hant", "sr-Latn-RS", "ckb", "rhg", "es-419", "de-1996", "en-x-own"]
    bad = ["", "xx", "english", "en_GB", "en-UK", "und", "mul", "x-own", "i-klingon", "e", "en-", "False", "en\n"]
    assert [tag for tag in good if not is_language(tag)] == []
    assert [tag for tag in bad if is_language(tag)] == []


def test_direction_comes_from_script_region_or_language() -> None:
    right = ["ar", "fa", "he", "ur", "ps", "ckb", "yi", "ug", "dv", "sd", "az-Arab", "pa-PK", "ar-EG", "AR"]
    left = ["en", "az", "sd-Deva", "ar-Latn", "pa", "zh-Hant", "ku"]
    assert [direction(tag) for tag in right] == ["rtl"] * len(right)
    assert [direction(tag) for tag in left] == ["ltr"] * len(left)


def test_languages_call_themselves() -> None:
    assert [own_name(tag) for tag in ("fr", "ru", "zh-Hant", "mn-Mong", "tlh")] == [
        "français", "русский", "中文 (繁體)", "Mongolian", "Klingon"
    ]  # fmt: skip


def test_only_text_of_the_other_direction_is_isolated() -> None:
    assert isolate("Water") == "Water"
    assert isolate("Вода 1") == "Вода 1"
    assert isolate("ماء") == "\u2068ماء\u2069"
    assert isolate("ماء", "rtl") == "ماء"
    assert isolate("Water", "rtl") == "\u2068Water\u2069"
    assert isolate("ماء\u2069\u202e") == "\u2068ماء\u2069"
    assert isolate("2026", "rtl") == "2026"


# Dates


def _plain(text: str) -> str:
    """With plain blanks: which kind CLDR chooses changes from one release to the next."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_days_read_as_readers_write_them() -> None:
    assert show_day(DAY.day, "en") == "9 May 2017"
    assert show_day(DAY.day, "en-US") == "May 9, 2017"
    assert _plain(show_day(DAY.day, "ru")) == "9 мая 2017 г."
    assert show_day(DAY.day, "tlh") == "2017-05-09"
    assert show_date(INSTANT, "de") == "9. Mai 2017"
    assert show_date(DAY.day, "de") == "9. Mai 2017"


def test_a_time_is_told_in_the_zone_with_its_name() -> None:
    assert show_moment(INSTANT, "de", "Europe/Berlin") == "9. Mai 2017, 16:10 MESZ"
    assert show_moment(DAY, "de", "Europe/Berlin") == "9. Mai 2017"
    assert show_date(INSTANT, "tlh", "UTC", "minute") == "2017-05-09 14:10 UTC"
    assert show_moment(INSTANT, "ru", "Europe/Berlin").endswith(" GMT+02:00")
    assert show_moment(INSTANT, "ar", "America/New_York").endswith(" غرينتش-04:00")


def test_a_partial_date_stays_partial() -> None:
    assert show_partial("2017-05", "en") == "May 2017"
    assert _plain(show_partial("2017-05", "ru")) == "май 2017 г."
    assert show_partial("2017", "ja") == "2017年"
    assert show_partial("2017-05-09", "en") == "9 May 2017"
    assert [show_partial(odd, "en") for odd in ("soon", "2017-13", "", "2017-05-09-01")] == [
        "soon", "2017-13", "", "2017-05-09-01"
    ]  # fmt: skip
    assert iso("2017-05") == "2017-05"


def test_published_stamps_are_days_unless_minutes_are_wanted() -> None:
    """A stamp of a day gives no hour away, whatever the author's clock said."""
    assert rfc3339(DAY) == rfc3339(INSTANT) == "2017-05-09T00:00:00Z"
    assert rfc3339(INSTANT, "minute") == "2017-05-09T14:10:00Z"
    assert rfc3339(DAY, "minute") == "2017-05-09T00:00:00Z"
    assert rfc3339(Moment(date(900, 1, 2))) == "0900-01-02T00:00:00Z"
    assert [iso(INSTANT), iso(INSTANT, "minute"), iso(DAY.day)] == ["2017-05-09", "2017-05-09T14:10:00Z", "2017-05-09"]


def test_a_correction_is_a_reason_to_look_again_and_an_update_of_the_log_is_not() -> None:
    changes = (Change(date(2018, 1, 1), "correction", "x"), Change(date(2019, 1, 1), "update", "y"))
    card = Card("posts/a.md", "/a/", "a", "A", "en", date=DAY, history=changes)
    assert last_changed(card) == "2018-01-01T00:00:00Z"
    assert last_changed(Card("pages/a.md", "/a/", "a", "A", "en")) == ""


# Numbers, telephones, order, XML


def test_numbers_have_the_separators_of_the_language() -> None:
    assert [show_number(1234567, tag) for tag in ("en", "de", "hi", "tlh")] == [
        "1,234,567", "1.234.567", "12,34,567", "1234567"
    ]  # fmt: skip


def test_telephone_numbers() -> None:
    assert is_phone("+44 20 7183 8750")
    assert not is_phone("020 7183 8750")
    assert is_phone("020 7183 8750", "gb")
    assert [is_phone(bad) for bad in ("", "call me", "+1", "+44 20 7183 8750 x1; drop", "javascript:1")] == [False] * 5
    assert [is_phone(f"+44 20 7183 8750{more}") for more in ("#12", ",,9#", ";ext=1", "*1", "\u202e")] == [False] * 5
    assert [e164(good) for good in ("+٤٤ ٢٠ ٧١٨٣ ٨٧٥٠", "\u200e+44\xa0(0)20/7183\u20118750")] == ["+442071838750"] * 2
    assert e164("020 7183 8750", "GB") == e164("+44 (0)20 7183-8750") == "+442071838750"
    assert e164("nonsense") == ""


def test_names_are_in_the_order_of_the_language() -> None:
    def ordered(language: str, *names: str) -> list[str]:
        return sorted(names, key=lambda name: sort_key(name, language))

    assert ordered("fr", "zèbre", "Écologie", "eau", "été") == ["eau", "Écologie", "été", "zèbre"]
    assert ordered("sv", "öga", "zebra", "ål", "apa") == ["apa", "zebra", "ål", "öga"]
    assert ordered("de", "Öl", "Ofen", "Zebra", "Straße", "Strasse") == ["Ofen", "Öl", "Strasse", "Straße", "Zebra"]
    assert ordered("es", "ñu", "nube", "oso") == ["nube", "ñu", "oso"]
    assert ordered("tr", "ıssız", "iz", "hız") == ["hız", "ıssız", "iz"]
    assert ordered("uk", "ґанок", "дім", "газ") == ["газ", "ґанок", "дім"]
    assert ordered("en", "b", "A", "a", "B") == ["A", "a", "B", "b"]


def test_a_control_character_cannot_break_a_feed() -> None:
    assert xml_safe("a\x0bb\x00c\ufffe\ud800d") == "abcd"
    assert xml_safe("tab\tline\nemoji 🔥") == "tab\tline\nemoji 🔥"


# Catalogues


RUSSIAN = """
read_more = "Читать дальше"
[signatures]
one = "{count} подпись"
few = "{count} подписи"
many = "{count} подписей"
other = "{count} подписи"
"""
ENGLISH = (
    'read_more = "Read on"\nby = "By {name}"\nsignatures = { one = "{count} signature", other = "{count} signatures" }'
)


def load(text: str, language: str) -> Catalogue:
    strings, problems = read_catalogue(text, f"locales/{language}.toml")
    assert problems == ()
    return Catalogue(language, strings)


def test_plural_forms_follow_the_language() -> None:
    said = [_plain(say(load(RUSSIAN, "ru"), "signatures", count=count)) for count in (1, 3, 11, 1000)]
    assert said == ["1 подпись", "3 подписи", "11 подписей", "1 000 подписей"]


def test_a_missing_text_or_value_is_told_with_a_suggestion() -> None:
    catalogue = load(ENGLISH, "en")
    with pytest.raises(UnknownTextError, match="Did you mean “read_more”"):
        say(catalogue, "read_mor")
    with pytest.raises(UnknownTextError, match="needs a value for `name`"):
        say(catalogue, "by")
    with pytest.raises(KeyError):
        say(catalogue, "signatures")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a = 'x'\nb = }", "locales/en.toml:2:5: error CL107"),
        ("b = 'x'\na = 1", "locales/en.toml:2:1: error CL316 “a” is neither a text nor a table of plural forms"),
        ("[a]\none = 'x'", "locales/en.toml:1:2: error CL316 “a” has plural forms but not “other”"),
        ("[a]\nsome = 'x'\nother = 'y'", "locales/en.toml:2:1: error CL316 “a.some” is no plural form"),
        ("[a]\nother = 1", "locales/en.toml:2:1: error CL316 “a.other” is a int, not a text"),
    ],
)
def test_a_bad_catalogue_is_told_at_its_place(text: str, told: str) -> None:
    _, (problem,) = read_catalogue(text, "locales/en.toml")
    assert str(problem).startswith(told)


def test_a_text_cannot_reach_into_a_value() -> None:
    """Python's own format strings would let a catalogue read attributes."""
    catalogue = Catalogue("en", {"a": "{name.__class__} {0} {}"})
    assert say(catalogue, "a", name="x") == "{name.__class__} {0} {}"
