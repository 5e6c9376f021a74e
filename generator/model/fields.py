"""The tables of fields: every name an author may write, its type, a sentence about it, an example.

They drive validation, `new`, the reference in `docs/writing.md` and JSON Schema.
"""

from typing import Literal

from msgspec import Struct, structs

from generator.model.document import KINDS

FieldType = Literal[
    "line",  # text without line breaks
    "text",  # text, line breaks allowed
    "steps",  # a text, or a list of texts: what comes after what
    "int",
    "bool",
    "moment",  # a day, or a day and a time
    "day",
    "partial",  # a day, a month or a year
    "url",  # http, https, mailto
    "web",  # http, https
    "contact",  # an e-mail or web address
    "domain",  # the name of a host, or an e-mail address: what makes a tag URI
    "target",  # a file of the site, an address from its root, or any address of type url
    "reference",  # text; if it begins as an address does, one of type url
    "email",
    "phone",
    "language",  # BCP 47
    "key",  # a word that becomes part of an address or an id
    "slug",
    "alias",  # an old address on this site, from the root
    "file",  # a path relative to the document
    "name",  # a file name in templates/
    "uuid",
    "hashtag",
    "fediverse",
    "robots",
    "pattern",  # of addresses: /{year}/{slug}/
    "zone",  # IANA
    "code",  # CLnnn
    "table",  # the fields of `table`
    "tables",  # names of the author's choice, each with the fields of `table`
    "texts",  # names of the author's choice, each with a text
    "anything",  # plain data of any shape
]
Family = Literal["matter", "settings", "action"]


class Field(Struct, frozen=True):
    """One name: with `many` its value is a list. `example` is TOML. Numbers lie between `least` and `most`.

    A field that is `idle` is known and checked, and does nothing in this version, which is told; not so with a value
    among `so_anyway`, which asks for what is so already.
    """

    name: str
    type: FieldType
    sentence: str
    example: str = ""
    required: bool = False
    many: bool = False
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    table: "Table | None" = None
    idle: bool = False
    so_anyway: tuple[str | bool, ...] = ()


class Table(Struct, frozen=True, eq=False):
    """Names that may stand beside each other; a table equals itself only, so that what follows from it can be kept.

    `family` chooses the problem codes. `wrong` maps names that authors know from elsewhere to a hint. `others`, if
    given, is what a name of the author's choice may hold.
    """

    name: str
    family: Family
    fields: tuple[Field, ...]
    wrong: dict[str, str] = {}
    others: Field | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all fields, in order."""
        return tuple(field.name for field in self.fields)

    def with_fields(self, *fields: Field) -> "Table":
        """This table with further fields."""
        return structs.replace(self, fields=(*self.fields, *fields))

    def without(self, *names: str) -> "Table":
        """This table without some fields, and with nothing required."""
        kept = (structs.replace(field, required=False) for field in self.fields if field.name not in names)
        return structs.replace(self, fields=tuple(kept))


_LICENCE = "Write `licence`."
_LANGUAGE = "Write `language`."
_ORGANISER = "Write `organiser`."
KEEP = "keep"
"""The field that names what the addresses beside and below it keep; it is no value of its own."""
_KEEP = Field(KEEP, "line", "Parameters that its addresses need.", 'keep = ["source"]', many=True)

NAMED = Table(
    "organiser",
    "action",
    (
        Field("name", "line", "Who it is.", 'name = "Rivers First"', required=True),
        Field("url", "url", "Where to learn more about them.", 'url = "https://rivers.example/"'),
    ),
)
RECIPIENT = Table(
    "recipient",
    "action",
    (
        Field("name", "line", "The person addressed.", 'name = "A. Minister"'),
        Field("title", "line", "Their office.", 'title = "Minister for Water"'),
        Field("organisation", "line", "Where they hold it.", 'organisation = "Ministry for Water"'),
        Field("email", "email", "The address a letter goes to.", 'email = "minister@water.example"'),
        Field("phone", "phone", "The number to call, with + and the country.", 'phone = "+49 30 1234567"'),
    ),
    {"organization": "Write `organisation`.", "mail": "Write `email`.", "tel": "Write `phone`."},
)
GOAL = Table(
    "goal",
    "action",
    (
        Field("target", "int", "How many are hoped for.", "target = 10000", required=True, least=1),
        Field("current", "int", "How many there are.", "current = 7342", least=0),
        Field("unit", "line", "What is counted.", 'unit = "signatures"'),
        Field("as_of", "day", "The day of the count.", "as_of = 2026-05-20"),
        Field("source", "reference", "Where the count can be seen.", 'source = "https://rivers.example/count"'),
    ),
)
ACTION_KINDS = ("petition", "write", "call", "donate", "event", "volunteer", "pledge", "share")
ACTION_STATUSES = ("open", "paused", "closed", "delivered", "won", "lost")
ACTION = Table(
    "action",
    "action",
    (
        Field("id", "key", "Its name within the article; its kind, if not given.", 'id = "visa-petition"'),
        Field("kind", "line", "What is asked; petition, if not given.", 'kind = "petition"', choices=ACTION_KINDS),
        Field("title", "line", "What it is called.", 'title = "Keep the river free"'),
        Field("summary", "text", "What happens if the reader acts.", 'summary = "Your name goes to the ministry."'),
        Field("url", "url", "Where it is done.", 'url = "https://rivers.example/petition"'),
        _KEEP,
        Field("platform", "line", "The service it runs on.", 'platform = "Action Network"'),
        Field("organiser", "table", "Who runs it.", 'organiser = { name = "Rivers First" }', table=NAMED),
        Field(
            "relation",
            "line",
            "What the author has to do with the organiser.",
            'relation = "member"',
            choices=("none", "volunteer", "member", "employee", "paid"),
        ),
        Field(
            "recipients",
            "table",
            "Whom it addresses.",
            'recipients = [{ name = "A. Minister" }]',
            many=True,
            table=RECIPIENT,
        ),
        Field("opens", "moment", "From when it can be taken.", "opens = 2026-05-01"),
        Field("closes", "moment", "Until when; a day counts to its end.", "closes = 2026-06-30"),
        Field("status", "line", "Where it stands.", 'status = "open"', choices=ACTION_STATUSES),
        Field("outcome", "text", "What came of it.", 'outcome = "Handed over on 2 July."'),
        Field("goal", "table", "How far it has come.", "goal = { target = 10000 }", table=GOAL),
        Field(
            "asks_for", "line", "The data it asks of those who take part.", 'asks_for = ["name", "email"]', many=True
        ),
        Field(
            "public_signature",
            "line",
            "Whether names are shown.",
            'public_signature = "optional"',
            choices=("always", "optional", "never", "unknown"),
        ),
        Field("safety_note", "text", "What to mind before taking part.", 'safety_note = "Your name may be seen."'),
        Field("effort", "line", "How long it takes.", 'effort = "2 minutes"'),
        Field("languages", "language", "The languages it is offered in.", 'languages = ["en", "ru"]', many=True),
        Field(
            "alternatives",
            "reference",
            "What else can be done.",
            'alternatives = ["https://rivers.example/"]',
            many=True,
        ),
        Field("subject", "line", "The subject of the letter.", 'subject = "The river"'),
        Field("letter", "text", "The letter.", 'letter = "Dear Minister, …"'),
        Field("script", "steps", "What to say on the telephone.", 'script = "My name is …"'),
        Field("location", "line", "Where the event is.", 'location = "Town hall, Main Street 1"'),
        Field("starts", "moment", "When the event begins.", "starts = 2026-05-01T18:00:00"),
        Field("ends", "moment", "When the event ends.", "ends = 2026-05-01T20:00:00"),
    ),
    {
        "organizer": _ORGANISER,
        "type": "Write `kind`.",
        "link": "Write `url`.",
        "href": "Write `url`.",
        "deadline": "Write `closes`.",
        "expires": "An action `closes`; an article expires.",
        "state": "Write `status`.",
        "name": "Write `title`.",
        "start": "Write `starts`.",
        "end": "Write `ends`.",
        "lang": "Write `languages`.",
        "language": "Write `languages`, a list.",
    },
)
ARCHIVED = Table(
    "archived copy",
    "action",
    (
        Field("url", "web", "Where the copy is.", 'url = "https://archive.example/copy"', required=True),
        Field("date", "day", "When it was made.", "date = 2026-05-05"),
    ),
)
SOURCE_ROLES = ("based-on", "repost-of", "quoted", "cited", "via", "translation-of")
SOURCE = Table(
    "source",
    "action",
    (
        Field("id", "key", "The name by which the text refers to it.", 'id = "report"'),
        Field(
            "role", "line", "What it is to the article; cited, if not given.", 'role = "based-on"', choices=SOURCE_ROLES
        ),
        Field("title", "line", "What it is called.", 'title = "The river report"'),
        Field("url", "web", "Where it is.", 'url = "https://news.example/river"'),
        _KEEP,
        Field("publisher", "line", "Who published it.", 'publisher = "The Daily"'),
        Field("author", "line", "Who wrote it.", 'author = "A. Writer"'),
        Field("published", "partial", "When, as exactly as is known.", 'published = "2026-05"'),
        Field("accessed", "day", "When it was read.", "accessed = 2026-05-05"),
        Field("language", "language", "The language it is in.", 'language = "ru"'),
        Field(
            "archived",
            "table",
            "Copies kept elsewhere.",
            'archived = [{ url = "https://archive.example/copy" }]',
            many=True,
            table=ARCHIVED,
        ),
        Field("licence", "line", "The terms it may be passed on under.", 'licence = "CC-BY-4.0"'),
        Field("permission", "text", "Who allowed it, and when.", 'permission = "by e-mail, 2026-05-04"'),
    ),
    {
        "license": _LICENCE,
        "lang": _LANGUAGE,
        "name": "Write `title`.",
        "link": "Write `url`.",
        "date": "Write `published`.",
        "type": "Write `role`.",
        "kind": "Write `role`.",
        "archive": "Write `archived`, a list.",
    },
)
RESOURCE = Table(
    "help line",
    "action",
    (
        Field("name", "line", "What it is called.", 'name = "The night line"', required=True),
        Field("country", "line", "The country whose people it serves.", 'country = "GB"', required=True),
        Field("phone", "phone", "Its number.", 'phone = "+44 20 7946 0000"'),
        Field("url", "web", "Its page.", 'url = "https://line.example/"'),
        _KEEP,
        Field("hours", "line", "When it answers.", 'hours = "every day, 18 to 24"'),
        Field("languages", "language", "In which languages; any, if not given.", 'languages = ["en"]', many=True),
        Field("note", "text", "What callers should know.", 'note = "Nobody asks for your name."'),
    ),
    {
        "telephone": "Write `phone`.",
        "number": "Write `phone`.",
        "title": "Write `name`.",
        "link": "Write `url`.",
        "language": "Write `languages`, a list.",
    },
)
IMAGE = Table(
    "image",
    "matter",
    (
        Field("file", "file", "The picture, relative to this file.", 'file = "river.jpg"', required=True),
        Field("alt", "line", "What it shows, for those who do not see it.", 'alt = "A dry river bed"'),
        Field("decorative", "bool", "It says nothing the text does not say.", "decorative = true"),
        Field("caption", "text", "What stands below it.", 'caption = "The river in May."'),
        Field("credit", "line", "Who made it.", 'credit = "A. Photographer"'),
        Field("licence", "line", "The terms it may be passed on under.", 'licence = "CC-BY-4.0"'),
        Field("consent", "line", "That those shown agreed.", 'consent = "given in writing"', idle=True),
        Field("cover", "line", "What of it is covered.", 'cover = "faces"', idle=True),
    ),
    {
        "license": _LICENCE,
        "src": "Write `file`.",
        "url": "Write `file`, a picture of this site.",
        "path": "Write `file`.",
        "title": "Write `caption`.",
        "description": "Write `alt`.",
    },
)
SERIES = Table(
    "series",
    "matter",
    (
        Field("name", "line", "The name of the series.", 'name = "The river"', required=True),
        Field("part", "int", "Which part of it this is.", "part = 2", least=1),
    ),
)
CONTENT_NOTE = Table(
    "content note",
    "matter",
    (
        Field("topics", "line", "What is told of.", 'topics = ["torture"]', many=True),
        Field("level", "line", "How it is told.", 'level = "described"', choices=("described", "graphic", "images")),
        Field("text", "text", "What to know before reading on.", 'text = "No pictures."'),
        Field("support", "reference", "Where there is help.", 'support = ["https://help.example/"]', many=True),
    ),
)
CHANGE = Table(
    "history",
    "matter",
    (
        Field("date", "day", "When.", "date = 2026-05-03", required=True),
        Field(
            "type",
            "line",
            "What it was.",
            'type = "correction"',
            required=True,
            choices=("correction", "update", "clarification", "retraction"),
        ),
        Field("text", "text", "What was changed, and why.", 'text = "The dam was built in 1968."', required=True),
        Field("was", "text", "What stood there before.", 'was = "1986"'),
    ),
)
SHARE_EMAIL = Table(
    "share.email",
    "matter",
    (
        Field("subject", "line", "The subject of the message.", 'subject = "Read this"'),
        Field("body", "text", "The message.", 'body = "I thought of you."'),
    ),
)
SHARE = Table(
    "share",
    "matter",
    (
        Field("text", "text", "What is said when the article is passed on.", 'text = "The river is dry."'),
        Field("hashtags", "hashtag", "Hashtags, with or without #.", 'hashtags = ["water"]', many=True),
        Field(
            "kit", "bool", "Whether there is a page of texts to pass on.", "kit = true", idle=True, so_anyway=(False,)
        ),
        Field("email", "table", "What an e-mail says.", 'email = { subject = "Read this" }', table=SHARE_EMAIL),
    ),
    {"hashtag": "Write `hashtags`, a list.", "tags": "Write `hashtags`, a list.", "subject": "Write it under `email`."},
    others=Field("TARGET", "text", "What is said at one target.", 'x = "The river is dry."'),
)
OUTCOME = Table(
    "outcome",
    "matter",
    (
        Field("date", "day", "When.", "date = 2026-07-02", required=True),
        Field("text", "text", "What was reached.", 'text = "The ministry answered."', required=True),
        Field("url", "web", "Where to read of it.", 'url = "https://rivers.example/answer"'),
    ),
)
ANSWERED = Table(
    "ignore",
    "matter",
    (
        Field("code", "code", "The code of the warning.", 'code = "CL127"', required=True),
        Field("reason", "line", "Why it does not apply.", 'reason = "The picture is a pattern."', required=True),
    ),
)

_MATTER_WRONG = {
    "license": "A licence belongs to a source or an image, there as `licence`; the site's is in site.toml.",
    "licence": "A licence belongs to a source or an image; the site's is in site.toml.",
    "lang": _LANGUAGE,
    "locale": _LANGUAGE,
    "organizer": "Write `organiser`, in an action.",
    "organiser": "An organiser belongs to an action.",
    "comments": "Write `replies: email`, `closed` or `off`.",
    "layout": "Write `template`, or `kind` for the kind of article.",
    "categories": "Write `tags`, or declare [taxonomies.categories] in site.toml.",
    "category": "Write `tags`, or declare [taxonomies.categories] in site.toml.",
    "published": "Write `date`; `status: draft` keeps an article back.",
    "publish": "Write `date`; `status: draft` keeps an article back.",
    "draft": "Write `status: draft`.",
    "private": "Write `status: unlisted`, or `status: draft`.",
    "author": "Write `authors`, a list.",
    "tag": "Write `tags`, a list.",
    "keywords": "Write `tags`, a list.",
    "description": "Write `summary`.",
    "excerpt": "Write `summary`.",
    "subtitle": "Write `summary`.",
    "permalink": "Write `slug`; old addresses go into `aliases`.",
    "url": "Write `slug`; old addresses go into `aliases`.",
    "redirect_from": "Write `aliases`.",
    "modified": "Write `updated`.",
    "lastmod": "Write `updated`.",
    "last_modified_at": "Write `updated`.",
    "publishdate": "Write `date`.",
    "pubdate": "Write `date`.",
    "expirydate": "Write `expires`.",
    "unpublishdate": "Write `expires`.",
    "weight": "Write `order`.",
    "featured": "Write `pinned`.",
    "sticky": "Write `pinned`.",
    "type": "Write `kind`.",
    "cover": "Write `image`.",
    "thumbnail": "Write `image`.",
    "featured_image": "Write `image`.",
    "translationkey": "Write `translation_key`.",
    "params": "Write `extra`.",
    "canonical": "Name the original as a source of role `repost-of`.",
    "canonical_url": "Name the original as a source of role `repost-of`.",
    "original": "Name it under `sources`.",
    "action": "Write `actions`, a list.",
    "warning": "Write `content_note`.",
    "noindex": 'Write `robots: "noindex"`, or `status: unlisted`.',
    "corrections": "Write `history`.",
    "guid": "Write `id`.",
    "uuid": "Write `id`.",
}
_TITLE = Field("title", "line", "The title; without it, the first `# heading`.", 'title = "The river"', required=True)
_SUMMARY = Field("summary", "text", "One or two sentences for lists and previews.", 'summary = "Why it is dry."')
_IMAGE = Field(
    "image", "table", "The picture that stands for it.", 'image = { file = "river.jpg", alt = "…" }', table=IMAGE
)
_SOURCES = Field(
    "sources", "table", "What it rests on.", 'sources = [{ title = "The river report" }]', many=True, table=SOURCE
)
_EXTRA = Field("extra", "anything", "Anything a template of the site's own reads.", "extra = { mood = 3 }")
_STATUS = Field(
    "status",
    "line",
    "Whether readers see it.",
    'status = "draft"',
    choices=("draft", "published", "unlisted", "retracted"),
)

ARTICLE = Table(
    "article",
    "matter",
    (
        _TITLE,
        Field("date", "moment", "When it is published; a date to come is kept until then.", "date = 2026-05-01"),
        Field("updated", "moment", "When it was last brought up to date.", "updated = 2026-05-03"),
        Field("slug", "slug", "Its piece of the address; the file name, if not given.", 'slug = "the-river"'),
        Field("kind", "line", "What kind of article it is.", 'kind = "appeal"', choices=KINDS),
        _STATUS,
        Field("expires", "moment", "Until when it is shown; a day counts to its end.", "expires = 2026-12-31"),
        Field("language", "language", "The language it is in.", 'language = "ru"'),
        Field("translation_key", "line", "What its translations have in common.", 'translation_key = "river"'),
        _SUMMARY,
        Field("tags", "line", "What it is about.", 'tags = ["water"]', many=True),
        Field("authors", "key", "Who wrote it: names under [authors.ID].", 'authors = ["ann"]', many=True),
        Field("pinned", "bool", "It stands first on the front page.", "pinned = true"),
        Field("order", "int", "Its place in a section that is not by date.", "order = 3"),
        Field(
            "series", "table", "The series it belongs to.", 'series = { name = "The river", part = 2 }', table=SERIES
        ),
        Field("campaign", "key", "The campaign it belongs to.", 'campaign = "river"'),
        _IMAGE,
        _SOURCES,
        Field(
            "actions",
            "table",
            "What a reader can do.",
            'actions = [{ url = "https://rivers.example/petition" }]',
            many=True,
            table=ACTION,
        ),
        Field(
            "content_note",
            "table",
            "What to know before reading.",
            'content_note = { topics = ["torture"] }',
            table=CONTENT_NOTE,
        ),
        Field("history", "table", "Corrections and updates.", "history = []", many=True, table=CHANGE),
        Field(
            "share",
            "table",
            "What is said when it is passed on.",
            'share = { text = "The river is dry." }',
            table=SHARE,
        ),
        Field("replies", "line", "How readers may answer.", 'replies = "closed"', choices=("email", "closed", "off")),
        Field(
            "quick_exit",
            "bool",
            "Whether it has a button to leave at once.",
            "quick_exit = true",
            idle=True,
            so_anyway=(False,),
        ),
        Field("robots", "robots", "What search engines may do.", 'robots = "noindex"'),
        Field("aliases", "alias", "Addresses it had before.", 'aliases = ["/2019/river/"]', many=True),
        Field("id", "uuid", "What feeds know it by, for good.", 'id = "0190a3c2-7d4e-7f00-8000-6b1f0a9d2c11"'),
        Field("template", "name", "Another template than its kind's.", 'template = "wide.html"'),
        Field("backstory", "text", "How it came about.", 'backstory = "A reader wrote to us."'),
        Field("ignore", "table", "Warnings the author has answered.", "ignore = []", many=True, table=ANSWERED),
        _EXTRA,
    ),
    _MATTER_WRONG,
)
CAMPAIGN = Table(
    "campaign",
    "matter",
    (
        _TITLE,
        _SUMMARY,
        _IMAGE,
        Field("goal", "table", "How far it has come.", "goal = { target = 10000 }", table=GOAL),
        Field("state", "line", "Where it stands.", 'state = "won"', choices=("open", "paused", "won", "lost")),
        Field(
            "outcomes",
            "table",
            "What was reached.",
            'outcomes = [{ date = 2026-07-02, text = "…" }]',
            many=True,
            table=OUTCOME,
        ),
        _SOURCES,
        _EXTRA,
    ),
    {**_MATTER_WRONG, "status": "Write `state`.", "date": "A campaign has no date; its outcomes have."},
)
TEXT = Table(
    "text",
    "matter",
    (structs.replace(_TITLE, required=False), _SUMMARY, _IMAGE),
    {name: hint for name, hint in _MATTER_WRONG.items() if hint == "Write `summary`."},
)
TERM = Table(
    "term",
    "matter",
    (
        Field("label", "line", "What the tag is called.", 'label = "Water"'),
        Field("synonyms", "line", "Other spellings of it.", 'synonyms = ["waters", "H2O"]', many=True),
    ),
)
"""What a file of data named like a taxonomy may say of one of its terms; further keys are the site's own."""

NO_DEFAULTS = ("title", "slug", "id", "date", "updated", "expires", "aliases", "translation_key", "language", "history")
"""Fields that belong to one document: a section cannot give them to all of its own."""

SECTION = Table(
    "section",
    "matter",
    (
        Field("title", "line", "What the section is called.", 'title = "News"'),
        Field("kind", "line", "What kind its articles are.", 'kind = "press"', choices=KINDS),
        Field("url", "pattern", "The addresses of its articles.", 'url = "/news/{slug}/"'),
        Field("listing", "bool", "Whether it has a list.", "listing = false"),
        Field("feed", "bool", "Whether it has a feed.", "feed = false"),
        Field(
            "defaults",
            "table",
            "Front matter for its articles.",
            "defaults = { pinned = true }",
            table=structs.replace(
                ARTICLE.without(*NO_DEFAULTS),
                wrong={**_MATTER_WRONG, **dict.fromkeys(NO_DEFAULTS, "It belongs to one article, not to a section.")},
            ),
        ),
    ),
)

_URL_PATTERNS = {
    "permalink": "Write `posts`.",
    "post": "Write `posts`.",
    "articles": "Write `posts`.",
    "page": "Write `pages`.",
}
SITE = Table(
    "site",
    "settings",
    (
        Field("id", "domain", "A domain the author holds; it makes feed ids.", 'id = "rivers.example"'),
        Field("title", "line", "What the site is called.", 'title = "River notes"', required=True),
        Field("tagline", "line", "A line below the title.", 'tagline = "From source to sea"'),
        Field("description", "text", "What the site is about.", 'description = "Notes on rivers."'),
        Field("base_url", "web", "The address of the site.", 'base_url = "https://rivers.example/"', required=True),
        Field("language", "language", "The language of the site.", 'language = "en"'),
        Field("timezone", "zone", "The zone of times without one.", 'timezone = "Europe/Berlin"'),
        Field("authors", "key", "Who writes, where an article does not say.", 'authors = ["ann"]', many=True),
        Field("licence", "line", "The terms texts may be passed on under.", 'licence = "CC-BY-4.0"'),
        Field("contact", "contact", "Where readers reach the author.", 'contact = "post@rivers.example"'),
        Field(
            "repository",
            "line",
            "Whether the sources are public.",
            'repository = "none"',
            choices=("none", "private", "public"),
        ),
    ),
    {
        "license": _LICENCE,
        "lang": _LANGUAGE,
        "locale": _LANGUAGE,
        "url": "Write `base_url`.",
        "baseurl": "Write `base_url`.",
        "name": "Write `title`.",
        "author": "Write `authors`, a list.",
        "subtitle": "Write `tagline`.",
        "email": "Write `contact`.",
        "theme": "Write it as [theme] name.",
    },
)
_FACTS = Field(
    "facts",
    "tables",
    "Queries that templates may use.",
    table=Table(
        "fact",
        "settings",
        (
            Field("where", "line", "Which articles.", "where = \"kind == 'appeal'\""),
            Field("sort", "line", "In which order.", 'sort = "-date"'),
            Field("limit", "int", "How many.", "limit = 5", least=1),
        ),
    ),
)
THEME_FACTS = Table("theme.toml", "settings", (_FACTS,))
"""What a theme declares as a site does."""

SETTINGS = Table(
    "site.toml",
    "settings",
    (
        Field("site", "table", "The site.", table=SITE, required=True),
        Field(
            "urls",
            "table",
            "Addresses.",
            table=Table(
                "urls",
                "settings",
                (
                    Field("posts", "pattern", "Of articles.", 'posts = "/{year}/{slug}/"'),
                    Field("pages", "pattern", "Of pages.", 'pages = "/{slug}/"'),
                    Field("links", "line", "How links are written.", 'links = "file"', choices=("pretty", "file")),
                ),
                _URL_PATTERNS,
            ),
        ),
        Field(
            "content",
            "table",
            "Lists and dates.",
            table=Table(
                "content",
                "settings",
                (
                    Field("page_size", "int", "Articles on a page of a list.", "page_size = 10", least=1, most=1000),
                    Field(
                        "date_precision",
                        "line",
                        "How exact dates are.",
                        'date_precision = "minute"',
                        choices=("day", "minute"),
                    ),
                ),
            ),
        ),
        Field(
            "taxonomies",
            "tables",
            "Further ways to sort articles, beside tags.",
            table=Table(
                "taxonomy",
                "settings",
                (
                    Field("title", "line", "What it is called.", 'title = "Regions"'),
                    Field("feed", "bool", "Whether its terms have feeds.", "feed = true"),
                ),
            ),
        ),
        Field(
            "markdown",
            "table",
            "How Markdown is read.",
            table=Table(
                "markdown",
                "settings",
                (
                    Field(
                        "engine",
                        "line",
                        "Which engine reads it.",
                        'engine = "commonmark"',
                        choices=("python-markdown", "commonmark"),
                    ),
                    Field(
                        "extensions",
                        "line",
                        "Further Python-Markdown extensions.",
                        'extensions = ["admonition"]',
                        many=True,
                    ),
                    Field("unsafe_html", "bool", "Whether raw HTML passes.", "unsafe_html = false"),
                ),
            ),
        ),
        Field(
            "theme",
            "table",
            "The look.",
            table=Table(
                "theme",
                "settings",
                (
                    Field("name", "line", "Which theme.", 'name = "plain"'),
                    Field("settings", "anything", "What the theme lets one choose.", "settings = {}"),
                ),
            ),
        ),
        Field(
            "menu",
            "table",
            "The links in the head of each page.",
            many=True,
            table=Table(
                "menu",
                "settings",
                (
                    Field("title", "line", "The words.", 'title = "About"', required=True),
                    Field("page", "target", "Where they lead.", 'page = "pages/about.md"', required=True),
                ),
                {"url": "Write `page`.", "link": "Write `page`.", "name": "Write `title`."},
            ),
        ),
        Field(
            "feeds",
            "table",
            "Feeds.",
            table=Table(
                "feeds",
                "settings",
                (
                    Field(
                        "content",
                        "line",
                        "The whole text or the summary.",
                        'content = "summary"',
                        choices=("full", "summary"),
                    ),
                    Field("limit", "int", "How many entries.", "limit = 20", least=1, most=1000),
                ),
            ),
        ),
        Field(
            "share",
            "table",
            "How articles are passed on.",
            table=Table(
                "share",
                "settings",
                (
                    Field("targets", "key", "The targets in the row.", 'targets = ["whatsapp", "email"]', many=True),
                    Field("more", "key", "Those under More ways.", 'more = ["x"]', many=True),
                    Field(
                        "address",
                        "line",
                        "Which address a variant shares.",
                        'address = "own"',
                        choices=("primary", "own", "both"),
                        idle=True,
                        so_anyway=("primary",),
                    ),
                    Field(
                        "kit",
                        "line",
                        "Which articles have a share kit.",
                        'kit = "all"',
                        choices=("actions", "all", "none"),
                        idle=True,
                        so_anyway=("none",),
                    ),
                    Field("via", "texts", "The account named at a target.", 'via = { x = "rivers" }'),
                ),
            ),
        ),
        Field(
            "images",
            "table",
            "Pictures.",
            table=Table(
                "images",
                "settings",
                (
                    Field(
                        "widths", "int", "Widths in pixels.", "widths = [640, 1200]", many=True, least=16, most=10_000
                    ),
                    Field("formats", "key", "File formats.", 'formats = ["webp", "jpeg"]', many=True, idle=True),
                    Field("max_pixels", "int", "The largest picture that is read.", "max_pixels = 50000000", least=1),
                ),
            ),
        ),
        Field(
            "editions",
            "table",
            "Further forms of an article.",
            table=Table(
                "editions",
                "settings",
                (
                    Field(
                        "text",
                        "line",
                        "Which articles have a page of text only.",
                        'text = "all"',
                        choices=("long", "all", "none"),
                    ),
                ),
            ),
        ),
        Field(
            "safety",
            "table",
            "What protects readers.",
            table=Table(
                "safety",
                "settings",
                (
                    Field(
                        "quick_exit",
                        "bool",
                        "A button to leave at once.",
                        "quick_exit = true",
                        idle=True,
                        so_anyway=(False,),
                    ),
                    Field("exit_url", "web", "Where it leads.", 'exit_url = "https://weather.example/"', idle=True),
                    Field("policy", "anything", "What pages may load.", 'policy = "strict"', idle=True),
                ),
            ),
        ),
        Field("search", "anything", "Search.", "[search]", idle=True),
        Field(
            "replies",
            "table",
            "How readers may answer.",
            table=Table(
                "replies",
                "settings",
                (Field("way", "line", "How.", 'way = "email"', choices=("email", "closed", "off")),),
            ),
        ),
        Field(
            "network",
            "table",
            "Whether Clarion itself may go online.",
            table=Table(
                "network",
                "settings",
                (
                    Field(
                        "mode",
                        "line",
                        "Whether.",
                        'mode = "never"',
                        choices=("ask", "allow", "never"),
                        idle=True,
                        so_anyway=("never",),
                    ),
                    Field("proxy", "line", "By which way.", 'proxy = "socks5://127.0.0.1:9050"', idle=True),
                ),
            ),
        ),
        Field(
            "languages",
            "tables",
            "Further languages of the site.",
            table=Table(
                "language",
                "settings",
                (
                    Field("title", "line", "The site's title in it.", 'title = "Речные заметки"'),
                    Field("tagline", "line", "The tagline in it.", 'tagline = "От истока до моря"'),
                    Field("description", "text", "The description in it.", 'description = "Заметки о реках."'),
                ),
            ),
        ),
        Field(
            "authors",
            "tables",
            "Who writes.",
            table=Table(
                "author",
                "settings",
                (
                    Field("name", "line", "The author's name.", 'name = "Ann Example"'),
                    Field("pen_name", "line", "The name readers see instead.", 'pen_name = "Alex"'),
                    Field("bio", "text", "A few words about the author.", 'bio = "Walks along rivers."'),
                    Field("url", "url", "The author's own page.", 'url = "https://ann.example/"'),
                    Field("picture", "file", "A picture.", 'picture = "ann.jpg"', idle=True),
                    Field("fediverse", "fediverse", "The author's handle.", 'fediverse = "@ann@social.example"'),
                ),
                {"email": "An author has no `email` here; the site has `contact`.", "website": "Write `url`."},
            ),
        ),
        Field(
            "variants",
            "tables",
            "The same site at other addresses, with other settings.",
            "[variants.onion]",
            idle=True,
        ),
        Field("mirrors", "anything", "Where else the site is.", "[[mirrors]]", many=True, idle=True),
        Field("deploy", "anything", "Where the site is put.", "[deploy.home]", idle=True),
        Field("gate", "anything", "What is asked before publishing.", "[gate]", idle=True),
        Field(
            "budget",
            "table",
            "The most a page may weigh, in bytes, compressed.",
            table=Table(
                "budget",
                "settings",
                tuple(
                    Field(name, "int", f"Of {words}.", f"{name} = {size}", least=0)
                    for name, words, size in (
                        ("html", "the HTML", 30_000),
                        ("css", "the style sheets", 20_000),
                        ("script", "the scripts", 5_000),
                        ("images", "the pictures", 300_000),
                        ("total", "all together", 400_000),
                    )
                ),
            ),
        ),
        Field(
            "ignore",
            "table",
            "Warnings and notes the author has answered.",
            many=True,
            table=Table(
                "ignore",
                "settings",
                (
                    Field("code", "code", "The code.", 'code = "CL127"', required=True),
                    Field("path", "line", "Files, with * for any.", 'path = "content/posts/*"', required=True),
                    Field("reason", "line", "Why it does not apply.", 'reason = "Patterns only."', required=True),
                ),
            ),
        ),
        _FACTS,
        Field(
            "plugins",
            "table",
            "Plugins.",
            table=Table(
                "plugins",
                "settings",
                (Field("names", "line", "Which.", 'names = ["maps"]', many=True),),
                others=Field("NAME", "anything", "A plugin's own settings.", "[plugins.maps]"),
            ),
        ),
    ),
    {
        "title": "It belongs under [site].",
        "base_url": "It belongs under [site].",
        "url": "Write [site] base_url.",
        "language": "It belongs under [site]; further ones are [languages.XX].",
        "timezone": "It belongs under [site].",
        "author": "Write [authors.ID].",
        "params": "A theme's settings are [theme] settings.",
        "comments": "Write [replies] way.",
        "permalinks": "Write [urls].",
    },
)
