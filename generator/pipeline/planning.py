"""What is going to be made, and what is wrong with it now and at other times."""

from collections.abc import Iterable, Iterator

import pluggy
from msgspec import structs

from generator.hooks import Site
from generator.model.library import Parsed
from generator.model.problem import Problem
from generator.pipeline.order import BuildOrder
from generator.pipeline.sources import Sources
from generator.plugins import plugin_manager
from generator.source.suggest import did_you_mean
from generator.stages.gather import EXPIRED, SCHEDULED, Choice, gather, left_out_because
from generator.stages.plan import ABSENT, Plan, plan
from generator.stages.redactions import Search, sought_in

_WITHOUT = "Name a file or a folder in content/, such as content/posts/river.md."


def unknown_paths(parsed: Parsed, without: tuple[str, ...]) -> list[Problem]:
    """What `--without` names and is not there: a mistyped path would publish what was to be left out."""
    known = {entry.path for entry in parsed.entries} | {problem.path for problem in parsed.problems}
    folders = {path[:end] for path in known for end in range(len(path)) if path[end] == "/"}
    absent = [path for path in without if path.rstrip("/") not in known | folders]
    return [
        Problem("error", "CL712", f"there is no text {path} to leave out", hint=did_you_mean(path, known) or _WITHOUT)
        for path in absent
    ]


def planned(sources: Sources, parsed: Parsed, order: BuildOrder) -> tuple[Site, Plan | None, tuple[Problem, ...]]:
    """The site as of now, its plan (None when its theme cannot be used), and everything that is wrong so far."""
    config, theme = sources.config, sources.theme
    manager = plugin_manager(sources.plugins)
    site = Site(gather(parsed, config, order.choice), config, theme, sources.plugins)
    order.timings.mark("gather")
    if not sources.theme_is_usable:
        return site, None, (*sources.problems, *site.library.problems, *_checked(site, manager))
    the_plan = plan(site, manager)
    to_come: tuple[Problem, ...] = ()
    lacks = any(problem.code == ABSENT for problem in the_plan.problems)
    reasons = {out.reason for out in site.library.left_out}
    if SCHEDULED in reasons or (lacks and EXPIRED in reasons):
        to_come, absent = _at_other_times(parsed, site, order.choice, the_plan, manager)
        if lacks and absent:
            library = gather(parsed, config, structs.replace(order.choice, absent=absent))
            site = structs.replace(site, library=library)
            the_plan = plan(site, manager)
    found_now = (*site.library.problems, *the_plan.problems, *_checked(site, manager))
    said = Search(sought_in(order.root, parsed.entries)).unsaid((*found_now, *_new(to_come, found_now)))
    return site, the_plan, (*sources.problems, *said)


def _at_other_times(
    parsed: Parsed, before: Site, choice: Choice, now: Plan, manager: pluggy.PluginManager
) -> tuple[tuple[Problem, ...], frozenset[str]]:
    """The errors that texts to come will bring, and the outputs this site has at some time and not now.

    So time never turns a green build red: what would be wrong on a later day is an error today, and a link to what
    comes and goes is a link or its text, never an error.
    """
    library = gather(parsed, before.config, structs.replace(choice, ever=True))
    site = structs.replace(before, library=library)
    the_plan = plan(site, manager)
    over = {entry.path for entry in parsed.entries if left_out_because(entry, choice)[0] == EXPIRED}
    errors = tuple(
        problem
        for problem in (*library.problems, *the_plan.problems, *_checked(site, manager))
        if problem.severity == "error" and problem.path not in over
    )
    return errors, frozenset(_paths(the_plan) - _paths(now))


def _checked(site: Site, manager: pluggy.PluginManager) -> Iterator[Problem]:
    for checks in manager.hook.clarion_checks():
        for check in checks:
            yield from check.run(site)


def _paths(the_plan: Plan) -> set[str]:
    return {output.path for outputs in the_plan.rounds for output in outputs}


def _new(problems: Iterable[Problem], known: Iterable[Problem]) -> Iterator[Problem]:
    """The problems that say nothing `known` says already of the same place."""
    told = {(problem.code, problem.path, problem.line, problem.column) for problem in known}
    return (each for each in problems if (each.code, each.path, each.line, each.column) not in told)
