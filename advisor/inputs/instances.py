"""The instances of Postfix beside one: those that its main.cf names, and how their lines are known.

Knowledge: postmulti(1) and load_all_instances() in src/postmulti/postmulti.c: the list of the instance that
is asked counts, those of the others do not, and a folder that has no main.cf ends postmulti. syslog_name is
multi_instance_name, where that is set.
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import msgspec

from advisor.settings.instance import Instance
from advisor.settings.setting import MainCfLine
from advisor.settings.values import BadValue

_DIRECTORIES = "multi_instance_directories"


class Further(msgspec.Struct, frozen=True):
    """An instance that a main.cf names: the name there, where that stands, and the folder in which to look;
    `folder` is None for a name that has no place of its own.
    """

    named: str
    place: str
    folder: Path | None


def further_instances(instance: Instance, folder: Path, *, is_own: bool) -> tuple[Further, ...]:
    """The instances that the main.cf in `folder` names, each once, and not that folder itself.

    Of a copy the others are looked for beside it, by the last part of their names: what stands elsewhere on
    this machine is none of its (`is_own`: it is no copy).
    """
    seen = {_real(folder)}
    found: list[Further] = []
    for each in _named(instance, folder, is_own=is_own):
        real = _real(each.folder) if each.folder else Path(each.named)
        if real not in seen:
            seen.add(real)
            found.append(each)
    return tuple(found)


def _named(instance: Instance, folder: Path, *, is_own: bool) -> Iterator[Further]:
    setting = instance.setting(_DIRECTORIES)
    place = str(setting.origin.span) if isinstance(setting.origin, MainCfLine) else ""
    items = setting.items()
    for name in () if isinstance(items, BadValue) else items:
        last = PurePosixPath(name).name
        if not is_own:
            yield Further(name, place, folder.parent / last if last and last != ".." else None)
        else:
            yield Further(name, place, Path(name) if name.startswith("/") else None)


def _real(folder: Path) -> Path:
    """The folder behind links, as far as one may look."""
    try:
        return folder.resolve()
    except (OSError, RuntimeError):
        return folder


def is_enabled(instance: Instance) -> bool:
    """Whether postmulti(1) starts the instance: `postmulti -p start` only checks the others."""
    return instance.setting("multi_instance_enable").boolean() is True


def log_names(instance: Instance) -> frozenset[str]:
    """What the instance's lines in the log have before the program: `postfix-out` of `postfix-out/smtpd`."""
    names = {service.program_tag.rpartition("/")[0] for service in instance.services}
    return frozenset(names | {instance.setting("syslog_name").normal}) - {""}
