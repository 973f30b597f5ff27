"""Whether a service relays for strangers: the restriction lists, walked for one client who is unknown.

The client is outside mynetworks, has not logged in and shows no certificate; the recipient is of a foreign
domain. Knowledge: generic_checks() and smtpd_check_rcpt() in src/smtpd/smtpd_check.c, SMTPD_ACCESS_README.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from advisor.facts.case import Case
from advisor.facts.registry import Missing, fact
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.values import BadValue, split_items

# Each must let the client pass. The order among them does not matter to whether a stranger is served.
_OTHER_LISTS = (
    "smtpd_client_restrictions",
    "smtpd_helo_restrictions",
    "smtpd_sender_restrictions",
)
_RELAY_LISTS = ("smtpd_relay_restrictions", "smtpd_recipient_restrictions")
_REFUSE = frozenset(
    """reject defer reject_unauth_destination defer_unauth_destination check_relay_domains
    defer_if_permit""".split()
)
# A table here that says OK for every key is as good as `permit`.
_ALWAYS_OK = frozenset({"ok", "permit", "relay"})
_WITH_ARGUMENT = frozenset(
    """check_policy_service reject_rbl_client reject_rhsbl_client reject_rhsbl_helo reject_rhsbl_recipient
    reject_rhsbl_reverse_client reject_rhsbl_sender permit_dnswl_client permit_rhswl_client sleep
    reject_maps_rbl""".split()
)


class _Answer(Enum):
    PERMIT = auto()
    REFUSE = auto()
    NOTHING = auto()  # the next restriction decides


@dataclass(frozen=True, slots=True)
class _Step:
    name: str
    argument: str
    only_warns: bool


@fact()
def relays_for_strangers(case: Case, service: Service) -> bool | Missing:
    """Whether the service takes mail from any client for any recipient."""
    return open_path(case.instance, service) is not None


@fact()
def relay_path(case: Case, service: Service) -> str:
    """How a stranger gets through the restriction lists; empty when none does."""
    return open_path(case.instance, service) or ""


@fact()
def has_relay_restrictions(case: Case) -> bool:
    """Whether this release has smtpd_relay_restrictions (2.10 and newer)."""
    return case.instance.setting("smtpd_relay_restrictions").exists


@fact()
def mynetworks_is_everybody(case: Case, service: Service) -> bool:
    """Whether mynetworks holds every address of a protocol."""
    return _everybody_is_local(case.instance, service)


def open_path(instance: Instance, service: Service) -> str | None:
    """The reason why each list lets a stranger through, in words; None when one of them refuses.

    What a table, a policy service or a DNS list would answer is taken as "nothing": only a path that is open
    for certain counts. A service without any working relay control is none either: smtpd(8) refuses to run.
    """
    if any(_walk(instance, service, name)[0] is _Answer.REFUSE for name in _OTHER_LISTS):
        return None
    reasons: list[str] = []
    controlled = False
    for name in _RELAY_LISTS:
        setting = instance.setting(name, service)
        if not setting.exists:
            continue
        if setting.problem is not None:
            return None
        answer, reason = _walk(instance, service, name)
        if answer is _Answer.REFUSE:
            return None
        controlled = controlled or any(step.name in _REFUSE for step in _steps(instance, service, name))
        reasons.append(reason)
    return "; ".join(reasons) if controlled else None


def _walk(instance: Instance, service: Service, name: str) -> tuple[_Answer, str]:
    for step in _steps(instance, service, name):
        answer = _answer(instance, service, step)
        if answer is not _Answer.NOTHING:
            words = f"{step.name} {step.argument}".strip()
            return answer, f"{name} says {words}"
    return _Answer.NOTHING, f"{name} ends without a refusal"


def _answer(instance: Instance, service: Service, step: _Step) -> _Answer:
    if step.name in _REFUSE:
        return _Answer.NOTHING if step.only_warns else _Answer.REFUSE
    if step.name == "permit" or (step.name == "permit_mynetworks" and _everybody_is_local(instance, service)):
        return _Answer.PERMIT
    kind, _, value = step.argument.partition(":")
    if kind == "static":
        word = value.split(maxsplit=1)[0].lower() if value.strip() else ""
        if word in _ALWAYS_OK:
            return _Answer.PERMIT
        if word in ("reject", "defer") or word[:1] in ("4", "5"):
            return _Answer.NOTHING if step.only_warns else _Answer.REFUSE
    return _Answer.NOTHING


def _everybody_is_local(instance: Instance, service: Service) -> bool:
    items = instance.setting("mynetworks", service).items()
    return not isinstance(items, BadValue) and any(item.endswith("/0") for item in items)


def _steps(instance: Instance, service: Service, name: str, depth: int = 0) -> Iterator[_Step]:
    """The restrictions of a list in order, restriction classes unfolded."""
    items = instance.setting(name, service).items()
    declared = instance.setting("smtpd_restriction_classes", service).items()
    classes = () if isinstance(declared, BadValue) else declared
    only_warns = False
    words = iter(() if isinstance(items, BadValue) else items)
    for word in words:
        restriction = word.lower()
        if restriction == "warn_if_reject":
            only_warns = True
            continue
        if word in classes and depth < len(classes):
            for step in _steps(instance, service, word, depth + 1):
                yield _Step(step.name, step.argument, step.only_warns or only_warns)
        elif restriction in _WITH_ARGUMENT or restriction.startswith("check_"):
            takes = restriction != "check_relay_domains"
            yield _Step(restriction, _plain(next(words, "")) if takes else "", only_warns)
        elif ":" in word or word.startswith("/"):  # a bare table is an access table for the list's subject
            yield _Step("check_access", word, only_warns)
        else:
            yield _Step(restriction, "", only_warns)
        only_warns = False


def _plain(argument: str) -> str:
    """`{ static:OK, timeout=3s }` is a table with options; its first word names it."""
    if argument.startswith("{"):
        inner = split_items(argument[1:].removesuffix("}"))
        return inner[0] if inner else ""
    return argument
