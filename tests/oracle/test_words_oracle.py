"""Words held against the real programs: one that the data calls unknown stops them, and a known one does not.

The server skeletons serve standard input with -S. Nobody answers them there, so what only waits has started.
"""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from advisor.facts.case import NO_LOG, Case
from advisor.facts.checked_words import checked_words
from advisor.settings.catalogue import catalogue
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.settings.vocabulary import vocabulary
from advisor.syntax.source import SourceFile
from tests.oracle.test_settings_oracle import installed_release

pytestmark = pytest.mark.postfix

# Programs that start for anybody, and need no other one for that.
PROGRAMS = ("smtpd", "smtp", "cleanup")
# None of them can do without these two; a table of the host's own would have to be there.
HEAD = """compatibility_level = 3.6
myhostname = mail.example.com
mydestination =
mynetworks = 127.0.0.0/8
local_recipient_maps =
inet_interfaces = 127.0.0.1
smtpd_sasl_auth_enable = yes
"""
# A program that gives up sleeps for a second first.
WAIT = 10
AT_A_TIME = 40
UNKNOWN = "zzz"
MORE = (
    ("smtpd", "virtual_alias_maps = /etc/postfix/virtual"),
    ("smtpd", "virtual_alias_maps = static:x"),
    ("cleanup", "canonical_maps = x"),
    ("smtpd", "smtpd_client_restrictions = check_policy_service 127.0.0.1:10023"),
    ("smtpd", "smtpd_client_restrictions = check_policy_service unix:"),
    ("smtpd", "smtpd_client_restrictions = check_policy_service { inet:127.0.0.1:1, timeout = 1s }"),
    ("smtpd", "smtpd_client_restrictions = check_policy_service { inet:127.0.0.1:1, { timeout = 1s } }"),
    ("smtpd", "smtpd_client_restrictions = check_policy_service { inet:127.0.0.1:1, timout=1s }"),
    ("smtpd", "smtpd_client_restrictions = check_policy_service local:x"),
    ("cleanup", "non_smtpd_milters = { inet:127.0.0.1:1, connect_timeout = 1s }"),
    ("cleanup", "non_smtpd_milters = { inet:127.0.0.1:1, { connect_timeout = 1s } }"),
    ("cleanup", "non_smtpd_milters = { inet:127.0.0.1:1, conect_timeout=1s }"),
)


def programs(postconf: Path) -> Path:
    """The folder with the programs that master(8) starts."""
    done = subprocess.run(
        [postconf, "-dh", "daemon_directory"], capture_output=True, check=True, timeout=60, text=True
    )
    return Path(done.stdout.strip())


def refused(folder: Path, program: str, line: str) -> bool:
    """Whether the program gives up with the line in main.cf."""
    with TemporaryDirectory() as place:
        for needed in ("queue/incoming", "queue/private", "data"):
            Path(place, needed).mkdir(parents=True)
        own = f"queue_directory = {place}/queue\ndata_directory = {place}/data\n"
        name = line.partition(" =")[0]
        head = "".join(each for each in HEAD.splitlines(keepends=True) if not each.startswith(f"{name} "))
        Path(place, "main.cf").write_text(f"{head}{own}{line}\n")
        Path(place, "master.cf").write_text("")
        try:
            done = subprocess.run(
                [folder / program, "-S"],
                input=b"QUIT\r\n",
                capture_output=True,
                check=False,
                timeout=WAIT,
                env={"MAIL_CONFIG": place},
            )
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 1


def lines(release: Release) -> list[tuple[str, str]]:
    """A known and an unknown word for a parameter that each program reads, of each group that can stop it."""
    found = []
    for group in vocabulary().words:
        for name in () if group.does or group.unless else group.parameters:
            parameter = catalogue().parameters[name]
            program = next((each for each in PROGRAMS if each in parameter.daemons), None)
            # smtp(8) reads its SASL type only with a table of passwords.
            if program and parameter.exists_in(release) and name != "smtp_sasl_type":
                # smtpd ends when it is told to; the others are waited for, so few words have to do.
                known = group.words(release) if program == "smtpd" else group.known[:1]
                # This host's addresses are IPv4's here, and with IPv6 alone no program would start.
                words = ({*known} - {"ipv6"}) | {UNKNOWN, group.known[-1].upper()}
                found += [(program, f"{name} = {word}") for word in sorted(words)]
    return [*found, *MORE]


def test_a_word_stops_the_program_just_if_it_is_called_unknown(postconf: Path) -> None:
    folder, release = programs(postconf), installed_release(postconf)
    asked = lines(release)
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        answers = list(pool.map(lambda each: refused(folder, *each), asked))
    wrong = []
    for (program, line), stops in zip(asked, answers, strict=True):
        master = SourceFile("master.cf", f"x inet n - n - - {program}\n")
        main = SourceFile("main.cf", f"{HEAD}{line}\n")
        case = Case(Instance.of(main, master, release, ""), NO_LOG)
        ours = [each for each in checked_words(case) if each.expected and not each.does]
        if bool(ours) is not stops:
            wrong.append((program, line, stops))
    assert wrong == []
