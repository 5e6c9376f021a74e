"""What a directive may be, by its declaration."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from msgspec.structs import replace

from generator.markup.attributes import Attribute
from generator.markup.calls import MADE_BY_MARKDOWN
from generator.markup.complaints import Complaints
from generator.markup.items import Directive
from generator.markup.tracking import KEEP, without_tracking, words_without_tracking
from generator.markup.urls import is_elsewhere, is_of_kind
from generator.model.directive import AttributeRule, Declaration
from generator.source.addresses import is_email, refusal
from generator.source.moments import DateError, read_moment, read_partial
from generator.source.places import Place
from generator.source.suggest import did_you_mean, nearest
from generator.source.tracking import names_in
from generator.text.languages import base_language, is_language
from generator.text.phones import is_phone
from generator.text.slugs import slug

Value = str | int | float | bool
PlaceOf = Callable[[int], Place]

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}\Z")
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?\Z")
_KINDS = {"picture": "a picture", "video": "a video", "audio": "a sound recording"}
_FORMS = {"inline": ":{name}[…]{{…}}", "leaf": "::{name}[…]{{…}}", "block": ":::{name} … :::"}


class DirectiveReader:
    """Makes directives of names and attributes, and says what is wrong with them."""

    def __init__(self, declarations: Mapping[str, Declaration], complaints: Complaints, language: str = "en") -> None:
        self.declarations = {name: each for name, each in declarations.items() if name not in MADE_BY_MARKDOWN}
        self.complaints = complaints
        self.language = language
        self.spots: dict[Place, dict[str, Place]] = {}

    def read(
        self, name: str, form: str, text: str | None, attributes: Sequence[Attribute], place: Place, place_of: PlaceOf
    ) -> Directive | None:
        """The directive, or None when it is unknown or takes another form (which is then a Problem).

        `text` is the plain text of its bracket, None without one; `place_of` tells where an index of an attribute is.
        One that encloses paragraphs and is written in a line encloses none. Where its values stand is kept in `spots`.
        """
        declaration = self.declarations.get(name)
        if declaration is None:
            self._unknown(name, form, place)
            return None
        if not self._fits(declaration, form, text, place):
            return None
        values = self._values(declaration, attributes, place, place_of)
        for key, rule in declaration.attributes.items():
            made = slug(text or "") if rule.type == "anchor" and key not in values else ""
            if made:
                values[key] = made
        self.spots[place] = {each.key: place_of(each.value_at) for each in attributes}
        standing = form == "leaf" or (form == "inline" and declaration.text != "inline")
        files = tuple(
            (attribute.key, place_of(attribute.value_at))
            for attribute in attributes
            if attribute.key in values and declaration.attributes[attribute.key].type == "file"
        )
        titled = form == "leaf" and declaration.titled
        form = "block" if titled else form
        return Directive(name, form, values, text or "", place, standing, files, self._plain(declaration))

    def names_a_source(self, name: str) -> bool:
        """Whether the bracket of a directive is not its text but the id of a source."""
        return self.declarations[name].text == "source"

    def is_meant(self, name: str) -> bool:
        """Whether a name is that of a directive, or nearly."""
        return name in self.declarations or bool(nearest(name, self.declarations))

    def _plain(self, declaration: Declaration) -> str:
        """What plain text has in its place, in the language of the text."""
        if not declaration.plain:
            return ""
        names = (self.language, base_language(self.language), "en")
        return next((declaration.plain[name] for name in names if name in declaration.plain), "")

    def _unknown(self, name: str, form: str, place: Place) -> None:
        hint = did_you_mean(name, self.declarations)
        if name in MADE_BY_MARKDOWN:
            hint = "Markdown makes it of its own signs: > before a quotation, | between the cells of a table, [^1]."
        if not hint:
            opening = {"inline": ":", "leaf": "::", "block": ":::"}[form]
            known = ", ".join(sorted(self.declarations))
            hint = f"Put a backslash before {opening} to write it as it is." + (f" Known: {known}." if known else "")
        self.complaints.error("CL205", f"there is no directive “{name}”", place, hint)

    def _fits(self, declaration: Declaration, form: str, text: str | None, place: Place) -> bool:
        name, takes = declaration.name, declaration.text
        if form == "block" and takes != "blocks":
            other = "leaf" if takes == "none" else "inline"
            hint = f"Write {_FORMS[other].format(name=name)}."
            self.complaints.error("CL213", f"“{name}” does not enclose paragraphs", place, hint)
            return False
        if form == "inline" and takes == "blocks":
            hint = f"Write {_FORMS['block'].format(name=name)} with each on a line of its own."
            self.complaints.error("CL213", f"“{name}” encloses paragraphs and cannot stand in a line", place, hint)
            return False
        if takes == "source" and (form != "inline" or not (text or "").strip()):
            hint = f"Write :{name}[ID] in a line, with the `id` of a source."
            self.complaints.error("CL213", f"“{name}” is a mark that names a source", place, hint)
            return False
        if takes == "none" and text is not None:
            self.complaints.error("CL213", f"“{name}” takes no text", place, "Leave out the square brackets.")
            return False
        return True

    def _values(
        self, declaration: Declaration, attributes: Sequence[Attribute], place: Place, place_of: PlaceOf
    ) -> dict[str, Value]:
        values: dict[str, Value] = {}
        seen: set[str] = set()
        keep = _keep(declaration, attributes)
        for attribute in map(partial(_meant, declaration), attributes):
            rule = declaration.attributes.get(attribute.key)
            if rule is None and attribute.key == KEEP and keep is not None:
                continue
            if rule is None:
                hint = did_you_mean(attribute.key, declaration.attributes)
                if not hint:
                    known = ", ".join(declaration.attributes)
                    hint = f"It takes: {known}." if known else "It takes none."
                message = f"“{declaration.name}” has no attribute “{attribute.key}”"
                self.complaints.error("CL210", message, place_of(attribute.at), hint)
                continue
            if attribute.key in seen:
                message = f"“{attribute.key}” is given twice"
                self.complaints.error("CL210", message, place_of(attribute.at), "Keep one of them.")
                continue
            seen.add(attribute.key)
            value, wrong = _typed(rule, attribute.value)
            if wrong:
                self.complaints.error("CL212", f"“{attribute.key}” {wrong[0]}", place_of(attribute.value_at), wrong[1])
                continue
            if rule.type == "url":
                value = without_tracking(str(value), keep or (), place_of(attribute.value_at), self.complaints)
            elif rule.type == "str":
                value = words_without_tracking(str(value), keep or (), place_of(attribute.value_at), self.complaints)
            values[attribute.key] = value
        for key, rule in declaration.attributes.items():
            if rule.required and key not in seen and not (key == "file" and "url" in seen):
                message = f"“{declaration.name}” needs the attribute “{key}”"
                self.complaints.error("CL211", message, place, f"Add {{{key}=…}}.")
            elif rule.wanted and key not in seen:
                hint = f"Add {{{key}=…}}: readers want to know."
                self.complaints.warning("CL552", f"“{declaration.name}” does not say its “{key}”", place, hint)
        return values


def _meant(declaration: Declaration, attribute: Attribute) -> Attribute:
    """The attribute as it is meant: an address on the web that is given as `file` is a `url`, where there is one."""
    if attribute.key != "file" or "url" not in declaration.attributes:
        return attribute
    on_the_web = (attribute.value or "").lower().startswith(("https://", "http://"))
    return replace(attribute, key="url") if on_the_web else attribute


def _keep(declaration: Declaration, attributes: Sequence[Attribute]) -> tuple[str, ...] | None:
    """The parameters that `keep` names; None where it does not stand, or a directive without addresses has it."""
    if KEEP in declaration.attributes or all(rule.type != "url" for rule in declaration.attributes.values()):
        return None
    return next((names_in(each.value or "") for each in attributes if each.key == KEEP), None)


def _typed(rule: AttributeRule, text: str | None) -> tuple[Value, tuple[str, str] | None]:
    """The value, and what is wrong with it as a message and a hint."""
    if rule.type == "bool":
        if text in (None, "true"):
            return True, None
        return False, None if text == "false" else (
            f"is true or false, not “{text}”",
            "Write it alone, or =true, =false.",
        )
    if text is None:
        return "", ("has no value", "Write key=value, with quotation marks around a value with spaces.")
    if rule.type == "int":
        return (
            (int(text), None)
            if _WHOLE.match(text)
            else ("", (f"is a whole number, not “{text}”", "Write digits only."))
        )
    if rule.type == "number":
        if not _NUMBER.match(text):
            return "", (f"is a number, not “{text}”", "Write digits, with a point before decimals.")
        return (int(text) if _WHOLE.match(text) else float(text)), None
    return text, _wrong_text(rule, text)


def _wrong_text(rule: AttributeRule, text: str) -> tuple[str, str] | None:
    match rule.type:
        case "date":
            return _wrong_date(text)
        case "partial":
            return _wrong_partial(text)
        case "anchor" if not text or slug(text) != text:
            return f"is a word for an address, not “{text}”", "Write small letters, digits and hyphens."
        case "url":
            reason = refusal(text)
            return (f"is an address that {reason}", "Write the whole address, with https://.") if reason else None
        case "email" if not is_email(text):
            return f"is an e-mail address, not “{text}”", "Write name@example.org."
        case "phone" if not is_phone(text):
            return f"is a telephone number, not “{text}”", "Begin with + and the code of the country."
        case "language" if not is_language(text):
            return f"is a language tag, not “{text}”", "Write a tag such as en, ru or pt-BR."
        case "file":
            return _wrong_file(rule, text)
        case "enum" if text not in rule.values:
            hint = did_you_mean(text, rule.values) or f"Write one of: {', '.join(rule.values)}."
            return f"cannot be “{text}”", hint
    return None


def _wrong_file(rule: AttributeRule, text: str) -> tuple[str, str] | None:
    if not text.strip() or is_elsewhere(text) or text.startswith(("#", "?")):
        return f"is a file of this site, not “{text}”", "Save the file beside the article and write its name."
    if rule.values and not any(is_of_kind(text, kind) for kind in rule.values):
        return f"is {_one_of(rule.values)}, not “{text}”", "Write the name of such a file."
    return None


def _one_of(kinds: Sequence[str]) -> str:
    return " or ".join(_KINDS.get(kind, f"a {kind} file") for kind in kinds)


def _wrong_date(text: str) -> tuple[str, str] | None:
    from datetime import UTC

    try:
        read_moment(text, UTC)
    except DateError as wrong:
        return f"is a date: {wrong}", wrong.hint
    return None


def _wrong_partial(text: str) -> tuple[str, str] | None:
    try:
        read_partial(text)
    except DateError as wrong:
        return f"is a date: {wrong}", wrong.hint
    return None


def directive_ids(declaration: Declaration, attributes: Mapping[str, Value]) -> tuple[str, ...]:
    """The ids a directive defines, `act-{id}` filled in; those whose attribute is not given are left out."""
    found: list[str] = []
    for pattern in declaration.ids:
        names = re.findall(r"\{([\w-]+)\}", pattern)
        if all(name in attributes for name in names):
            found.append(re.sub(r"\{([\w-]+)\}", lambda match: str(attributes[match[1]]), pattern))
    return tuple(found)
