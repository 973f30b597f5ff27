"""What ends postconf(1) while it computes the defaults that depend on the machine.

Knowledge: pcf_check_myhostname(), pcf_mynetworks() in src/postconf/postconf_builtin.c; src/util/inet_proto.c,
mynetworks_core() in src/global/mynetworks.c. That it looks for the hosts in inet_interfaces, and finds no
address of them on the machine, is not told here: only the machine knows.
"""

from typing import Final

from advisor.postconf.names import Names
from advisor.postconf.remarks import say_faults
from advisor.postconf.stderr import Fatal, Stderr
from advisor.settings.domain_names import has_functions
from advisor.settings.expand import expanded

_SEPARATORS: Final = dict.fromkeys(map(ord, ",\t\r\n"), " ")
_PROTOCOLS: Final = ("ipv4", "ipv6", "all")
_STYLES: Final = ("subnet", "class", "host")


def say_what_stops_a_start(names: Names, stderr: Stderr) -> None:
    """Raises Fatal where a computed default cannot be computed; a default that main.cf overrides is not."""
    if not names.is_written("mydomain"):
        _main_cf_value("myhostname", names, stderr)
    if not names.is_written("myhostname"):
        _main_cf_value("mydomain", names, stderr)
    if names.is_written("mynetworks"):
        return
    _main_cf_value("inet_interfaces", names, stderr)
    style = _main_cf_value("mynetworks_style", names, stderr)
    if style is None and (faults := names.expanded("$mynetworks_style").faults):
        say_faults(faults, stderr)  # its default asks for the compatibility_level
        raise Fatal("macro processing error")
    protocols = _main_cf_value("inet_protocols", names, stderr)
    if protocols is not None:
        _check(protocols, _PROTOCOLS, "inet_protocols")
    if style is not None and len(_check(style, _STYLES, "mynetworks mask style")) != 1:
        raise Fatal(f"bad mynetworks_style value: {style}; specify exactly one value")


def _main_cf_value(name: str, names: Names, stderr: Stderr) -> str | None:
    """The value in main.cf, expanded with what stands there and no defaults: mail_conf_lookup_eval()."""
    main = names.scope.main
    if name not in main:
        return None

    def lookup(other: str) -> str | None:
        return main[other][-1].raw_value if other in main else None

    done = expanded(main[name][-1].raw_value, lookup, functions=has_functions(names.scope.release))
    if done.faults:
        say_faults(done.faults, stderr)
        raise Fatal("dictionary mail_dict: macro processing error")
    return done.text


def _check(text: str, known: tuple[str, ...], what: str) -> frozenset[str]:
    words = [word for word in text.translate(_SEPARATORS).split(" ") if word]
    for word in words:
        if word not in known:
            raise Fatal(f'unknown {what} value "{word}" in "{text}"')
    return frozenset(words)
