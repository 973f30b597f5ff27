"""What a fact wants changed, where several changes belong together: the engine makes changes of them."""

import msgspec


class Assign(msgspec.Struct, frozen=True):
    """The parameter gets this value: in main.cf, or by `-o` of the service with that key."""

    name: str
    value: str
    service: str | None = None

    def __str__(self) -> str:
        return f"{self.name} = {self.value}".rstrip() + _for(self.service)


class Remove(msgspec.Struct, frozen=True):
    """The parameter's lines in main.cf go, so that its default counts, or the `-o` of one service."""

    name: str
    service: str | None = None

    def __str__(self) -> str:
        return f"delete {self.name}{_for(self.service)}"


class Column(msgspec.Struct, frozen=True):
    """A column of a master.cf entry gets this value."""

    service: str
    field: str
    value: str

    def __str__(self) -> str:
        return f"{self.field} {self.value}{_for(self.service)}"


class Element(msgspec.Struct, frozen=True):
    """The elements `new` stand in a list where `element` stood; all others stay as they are written."""

    name: str
    element: str
    new: tuple[str, ...]
    service: str | None = None

    def __str__(self) -> str:
        if not self.new:
            return f"{self.name}: drop {self.element}{_for(self.service)}"
        return f"{self.name}: {', '.join(self.new)} in place of {self.element}{_for(self.service)}"


class Add(msgspec.Struct, frozen=True):
    """master.cf gets a new entry; `fields` are pairs of a column and its value, the others stay `-`."""

    service: str
    command: str
    fields: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"add {self.service}, run by {self.command}"


class Unignore(msgspec.Struct, frozen=True):
    """The ignore comment in that line of that file names the rule no more; where none is left, it goes."""

    file: str
    line: int
    rule: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: no ignore of {self.rule}"


Wanted = Assign | Remove | Column | Element | Add | Unignore


def _for(service: str | None) -> str:
    return f" for {service}" if service else ""
