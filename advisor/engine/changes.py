"""What a verdict proposes, before anybody knows which line it touches. The plan turns changes into edits.

A service is named by Postfix's own key, as `postconf -M` and `postconf -P` take it: `smtp/inet`.
"""

from enum import StrEnum

import msgspec

# The columns of master.cf that a change may set (master(5)); name and type are the service's identity.
SERVICE_FIELDS = ("private", "unpriv", "chroot", "wakeup", "process_limit", "command")


class Applicability(StrEnum):
    """How far a fix may be trusted. SAFE: the effective configuration provably stays the same."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    MANUAL = "manual"

    def is_as_safe_as(self, widest: "Applicability") -> bool:
        """Whether a fix of this kind may be made where those as safe as `widest` may."""
        kinds = list(Applicability)
        return kinds.index(self) <= kinds.index(widest)


class Requires(StrEnum):
    """What Postfix needs before the change is in force."""

    RELOAD = "reload"
    RESTART = "restart"
    NOTHING = "nothing"

    @property
    def in_words(self) -> str:
        """As it stands behind the title of a change."""
        return "no reload" if self is Requires.NOTHING else self.value


class _Tagged(msgspec.Struct, frozen=True, tag_field="change", tag=True):
    """In documents each names its kind."""


class SetParameter(_Tagged, frozen=True):
    """Give the parameter `name` this value: everywhere, or for `service` alone.

    For one service the plan chooses between main.cf and `-o`.
    """

    name: str
    value: str
    service: str | None = None


class UnsetParameter(_Tagged, frozen=True):
    """Take the parameter's lines away, so that the default holds: everywhere, or for `service` alone."""

    name: str
    service: str | None = None


class DropShadowed(_Tagged, frozen=True):
    """Take away every assignment of the name but the last one, in main.cf or among the `-o` of `service`.

    No value changes for anybody.
    """

    name: str
    service: str | None = None


class ChangeElement(_Tagged, frozen=True):
    """Wherever `element` (one or more words) stands in the list that `name` is, let `new` stand: nothing, so
    that it goes; other elements; or itself among others, so that they are added before or behind it.

    Every other element stays as it is written, so two such changes of one list can stand together.
    """

    name: str
    element: str
    new: tuple[str, ...]
    service: str | None = None


class MoveComment(_Tagged, frozen=True):
    """Write what stands from a `#` on in the name's value in main.cf as a comment above the line."""

    name: str


class RenameParameter(_Tagged, frozen=True):
    """Keep the value, under the parameter's new name."""

    name: str
    new_name: str


class SetServiceField(_Tagged, frozen=True):
    """Give one column of a master.cf entry (one of SERVICE_FIELDS) this value."""

    service: str
    field: str
    value: str


class SetServiceOverride(_Tagged, frozen=True):
    """Give `service` its own value with `-o name=value` in master.cf."""

    service: str
    name: str
    value: str


class DropIgnore(_Tagged, frozen=True):
    """Take the rule's name out of the brackets of the ignore comment in that line (from 1) of that file;
    where none is left, the comment goes. To Postfix nothing changes.
    """

    file: str
    line: int
    rule: str


class AddService(_Tagged, frozen=True):
    """Add a master.cf entry; `fields` are pairs of a column and its value, the others stay `-`."""

    service: str
    command: str
    fields: tuple[tuple[str, str], ...] = ()
    overrides: tuple[tuple[str, str], ...] = ()


Change = (
    SetParameter
    | UnsetParameter
    | DropShadowed
    | ChangeElement
    | MoveComment
    | RenameParameter
    | SetServiceField
    | SetServiceOverride
    | AddService
    | DropIgnore
)


class Fix(msgspec.Struct, frozen=True):
    """One way to mend a finding. The fixes of one finding are alternatives; `changes` belong together.

    `untested` says what the proof of a patch does not cover, in words behind "not tested:"; mostly empty.
    """

    title: str
    applicability: Applicability
    requires: Requires
    changes: tuple[Change, ...]
    untested: str = ""
