"""What a service asks before it answers a client: each of them can make a good client wait.

In the envelope: policy services, DNS lists, milters, tables that ask other programs, a filter in front of the
queue. Behind the end of the message: milters again, body checks in cleanup(8), policy services of
smtpd_end_of_data_restrictions.
Knowledge: SMTPD_POLICY_README, MILTER_README, SMTPD_PROXY_README, BUILTIN_FILTER_README.
"""

from collections.abc import Iterator
from itertools import chain

import msgspec

from advisor.facts.remote_tables import recipient_tables, remote
from advisor.facts.restrictions import RestrictionLists
from advisor.settings.instance import Instance
from advisor.settings.service import Service
from advisor.settings.values import BadValue
from advisor.syntax.pattern_table import TableType, branches_of, parse_pattern_table

_POLICY = "check_policy_service"
_ENVELOPE_LISTS = (
    "smtpd_client_restrictions",
    "smtpd_helo_restrictions",
    "smtpd_sender_restrictions",
    "smtpd_relay_restrictions",
    "smtpd_recipient_restrictions",
    "smtpd_data_restrictions",
)
_MESSAGE_LIST = "smtpd_end_of_data_restrictions"
_PATTERN_TYPES = ("regexp", "pcre")
_DNS_LISTS = ("reject_rbl_", "reject_rhsbl_", "permit_dnswl_", "permit_rhswl_", "reject_maps_rbl")


class Inspection(msgspec.Struct, frozen=True):
    """The names of what is asked, as the configuration has them, each once.

    `body_branches`: how many alternatives the patterns of the body checks have; None where that is not known.
    `policies_spare_mynetworks`: every list with a policy service lets clients of mynetworks pass before it.
    """

    policies: tuple[str, ...] = ()
    policies_spare_mynetworks: bool = False
    dns_lists: tuple[str, ...] = ()
    milters: tuple[str, ...] = ()
    proxy_filter: str = ""
    body_checks: tuple[str, ...] = ()
    message_policies: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    body_branches: int | None = None


def inspection(instance: Instance, service: Service) -> Inspection:
    """What the service asks, by its effective configuration."""
    asked = list(_asked(instance, service))
    options = _items(instance, "receive_override_options", service)
    body_checks = () if "no_header_body_checks" in options else _body_checks(instance, service)
    return Inspection(
        policies=_each(name for list_, kind, name, _ in asked if kind == _POLICY and list_ != _MESSAGE_LIST),
        policies_spare_mynetworks=all(spared for _, kind, _, spared in asked if kind == _POLICY),
        dns_lists=_each(name for _, kind, name, _ in asked if kind.startswith(_DNS_LISTS)),
        milters=() if "no_milters" in options else _items(instance, "smtpd_milters", service),
        proxy_filter=instance.setting("smtpd_proxy_filter", service).normal,
        body_checks=body_checks,
        message_policies=_each(
            name for list_, kind, name, _ in asked if kind == _POLICY and list_ == _MESSAGE_LIST
        ),
        tables=_each(
            chain(
                remote(name for list_, _, name, _ in asked if list_ != _MESSAGE_LIST),
                recipient_tables(instance, service),
            )
        ),
        body_branches=_branches(instance, body_checks),
    )


def _asked(instance: Instance, service: Service) -> Iterator[tuple[str, str, str, bool]]:
    """(list, restriction, argument, whether a client of mynetworks has passed before) of all the lists."""
    lists = RestrictionLists(instance, service)
    for name in (*_ENVELOPE_LISTS, _MESSAGE_LIST):
        spared = False
        for step in lists.steps(lists.items(name)):
            spared = spared or step.name == "permit_mynetworks"
            if step.argument:
                yield name, step.name, step.argument, spared


def _body_checks(instance: Instance, service: Service) -> tuple[str, ...]:
    """The tables that the service's cleanup(8) tries on each line of a body."""
    name = instance.setting("cleanup_service_name", service).normal
    return _items(instance, "body_checks", instance.service(f"{name}/unix"))


def _branches(instance: Instance, tables: tuple[str, ...]) -> int | None:
    found = 0
    for table in tables:
        kind, _, path = table.partition(":")
        source = instance.table(path) if kind in _PATTERN_TYPES else None
        if source is None:
            return None
        found += branches_of(parse_pattern_table(source, TableType(kind)))
    return found


def _items(instance: Instance, name: str, service: Service | None) -> tuple[str, ...]:
    items = instance.setting(name, service).items()
    return () if isinstance(items, BadValue) else items


def _each(names: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
