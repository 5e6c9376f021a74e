"""What is covered in a picture stands nowhere uncovered, in `static/` neither."""

from collections.abc import Iterable

from generator.hooks import Check, Site, hookimpl
from generator.model.problem import Problem


@hookimpl
def clarion_checks() -> Iterable[Check]:
    return (Check("CL613", "What is covered in one place is shown in no other.", run),)


def run(site: Site) -> Iterable[Problem]:
    """Originals of covered pictures that go out as they are; of those in texts, gather tells."""
    covered = {order.source.digest: order.source.path for order in site.library.pictures if order.cover}
    if not covered:
        return
    for static in site.theme.static.values():
        if static.digest in covered:
            message = f"{static.path} is {covered[static.digest]}, of which a part is covered elsewhere"
            yield Problem("error", "CL613", message, static.path, hint="Take it out of static/.")
