"""The proof of a patch: that the new text means exactly what was asked, and that the rules agree.

It is about the configuration. That the load is cured is the measurement's to say.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from advisor.engine.changes import (
    AddService,
    Change,
    ChangeElement,
    MoveComment,
    RenameParameter,
    SetParameter,
    SetServiceField,
    SetServiceOverride,
    UnsetParameter,
)
from advisor.engine.judge import Judgement
from advisor.engine.verdicts import Broken, Finding, Fired, Unknown
from advisor.plan.conflicts import Proposal
from advisor.plan.edits import in_order
from advisor.plan.list_edits import changed_items
from advisor.plan.readers import dependents, readers
from advisor.plan.stray_ignores import stray_ignore
from advisor.settings.instance import Instance
from advisor.settings.values import split_items
from advisor.syntax import main_cf, master_cf
from advisor.syntax.main_cf import without_comment

# What a setting is: (service or "", name) -> (normal, stress); a column: (service, "field", name) -> text.
Meaning = dict[tuple[str, ...], tuple[str, ...]]
_FIELDS = ("private", "unpriv", "chroot", "wakeup", "process_limit", "command")


def objection(
    before: Instance,
    after: Instance,
    proposals: Sequence[Proposal],
    old: Sequence[Judgement],
    new: Sequence[Judgement],
) -> str:
    """Why the new text is not proven, in words; empty when it is."""
    changes = [change for each in proposals for change in each.fix.changes]
    return (
        _text_is_broken(before, after)
        or _means_something_else(before, after, changes)
        or stray_ignore(before, after, changes)
        or _still_asks(proposals, old, new)
        or _got_worse(proposals, old, new)
    )


def _text_is_broken(before: Instance, after: Instance) -> str:
    if main_cf.render(after.main_cf) != after.main_cf.source.text:
        return "the new main.cf cannot be read back"
    if after.master_cf and master_cf.render(after.master_cf) != after.master_cf.source.text:
        return "the new master.cf cannot be read back"
    if _junk(after) != _junk(before):
        return "the new text has a line that Postfix does not understand"
    return ""


def _junk(instance: Instance) -> list[str]:
    master = instance.master_cf.junk if instance.master_cf else ()
    return [node.text for node in (*instance.main_cf.junk, *master)]


def _means_something_else(before: Instance, after: Instance, changes: Sequence[Change]) -> str:
    names = _suspects(before, after) | _changed_names(changes)
    old, new = _meaning(before, names), _meaning(after, names)
    asked = _asked(changes, before, after)
    # A setting may differ only since it refers, directly or through others, to one that was asked for.
    following = frozenset(
        each for of in (before, after) for name in _changed_names(changes) for each in dependents(of, name)
    )
    for place in sorted(old.keys() | new.keys()):
        if place in asked:
            wanted = asked[place]
            if wanted is not None and new.get(place) != wanted:
                return f"{' '.join(place).strip()} would not become what was asked"
        elif old.get(place) != new.get(place) and not _follows(before, after, place, following):
            return f"{' '.join(place).strip()} would change as well"
    return ""


def _suspects(before: Instance, after: Instance) -> frozenset[str]:
    """The parameters that may mean something else: those that are written in another way, and what refers to
    them; all of them where a service is another one.
    """
    if _signatures(before) != _signatures(after):
        return _names(before) | _names(after)
    old, new = _written(before), _written(after)
    differing = {name for name, _ in old.items() ^ new.items()}
    return frozenset(differing).union(*(dependents(of, name) for of in (before, after) for name in differing))


def _signatures(instance: Instance) -> list[tuple[object, ...]]:
    """What the value of a parameter may hang on of each service, beside what is written for it."""
    return [(each.key, each.command, each.is_stressable) for each in instance.services]


def _written(instance: Instance) -> dict[str, tuple[tuple[str, str], ...]]:
    """Each name with all that is written for it, and where: "" is main.cf."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for line in instance.main_cf.assignments:
        found[line.name] = (*found.get(line.name, ()), ("", line.raw_value))
    for service in instance.services:
        for each in service.entry.overrides:
            found[each.name] = (*found.get(each.name, ()), (service.key, each.value))
    return found


def _names(instance: Instance) -> frozenset[str]:
    overrides = (override.name for service in instance.services for override in service.entry.overrides)
    return frozenset((*(line.name for line in instance.main_cf.assignments), *overrides))


def _changed_names(changes: Sequence[Change]) -> frozenset[str]:
    found: set[str] = set()
    for change in changes:
        match change:
            case (
                SetParameter(name) | UnsetParameter(name) | SetServiceOverride(_, name) | ChangeElement(name)
            ):
                found.add(name)
            case RenameParameter(name, new_name):
                found |= {name, new_name}
            case MoveComment(name):
                found.add(name)
            case _:  # of what else there is, nothing gives a parameter another value
                pass
    return frozenset(found)


def _meaning(instance: Instance, names: frozenset[str]) -> Meaning:
    found: Meaning = {}
    for name in names:
        for service in (None, *instance.services):
            setting = instance.setting(name, service)
            found[service.key if service else "", name] = (setting.text, setting.normal, setting.stress)
    for service in instance.services:
        for field in _FIELDS:
            found[service.key, "field", field] = (getattr(service.entry, field),)
    return found


def _asked(
    changes: Sequence[Change], before: Instance, after: Instance
) -> Mapping[tuple[str, ...], tuple[str, ...] | None]:
    """The places that the changes are for, with what they are to mean; None where only the name is known."""
    found: dict[tuple[str, ...], tuple[str, ...] | None] = {}
    keys = ("", *(service.key for service in after.services))
    overriding = {
        (service.key, override.name) for service in after.services for override in service.entry.overrides
    }
    for change in changes:
        match change:
            case SetParameter(name, value, None):
                found |= {
                    (key, name): _expected(after, key, name, value)
                    for key in keys
                    if (key, name) not in overriding
                }
            case SetParameter(name, value, str(service)) | SetServiceOverride(service, name, value):
                found[service, name] = _expected(after, service, name, value)
                # A line in main.cf that reaches nobody else's program is how one service may get its value.
                found |= {
                    (key, name): None
                    for key in keys
                    if (key, name) not in overriding and key not in readers(after, name)
                }
            case SetServiceField(service, field, value):
                found[service, "field", field] = (value,)
            case RenameParameter(name, new_name):
                found |= {(key, name): None for key in keys}
                renamed = {key: before.setting(name, before.service(key)) for key in keys}
                # Where nobody wrote the old name, the new one keeps its value.
                found |= {
                    (key, new_name): _expected(after, key, new_name, setting.text)
                    for key, setting in renamed.items()
                    if not setting.is_default
                }
            case MoveComment(name):
                value = without_comment(before.setting(name).text)
                found |= {
                    (key, name): _expected(after, key, name, value)
                    for key in keys
                    if (key, name) not in overriding
                }
            case ChangeElement(name, service=service_key):
                found |= {
                    (key, name): _expected_list(changes, before, after, key, name)
                    for key in (keys if service_key is None else (service_key,))
                    if service_key is not None or (key, name) not in overriding
                }
            case UnsetParameter(name, service_key):
                found |= {(key, name): None for key in (keys if service_key is None else (service_key,))}
            case AddService(service, command, fields, overrides):
                found |= {(service, name): None for name in _names(after)}
                found |= {
                    (service, name): _expected(after, service, name, value) for name, value in overrides
                }
                columns = {**dict.fromkeys(_FIELDS, "-"), **dict(fields), "command": command}
                found |= {(service, "field", field): (value,) for field, value in columns.items()}
    return found


def _expected(after: Instance, key: str, name: str, value: str) -> tuple[str, ...]:
    """What the value means in the new text: it stands there as it was asked, and expands as Postfix does."""
    service = after.service(key) if key else None
    setting = after.setting(name, service)
    return (" ".join(value.split()), setting.normal, setting.stress)


def _expected_list(
    changes: Sequence[Change], before: Instance, after: Instance, key: str, name: str
) -> tuple[str, ...]:
    """What a list means whose elements are changed, whatever stands between them."""
    service = before.service(key) if key else None
    items = split_items(before.setting(name, service).text)
    for change in in_order(changes):
        if isinstance(change, ChangeElement) and change.name == name and change.service in (None, key):
            items = changed_items(items, change.element, change.new)
    new = after.setting(name, after.service(key) if key else None)
    return (new.text if split_items(new.text) == items else ", ".join(items), new.normal, new.stress)


def _follows(before: Instance, after: Instance, place: tuple[str, ...], following: frozenset[str]) -> bool:
    """Whether a setting differs only by what it refers to: its own text is the same."""
    if len(place) != 2 or place[1] not in following:
        return False
    key, name = place
    old = before.setting(name, before.service(key) if key else None)
    new = after.setting(name, after.service(key) if key else None)
    return old.text == new.text


def _still_asks(proposals: Sequence[Proposal], old: Sequence[Judgement], new: Sequence[Judgement]) -> str:
    asking = [each.finding for each in proposals]
    # What a rule had to say of other things before, it may say again.
    others = Counter(map(_said, _findings(old))) - Counter(map(_said, asking))
    again = Counter(map(_said, _findings(new))) - others
    for finding in _findings(new):
        for each in asking:
            if finding.rule == each.rule and (
                (_said(finding) == _said(each) and _said(each) in again)
                or (set(finding.services) & set(each.services) - {None} and _said(finding) not in others)
            ):
                return f"{finding.rule} would ask for more behind its own change"
    return ""


def _findings(judgements: Sequence[Judgement]) -> list[Finding]:
    return [
        finding
        for judgement in judgements
        if isinstance(judgement.verdict, Fired)
        for finding in judgement.verdict.findings
    ]


def _said(finding: Finding) -> tuple[str, str | None, str]:
    return finding.rule, finding.service, finding.message


def _got_worse(proposals: Sequence[Proposal], old: Sequence[Judgement], new: Sequence[Judgement]) -> str:
    """Whether a rule fails, or says more than before of any service, or of the rest. A rule that could not
    decide before, since Postfix refuses a value that is now mended, may decide now; what is said of verdicts
    follows these; and a matter of taste stands in the way of other such matters alone.
    """
    if not all(each.is_taste for each in proposals):
        old, new = ([each for each in of if not each.rule.pedantic] for of in (old, new))
    verdicts = {judgement.rule.name: judgement.verdict for judgement in old}
    for judgement in new:
        name = judgement.rule.name
        if isinstance(judgement.verdict, Broken) and not isinstance(verdicts.get(name), Broken):
            return f"{name} would fail"
    before, after = (
        Counter((each.rule, service) for each in _findings(of) for service in each.services)
        for of in (old, new)
    )
    free = {judgement.rule.name for judgement in new if judgement.rule.is_about_verdicts}
    free |= {name for name, verdict in verdicts.items() if isinstance(verdict, Unknown)}
    worse = (rule for rule, _ in after - before if rule not in free)
    return next((f"{rule} would have more to say than before" for rule in worse), "")
