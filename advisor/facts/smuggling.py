"""Facts about SMTP smuggling: a bare LF that one server takes as a message's end and another does not."""

from advisor.facts.case import Case
from advisor.facts.registry import fact
from advisor.facts.services import smtp_services
from advisor.settings.catalogue import Kind

_NAME = "smtpd_forbid_bare_newline"


@fact()
def knows_bare_newline(case: Case) -> bool:
    """Whether this release has smtpd_forbid_bare_newline, which came with patch releases too."""
    return case.instance.setting(_NAME).exists


@fact()
def bare_newline_value(case: Case) -> str:
    """The value that forbids smuggling: `normalize`, or `yes` where the release knows no other."""
    setting = case.instance.setting(_NAME)
    boolean = setting.parameter is not None and setting.parameter.kind(case.instance.release) is Kind.BOOL
    return "yes" if boolean else "normalize"


@fact()
def other_servers_come(case: Case) -> bool:
    """Whether other mail servers hand in mail here, and not users alone."""
    return any(not service.is_submission for service in smtp_services(case))


@fact()
def services_open_to_smuggling(case: Case) -> tuple[str, ...]:
    """The SMTP servers, reachable from other hosts, that take a bare LF as a line end."""
    return tuple(
        service.key
        for service in smtp_services(case)
        if case.instance.setting(_NAME, service).normal.lower() in ("no", "")
    )
