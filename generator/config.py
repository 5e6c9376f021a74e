"""Settings: `site.toml` as one frozen value."""

from typing import Any

from msgspec import Struct, field


class SiteSettings(Struct, frozen=True):
    """`[site]`. `base_url` ends with a slash; `timezone` is an IANA name; `id` identifies the site in feed ids."""

    title: str
    base_url: str
    id: str = ""
    tagline: str = ""
    description: str = ""
    language: str = "en"
    timezone: str = "UTC"
    authors: tuple[str, ...] = ()
    licence: str = ""
    contact: str = ""
    repository: str = "none"


class UrlSettings(Struct, frozen=True):
    """`[urls]`: patterns of `{year} {month} {day} {slug} {section} {language}`, and how links are written."""

    posts: str = "/{slug}/"
    pages: str = "/{slug}/"
    links: str = "pretty"


class ContentSettings(Struct, frozen=True):
    """`[content]`."""

    page_size: int = 10
    date_precision: str = "day"


class Taxonomy(Struct, frozen=True):
    """`[taxonomies.NAME]`; `tags` is always there."""

    name: str
    title: str = ""
    feed: bool = True


class MarkdownSettings(Struct, frozen=True):
    """`[markdown]`."""

    engine: str = "python-markdown"
    extensions: tuple[str, ...] = ()
    unsafe_html: bool = True


class ThemeSettings(Struct, frozen=True):
    """`[theme]`; `settings` are checked against the theme's `theme.toml`."""

    name: str = "clarion"
    settings: dict[str, Any] = field(default_factory=dict)


class MenuItem(Struct, frozen=True):
    """`[[menu]]`: `page` is a source path (`pages/about.md`), an address from the root, or an absolute one."""

    title: str
    page: str
    line: int = 0


class FeedSettings(Struct, frozen=True):
    """`[feeds]`."""

    content: str = "full"
    limit: int = 20


class ShareSettings(Struct, frozen=True):
    """`[share]`: ids of targets in the row and under "More ways" (None: as the target file says)."""

    targets: tuple[str, ...] | None = None
    more: tuple[str, ...] | None = None
    address: str = "primary"
    kit: str = "actions"
    via: dict[str, str] = field(default_factory=dict)


class ImageSettings(Struct, frozen=True):
    """`[images]`: the greatest of `widths` bounds the one picture made of each original."""

    widths: tuple[int, ...] = (1200,)
    formats: tuple[str, ...] = ()
    max_pixels: int = 50_000_000


class Author(Struct, frozen=True):
    """`[authors.ID]`. Readers see `pen_name` where there is one and never `name` beside it."""

    id: str
    name: str
    pen_name: str = ""
    bio: str = ""
    url: str = ""
    picture: str = ""
    fediverse: str = ""

    @property
    def shown(self) -> str:
        """The name readers see."""
        return self.pen_name or self.name


class Language(Struct, frozen=True):
    """`[languages.XX]`: overrides of the site's title, tagline and description in that language."""

    code: str
    title: str = ""
    tagline: str = ""
    description: str = ""


class Ignore(Struct, frozen=True):
    """`[[ignore]]`: a Problem the author has answered. `path` is a glob; only warnings and notes can be ignored."""

    code: str
    path: str
    reason: str


class PluginSettings(Struct, frozen=True):
    """`[plugins]`: modules of `plugins/` or installed ones by name, and their own settings."""

    names: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)


class Config(Struct, frozen=True):
    """All settings of a site, checked and with every default filled in."""

    site: SiteSettings
    urls: UrlSettings = UrlSettings()
    content: ContentSettings = ContentSettings()
    taxonomies: dict[str, Taxonomy] = field(default_factory=lambda: {"tags": Taxonomy("tags")})
    markdown: MarkdownSettings = MarkdownSettings()
    theme: ThemeSettings = ThemeSettings()
    menu: tuple[MenuItem, ...] = ()
    feeds: FeedSettings = FeedSettings()
    share: ShareSettings = ShareSettings()
    images: ImageSettings = ImageSettings()
    replies: str = "email"
    languages: dict[str, Language] = field(default_factory=dict)
    authors: dict[str, Author] = field(default_factory=dict)
    variants: dict[str, Any] = field(default_factory=dict)
    ignore: tuple[Ignore, ...] = ()
    plugins: PluginSettings = PluginSettings()
    later: dict[str, Any] = field(default_factory=dict)
