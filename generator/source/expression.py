"""The language of conditions, `kind == 'appeal' and 'water' in tags`: read, checked, and asked of a value.

It has fields, texts, numbers, days, lists, comparisons, `in`, `and`, `or`, `not` and brackets. It calls nothing and
reaches nothing but the fields it is given.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Literal, NoReturn

from msgspec import Struct

from generator.source.suggest import did_you_mean

Kind = Literal["text", "number", "truth", "day", "texts"]
"""What a field holds; a day is written `YYYY-MM-DD`, '' when there is none, so that days are in order as texts."""
Scalar = str | int | float | bool

_TOKEN = re.compile(
    r"(?P<space>[ \t\n]+)|(?P<day>\d{4}-\d{2}-\d{2})(?![\w.])|(?P<number>-?\d{1,15}(?:\.\d{1,15})?)(?![\w.]|-\d)"
    r"|(?P<text>'[^']*'|\"[^\"]*\")|(?P<word>[^\W\d_][\w-]*(?:\.[^\W\d_][\w-]*)*)"
    r"|(?P<sign>==|!=|<=|>=|<|>|\(|\)|\[|\]|,)"
)
_LIKE_A_NUMBER = re.compile(r"-?\d[\w.:+-]*")
_MEANT = {"=": "Write == to compare.", "&&": "Write and.", "||": "Write or.", "!": "Write not.", "&": "Write and."}
_ORDERS: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SIGNS = ("==", "!=", *_ORDERS)
_RESERVED = frozenset({"and", "or", "not", "in", "true", "false"})
_LONGEST = 1000
_DEEPEST = 20
_NAMES: dict[Kind, str] = {
    "text": "a text",
    "number": "a number",
    "truth": "true or false",
    "day": "a day",
    "texts": "a list",
}


class Rule(Struct, frozen=True):
    """What a field holds, and the values that it can have where they are known."""

    kind: Kind
    choices: tuple[str, ...] = ()


class Mistake(Exception):  # noqa: N818 (an author's, and always caught)
    """Why a condition cannot be used: a code, a message, what to do, and the index in its text."""

    def __init__(self, code: str, message: str, at: int, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.at = at
        self.hint = hint


class Literally(Struct, frozen=True):
    """A value that is written out."""

    value: Scalar


class Listed(Struct, frozen=True):
    """A list that is written out."""

    values: tuple[Scalar, ...]


class Named(Struct, frozen=True):
    """A field."""

    name: str


class Compared(Struct, frozen=True):
    """Two operands with a sign (`==`, `<`, `in` and so on) between them."""

    sign: str
    left: "Literally | Named"
    right: "Literally | Listed | Named"


class Negated(Struct, frozen=True):
    """What holds when the inner condition does not."""

    inner: "Condition"


class Joined(Struct, frozen=True):
    """Several conditions: all of them (`and`), or one at least (`or`)."""

    word: Literal["and", "or"]
    inner: "tuple[Condition, ...]"


Condition = Named | Literally | Compared | Negated | Joined
Operand = Literally | Listed | Named


class _Token(Struct, frozen=True):
    kind: str
    text: str
    at: int


def read_condition(text: str, fields: Mapping[str, Rule]) -> Condition:
    """A condition as a tree. Raises: Mistake."""
    if len(text) > _LONGEST:
        raise Mistake("CL330", f"this condition is longer than {_LONGEST} characters", _LONGEST, "Write it shorter.")
    reader = _Reader(text, fields)
    condition = reader.any_of(0)
    reader.end()
    return condition


def holds(condition: Condition, read: Callable[[str], Any]) -> bool:
    """Whether a condition holds of something whose fields `read` gives; a lone field holds when it is not empty.

    A field without a value is neither before nor behind another, and equal to nothing but an empty text.
    """
    match condition:
        case Joined("and", inner):
            return all(holds(each, read) for each in inner)
        case Joined(_, inner):
            return any(holds(each, read) for each in inner)
        case Negated(inner):
            return not holds(inner, read)
        case Compared(sign, left, right):
            return _compares(sign, _value(left, read), _value(right, read))
        case Named(name):
            return bool(read(name))
        case Literally(value):
            return bool(value)


def _value(operand: Operand, read: Callable[[str], Any]) -> Any:
    match operand:
        case Named(name):
            return read(name)
        case Literally(value):
            return value
        case Listed(values):
            return values


def _compares(sign: str, left: Any, right: Any) -> bool:
    if sign == "in":
        return left in right
    if sign == "not in":
        return left not in right
    if sign == "==":
        return bool(left == right)
    if sign == "!=":
        return bool(left != right)
    if left in (None, "") or right in (None, ""):
        return False
    return bool(_ORDERS[sign](left, right))


def _tokens(text: str) -> Iterator[_Token]:
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            _unreadable(text, position)
        if match.lastgroup != "space":
            yield _Token(str(match.lastgroup), match[0], position)
        position = match.end()
    yield _Token("end", "", len(text))


def _unreadable(text: str, at: int) -> NoReturn:
    if text[at] in "'\"":
        raise Mistake("CL330", "a quotation mark is never closed", at, "Close it with the same mark.")
    for sign, hint in _MEANT.items():
        if text.startswith(sign, at):
            raise Mistake("CL330", f"“{sign}” means nothing here", at, hint)
    number = _LIKE_A_NUMBER.match(text, at)
    if number is not None:
        hint = "Write a day as 2026-05-01, and a number with fifteen digits at most."
        raise Mistake("CL330", f"“{number[0][:40]}” is neither a number nor a day", at, hint)
    shown = text[at] if text[at].isprintable() else f"U+{ord(text[at]):04X}"
    hint = "Write texts in quotation marks, and names of fields with letters, hyphens and full stops."
    raise Mistake("CL330", f"“{shown}” means nothing here", at, hint)


class _Reader:
    """Recursive descent: `or` binds least, then `and`, `not`, and comparisons."""

    def __init__(self, text: str, fields: Mapping[str, Rule]) -> None:
        self.fields = fields
        self.tokens = list(_tokens(text))
        self.index = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.index]

    def take(self) -> _Token:
        found = self.token
        self.index += 1
        return found

    def takes(self, *texts: str) -> bool:
        """Whether one of these signs or words stands next, which is then taken."""
        found = self.token.kind in ("word", "sign") and self.token.text in texts
        self.index += found
        return found

    def end(self) -> None:
        if self.token.kind != "end":
            raise Mistake(
                "CL330", f"“{self.token.text}” is one too many here", self.token.at, "Join conditions with and, or."
            )

    def any_of(self, depth: int) -> Condition:
        return self.joined("or", self.all_of, depth)

    def all_of(self, depth: int) -> Condition:
        return self.joined("and", self.one, depth)

    def joined(self, word: Literal["and", "or"], inner: Callable[[int], Condition], depth: int) -> Condition:
        found = [inner(depth)]
        while self.takes(word):
            found.append(inner(depth))
        return found[0] if len(found) == 1 else Joined(word, tuple(found))

    def one(self, depth: int) -> Condition:
        if depth > _DEEPEST:
            raise Mistake("CL330", "the condition is nested too deeply", self.token.at, "Write it flatter.")
        if self.takes("not"):
            return Negated(self.one(depth + 1))
        if self.takes("("):
            inner = self.any_of(depth + 1)
            if not self.takes(")"):
                raise Mistake("CL330", "the closing ) is missing", self.token.at, "Close the bracket.")
            return inner
        return self.comparison()

    def comparison(self) -> Condition:
        first = self.token
        left = self.operand()
        sign_at = self.token.at
        if self.token.kind == "sign" and self.token.text in _SIGNS:
            sign = self.take().text
        elif self.takes("in"):
            sign = "in"
        elif self.takes("not"):
            if not self.takes("in"):
                raise Mistake("CL330", "“not” stands here without in", sign_at, "Write not in, or and not.")
            sign = "not in"
        else:
            return self.lone(left, first)
        if isinstance(left, Listed):
            raise Mistake("CL332", "a list cannot stand on the left", first.at, "Write a value, in, and then the list.")
        second = self.token
        right = self.operand()
        self.weigh(sign, sign_at, left, first, right, second)
        return Compared(sign, left, right)

    def lone(self, operand: Operand, token: _Token) -> Condition:
        if isinstance(operand, Named) or (isinstance(operand, Literally) and isinstance(operand.value, bool)):
            return operand
        hint = "Compare it with a field: kind == 'appeal'."
        raise Mistake("CL332", f"{token.text} is neither true nor false", token.at, hint)

    def operand(self) -> Operand:
        token = self.take()
        if token.kind == "sign" and token.text == "[":
            return self.listed()
        if token.kind == "word" and token.text not in _RESERVED:
            return self.field(token)
        if token.kind in ("text", "number", "day") or token.text in ("true", "false"):
            return Literally(_scalar(token))
        said = f"“{token.text}” cannot stand here" if token.text else "something is missing at the end"
        raise Mistake("CL330", said, token.at, "A condition is a field, a sign and a value: kind == 'appeal'.")

    def field(self, token: _Token) -> Named:
        if token.text not in self.fields:
            hint = did_you_mean(token.text, self.fields)
            hint = hint or f"There are {', '.join(self.fields)}. Texts stand in quotation marks."
            raise Mistake("CL331", f"articles have no field “{token.text}”", token.at, hint)
        return Named(token.text)

    def listed(self) -> Listed:
        values: list[Scalar] = []
        kinds: set[str] = set()
        while not self.takes("]"):
            token = self.take()
            if token.kind not in ("text", "number", "day"):
                hint = "A list is written ['appeal', 'shared']."
                raise Mistake("CL330", f"“{token.text}” cannot stand in a list", token.at, hint)
            values.append(_scalar(token))
            kinds.add(token.kind)
            if len(kinds) > 1:
                raise Mistake("CL332", "a list of several kinds of values", token.at, "Write values of one kind.")
            if not self.takes(",") and self.token.text != "]":
                hint = "Write , between values, ] at the end."
                raise Mistake("CL330", "the list is not closed", self.token.at, hint)
        return Listed(tuple(values))

    # -- what fits together

    def rule(self, operand: Operand, token: _Token) -> Rule:
        """What an operand is; of a written list, what its values are."""
        if isinstance(operand, Named):
            return self.fields[operand.name]
        kinds: dict[str, Kind] = {"text": "text", "number": "number", "day": "day", "word": "truth"}
        if isinstance(operand, Listed):
            inner = self.tokens[self.tokens.index(token) + 1]
            return Rule(kinds.get(inner.kind, "text"))
        return Rule(kinds[token.kind])

    def weigh(self, sign: str, sign_at: int, left: Operand, first: _Token, right: Operand, second: _Token) -> None:
        one, other = self.rule(left, first), self.rule(right, second)
        if sign in ("in", "not in"):
            if not isinstance(right, Listed) and other.kind != "texts":
                hint = "Write a list, ['a', 'b'], or a field that holds several, such as tags."
                raise Mistake("CL332", f"{second.text} is no list", second.at, hint)
            inside: Kind = other.kind if isinstance(right, Listed) else "text"
            if one.kind != inside and right != Listed(()):
                raise Mistake(
                    "CL332",
                    f"{first.text} is {_NAMES[one.kind]}, and the list holds {_NAMES[inside].split(' ')[1]}s",
                    first.at,
                    "Write values of one kind.",
                )
        elif isinstance(right, Listed) or "texts" in (one.kind, other.kind):
            listed = first if one.kind == "texts" else second
            hint = f"Write 'value' in {listed.text}." if listed.kind == "word" else "Write in before a list."
            raise Mistake("CL332", f"a list is not compared by {sign}", sign_at, hint)
        elif one.kind != other.kind:
            hint = "Write a day without quotation marks: 2026-05-01." if "day" in (one.kind, other.kind) else ""
            hint = hint or "Write values of one kind; texts stand in quotation marks."
            message = f"{first.text} is {_NAMES[one.kind]}, {second.text} is {_NAMES[other.kind]}"
            raise Mistake("CL332", message, second.at, hint)
        elif sign in _ORDERS and one.kind in ("text", "truth"):
            hint = "Write == or !=; days and numbers have an order."
            raise Mistake("CL332", f"{_NAMES[one.kind]} is neither more nor less than another", sign_at, hint)
        self.possible(one, right, second)
        self.possible(other, left, first)

    def possible(self, rule: Rule, operand: Operand, token: _Token) -> None:
        """Whether a written value is one that the field on the other side can have."""
        if not rule.choices or isinstance(operand, Named):
            return
        for value in operand.values if isinstance(operand, Listed) else (operand.value,):
            if value not in rule.choices:
                hint = did_you_mean(str(value), rule.choices) or f"There are {', '.join(rule.choices)}."
                raise Mistake("CL333", f"nothing is ever “{value}” here", token.at, hint)


def _scalar(token: _Token) -> Scalar:
    if token.kind == "text":
        return token.text[1:-1]
    if token.kind == "day":
        try:
            date.fromisoformat(token.text)
        except ValueError:
            raise Mistake("CL330", f"there is no day {token.text}", token.at, "Write year-month-day.") from None
        return token.text
    if token.kind == "word":
        return token.text == "true"
    return float(token.text) if "." in token.text else int(token.text)
