"""Whether a service relays for strangers: the restriction lists, walked for one client who is unknown.

The client is outside mynetworks, has not logged in and shows no certificate; the recipient is of a foreign
domain. Knowledge: generic_checks() and smtpd_check_rcpt() in src/smtpd/smtpd_check.c, SMTPD_ACCESS_README.
"""

from enum import Enum, auto

from advisor.facts.case import Case
from advisor.facts.registry import fact
from advisor.facts.restrictions import RestrictionLists, Step
from advisor.missing import Missing
from advisor.settings.instance import Instance
from advisor.settings.networks import everybody, network_entries
from advisor.settings.service import Service
from advisor.settings.values import BadValue, split_items

_RELAY_LISTS = ("smtpd_relay_restrictions", "smtpd_recipient_restrictions")
# Applied while no recipient is known, or when there may be several: they cannot refuse by destination.
_DATA_LISTS = ("smtpd_data_restrictions", "smtpd_end_of_data_restrictions")
_BY_DESTINATION = frozenset({"reject_unauth_destination", "defer_unauth_destination", "check_relay_domains"})
_REFUSE = _BY_DESTINATION | {"reject", "defer", "defer_if_permit"}
_POLICY = "check_policy_service"
_OWN_CLIENTS = frozenset({"permit_mynetworks", "permit_sasl_authenticated", "permit_auth_destination"})


class _Answer(Enum):
    PERMIT = auto()
    REFUSE = auto()
    NOTHING = auto()  # the next restriction decides


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


def permits_strangers_early(instance: Instance, service: Service) -> bool:
    """Whether smtpd_recipient_restrictions may permit somebody who is neither in mynetworks nor logged in,
    before a restriction refuses foreign recipients. A table or policy service may permit anybody.
    """
    lists = RestrictionLists(instance, service)
    for step in lists.steps(lists.items("smtpd_recipient_restrictions")):
        if step.name in _REFUSE and not step.only_warns:
            return False
        if step.name.startswith("check_") or (
            step.name.startswith("permit") and step.name not in _OWN_CLIENTS
        ):
            return True
    return False


def relay_list_alike(instance: Instance, service: Service) -> tuple[str, ...]:
    """The restrictions that let the same clients relay as smtpd_recipient_restrictions does; nothing where it
    may permit others, or does not refuse foreign recipients by a restriction of that name.
    """
    lists = RestrictionLists(instance, service)
    permits: dict[str, None] = {}
    for step in lists.steps(lists.items("smtpd_recipient_restrictions")):
        if step.name in ("reject_unauth_destination", "defer_unauth_destination") and not step.only_warns:
            return (*permits, step.name)
        if step.name in ("permit_mynetworks", "permit_sasl_authenticated"):
            permits[step.name] = None
        elif not step.name.startswith("reject_"):
            return ()
    return ()


def open_path(instance: Instance, service: Service) -> str | None:
    """The reason why each list lets a stranger through, in words; None when one of them refuses.

    A table or a policy service is taken to have nothing to say about the stranger, save a static: table,
    which says the same to everybody. A service without any working relay control is no open relay: smtpd(8)
    refuses to run.
    """
    lists = RestrictionLists(instance, service)
    if _refused_elsewhere(lists):
        return None
    reasons: list[str] = []
    controlled = False
    for name in _RELAY_LISTS:
        setting = instance.setting(name, service)
        if not setting.exists:
            continue
        if setting.problem is not None:
            return None
        answer, reason = _walk(lists, name)
        if answer is _Answer.REFUSE:
            return None
        controlled = controlled or _controls(lists, name)
        reasons.append(reason)
    return "; ".join(reasons) if controlled else None


def controls_relaying(instance: Instance, service: Service, name: str) -> bool:
    """Whether the list has one of the restrictions without which smtpd(8) refuses to run."""
    return _controls(RestrictionLists(instance, service), name)


def refuses_strangers(instance: Instance, service: Service) -> bool:
    """Whether the service refuses every client that has not logged in, whomever the mail is for."""
    lists = RestrictionLists(instance, service)
    names = ["smtpd_client_restrictions", "smtpd_sender_restrictions", *_RELAY_LISTS, *_DATA_LISTS]
    if lists.says_yes("smtpd_helo_required"):
        names.append("smtpd_helo_restrictions")
    return any(
        _walk(lists, name, by_destination=False, own_recipient=True)[0] is _Answer.REFUSE for name in names
    )


def _refused_elsewhere(lists: RestrictionLists) -> bool:
    """Whether a list refuses the stranger that is not about relaying."""
    by_destination = lists.says_yes("smtpd_delay_reject")
    names = ["smtpd_client_restrictions", "smtpd_sender_restrictions"]
    if lists.says_yes("smtpd_helo_required"):  # else a client need not say HELO, and the list is not asked
        names.append("smtpd_helo_restrictions")
    lists_and_power = [(name, by_destination) for name in names] + [(name, False) for name in _DATA_LISTS]
    return any(
        _walk(lists, name, by_destination=power)[0] is _Answer.REFUSE for name, power in lists_and_power
    )


def _controls(lists: RestrictionLists, name: str) -> bool:
    """Whether the list has one of the restrictions without which smtpd(8) refuses to run: has_required().

    That looks no further than the first `permit`.
    """
    steps = lists.steps(lists.items(name), until_permit=True)
    return any(step.name in _REFUSE and not step.only_warns for step in steps)


def _walk(
    lists: RestrictionLists, name: str, *, by_destination: bool = True, own_recipient: bool = False
) -> tuple[_Answer, str]:
    """The list's answer and what gave it. `own_recipient`: the mail is for a domain that is served here."""
    for step in lists.steps(lists.items(name)):
        if own_recipient and step.name == "permit_auth_destination":
            return _Answer.PERMIT, f"{name} says {step.name}"
        answer = _answer(lists, step, by_destination=by_destination)
        if answer is _Answer.REFUSE and step.only_warns:
            continue
        if answer is not _Answer.NOTHING:
            words = f"{step.name} {step.argument}".strip()
            return answer, f"{name} says {words}"
    return _Answer.NOTHING, f"{name} ends without a refusal"


def _answer(lists: RestrictionLists, step: Step, *, by_destination: bool) -> _Answer:
    if step.name in _REFUSE:
        return _Answer.REFUSE if by_destination or step.name not in _BY_DESTINATION else _Answer.NOTHING
    if step.name == "permit":
        return _Answer.PERMIT
    if step.name == "permit_mynetworks" and _everybody_is_local(lists.instance, lists.service):
        return _Answer.PERMIT
    if step.name == _POLICY or not (step.name.startswith("check_") or step.argument):
        return _Answer.NOTHING
    if step.argument.startswith("{"):
        return _Answer.REFUSE  # most releases answer "server configuration error" here
    kind, _, value = step.argument.partition(":")
    return _static(lists, value, by_destination=by_destination) if kind == "static" else _Answer.NOTHING


def _static(lists: RestrictionLists, value: str, *, by_destination: bool) -> _Answer:
    """What a static: table says to everybody: check_table_result() in src/smtpd/smtpd_check.c."""
    words = split_items(value.removeprefix("{").removesuffix("}"))
    if not words:
        return _Answer.NOTHING
    action = words[0].lower()
    if action in ("ok", "relay") or (len(words) == 1 and action.isdigit()):
        return _Answer.PERMIT
    if action in ("reject", "defer", "discard") or (action.isdigit() and len(action) == 3):
        return _Answer.REFUSE
    for step in lists.steps(words):
        answer = _answer(lists, step, by_destination=by_destination)
        if answer is _Answer.REFUSE and step.only_warns:
            continue
        if answer is not _Answer.NOTHING:
            return answer
    return _Answer.NOTHING


def _everybody_is_local(instance: Instance, service: Service) -> bool:
    items = instance.setting("mynetworks", service).items()
    return not isinstance(items, BadValue) and bool(everybody(network_entries(items, instance.table)))
