"""What is well made, or comes with Postfix, is left in peace: no finding of medium or above, but those that
the release itself makes true.
"""

import subprocess
from pathlib import Path

import pytest

from advisor.engine.selection import Selection
from advisor.engine.verdicts import Severity
from advisor.facts.case import NO_LOG, Case
from advisor.facts.profile import profile
from advisor.installed import asked_release
from advisor.judging import judge_case
from advisor.rule_sets import all_rules
from advisor.settings.given import stock_master_cf
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

ROOT = Path(__file__).parent.parent
STOCK = Path(__file__).parent / "data" / "stock"
REFERENCES = sorted(folder.name for folder in (ROOT / "examples").glob("reference-*"))
RELEASES = ("3.5", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11")

# What a release makes true of the stock configurations: the rule, and the releases where it may speak up.
TRUE_OF_STOCK = {
    # A bare LF is taken as a line end up to 3.8, unless main.cf says otherwise.
    "smtp-smuggling": ("3.5", "3.6", "3.7", "3.8"),
}


def instance_of(main: Path, master: Path | None, series: str) -> Instance:
    """The instance in a release of that series. Before 3.6 the compatibility level is a whole number; what
    comes with Postfix has the level of its release.
    """
    release = Release.parse(str(asked_release(series)))
    text = main.read_text()
    level = "2" if series == "3.5" else series if main.name.startswith("upstream") else "3.6"
    text = text.replace("compatibility_level = 3.6", f"compatibility_level = {level}")
    services = SourceFile("master.cf", master.read_text()) if master else stock_master_cf(release)
    return Instance.of(SourceFile("main.cf", text), services, release, "a test")


def complaints(instance: Instance, *, true: tuple[str, ...] = ()) -> list[str]:
    """The findings of medium and above, save those of the rules in `true`; and what broke."""
    report = judge_case(Selection().choose(all_rules()), Case(instance, NO_LOG), None)
    assert report.broken == ()
    return [
        f"{finding.rule}: {finding.message}"
        for finding in report.findings
        if finding.severity >= Severity.MEDIUM and finding.rule not in true
    ]


@pytest.mark.parametrize("series", RELEASES)
@pytest.mark.parametrize("name", REFERENCES)
def test_a_reference_is_left_in_peace(name: str, series: str) -> None:
    folder = ROOT / "examples" / name
    assert complaints(instance_of(folder / "main.cf", folder / "master.cf", series)) == []


@pytest.mark.parametrize("series", RELEASES)
@pytest.mark.parametrize("flavour", ["upstream", "debian"])
def test_what_comes_with_postfix_is_left_in_peace(flavour: str, series: str) -> None:
    master = STOCK / "debian-master.cf" if flavour == "debian" else None
    true = tuple(rule for rule, releases in TRUE_OF_STOCK.items() if series in releases)
    assert complaints(instance_of(STOCK / f"{flavour}-main.cf", master, series), true=true) == []


@pytest.mark.parametrize("series", RELEASES)
def test_the_stock_submission_services_are_left_in_peace(series: str, tmp_path: Path) -> None:
    main, master = tmp_path / "main.cf", tmp_path / "master.cf"
    main.write_text(
        "compatibility_level = 3.6\nmyhostname = mail.example.com\nmydestination = example.com, localhost\n"
        "smtpd_tls_cert_file = /etc/ssl/mail.pem\nsmtpd_tls_security_level = may\n"
        "smtp_tls_security_level = may\nsmtpd_sasl_type = dovecot\nsmtpd_sasl_path = private/auth\n"
    )
    stock = [(STOCK / f"{name}-master.cf").read_text() for name in ("debian", "submission")]
    master.write_text("".join(stock))
    true = tuple(rule for rule, releases in TRUE_OF_STOCK.items() if series in releases)
    assert complaints(instance_of(main, master, series), true=true) == []


@pytest.mark.parametrize("name", REFERENCES)
def test_a_reference_is_taken_for_what_it_is(name: str) -> None:
    folder = ROOT / "examples" / name
    case = Case(instance_of(folder / "main.cf", folder / "master.cf", "3.11"), NO_LOG)
    assert profile(case) == (name.removeprefix("reference-"),)


@pytest.mark.postfix
@pytest.mark.parametrize("name", REFERENCES)
def test_the_real_postconf_has_nothing_to_say_of_a_reference(name: str, postconf: Path) -> None:
    folder = ROOT / "examples" / name
    done = subprocess.run([postconf, "-c", folder, "-n"], capture_output=True, text=True, check=True)
    assert done.stderr == ""
