"""What is known of a value besides its type: meaning, unit, what is allowed; the error for what is not."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


class Rule:
    """What a field may hold. Of a list, `low`, `high` and `choices` are about each of its items."""

    __slots__ = (
        "choices",
        "distinct",
        "expected",
        "fits",
        "high",
        "least",
        "low",
        "meaning",
        "most",
        "unit",
    )

    def __init__(
        self,
        meaning: str = "",
        *,
        low: float | None = None,
        high: float | None = None,
        unit: str = "",
        choices: Sequence[str] = (),
        least: int = 0,
        most: int | None = None,
        distinct: bool = False,
        fits: Callable[[Any], bool] | None = None,
        expected: str = "",
    ) -> None:
        """`low` and `high` bound a number, both included; `choices` are all that a text may be; `expected`
        says in words what `fits` tests. Of a list: `least` and `most` items, `distinct`: none twice.
        """
        self.meaning, self.low, self.high, self.unit = meaning, low, high, unit
        self.choices, self.fits, self.expected = tuple(choices), fits, expected
        self.least, self.most, self.distinct = least, most, distinct

    def check(self, value: Any) -> None:
        """Raises WrongValue for a value of the right type that is not allowed."""
        if type(value) is not list:
            self._check_one(value)
            return
        if len(value) < self.least or (self.most is not None and len(value) > self.most):
            raise WrongValue(f"found {shown(value)}, {len(value)} of them, expected {self.of_list()}")
        for number, item in enumerate(value):
            try:
                self._check_one(item)
            except WrongValue as error:
                raise error.under(str(number)) from None
            if self.distinct and item in value[:number]:
                raise WrongValue(f"found {shown(value)}, {shown(item)} twice, expected {self.of_list()}")

    def _check_one(self, value: Any) -> None:
        fits = self.low is None or self.low <= value <= (self.high or 0)
        fits = fits and (not self.choices or value in self.choices)
        if not fits or (self.fits is not None and not self.fits(value)):
            raise WrongValue(f"found {shown(value)}, expected {self.of_one()}")

    def of_one(self) -> str:
        """What is allowed, of a list for each item, in words; nothing where all is."""
        if self.low is not None:
            return f"{self.low:,} to {self.high:,} {self.unit}".rstrip()
        return f"one of {', '.join(self.choices)}" if self.choices else self.expected

    def of_list(self) -> str:
        """What is allowed of a list as a whole, in words."""
        if self.choices:
            return f"{'one or more' if self.least else 'any'} of {', '.join(self.choices)}, each once"
        count = f"{self.least} to {self.most}" if self.least else f"up to {self.most}"
        return f"{count} numbers, each {self.of_one()}{', none twice' if self.distinct else ''}"


def number(meaning: str, low: float, high: float, unit: str = "") -> Rule:
    """A number of a range, both ends included."""
    return Rule(meaning, low=low, high=high, unit=unit)


def numbers(meaning: str, low: int, high: int, unit: str, least: int, most: int) -> Rule:
    """A list of `least` to `most` numbers of a range."""
    return Rule(meaning, low=low, high=high, unit=unit, least=least, most=most)


def choice(meaning: str, *names: str) -> Rule:
    """One of these names."""
    return Rule(meaning, choices=names)


def names(meaning: str, choices: Sequence[str], least: int = 0) -> Rule:
    """A list of names, none twice."""
    return Rule(meaning, choices=choices, least=least, most=len(choices), distinct=True)


def flag(meaning: str) -> Rule:
    """True or false."""
    return Rule(meaning)


class WrongValue(ValueError):
    """What is wrong with a value, and the path to it."""

    path = ""

    def under(self, name: str) -> WrongValue:
        """The same, seen from one level further out."""
        self.path = f"{name}.{self.path}" if self.path else name
        return self


class UnknownName(WrongValue):
    """A name that no field has."""


def shown(value: Any) -> str:
    """A value as an error quotes it: never long, never an error itself."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # a number of thousands of digits, a list in lists in lists
        return f"{_NAMES.get(type(value), type(value).__name__)} beyond all measure"
    return text if len(text) <= 60 else f"{text[:57]}…"


def name_of(kind: type) -> str:
    """A type in words."""
    return _NAMES.get(kind, kind.__name__)


_NAMES: dict[type, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    list: "a list in brackets",
    dict: "a table",
}
