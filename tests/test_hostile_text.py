"""No text of a configuration breaks a rule, the plan or the report, and none reaches a terminal as it is."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from advisor.engine.selection import Selection
from advisor.facts.case import NO_LOG, Case
from advisor.facts.observe import observe
from advisor.facts.thresholds import default_thresholds
from advisor.judging import judge_case
from advisor.logs.scan import scan
from advisor.report.full import write_full
from advisor.report.json import write_json
from advisor.report.model import Report, Reports
from advisor.rule_sets import all_rules
from advisor.settings.catalogue import catalogue
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

RULES = Selection().choose(all_rules())
# What a terminal, a shell, Postfix, Jinja2 or rich would take for more than text.
_PIECES = st.sampled_from(
    [
        *("\0", "\x1b[2J", "\x9b", "\udc80", "\u202e", "\u2028", "\r", "\v", "\x85", "\ud7ff", "\t"),
        *("{", "}", "${", "$", "$(x", "$x", "${x?", "$relayhost", "{{ 7*7 }}", "{% raw", "[bold]", "`id`"),
        *(
            " # c",
            "\n # c\n",
            "\n  relayhost = x",
            "#",
            '"',
            "=",
            ",",
            " ",
            "5 min",
            "10M",
            "yes",
            "True",
            "reject",
        ),
        *("9" * 50, "a" * 200, "check_policy_service", "hash:/x", "static:{ok}", "permit_mynetworks"),
    ]
)
_VALUES = st.lists(_PIECES, max_size=6).map("".join)
_NAMES = st.one_of(
    st.sampled_from(
        [
            *("relayhost", "x", "relayhots", "smtpd_timeout", "message_size_limit", "biff", "smtpd_milters"),
            *("smtpd_restriction_classes", "smtpd_client_restrictions", "mynetworks", "proxy_read_maps"),
            *("smtpd_relay_restrictions", "maillog_file", "my\x1bname", "{{x}}", "na\udc80me"),
        ]
    ),
    st.sampled_from(sorted(catalogue().parameters)),
)
_MAIN = st.lists(st.tuples(_NAMES, _VALUES), max_size=6).map(
    lambda lines: "".join(f"{name} = {value}\n" for name, value in lines)
)
_OPTIONS = st.lists(st.tuples(_NAMES, _VALUES), max_size=4).map(
    lambda options: "".join(f" -o {{ {name} = {value} }}" for name, value in options)
)
_LOG_LINES = st.lists(
    st.tuples(
        st.sampled_from(["2026-11-03T10:0", "9999-12-31T23:5", "0001-01-01T00:0"]),
        st.integers(0, 9),
        st.sampled_from(["Z", "-23:59", "+23:59"]),
        st.sampled_from(
            [
                "mx postfix/smtpd[7]: connect from unknown[192.0.2.1]",
                "mx postfix/smtpd[7]: > unknown[192.0.2.1]: \x1b[2J",
                "m\x1b[2Jx postfix/smtpd[7]: x",
                "mx rsyslogd: imuxsock[pid 7, name: \x1b[2J postfix]: 999 messages lost due to rate-limiting",
                "mx systemd-journald[1]: Suppressed 999999999999 messages from postfix\x1b",
            ]
        ),
    ),
    max_size=8,
).map(lambda lines: "".join(f"{hour}{minute}:00{zone} {text}\n" for hour, minute, zone, text in lines))


def report(main: str, options: str = "", log: str = "") -> Report:
    master = f"submission inet n - n - 5 smtpd{options}\nqmgr unix n - n 300 1 qmgr\n"
    of = Instance.of(
        SourceFile("main.cf", main), SourceFile("master.cf", master), Release.parse("3.7.11"), ""
    )
    if not log:
        return judge_case(RULES, Case(of, NO_LOG), None)
    metrics = scan(log.encode("utf-8", "surrogateescape"), "log", datetime(2026, 12, 1, tzinfo=UTC)).finish()
    return judge_case(RULES, Case(of, observe(of, metrics, default_thresholds())), metrics)


def broken(made: Report) -> list[str]:
    return [f"{rule.name}: {error}" for rule, error in made.broken]


def screen(made: Report) -> str:
    text = StringIO()
    write_full((made,), Console(file=text, width=100, highlight=False, markup=False, emoji=False))
    return text.getvalue()


@given(_MAIN, _OPTIONS)
@settings(max_examples=60)
def test_no_configuration_breaks_anything(main: str, options: str) -> None:
    made = report(main, options)
    faults = broken(made)  # a report is too long to be shown when it fails
    assert faults == []
    assert all(letter.isprintable() or letter == "\n" for letter in screen(made))
    write_json(Reports((made,))).encode()


@pytest.mark.parametrize(
    ("main", "options"),
    [
        ("my\x1bname = a\nmy\x1bname = b\n", ""),
        ("", " -o { na\udc80me = a } -o { na\udc80me = b }"),
        ("smtpd_relay_restrictions = reject\n", " -o { \x9b_restrictions = $x }"),
        ("a = reject\nsmtpd_client_restrictions = a\nsmtpd_restriction_classes = \x1b\n", ""),
        ("relayhost = \x1b[2J # \x1b[2J\n", ""),
    ],
)
def test_a_name_that_no_change_must_repeat_is_still_a_finding(main: str, options: str) -> None:
    made = report(main, options)
    faults = broken(made)  # a report is too long to be shown when it fails
    assert faults == []
    assert len(made.findings) > 1
    assert all(letter.isprintable() or letter == "\n" for letter in screen(made))


@given(_LOG_LINES)
def test_no_log_breaks_the_rule_about_logs(log: str) -> None:
    made = report("maillog_file = /var/log/x\n", "", log + "\n")
    faults = broken(made)  # a report is too long to be shown when it fails
    assert faults == []
    for finding in made.findings:
        assert all(letter.isprintable() or letter == "\n" for letter in finding.message)


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "$x " * 30_000, "{" * 100_000, "\n # c" * 20_000, "reject, " * 12_000]
)
def test_a_value_of_100_kb_is_judged(text: str) -> None:
    made = report(f"x = y\nrelayhost = {text}\nsmtpd_client_restrictions = {text}\nbiff = {text}\n")
    faults = broken(made)  # a report is too long to be shown when it fails
    assert faults == []
    assert len(screen(made)) < 60_000 + 4 * len(text)
