"""Templates: what they read, and the environments that draw them."""

from generator.templates.environment import Environment, Loose, Namespace, Tools, environment, loose
from generator.templates.reading import (
    DIRECTIVE_NAMES,
    FACT_NAMES,
    FUNCTIONS,
    TEXT,
    Reading,
    assigns,
    directive_template,
    form_of,
    read,
    syntax_problem,
)
from generator.templates.swift import swift_environment

__all__ = [
    "DIRECTIVE_NAMES",
    "FACT_NAMES",
    "FUNCTIONS",
    "TEXT",
    "Environment",
    "Loose",
    "Namespace",
    "Reading",
    "Tools",
    "assigns",
    "directive_template",
    "environment",
    "form_of",
    "loose",
    "read",
    "swift_environment",
    "syntax_problem",
]
