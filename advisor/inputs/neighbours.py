"""What instances of Postfix on one machine share, and must not.

Knowledge: check_shared_dir_status() and its like in src/postmulti/postmulti.c; that the system deals out the
clients of two listeners at one place was tried with Postfix 3.7.11.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from advisor.facts.listeners import clashes, listened_at
from advisor.inputs.instances import is_enabled
from advisor.settings.instance import Instance

# What postmulti(1) refuses in two instances: it ends with "conflicts with".
_OF_ONE_ALONE: Final = ("queue_directory", "data_directory", "multi_instance_name")
_SHARED: Final = (
    "each client comes to the one or to the other, by chance (before 3.6, the second does not start)"
)


def shared_with(one: Instance, others: Mapping[str, Instance], *, has_log: bool) -> tuple[str, ...]:
    """What an instance shares with others of its machine, which stand under their paths."""
    names = [(name, "postmulti refuses it") for name in _OF_ONE_ALONE]
    if has_log:
        names.append(("syslog_name", "its lines in the log are not told from theirs"))
    found: list[str] = []
    for name, consequence in names:
        value = one.setting(name).normal
        same = [path for path, other in others.items() if other.setting(name).normal == value]
        if value and same:
            found.append(f"{name} = {value} is that of {', '.join(same)} too: {consequence}")
    return (*found, *_listening(one, others))


def _listening(one: Instance, others: Mapping[str, Instance]) -> Iterator[str]:
    """The places at which two of them listen, where both are started."""
    for path, other in others.items() if is_enabled(one) else ():
        for service in one.services if is_enabled(other) else ():
            theirs = {each.key: listened_at(other, each) for each in other.services}
            for key, places in theirs.items():
                if shared := clashes(one, listened_at(one, service), places):
                    where = ", ".join(map(str, shared))
                    yield f"{service.key} listens at {where}, and {key} of {path} does too: {_SHARED}"
