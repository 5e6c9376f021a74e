"""The settings of a site as they would be with another theme."""

from msgspec import structs

from generator.config import Config, ThemeSettings


def with_theme(config: Config, name: str) -> Config:
    """The same settings with the theme `name`; what the site chose of its own theme is left out with it."""
    if name == config.theme.name:
        return config
    return structs.replace(config, theme=ThemeSettings(name))
