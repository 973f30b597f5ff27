"""The decision tree, branch by branch: a small log and a configuration, and the causes they give."""

from datetime import UTC, datetime

import pytest

from advisor.engine.traffic import write_log
from advisor.facts.causes import REMEDIES, Cause
from advisor.facts.observe import observe
from advisor.facts.observed import Observation
from advisor.facts.thresholds import default_thresholds
from advisor.logs.scan import scan
from advisor.settings.instance import Instance
from advisor.settings.release import NEWEST
from advisor.syntax.source import SourceFile

Traffic = dict[str, object]

POLICY = "smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:10023\n"
SPARING = "smtpd_recipient_restrictions = permit_mynetworks, check_policy_service inet:127.0.0.1:10023\n"
MILTER = "smtpd_milters = inet:127.0.0.1:8891\n"
DNS_LIST = "smtpd_client_restrictions = reject_rbl_client zen.example.org\n"
FILTER = "smtpd_proxy_filter = 127.0.0.1:10024\n"
TABLE = "smtpd_client_restrictions = check_client_access tcp:127.0.0.1:10055\n"
SQL = "virtual_mailbox_maps = proxy:mysql:/etc/postfix/users.cf\n"
CHECKS = "body_checks = pcre:/etc/postfix/body_checks\n"

# Two clients a second that wait: on 5 processes the pool is full.
BEFORE_THE_SENDER: Traffic = {"kind": "mail", "every": 0.5, "lasts": 5, "until": 60, "envelope": 4}
BEHIND_THE_HEADER: Traffic = {
    "kind": "mail", "every": 0.5, "lasts": 5, "until": 60, "envelope": 0, "content": 5,
}  # fmt: skip
SLEEPY: Traffic = {"kind": "mail", "every": 5, "lasts": 5, "until": 200, "envelope": 0, "content": 5}


def instance(main: str, processes: int = 5, entry: str = "smtp") -> Instance:
    master = f"{entry} inet n - n - {processes} smtpd\n"
    return Instance.of(SourceFile("main.cf", main), SourceFile("master.cf", master), NEWEST, "")


def without_the_end(log: str) -> str:
    """The log up to its last line, which says that the time is over."""
    return log.rstrip("\n").rpartition("\n")[0] + "\n"


def observation(main: str, *load: Traffic, processes: int = 5, entry: str = "smtp") -> Observation:
    return observed(instance(main, processes, entry), write_log(load, entry, processes, "a test"), entry)


def observed(of: Instance, log: str, entry: str = "smtp") -> Observation:
    metrics = scan(log.encode(), "mail.log", datetime(2026, 12, 1, tzinfo=UTC)).finish()
    found = observe(of, metrics, default_thresholds()).services[f"{entry}/inet"]
    assert isinstance(found, Observation)
    return found


@pytest.mark.parametrize(
    ("main", "load", "causes"),
    [
        (POLICY, BEFORE_THE_SENDER, ["slow-policy"]),
        (MILTER, BEFORE_THE_SENDER, ["slow-milter"]),
        (DNS_LIST, BEFORE_THE_SENDER, ["slow-dnsbl"]),
        (CHECKS, BEFORE_THE_SENDER, ["unknown"]),
        ("", BEFORE_THE_SENDER, ["unknown"]),
        (MILTER, BEHIND_THE_HEADER, ["slow-milter"]),
        (CHECKS, BEHIND_THE_HEADER, ["cpu-bound-checks"]),
        (TABLE, BEFORE_THE_SENDER, ["slow-tables"]),
        (SQL, BEFORE_THE_SENDER, ["slow-tables"]),
        (
            "smtpd_end_of_data_restrictions = check_policy_service unix:private/quota\n",
            BEHIND_THE_HEADER,
            ["slow-policy"],
        ),
        (FILTER, {**BEFORE_THE_SENDER, "filter": 1}, ["slow-proxy-filter"]),
        # The filter is quick, and idle half of the time: it is not what clients wait for.
        (FILTER + POLICY, {**BEFORE_THE_SENDER, "every": 2, "lasts": 12, "envelope": 11.5, "filter": 0.1},
         ["slow-policy"]),
        # It has workers enough, and is slow itself.
        (FILTER, {"kind": "mail", "every": 0.5, "lasts": 8, "until": 60, "envelope": 0, "filter": 7},
         ["slow-proxy-filter"]),
        ("", {"kind": "mail", "every": 0.25, "lasts": 2, "until": 40}, ["too-few-processes"]),
        ("", {"kind": "silent", "every": 2, "lasts": 300, "until": 60}, ["slow-clients"]),
        ("mynetworks = 127.0.0.0/8\n",
         {"kind": "silent", "every": 2, "lasts": 300, "until": 60, "addresses": 1}, ["single-client"]),
        ("", {"kind": "reset", "every": 5, "lasts": 0, "until": 60}, ["probes"]),
        ("", {"kind": "mail", "every": 5, "lasts": 1, "until": 60}, ["none"]),
    ],
)  # fmt: skip
def test_one_cause(main: str, load: Traffic, causes: list[str]) -> None:
    found = observation(main, load).diagnosis
    assert list(found.causes) == causes
    assert found.to_tell == ""


@pytest.mark.parametrize(
    "main",
    [
        POLICY,
        "",
        CHECKS + "receive_override_options = no_header_body_checks\n",
        MILTER + "receive_override_options = no_milters\n",
    ],
)
def test_with_nothing_to_wait_for_it_is_the_clients_or_the_disk(main: str) -> None:
    found = observation(main, BEHIND_THE_HEADER).diagnosis
    assert found.causes == (Cause.SLOW_TRANSFER,)
    assert "the disk" in found.to_tell


def test_some_clients_that_send_slowly_are_known_by_the_others() -> None:
    quick: Traffic = {"kind": "mail", "every": 1, "lasts": 0, "until": 60, "envelope": 0, "content": 0}
    slow: Traffic = {**BEHIND_THE_HEADER, "every": 1, "lasts": 9, "content": 9}
    found = observation("", quick, slow, processes=8).diagnosis
    assert (found.causes, found.to_tell) == ((Cause.SLOW_TRANSFER,), "")


def test_clients_that_send_slowly_since_before_all_processes_were_busy_count() -> None:
    """Nobody begins while the eight hold all processes."""
    slow: Traffic = {**BEHIND_THE_HEADER, "every": 1, "lasts": 60, "until": 8, "content": 50}
    quick: Traffic = {"kind": "mail", "every": 1, "lasts": 0, "until": 100, "envelope": 0, "content": 0}
    found = observation("", slow, quick, processes=8)
    assert found.diagnosis.causes == (Cause.SLOW_TRANSFER,)
    assert found.load.waits.content.share > 0.6


def test_a_wait_that_is_in_line_with_the_clients_pace_is_none() -> None:
    far: Traffic = {"kind": "mail", "every": 0.25, "lasts": 3, "until": 60, "envelope": 2}
    assert observation(POLICY, far, processes=5).diagnosis.causes == (Cause.TOO_FEW_PROCESSES,)


def test_what_the_log_cannot_separate_is_named_with_the_command_that_tells() -> None:
    found = observation(MILTER + CHECKS, BEHIND_THE_HEADER).diagnosis
    assert found.causes == (Cause.SLOW_MILTER, Cause.CPU_BOUND_CHECKS)
    assert "top " in found.to_tell
    assert "inet:127.0.0.1:8891 or the body checks in pcre:/etc/postfix/body_checks" in found.summary

    found = observation(POLICY + MILTER + DNS_LIST, BEFORE_THE_SENDER).diagnosis
    assert found.causes == (Cause.SLOW_POLICY, Cause.SLOW_MILTER, Cause.SLOW_DNSBL)
    assert "request=smtpd_access_policy" in found.to_tell

    found = observation(MILTER + DNS_LIST, BEFORE_THE_SENDER).diagnosis
    assert "dig " in found.to_tell


def test_a_wait_that_does_not_grow_with_the_load_is_not_the_processors() -> None:
    """Twenty messages in the quiet minutes took as long as those while the pool was full."""
    found = observation(MILTER + CHECKS, SLEEPY, {**BEHIND_THE_HEADER, "until": 40}).diagnosis
    assert found.causes == (Cause.SLOW_MILTER,)


def test_a_wait_that_grows_with_the_load_may_be_either() -> None:
    quick = {**SLEEPY, "lasts": 1, "content": 1}
    found = observation(MILTER + CHECKS, quick, {**BEHIND_THE_HEADER, "until": 40}).diagnosis
    assert found.causes == (Cause.SLOW_MILTER, Cause.CPU_BOUND_CHECKS)


@pytest.mark.parametrize(
    ("networks", "cause"), [("198.51.0.0/16", Cause.SLOW_MILTER), ("192.0.2.0/24", None)]
)
def test_clients_that_pass_before_the_policy_service_convict_the_milter(
    networks: str, cause: Cause | None
) -> None:
    found = observation(f"mynetworks = {networks}\n{SPARING}{MILTER}", BEFORE_THE_SENDER).diagnosis
    assert found.causes == ((cause,) if cause else (Cause.SLOW_POLICY, Cause.SLOW_MILTER))


def test_clients_that_pass_before_the_policy_service_acquit_the_milter() -> None:
    local = {"kind": "mail", "every": 1, "lasts": 1, "until": 60, "envelope": 0, "addresses": 1}
    found = observation(f"mynetworks = 198.51.100.1/32\n{SPARING}{MILTER}", local, BEFORE_THE_SENDER)
    assert found.diagnosis.causes == (Cause.SLOW_POLICY,)


def test_two_causes_are_two_causes() -> None:
    silent = {"kind": "silent", "every": 4, "lasts": 60, "until": 60}
    found = observation(POLICY, silent, BEFORE_THE_SENDER, processes=10).diagnosis
    assert set(found.causes) == {Cause.SLOW_CLIENTS, Cause.SLOW_POLICY}
    assert "; and " in found.summary
    assert found.to_tell == ""


def test_what_is_ruled_out_is_what_the_configuration_has() -> None:
    found = observation(
        POLICY + MILTER + DNS_LIST + FILTER + CHECKS, {"kind": "mail", "every": 0.25, "lasts": 2, "until": 40}
    ).diagnosis
    assert found.causes == (Cause.TOO_FEW_PROCESSES,)
    named = {each.cause for each in found.ruled_out}
    asked = {Cause.SLOW_POLICY, Cause.SLOW_MILTER, Cause.SLOW_DNSBL} | {
        Cause.SLOW_PROXY_FILTER,
        Cause.CPU_BOUND_CHECKS,
    }
    assert asked < named
    bare = observation("", {"kind": "mail", "every": 0.25, "lasts": 2, "until": 40}).diagnosis
    assert named - asked == {each.cause for each in bare.ruled_out}


def test_a_client_that_explains_the_slow_ones_is_named_against_them() -> None:
    one: Traffic = {"kind": "silent", "every": 2, "lasts": 300, "until": 60, "addresses": 1}
    found = observation("mynetworks = 127.0.0.0/8\n", one)
    (reason,) = (each.reason for each in found.diagnosis.ruled_out if each.cause is Cause.SLOW_CLIENTS)
    assert reason == "slow clients held 100% of the process time, and 198.51.100.1 alone 100% of that"


def test_no_remedy_is_named_twice_for_one_cause() -> None:
    for cause, helps in REMEDIES.items():
        assert len({each.remedy for each in helps}) == len(helps), cause


def test_a_server_that_falls_silent_with_all_processes_busy_is_full() -> None:
    """The last client comes when the log ends: no second passes in it with all of them busy."""
    silent: Traffic = {"kind": "silent", "every": 5, "lasts": 300, "until": 50}
    log = without_the_end(write_log([silent], "smtp", 10, "a test"))
    found = observed(instance("", 10), log).diagnosis
    assert (found.causes, found.saturated) == ((Cause.SLOW_CLIENTS,), True)


@pytest.mark.parametrize("main", [POLICY, MILTER])
def test_who_is_silent_where_nobody_was_served_may_wait_for_what_hangs(main: str) -> None:
    silent: Traffic = {"kind": "silent", "every": 5, "lasts": 300, "until": 60}
    found = observation(main, silent).diagnosis
    assert (found.causes, found.saturated) == ((Cause.UNKNOWN,), True)
    assert "ss -p" in found.to_tell
    assert Cause.SLOW_CLIENTS in observation(main, silent, {**SLEEPY, "until": 5}).diagnosis.causes


def test_a_short_log_that_begins_while_postfix_runs_does_not_show_who_is_silent() -> None:
    log = write_log([{"kind": "mail", "every": 5, "lasts": 1, "until": 100}], "smtp", 5, "a test")
    running = log.partition("\n")[2]
    assert observed(instance(""), log).diagnosis.causes == (Cause.NONE,)
    found = observed(instance(""), running).diagnosis
    assert found.causes == (Cause.UNKNOWN,)
    assert "begins while Postfix runs" in found.summary
    assert observed(instance("smtpd_timeout = 60s\n"), running).diagnosis.causes == (Cause.NONE,)


def test_a_glimpse_is_no_log() -> None:
    found = observation("", {"kind": "reset", "every": 1, "lasts": 0, "until": 5}).diagnosis
    assert found.causes == (Cause.UNKNOWN,)
    assert "give a longer one" in found.summary


def test_a_touch_of_the_limit_is_said_and_not_blamed() -> None:
    burst: Traffic = {"kind": "mail", "every": 0.25, "lasts": 3, "until": 1.5}
    rest: Traffic = {"kind": "mail", "every": 5, "lasts": 1, "until": 60}
    found = observation("", burst, rest).diagnosis
    assert (found.causes, found.saturated) == ((Cause.NONE,), False)
    assert "too short to matter" in found.summary


def test_half_a_second_is_long_for_clients_that_need_none_themselves() -> None:
    brief: Traffic = {"kind": "mail", "every": 0.125, "lasts": 0.75, "until": 60, "envelope": 0.75}
    assert observation(POLICY, brief).diagnosis.causes == (Cause.SLOW_POLICY,)


def test_all_busy_at_the_end_is_full_only_if_master_has_just_said_so() -> None:
    """A burst touched the limit a minute ago; the log ends amid another one."""
    burst: Traffic = {"kind": "mail", "every": 58, "lasts": 3, "until": 120}
    rest: Traffic = {"kind": "mail", "every": 2, "lasts": 0, "until": 50}
    log = write_log([*[burst] * 5, rest], "smtp", 5, "a test")
    cut = "".join(line for line in log.splitlines(keepends=True) if line[:15] <= "Mar  2 09:00:59")
    assert observed(instance(""), cut).load.peak == 5
    assert observed(instance(""), cut).diagnosis.causes == (Cause.NONE,)


def test_one_session_makes_no_single_client() -> None:
    """Each of three clients holds a third of three processes."""
    silent: Traffic = {"kind": "silent", "every": 2, "lasts": 300, "until": 60}
    found = observation("mynetworks = 127.0.0.0/8\n", silent, processes=3).diagnosis
    assert found.causes == (Cause.SLOW_CLIENTS,)


def test_a_burst_of_short_sessions_is_no_name_lookup() -> None:
    """With stamps of whole seconds a session that ends in the second it begins is busy for no time."""
    burst: Traffic = {"kind": "mail", "every": 58, "lasts": 0.5, "until": 100}
    rest: Traffic = {"kind": "mail", "every": 1, "lasts": 0.25, "until": 100}
    found = observation("", *[burst] * 8, rest, processes=8)
    assert found.load.limit_warnings == 1
    assert (found.diagnosis.causes, found.diagnosis.saturated) == ((Cause.NONE,), False)


def test_processes_that_are_idle_all_the_time_show_that_the_pool_is_open() -> None:
    """Two processes take clients by turns, and each waits for its next one: no client had to wait."""
    log = write_log([{"kind": "mail", "every": 1, "lasts": 1.5, "until": 60}], "smtp", 10, "a test")
    running = log.partition("\n")[2]
    assert observed(instance("", 10), running).diagnosis.causes == (Cause.NONE,)


def test_processes_that_take_client_after_client_do_not_show_that_the_pool_is_open() -> None:
    """Three processes of ten are seen; clients that came before the log may hold the others."""
    log = write_log([{"kind": "mail", "every": 0.25, "lasts": 1, "until": 60}], "smtp", 3, "a test")
    running = "".join(line for line in log.splitlines(keepends=True)[1:] if "warning: service" not in line)
    found = observed(instance("", 10), running).diagnosis
    assert found.causes == (Cause.UNKNOWN,)
    assert "begins while Postfix runs" in found.summary


def test_pauses_that_may_be_name_lookups_do_not_show_that_the_pool_is_open() -> None:
    log = write_log([{"kind": "mail", "every": 1, "lasts": 0, "until": 30}], "smtp", 5, "a test")
    lines = log.splitlines(keepends=True)[1:]
    turns = "".join(line.replace("[1000]", f"[{1000 + int(line[13:15]) % 5}]") for line in lines)
    assert observed(instance(""), turns).diagnosis.causes == (Cause.UNKNOWN,)


def test_without_a_process_limit_no_log_begins_too_late() -> None:
    log = write_log([{"kind": "mail", "every": 5, "lasts": 1, "until": 100}], "smtp", 0, "a test")
    assert observed(instance("", 0), log.partition("\n")[2]).diagnosis.causes == (Cause.NONE,)


def test_sessions_shorter_than_a_second_met_the_full_pool_as_well() -> None:
    """A tenth begins and ends in the same second; these are not what a session takes in a pool with room."""
    brief: Traffic = {"kind": "mail", "every": 0.1, "lasts": 0.9, "until": 120}
    found = observation("", brief)
    assert found.load.service_time == pytest.approx(0.9, abs=0.1)
    assert found.diagnosis.causes == (Cause.TOO_FEW_PROCESSES,)


def test_who_is_silent_is_held_against_the_way_to_the_sender() -> None:
    """Good sessions are long, because each recipient is asked for; none is silent for long."""
    silent: Traffic = {"kind": "silent", "every": 5, "lasts": 300, "until": 60}
    asked: Traffic = {"kind": "mail", "every": 1, "lasts": 15, "until": 60, "envelope": 3}
    found = observation(POLICY, silent, asked, processes=14)
    assert found.load.slow.threshold == 9
    assert Cause.SLOW_CLIENTS in found.diagnosis.causes


@pytest.mark.parametrize(
    ("main", "cause"),
    [
        (CHECKS, Cause.CPU_BOUND_CHECKS),
        (MILTER, Cause.SLOW_MILTER),
        ("smtpd_end_of_data_restrictions = check_policy_service unix:private/quota\n", Cause.SLOW_POLICY),
        ("", Cause.TOO_FEW_PROCESSES),
    ],
)
def test_less_than_a_second_for_each_message_is_long_when_it_is_most_of_the_time(
    main: str, cause: Cause
) -> None:
    brief: Traffic = {
        "kind": "mail", "every": 0.125, "lasts": 1, "until": 60, "envelope": 0, "content": 0.75,
    }  # fmt: skip
    found = observation(main, brief).diagnosis
    assert (found.causes, found.saturated) == ((cause,), True)


def test_body_checks_are_not_what_takes_as_long_with_free_processes() -> None:
    """The clients send that slowly."""
    busy: Traffic = {
        "kind": "mail", "every": 0.125, "lasts": 1, "until": 30, "envelope": 0, "content": 0.75,
    }  # fmt: skip
    sleepy: Traffic = {**busy, "every": 1, "until": 120}
    assert observation(CHECKS, busy, sleepy).diagnosis.causes == (Cause.TOO_FEW_PROCESSES,)


def test_a_policy_service_that_puts_clients_off_and_is_slow_is_one_cause() -> None:
    """Greylisting: who is told to come again has waited for the same answer."""
    refused: Traffic = {"kind": "refused", "every": 1, "lasts": 4, "until": 60}
    log = write_log([refused, {**BEFORE_THE_SENDER, "every": 1}], "smtp", 5, "a test")
    put_off = log.replace("550 5.1.1 <b@example.org>: Recipient", "450 4.7.1 <b@example.org>: Recipient")
    assert observed(instance(POLICY), put_off).diagnosis.causes == (Cause.SLOW_POLICY,)
    assert Cause.REJECTED_CLIENTS in observed(instance(POLICY), log).diagnosis.causes


def test_where_nothing_else_is_asked_clients_wait_for_the_filter() -> None:
    """Its one worker is idle at times by the log: it is taken before the sender and given back later."""
    filtered: Traffic = {**BEFORE_THE_SENDER, "every": 1.5, "lasts": 9, "envelope": 8, "filter": 0.5}
    found = observation(FILTER, filtered)
    assert found.load.waits.filter_load < default_thresholds().filter_load
    assert found.diagnosis.causes == (Cause.SLOW_PROXY_FILTER,)


def test_no_client_without_a_pause_may_be_name_lookups_that_take_a_second() -> None:
    """Each of five processes takes a client after one or two seconds; when master warned three showed one."""
    lines = ["Mar  2 09:00:00 mx postfix/master[100]: daemon started -- version 3.7.11, configuration /etc"]
    for second in range(60):
        stamp = f"Mar  2 09:00:{second:02d} mx"
        if second == 20:
            lines.append(
                f'{stamp} postfix/master[100]: warning: service "smtp" (25) has reached its process limit "5"'
                ": new clients may experience noticeable delays"
            )
        for pid in (each for each in range(5) if (second - each) % 3 < 2):
            smtpd, client = f"{stamp} postfix/smtpd[{200 + pid}]:", f"unknown[198.51.100.{second}]"
            lines += [f"{smtpd} connect from {client}"]
            lines += [f"{smtpd} disconnect from {client} ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5"]
    found = observed(instance(""), "\n".join(lines) + "\n").diagnosis
    assert found.causes == (Cause.UNKNOWN,)
    assert "looking up client names" in found.summary


def test_a_scan_that_takes_all_processes_for_a_second_lost_nobody() -> None:
    """The clients that left were those that filled the pool, and did not wait for it."""
    scan: Traffic = {"kind": "reset", "every": 58, "lasts": 1, "until": 100}
    found = observation("", *[scan] * 8, {"kind": "mail", "every": 1, "lasts": 0, "until": 100}, processes=8)
    assert found.load.lost.while_full == 0
    assert (found.diagnosis.causes, found.diagnosis.saturated) == ((Cause.NONE,), False)


def test_clients_lost_at_single_moments_of_a_long_log_are_not_lost_to_a_full_pool() -> None:
    """Every ten minutes both processes are busy for a second, when a probe comes, too."""
    mail: Traffic = {"kind": "mail", "every": 600, "lasts": 2, "until": 6000}
    probe: Traffic = {"kind": "reset", "every": 600, "lasts": 1, "until": 6000}
    found = observation("", mail, mail, probe, processes=3)
    assert found.load.lost.while_full == 1
    assert found.diagnosis.saturated is False


def test_all_busy_at_the_end_is_full_when_many_have_been_there_for_long() -> None:
    """Master warned of a burst in the beginning, and does so again after 1000 s only."""
    burst: Traffic = {"kind": "mail", "every": 58, "lasts": 1, "until": 58}
    silent: Traffic = {"kind": "silent", "every": 8, "lasts": 300, "until": 58}
    rest: Traffic = {"kind": "mail", "every": 2, "lasts": 0, "until": 58}
    log = write_log([*[burst] * 7, silent, rest], "smtp", 7, "a test")
    found = observed(instance("", 7), without_the_end(log))
    assert found.load.longest_full < default_thresholds().full_seconds
    assert found.diagnosis.causes == (Cause.SLOW_CLIENTS,)
