"""A query over the articles of a site, as a theme or a site declares it."""

from msgspec import Struct


class Query(Struct, frozen=True):
    """`where` is a condition on a card ('' for all), `sort` names fields with commas, the first counting most, each
    with `-` for falling order ('' for the newest first); at most `limit` cards (None: all)."""

    where: str = ""
    sort: str = ""
    limit: int | None = None
