"""The output of postconf as it is pasted: line N stays line N, and nothing is guessed."""

import subprocess
from pathlib import Path

import pytest

from advisor.errors import AdvisorError, InputError, NothingToCheck, SettingsError, UsageError
from advisor.inputs.printed import printed_defaults, printed_main, printed_master, printed_table_types
from advisor.syntax.main_cf import parse_main_cf
from advisor.syntax.master_cf import parse_master_cf

PLAIN = "biff = no\nrelayhost =\nsmtpd_client_restrictions = permit_mynetworks,\n    reject\n"
VALUES = {"biff": "no", "relayhost": "", "smtpd_client_restrictions": "permit_mynetworks, reject"}


def values(data: bytes) -> dict[str, str]:
    return {line.name: line.value for line in parse_main_cf(printed_main("text", data).source).assignments}


@pytest.mark.parametrize(
    "pasted",
    [
        PLAIN,
        PLAIN.removesuffix("\n"),
        PLAIN + "\n\n  \n",
        PLAIN.replace("\n", "\r\n"),
        "\ufeff" + PLAIN,
        "root@mx1:~# postconf -n\n" + PLAIN + "root@mx1:~# \n",
        "[root@mx1 ~]# postconf -n\n" + PLAIN + "[root@mx1 ~]# exit\nlogout\nConnection to mx1 closed.\n",
        "# postconf -n\n" + PLAIN + "# \n",
        "$ sudo /usr/sbin/postconf -n 2>&1 | tee x\n" + PLAIN + "$\n",
        "Output of postconf -n:\n\n" + PLAIN,
        "Hello list,\nthis is what I have:\n\n" + PLAIN + "\n-- \nJane = Doe\n",
        "".join(f"> {line}\n" for line in PLAIN.splitlines()),
        "On Monday Jane wrote:\n" + "".join(f">> {line}\n" for line in PLAIN.splitlines()),
        "".join(f"    {line}\n" for line in PLAIN.splitlines()),
        "".join(f">\t{line}\n" for line in PLAIN.splitlines()),
        "$ postconf -n\n" + "".join(f"  {line}\n" for line in PLAIN.splitlines()),
        "```\n" + PLAIN + "```\n",
        PLAIN.replace("relay", "postconf: warning: /etc/postfix/main.cf: undefined parameter: x\nrelay"),
        PLAIN.replace("    reject", "postconf: warning: /etc/x/main.cf: unused parameter: x=y\n    reject"),
        "mail_version = 3.7.11\n" + PLAIN,
    ],
)
def test_what_stands_around_is_taken_away(pasted: str) -> None:
    assert values(pasted.encode()) == VALUES


def test_powershell_writes_utf_16() -> None:
    assert values(PLAIN.replace("\n", "\r\n").encode("utf-16")) == VALUES


def test_a_place_is_the_line_that_was_given() -> None:
    text = printed_main("n.txt", b"\n> $ postconf -n\n>   biff = no\n>   relayhost = x\n").source
    relayhost = list(parse_main_cf(text).assignments)[1]
    assert (str(relayhost.span), relayhost.value) == ("n.txt:4:1", "x")


def test_any_bytes_may_stand_in_a_value() -> None:
    assert printed_main("", b"smtpd_banner = caf\xe9\n").source.encode() == b"smtpd_banner = caf\xe9\n"


def test_a_line_that_nothing_reads_is_put_back() -> None:
    found = printed_main(
        "", b"postconf: warning: /etc/postfix/main.cf: unused parameter: mydistination=a b\nbiff = no\n"
    )
    assert found.source.text == "mydistination = a b\nbiff = no\n"
    assert found.unread == {"mydistination"}


def test_a_line_that_a_later_one_overrides_is_put_back_once() -> None:
    warning = "postconf: warning: /etc/postfix/main.cf, line {}: overriding earlier entry: biff={}\n"
    # postconf reads main.cf again, and then calls its own last value an earlier one.
    pasted = warning.format(9, "no") + warning.format(2, "yes") + warning.format(9, "no") + "biff = yes\n"
    assert printed_main("", pasted.encode()).source.text == "biff = no\n\n\nbiff = yes\n"


def test_a_warning_behind_the_line_that_wins_changes_nothing() -> None:
    pasted = b"biff = yes\npostconf: warning: x/main.cf, line 9: overriding earlier entry: biff=no\n"
    assert values(pasted) == {"biff": "yes"}


def test_a_warning_of_master_cf_is_no_line_of_main_cf() -> None:
    pasted = b"postconf: warning: /etc/postfix/master.cf: unused parameter: x=y\nbiff = no\n"
    assert printed_main("", pasted).unread == frozenset()


def test_the_release_may_stand_among_the_lines() -> None:
    found = printed_main("", b"mail_version = 3.5.6\nbiff = no\n")
    assert (found.mail_version, found.source.text) == ("3.5.6", "\nbiff = no\n")


@pytest.mark.parametrize(
    ("pasted", "error", "words"),
    [
        ("", NothingToCheck, "not a line of what 'postconf -n' prints"),
        ("ssh: connect to host mx1 port 22: Connection refused\n", NothingToCheck, "not a line"),
        ("postconf: fatal: bad numerical configuration\n", SettingsError, "n.txt:1: postconf itself gave up"),
        ("biff = no\nreject_unauth_destination\n", InputError, "n.txt:2: is no line"),
        ("biff = no\nThanks, Jane\n", InputError, "else take it away"),
        ("Hi\n  biff = no\n x = 1\n", InputError, "n.txt:2: is no line"),
        ("biff = no\nprocess_id = 12\n", UsageError, "--defaults"),
    ],
)
def test_what_cannot_be_told_is_an_error(pasted: str, error: type[AdvisorError], words: str) -> None:
    with pytest.raises(error) as caught:
        printed_main("n.txt", pasted.encode())
    assert words in str(caught.value)


def test_master_cf_may_be_printed_folded_or_the_file_itself() -> None:
    pasted = (
        b"mx1# postconf -Mf\n smtp       inet  n       -       n       -       20      smtpd\n"
        b"     -o smtpd_timeout=10\n pickup     unix  n       -       y       60      1       pickup\n mx1#\n"
    )
    with pytest.raises(InputError):
        printed_master("", pasted)  # a prompt without a user's name could be anything
    pasted = pasted.removesuffix(b" mx1#\n")
    smtp, _ = parse_master_cf(printed_master("", pasted)).entries
    assert (smtp.key, smtp.process_limit, smtp.overrides[0].value) == ("smtp/inet", "20", "10")
    file = b"# the file\nsmtp inet n - n - - smtpd\n# -o x=y\n  -o smtpd_timeout=10\n"
    assert printed_master("", file).text == file.decode()


def test_defaults_are_those_of_postconf_d() -> None:
    assert printed_defaults("", b"$ postconf -d\nbiff = yes\nmail_version = 3.7.11\n") == {
        "biff": "yes",
        "mail_version": "3.7.11",
    }
    with pytest.raises(InputError, match="no mail_version"):
        printed_defaults("d.txt", b"biff = yes\n")
    with pytest.raises(UsageError, match="no Postfix release"):
        printed_defaults("d.txt", b"mail_version = three\n")


def test_table_types() -> None:
    assert printed_table_types("", b"$ postconf -m\nbtree\nhash\n\n") == {"btree", "hash"}


@pytest.mark.postfix
def test_all_that_the_real_postconf_prints_is_read(postconf: Path, tmp_path: Path) -> None:
    (tmp_path / "main.cf").write_text(
        "compatibility_level = 3.6\nbiff = no\nmydistination = x\nrelayhost = $undef\nbiff = yes\n"
        "smtpd_recipient_restrictions = " + ", ".join(["permit_mynetworks"] * 20) + "\n"
    )
    (tmp_path / "master.cf").write_text(
        "smtp inet n - n - - smtpd\n  -o { smtpd_banner = a b }\n  -o smtpd_timeout=10 -o x=y\n"
    )

    def printed(*options: str) -> bytes:
        command = [str(postconf), "-c", str(tmp_path), *options]
        return subprocess.run(command, stdout=-1, stderr=subprocess.STDOUT, check=True).stdout

    found = printed_main("", printed("-nf"))
    assert found.unread == {"mydistination"}
    tree = parse_main_cf(found.source)
    assert [line.value for line in tree.assignments if line.name == "biff"] == ["no", "yes"]
    (restrictions,) = (line for line in tree.assignments if line.name == "smtpd_recipient_restrictions")
    assert restrictions.value.count("permit_mynetworks") == 20
    (smtp,) = parse_master_cf(printed_master("", printed("-Mf"))).entries
    assert [override.name for override in smtp.overrides] == ["smtpd_banner", "smtpd_timeout", "x"]
    assert printed_defaults("", printed("-d"))["mail_version"].startswith("3.")
    assert "static" in printed_table_types("", printed("-m"))
