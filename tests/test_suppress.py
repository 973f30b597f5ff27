"""Ignore comments: what they hide, which of them are unused, and what the plan makes of these.

What is asserted is small: pytest writes down all of what fails, and of a report that takes it minutes.
"""

from datetime import date, timedelta
from pathlib import Path

import pytest

from advisor.engine.loader import load_rules
from advisor.engine.selection import Selection
from advisor.engine.suppression import SuppressedBy
from advisor.settings.release import Release
from advisor.syntax.source import Span
from tests.judging import MAIN, MASTER, TODAY, said

WEAK = "smtp_tls_protocols = SSLv3, TLSv1\n"
SLOW = "smtpd_timeout = 300s\n"


OWN = """
name = "{name}"
category = "own"
summary = "A colour that is too dark"
severity = "low"
confidence = "high"
for_each = "main_cf_parameters"
when = "parameter.name == 'colour' and parameter.value == 'dark'"
message = "It is {name}."
why = "A matter of light."
no_change = "it is told by the other"
{fix}
[[example]]
verdict = "fired"
main_cf = "colour = dark\\n"
[[example]]
verdict = "passed"
main_cf = "colour = light\\n"
"""
FIX = """
[[fix]]
title = "More light"
applicability = "unsafe"
change = "set-parameter"
parameter = "colour"
value = "'light'"
"""


class TestWhatIsHidden:
    def test_the_findings_of_the_line_below(self) -> None:
        report = said(f"{MAIN}# advisor: ignore[weak-tls-protocol] -- why\n{WEAK}{SLOW}")
        assert (report.found, report.hidden) == ([("literal-smtpd-timeout", 6)], [("weak-tls-protocol", 5)])
        assert report.behind == ["-smtpd_timeout = 300s", "+smtpd_timeout = ${stress?{10}:{300}}s"]

    def test_with_what_was_said(self) -> None:
        text = f"{MAIN}# advisor: ignore[weak-tls-protocol] until=2027-03-01 -- hall 3\n{WEAK}"
        (one,) = said(text).suppressions
        assert (one.by, one.reason, one.until) == (SuppressedBy.COMMENT, "hall 3", date(2027, 3, 1))
        assert one.where == Span("main.cf", 4, 1, 4, 64)

    def test_only_of_the_rules_that_are_named(self) -> None:
        report = said(f"{MAIN}# advisor: ignore[bad-value-type] -- why\n{WEAK}")
        assert report.found == [("unused-ignore", 4), ("weak-tls-protocol", 5)]

    def test_not_on_another_line(self) -> None:
        report = said(f"{MAIN}# advisor: ignore[weak-tls-protocol] -- why\n{SLOW}{WEAK}")
        assert ("weak-tls-protocol", 6) in report.found

    def test_what_is_not_set_is_not_the_last_line_s(self) -> None:
        text = MAIN.replace("smtp_tls_security_level = may\n", "")
        for end in ("\n", ""):
            report = said(f"{text}# advisor: ignore[no-outbound-tls] -- why\nbiff = no{end}")
            assert report.hidden == []
            assert len(report.unused) == 1

    def test_in_the_whole_file(self) -> None:
        report = said(f"{MAIN}{WEAK}\n# advisor: ignore-file[weak-tls-protocol, no-inbound-tls] -- why\n")
        assert [rule for rule, _ in report.hidden] == ["no-inbound-tls", "weak-tls-protocol"]
        assert report.unused == []

    def test_and_not_in_another_file(self) -> None:
        report = said(f"{MAIN}{WEAK}", f"# advisor: ignore-file[weak-tls-protocol] -- why\n{MASTER}")
        assert report.hidden == []
        assert report.unused == [
            "The ignore of weak-tls-protocol hides nothing: weak-tls-protocol finds nothing in this file."
        ]

    def test_in_master_cf(self) -> None:
        option = MASTER.replace("smtpd\n", "smtpd\n  -o syslog_name=x\n  -o smtpd_timeout=300s\n")
        plain = said(MAIN, option)
        assert ("literal-smtpd-timeout", 3) in plain.found
        above = said(MAIN, f"# advisor: ignore[literal-smtpd-timeout] -- why\n{option}")
        between = option.replace(
            "  -o smtpd_t", "# advisor: ignore[literal-smtpd-timeout] -- why\n  -o smtpd_t"
        )
        other = option.replace("  -o sys", "# advisor: ignore[literal-smtpd-timeout] -- why\n  -o sys")
        assert above.hidden == said(MAIN, between).hidden == [("literal-smtpd-timeout", 4)]
        assert said(MAIN, other).hidden == []

    def test_a_list_element_between_lines(self) -> None:
        text = f"{MAIN}smtpd_recipient_restrictions =\n"
        text += "%s  reject_rbl_client sbl.spamhaus.org,\n%s  permit_mynetworks\n"
        comment = "  # advisor: ignore[dnsbl-without-reply-filter] -- why\n"
        assert ("dnsbl-without-reply-filter", 4) in said(text % ("", "")).found
        assert [rule for rule, _ in said(text % (comment, "")).hidden] == ["dnsbl-without-reply-filter"]
        elsewhere = said(text % ("", comment))
        assert (elsewhere.hidden, len(elsewhere.unused)) == ([], 1)

    def test_no_ignores(self) -> None:
        text = f"{MAIN}# advisor: ignore[weak-tls-protocol, foo]\n{WEAK}"
        report = said(text, with_ignores=False)
        assert (report.found, report.hidden, report.expired) == ([("weak-tls-protocol", 5)], [], [])

    def test_an_open_relay_never(self) -> None:
        text = f"{MAIN}# advisor: ignore[open-relay] -- why\nmynetworks = 0.0.0.0/0\n"
        text += "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\n"
        report = said(text)
        assert {"open-relay", "unused-ignore"} <= {rule for rule, _ in report.found}
        assert report.unused == [
            "The ignore of open-relay hides nothing: what open-relay finds cannot be ignored."
        ]


class TestTheDay:
    TEXT = f"{MAIN}# advisor: ignore[weak-tls-protocol] until={TODAY} -- why\n{WEAK}"

    def test_the_last_day_counts(self) -> None:
        assert said(self.TEXT).found == []

    def test_behind_it_nothing_is_hidden(self) -> None:
        report = said(self.TEXT, today=TODAY + timedelta(days=1))
        assert report.found == [("expired-ignore", 4), ("weak-tls-protocol", 5)]
        assert report.expired == [True]


class TestUnused:
    @pytest.mark.parametrize(
        ("comment", "reason"),
        [
            ("ignore[bad-value-type]", "bad-value-type finds nothing there."),
            ("ignore-file[bad-value-type]", "bad-value-type finds nothing in this file."),
            (
                "ignore[weak-tls-protcol]",
                "no rule is called weak-tls-protcol; did you mean weak-tls-protocol?",
            ),
            ("ignore[qqq]", "no rule is called qqq."),
            ("ignore[tls]", "tls is no rule, and rules are ignored one by one."),
            ("ignore[all]", "all is no rule, and rules are ignored one by one."),
            ("ignore[unused-ignore]", "no comment hides what unused-ignore says of comments;"),
            ("ignore-file[expired-ignore]", "no comment hides what expired-ignore says of comments;"),
            ("ignore", "it names no rules in brackets; write"),
            ("ignore[bad-value-type] until=soon", "'until=soon' names no day;"),
            ("ignore[\x1b[2J\udc80]", "it names no rules in brackets;"),
            ("ignore[\x1bx\udc80]", "no rule is called \\x1bx\\x80."),
        ],
    )
    def test_it_says_why(self, comment: str, reason: str) -> None:
        report = said(f"{MAIN}# advisor: {comment} -- why\n{WEAK}")
        (message,) = report.unused
        assert f" hides nothing: {reason}" in message
        assert ("weak-tls-protocol", 5) in report.found

    def test_a_comment_above_nothing(self) -> None:
        report = said(f"{MAIN}# advisor: ignore[weak-tls-protocol] -- why\n\n{WEAK}")
        assert report.unused == [
            "The ignore of weak-tls-protocol hides nothing: a blank line stands between it and what follows."
        ]

    @pytest.mark.parametrize(
        ("names", "selection"),
        [
            ("smtpd-process-limit-reached", Selection()),  # undecided without a log
            ("vrfy-enabled", Selection()),  # asked by --pedantic only
            ("bad-value-type", Selection(ignore=("bad-value-type",))),
            ("bad-value-type", Selection(select=("unused-ignore", "tls"))),
        ],
    )
    def test_what_was_not_asked_is_not_unused(self, names: str, selection: Selection) -> None:
        report = said(f"{MAIN}# advisor: ignore[{names}] -- why\n{WEAK}", selection=selection)
        assert report.unused == []

    def test_what_is_for_another_release_is_not_unused(self) -> None:
        text = f"{MAIN}# advisor: ignore[permanent-stress-mode] -- why\n{WEAK}"
        reports = (said(text, release=Release.parse(release)) for release in ("2.2", "3.11.6"))
        assert [len(report.unused) for report in reports] == [0, 1]

    def test_asked_they_are(self) -> None:
        report = said(
            f"{MAIN}# advisor: ignore[vrfy-enabled] -- why\n{WEAK}", selection=Selection(pedantic=True)
        )
        assert len(report.unused) == 1

    def test_services_that_nobody_gave(self) -> None:
        text = f"{MAIN}# advisor: ignore[literal-smtpd-timeout] -- why\nbiff = no\n"
        assert (len(said(text, None).unused), len(said(text).unused)) == (0, 1)


class TestThePlan:
    def test_the_name_goes(self) -> None:
        text = f"{MAIN}# advisor: ignore[qqq, weak-tls-protocol, bad-value-type] -- why\n{WEAK}"
        assert said(text).behind == [
            "-# advisor: ignore[qqq, weak-tls-protocol, bad-value-type] -- why",
            "+# advisor: ignore[weak-tls-protocol] -- why",
        ]

    def test_the_comment_goes(self) -> None:
        text = f"{MAIN}mynetworks = 127.0.0.1,\n  # advisor: ignore[qqq, qqq, xxx] -- why\n  [::1]\n"
        assert said(text).behind == ["-  # advisor: ignore[qqq, qqq, xxx] -- why"]

    def test_two_that_say_the_same(self) -> None:
        text = f"{MAIN}# advisor: ignore[qqq] -- a\nbiff = no\n# advisor: ignore[qqq] -- b\n{WEAK}"
        report = said(text, selection=Selection(select=("unused-ignore",)))
        assert report.behind == ["-# advisor: ignore[qqq] -- a", "-# advisor: ignore[qqq] -- b"]

    def test_what_cannot_be_read_stays(self) -> None:
        assert said(f"{MAIN}# advisor: ignore -- why\nbiff = no\n").behind == []

    def test_what_another_change_makes_unused_goes_with_it(self, tmp_path: Path) -> None:
        (tmp_path / "own").mkdir()
        for name, fix in (("dark", FIX), ("not-light", "")):
            (tmp_path / "own" / f"{name}.toml").write_text(OWN.format(name=name, fix=fix))
        own = load_rules((tmp_path,))
        text = f"{MAIN}# advisor: ignore[not-light] -- why\ncolour = dark\n"
        report = said(text, own_rules=own)
        assert report.found == [("dark", 5), ("unknown-parameter", 5)]
        assert report.hidden == [("not-light", 5)]
        assert report.behind == ["-# advisor: ignore[not-light] -- why", "-colour = dark", "+colour = light"]

    def test_a_line_that_goes_does_not_leave_its_ignore_to_the_next(self) -> None:
        twice = f"{SLOW}# advisor: ignore[weak-tls-protocol] -- why\nsmtp_tls_protocols = SSLv2\n{WEAK}"
        report = said(f"{MAIN}{twice}", selection=Selection(select=("duplicate-parameter",)))
        assert report.behind == []
        assert report.why_not == [
            "the ignore of weak-tls-protocol in main.cf would be for something else: smtp_tls_protocols"
        ]
