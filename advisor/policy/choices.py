"""What can be said on the command line and in an advisor.toml: the former counts where both say it."""

import msgspec
from msgspec.structs import replace

from advisor.engine.selection import ALL, Selection
from advisor.engine.verdicts import Confidence, Severity
from advisor.errors import UsageError
from advisor.fail_on import FailOn


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What is None is not said. The names are those of the options and keys; `enabled` and `disabled` are
    names of rules, which no option says.
    """

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] | None = None
    pedantic: bool | None = None
    min_severity: Severity | None = None
    min_confidence: Confidence | None = None
    fail_on: FailOn | None = None
    baseline: str | None = None
    profile: tuple[str, ...] | None = None
    postfix_version: str | None = None
    memory: str | None = None
    rules_dir: tuple[str, ...] | None = None
    enabled: tuple[str, ...] | None = None
    disabled: tuple[str, ...] | None = None

    @classmethod
    def of(cls, **options: object) -> "Choices":
        """The choices that options say, in the command line's own types: their words are the same."""
        said = {name: value for name, value in options.items() if value is not None}
        return msgspec.convert(msgspec.to_builtins(said), cls)

    def over(self, below: "Choices") -> "Choices":
        """These, and where they say nothing what is `below`. A `select` starts the selection anew: nothing of
        what is selected or ignored below counts then.
        """
        if self.select is not None:
            below = replace(below, select=None, extend_select=None, ignore=None, enabled=None, disabled=None)
        said = {name: value for name in self.__struct_fields__ if (value := getattr(self, name)) is not None}
        return replace(below, **said)

    @property
    def selection(self) -> Selection:
        """Which rules are asked. Raises UsageError where it is said that none is."""
        if self.select == ():
            raise UsageError("names no rule", where="--select", cure="leave it out, to ask all")
        return Selection(
            (ALL,) if self.select is None else self.select,
            (*(self.extend_select or ()), *(self.enabled or ())),
            (*(self.ignore or ()), *(self.disabled or ())),
            bool(self.pedantic),
        )
