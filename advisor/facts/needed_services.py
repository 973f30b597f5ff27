"""The services of Postfix that a configuration makes use of, and those of them that master.cf lacks.

An entry of a later release is missing where master.cf was carried over from an older one. Knowledge: the
stock master.cf of each release, and what each program does when nobody answers: anvil_clnt.c, tls_mgr.c,
verify_clnt.c and post_mail.c in src/global and src/tls; psc_dnsbl_request() in src/postscreen.
"""

from collections.abc import Iterator

import msgspec

from advisor.facts.case import Case
from advisor.facts.named_transports import named_transports
from advisor.facts.old_tls import security_level
from advisor.facts.postscreen import postscreen_services
from advisor.facts.proxied import proxies, written_settings
from advisor.facts.registry import collection
from advisor.facts.wanted import Add
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.settings.service import Service
from advisor.syntax.source import Span

# The entries as the stock master.cf has them, by key.
_NO_CHROOT = (("chroot", "n"),)
_ENTRIES = {
    "anvil/unix": Add("anvil/unix", "anvil", (*_NO_CHROOT, ("process_limit", "1"))),
    "dnsblog/unix": Add("dnsblog/unix", "dnsblog", (*_NO_CHROOT, ("process_limit", "0"))),
    "postlog/unix-dgram": Add(
        "postlog/unix-dgram", "postlogd", (("private", "n"), *_NO_CHROOT, ("process_limit", "1"))
    ),
    "proxymap/unix": Add("proxymap/unix", "proxymap", _NO_CHROOT),
    "proxywrite/unix": Add("proxywrite/unix", "proxymap", (*_NO_CHROOT, ("process_limit", "1"))),
    "retry/unix": Add("retry/unix", "error", _NO_CHROOT),
    "scache/unix": Add("scache/unix", "scache", (*_NO_CHROOT, ("process_limit", "1"))),
    "tlsmgr/unix": Add("tlsmgr/unix", "tlsmgr", (*_NO_CHROOT, ("wakeup", "1000?"), ("process_limit", "1"))),
    "tlsproxy/unix": Add("tlsproxy/unix", "tlsproxy", (*_NO_CHROOT, ("process_limit", "0"))),
    "verify/unix": Add("verify/unix", "verify", (*_NO_CHROOT, ("process_limit", "1"))),
    "discard/unix": Add("discard/unix", "discard", _NO_CHROOT),
    "error/unix": Add("error/unix", "error", _NO_CHROOT),
    "lmtp/unix": Add("lmtp/unix", "lmtp", _NO_CHROOT),
    "local/unix": Add("local/unix", "local", (("unpriv", "n"), *_NO_CHROOT)),
    "relay/unix": Add("relay/unix", "smtp", _NO_CHROOT),
    "smtp/unix": Add("smtp/unix", "smtp", _NO_CHROOT),
    "virtual/unix": Add("virtual/unix", "virtual", (("unpriv", "n"), *_NO_CHROOT)),
}
_PROBES = ("reject_unverified_sender", "reject_unverified_recipient")
_CACHE = "smtp_connection_cache_on_demand"
_POSTLOG = Release(3, 4)
# A master.cf without the queue manager, or what it needs for each address, is a piece of one.
_WHOLE = (("qmgr", "nqmgr", "oqmgr"), ("trivial-rewrite",))


class NeededService(msgspec.Struct, frozen=True):
    """A service that is made use of. `user` is who does; `harm` what happens without it, which `is_serious`
    where mail or protection is lost. `adding` is the entry, none where only the administrator knows it.
    """

    name: str
    span: Span
    user: str
    harm: str
    is_serious: bool
    is_there: bool
    adding: tuple[Add, ...]

    @property
    def is_server(self) -> bool:
        """Whether it is an SMTP server, for which main.cf alone need not be enough."""
        return any(each.command == "smtpd" for each in self.adding)


@collection(element=NeededService, variable="needed", locate=lambda needed: needed.span)
def needed_services(case: Case) -> tuple[NeededService, ...]:
    """The services that this configuration makes use of, but for those of postscreen."""
    instance = case.instance
    commands = {service.command for service in instance.services}
    if not all(commands.intersection(names) for names in _WHOLE):
        return ()
    found = {each.name: each for each in (*_transports(instance), *_helpers(instance))}
    return tuple(found.values())


@collection(element=NeededService, variable="needed", locate=lambda needed: needed.span)
def postscreen_parts(case: Case) -> tuple[NeededService, ...]:
    """The services that postscreen makes use of."""
    instance = case.instance
    return tuple(part for screen in postscreen_services(case) for part in _parts(instance, screen))


def _needed(
    instance: Instance,
    key: str,
    span: Span,
    user: str,
    harm: str,
    *,
    is_serious: bool = True,
    adding: Add | None = None,
) -> NeededService:
    entry = adding or _ENTRIES.get(key)
    is_there = instance.service(key) is not None
    return NeededService(key, span, user, harm, is_serious, is_there, (entry,) if entry else ())


def _transports(instance: Instance) -> Iterator[NeededService]:
    for each in named_transports(instance):
        yield _needed(
            instance,
            f"{each.name}/unix",
            each.span or _end(instance),
            f"{each.parameter} names {each.name} as a transport",
            "mail for it stays in the queue, 'mail transport unavailable', until it is returned",
        )


def _helpers(instance: Instance) -> Iterator[NeededService]:
    end = _end(instance)
    servers = [service for service in instance.services if service.command == "smtpd"]
    clients = [service for service in instance.services if service.command in ("smtp", "lmtp")]
    tls = next((each for each in (*servers, *clients) if _uses_tls(instance, each)), None)
    if tls:
        yield _needed(
            instance,
            "tlsmgr/unix",
            end,
            f"{tls.key} is to use TLS",
            "smtpd answers STARTTLS with 454, and smtp goes on without TLS or defers mail",
        )
    if servers:
        yield _needed(
            instance,
            "anvil/unix",
            end,
            "smtpd counts its clients there",
            "the limits for one client do not hold, and each session brings a warning",
            is_serious=False,
        )
    if probing := next(
        (span for setting, _, span in written_settings(instance) if _probes(setting.text)), None
    ):
        yield _needed(
            instance,
            "verify/unix",
            probing,
            "reject_unverified_… asks it about addresses",
            "smtpd tries to reach it every ten seconds, and the client gets no answer",
        )
    for key, writing in (("proxymap/unix", False), ("proxywrite/unix", True)):
        if table := proxies(instance, writing=writing):
            yield _needed(
                instance,
                key,
                table.span,
                f"{table.parameter} has proxy:{table.table}",
                "the table cannot be opened, and the programs that need it do not run",
            )
    log = instance.setting("maillog_file")
    if log.exists and log.normal and instance.release >= _POSTLOG:
        yield _needed(
            instance,
            "postlog/unix-dgram",
            instance.main_cf.source.end_span if log.is_default else _place(log.origin, instance),
            f"maillog_file is {log.normal}",
            "nothing that a daemon says is logged",
        )
    if any(instance.setting("smtp_tls_connection_reuse", each).boolean() is True for each in clients):
        yield _needed(
            instance,
            "tlsproxy/unix",
            end,
            "smtp_tls_connection_reuse is yes",
            "smtp cannot use TLS over connections that are kept",
        )
    if clients and any(instance.setting(_CACHE, each).boolean() is True for each in clients):
        yield _needed(
            instance,
            "scache/unix",
            end,
            "smtp keeps connections there for the next message",
            "each message is delivered over a connection of its own, with a warning",
            is_serious=False,
        )
    yield _needed(
        instance,
        "retry/unix",
        end,
        "the queue manager hands it what a suspended transport cannot take",
        "the queue manager warns of a transport that does not exist, and tries such mail again and again",
        is_serious=False,
    )


def _parts(instance: Instance, screen: Service) -> Iterator[NeededService]:
    name = instance.setting("smtpd_service_name", screen).normal
    yield _needed(
        instance,
        f"{name}/pass",
        screen.span,
        f"{screen.key} hands clients that passed its tests to it",
        "they wait, and leave without having said a word: no mail comes in",
        adding=Add(f"{name}/pass", "smtpd", _NO_CHROOT),
    )
    if instance.setting("postscreen_dnsbl_sites", screen).items():
        name = instance.setting("dnsblog_service_name", screen).normal
        yield _needed(
            instance,
            f"{name}/unix",
            screen.span,
            f"{screen.key} asks the lists of postscreen_dnsbl_sites through it",
            "no client is looked up in any list",
            adding=Add(f"{name}/unix", "dnsblog", (*_NO_CHROOT, ("process_limit", "0"))),
        )
    if security_level(instance, "postscreen", screen) not in ("", "none"):
        name = instance.setting("tlsproxy_service_name", screen).normal
        yield _needed(
            instance,
            f"{name}/unix",
            screen.span,
            f"{screen.key} offers STARTTLS with its help",
            "TLS fails for the clients that postscreen talks to itself",
            is_serious=False,
            adding=Add(f"{name}/unix", "tlsproxy", (*_NO_CHROOT, ("process_limit", "0"))),
        )


def _uses_tls(instance: Instance, service: Service) -> bool:
    prefix = {"smtpd": "smtpd", "lmtp": "lmtp"}.get(service.command, "smtp")
    wrapper = (
        service.command == "smtpd" and instance.setting("smtpd_tls_wrappermode", service).boolean() is True
    )
    return wrapper or security_level(instance, prefix, service) not in ("", "none")


def _probes(text: str) -> bool:
    return any(word in text.split() or f"{word}," in text for word in _PROBES)


def _place(origin: object, instance: Instance) -> Span:
    span = getattr(origin, "span", None)
    return span if isinstance(span, Span) else _end(instance)


def _end(instance: Instance) -> Span:
    return instance.master_cf.source.end_span if instance.master_cf else instance.main_cf.source.end_span
