"""Annotated class bodies in, checked and frozen values out: what the settings and the manifest are made of.

`class A(Section)` with fields `name: Annotated[kind, Rule(...)] = default` is like a frozen dataclass, and
`dataclasses` take it for one. Nothing is generated and no module is imported for it: the process that loads
a pipeline takes 40 ms, with dataclasses and typing 67, a third of it for imports.
"""

from __future__ import annotations

from treelet.settings.rule import Rule, UnknownName, WrongValue, name_of, shown

__all__ = ["Annotated", "Field", "Rule", "Section", "UnknownName", "WrongValue", "field"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Annotated, Any, ClassVar, TypeVar

    from typing_extensions import Self, dataclass_transform

    T = TypeVar("T")
else:

    class Annotated:
        """Stands for typing.Annotated, which takes longer to import than everything else here."""

        def __init__(self, kind, rule):
            self.kind, self.rule = kind, rule

        def __class_getitem__(cls, items):
            return cls(*items)

    def dataclass_transform(**_):
        return lambda cls: cls


class _Default:
    def __init__(self, default_factory: Callable[[], Any]) -> None:
        self.make = default_factory


def field(*, default_factory: Callable[[], T]) -> T:
    """A default that is made anew for each section."""
    made: Any = _Default(default_factory)
    return made  # type: ignore[no-any-return]


_REQUIRED: Any = object()


class Field:
    """One field of a section: `kind` is its type, and `default()` makes its default."""

    __slots__ = ("_default", "kind", "name", "rule")

    def __init__(self, name: str, hint: Any, default: Any) -> None:
        self.name = name
        self.kind: Any = getattr(hint, "kind", hint)
        self.rule: Rule = getattr(hint, "rule", None) or Rule()
        self._default = default

    @property
    def required(self) -> bool:
        """Whether there is no default."""
        return self._default is _REQUIRED

    def default(self) -> Any:
        """A value of its own for each caller."""
        return self._default.make() if isinstance(self._default, _Default) else self._default

    def section(self) -> type[Section] | None:
        """The section that the field holds, if it does, or may hold beside None."""
        return next((t for t in (self.kind, *getattr(self.kind, "__args__", ())) if _is_section(t)), None)

    def read(self, value: Any) -> Any:
        """The value as the field holds it. Raises WrongValue."""
        value = _convert(self.kind, value)
        if value is not None:
            self.rule.check(value)
        return value


class _DataclassFields:
    """Lets dataclasses.replace, asdict and fields take a section; the work is done when one of them asks."""

    def __get__(self, instance: Section | None, owner: type[Section]) -> Any:
        import dataclasses

        fields = []
        for each in owner.section_fields.values():
            default: Any = {} if each.required else {"default_factory": each.default}
            fields.append((each.name, each.kind, dataclasses.field(**default)))
        made: Any = dataclasses.make_dataclass(owner.__name__, fields, kw_only=True)
        return made.__dataclass_fields__


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
class Section:
    """Values by name, which cannot be changed. Equal when all of them are."""

    known_only = True
    """Whether a name that is no field is an error in what is read; else it is passed over."""

    if TYPE_CHECKING:
        section_fields: ClassVar[dict[str, Field]]
        """In their order."""
        __dataclass_fields__: ClassVar[dict[str, Any]]
    else:
        __dataclass_fields__ = _DataclassFields()

        def __init_subclass__(cls):
            names = cls.__annotations__
            cls.section_fields = {
                name: Field(name, hint, cls.__dict__.get(name, _REQUIRED)) for name, hint in names.items()
            }
            for name in names:
                if name in cls.__dict__:
                    delattr(cls, name)

        def __init__(self, **values):
            for name, field in self.section_fields.items():
                if name in values:
                    self.__dict__[name] = values.pop(name)
                elif field.required:
                    raise TypeError(f"{type(self).__name__}: {name} is missing")
                else:
                    self.__dict__[name] = field.default()
            if values:
                raise TypeError(f"{type(self).__name__} has no field {next(iter(values))!r}")

    @classmethod
    def read(cls, values: Any) -> Self:
        """Of nested dictionaries, each value checked. Raises WrongValue."""
        if not isinstance(values, dict):
            raise WrongValue(f"found {shown(values)}, expected a table of names and values")
        read = {}
        for name, value in values.items():
            field = cls.section_fields.get(name)
            if field is None:
                if cls.known_only:
                    raise UnknownName("is not known").under(str(name))
                continue
            try:
                read[name] = field.read(value)
            except WrongValue as error:
                raise error.under(name) from None
        for name, field in cls.section_fields.items():
            if field.required and name not in read:
                raise WrongValue("is missing").under(name)
        return cls(**read)

    def to_dict(self) -> dict[str, Any]:
        """Nested dictionaries of plain values."""
        return {name: _plain(self.__dict__[name]) for name in self.section_fields}

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed: dataclasses.replace makes another")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash(repr(self))

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={self.__dict__[name]!r}" for name in self.section_fields)
        return f"{type(self).__name__}({values})"


def _is_section(kind: Any) -> bool:
    return isinstance(kind, type) and not hasattr(kind, "__origin__") and issubclass(kind, Section)


def _convert(kind: Any, value: Any) -> Any:
    if _is_section(kind):
        return kind.read(value)
    origin: Any = getattr(kind, "__origin__", None)
    inner: tuple[Any, ...] = getattr(kind, "__args__", ())
    if origin is list:
        return _convert_items(list(enumerate(_of_type(list, value))), inner[0])
    if origin is dict:
        items = list(_of_type(dict, value).items())
        return dict(zip(value, _convert_items(items, inner[1]), strict=True))
    if inner:  # a section or None
        return None if value is None else _convert(inner[0], value)
    if kind is object:
        return value
    if kind is float and type(value) is int:
        try:
            return float(value)
        except OverflowError:
            raise WrongValue(f"found {shown(value)}, expected {name_of(float)}") from None
    return _of_type(kind, value)


def _convert_items(items: list[tuple[Any, Any]], kind: Any) -> list[Any]:
    converted = []
    for key, item in items:
        try:
            converted.append(_convert(kind, item))
        except WrongValue as error:
            raise error.under(str(key)) from None
    return converted


def _of_type(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise WrongValue(f"found {shown(value)}, expected {name_of(kind)}")
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, Section):
        return value.to_dict()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return list(value) if isinstance(value, list) else value
