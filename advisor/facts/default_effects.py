"""What the defaults that change between releases do to a configuration that leaves them as they are.

Knowledge: RELEASE_NOTES and postconf(5) of 2.9 to 3.11; milter8_def_reply() in src/milter/milter8.c for the
milters.
"""

from collections.abc import Callable, Mapping

import msgspec

from advisor.facts.compatibility import flip_effect
from advisor.facts.weak_tls import permitted_protocols
from advisor.settings.instance import Instance

# Nothing that anybody could notice: more tables that proxymap(8) may open, the order of two curves, a
# variable more for programs that run under systemd, other words for the same value, ciphers that OpenSSL has
# given up by itself, and lists of macros and commands that only grow. Tables of Berkeley DB are one finding
# of their own; the security level that waits for a compatibility_level is compatibility-level-behind's.
_QUIET = frozenset(
    """proxy_read_maps proxy_write_maps tls_eecdh_auto_curves import_environment export_environment
    alias_database alias_maps address_verify_map postscreen_cache_map default_database_type
    tls_export_cipherlist tls_low_cipherlist tls_medium_cipherlist tls_high_cipherlist tls_null_cipherlist
    smtpd_tls_ciphers smtp_tls_ciphers lmtp_tls_ciphers smtpd_tls_eecdh_grade tlsproxy_client_policy_maps
    tlsproxy_client_security_level smtp_tls_security_level smtpd_recipient_restrictions milter_connect_macros
    smtpd_forbidden_commands smtp_line_length_limit lmtp_line_length_limit syslog_name mail_version
    shlib_directory meta_directory""".split()
)


class Effect(msgspec.Struct, frozen=True):
    """What a change does here, in words. `is_weighty`: mail or clients may be treated otherwise. `keep`: the
    old default is what the configuration was made for.
    """

    text: str
    is_weighty: bool = True
    keep: bool = False


def is_quiet(name: str) -> bool:
    """Whether the parameter's new defaults are nothing to speak of."""
    return name in _QUIET


def effect_of(instance: Instance, name: str) -> Effect | None:
    """What the new default of a parameter does here; None for nothing. `instance` is as it is today."""
    if name in _EFFECTS:
        return _EFFECTS[name](instance)
    flip = flip_effect(instance, name)
    if flip is None:
        return Effect("postconf(5) says what it does", is_weighty=False)
    text, matters = flip
    return Effect(text, keep=True) if matters else None


def _milter_action(instance: Instance) -> Effect | None:
    names = ("smtpd_milters", "non_smtpd_milters", "smtpd_milter_maps")
    used = any(
        instance.setting(name, service).text for name in names for service in (None, *instance.services)
    )
    if not used:
        return None
    return Effect(
        "while a milter cannot be asked, smtpd ends the session instead of refusing the mail with 451"
    )


def _bare_newline(instance: Instance) -> Effect | None:
    reached = [service.key for service in instance.services if service.is_smtp_server and service.is_public]
    if instance.master_cf is not None and not reached:
        return None  # local clients are in mynetworks, and smtpd_forbid_bare_newline_exclusions spares these
    return Effect(
        "a message ends at <CR><LF>.<CR><LF> alone, which protects from smuggled mail; lines that end in a "
        "bare line feed are still taken",
        is_weighty=False,
    )


def _pipelining(instance: Instance) -> Effect | None:  # noqa: ARG001 - the same for every client
    return Effect(
        "a client that sends commands before it may is refused with 554 and disconnected, also a script that "
        "sends a whole session at once, as to `nc localhost 25`"
    )


def _relay_restrictions(instance: Instance) -> Effect | None:  # noqa: ARG001 - the same for every list
    return Effect(
        "smtpd_recipient_restrictions alone decides who may relay, and smtpd does not start where that has "
        "no reject_unauth_destination",
        keep=True,
    )


def _insecure_mx(instance: Instance) -> Effect | None:
    if not instance.setting("smtp_tls_policy_maps").text:
        return None
    return Effect(
        "where smtp_tls_policy_maps gives a destination the level dane, its MX hosts are held to DANE also "
        "if their domain is not signed",
        is_weighty=False,
    )


def _protocols(side: str, kind: str) -> Callable[[Instance], Effect | None]:
    """All newer defaults leave out SSLv3, as `!SSLv2, !SSLv3` does already: `>=TLSv1` says the same."""

    def effect(instance: Instance) -> Effect | None:
        level = instance.setting(f"{side}_tls_security_level").normal
        today = instance.setting(f"{side}_tls_{kind}protocols").normal
        if level in ("", "none") or "SSLv3" not in permitted_protocols(today):
            return None
        return Effect("TLS peers that know nothing newer than SSLv3 get no TLS", is_weighty=False)

    return effect


def _ipv6(instance: Instance) -> Effect:  # noqa: ARG001 - the same for every server
    return Effect("Postfix listens and delivers by IPv6 too, where the host has it", keep=True)


def _recipients_header(instance: Instance) -> Effect:  # noqa: ARG001 - the same for every message
    return Effect("mail without a To: header is left without one", is_weighty=False)


_EFFECTS: Mapping[str, Callable[[Instance], Effect | None]] = {
    "milter_default_action": _milter_action,
    "smtpd_forbid_bare_newline": _bare_newline,
    "smtpd_forbid_unauth_pipelining": _pipelining,
    "smtp_tls_dane_insecure_mx_policy": _insecure_mx,
    "smtpd_relay_restrictions": _relay_restrictions,
    "inet_protocols": _ipv6,
    "undisclosed_recipients_header": _recipients_header,
    **{
        f"{side}_tls_{kind}protocols": _protocols(side, kind)
        for side in ("smtpd", "smtp", "lmtp")
        for kind in ("", "mandatory_")
    },
}
