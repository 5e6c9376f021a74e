"""Nikola's settings for the bench."""

BLOG_AUTHOR = "River notes"
BLOG_TITLE = "River notes"
SITE_URL = "https://rivers.example/"
BLOG_EMAIL = "post@rivers.example"
BLOG_DESCRIPTION = "River notes"
DEFAULT_LANG = "en"
TRANSLATIONS = {DEFAULT_LANG: ""}
TIMEZONE = "UTC"
LOCALES = {"en": "en"}
DATE_FORMAT = "d MMMM yyyy"
THEME = "bench"
NAVIGATION_LINKS = {DEFAULT_LANG: ()}

POSTS = (("posts/*.md", "", "post.tmpl"),)
PAGES = (("pages/*.md", "", "page.tmpl"),)
COMPILERS = {"markdown": (".md",), "html": (".html",)}
MARKDOWN_EXTENSIONS = [
    "markdown.extensions.fenced_code",
    "markdown.extensions.codehilite",
    "markdown.extensions.extra",
    "markdown.extensions.smarty",
    "markdown.extensions.toc",
]
MARKDOWN_EXTENSION_CONFIGS = {DEFAULT_LANG: {"markdown.extensions.toc": {"title": "In this text", "toc_depth": "2"}}}

PRETTY_URLS = True
STRIP_INDEXES = True
INDEX_DISPLAY_POST_COUNT = 10
DEMOTE_HEADERS = 0
INDEX_TEASERS = True
INDEXES_PRETTY_PAGE_URL = ["page", "{number}", "{index_file}"]
TAG_PATH = "tags"
TAG_PAGES_ARE_INDEXES = True
ARCHIVE_PATH = "archive"
ARCHIVE_FILENAME = "index.html"
ENABLE_AUTHOR_PAGES = False
SITEMAP_INCLUDE_FILELESS_DIRS = False

GENERATE_RSS = True
FEED_TEASERS = False
FEED_LENGTH = 20
RSS_FILENAME_BASE = "rss"

COPY_SOURCES = False
SHOW_SOURCELINK = False
COMMENT_SYSTEM = ""
CONTENT_FOOTER = ""
