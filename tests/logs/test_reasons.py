"""Free text becomes a class; what a client chose does not decide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.logs.reasons import CLASSES, reason_class


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (" <x@y.example>: Relay access denied; from=<a> to=<b> proto=ESMTP helo=<c>", "relay-denied"),
        (" Service unavailable; Client host [192.0.2.1] blocked using zen.example; x", "dns-list"),
        (" Client host [192.0.2.1] blocked using zen.example; Error: open resolver; x", "dns-list-refused"),
        (" x; https://check.spamhaus.org/returnc/pub/198.51.100.53/; from=<a> to=<c>", "dns-list-refused"),
        (" <a>: Recipient address rejected: User unknown in local recipient table", "unknown-user"),
        (" <a>: Recipient address rejected: Greylisted, see http://x.example", "greylisted"),
        (" <a>: Helo command rejected: need fully-qualified hostname", "helo"),
        (" <a@b>: Sender address rejected: Domain not found", "dns-failure"),
        (" <a@b>: Sender address rejected: not owned by user c", "auth-required"),
        (" Client host rejected: cannot find your hostname, [192.0.2.1]", "unknown-client"),
        (" <a>: Temporary lookup failure", "lookup-failure"),
        (" Insufficient system storage", "storage"),
        (" Message size exceeds fixed limit", "size"),
        (" <a>: Sender address rejected: Server configuration error", "configuration-error"),
        (" Must issue a STARTTLS command first", "tls-required"),
        (" Error: too many recipients", "remote-rate-limit"),
        (" (connect to mx.example[192.0.2.1]:25: Connection refused)", "connection-refused"),
        (" (connect to mx.example[2001:db8::1]:25: Network is unreachable)", "network-unreachable"),
        (" (connect to mx.example[192.0.2.1]:25: Operation timed out)", "connection-timed-out"),
        (" (lost connection with mx.example[192.0.2.1] while sending RCPT TO)", "lost-connection"),
        (" (Host or domain name not found. Name service error for name=x type=MX)", "dns-failure"),
        (" (delivery temporarily suspended: connect to x: Connection refused)", "suspended"),
        (" (host mx[192.0.2.1] said: 452 4.2.2 The email account is over quota)", "mailbox-full"),
        (' (unknown user: "jo")', "unknown-user"),
        (" (mail for x.example loops back to myself)", "configuration-error"),
        (" (host a[127.0.0.1] said: 554 5.4.0 Error: too many hops (in reply to DATA))", "loop"),
        (" (quux)", "other"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_the_class_of_a_reason(text: str, name: str) -> None:
    assert reason_class(text) == name


@pytest.mark.parametrize("chosen", ["<greylisted>", "<relay access denied@x>", '"quota exceeded"'])
def test_what_a_client_chose_does_not_decide(chosen: str) -> None:
    assert reason_class(f" {chosen}: quux; from=<a> to={chosen} helo=<greylisted") == "other"


@pytest.mark.parametrize(
    "host",
    [
        "d1.ess.barracudanetworks.example[192.0.2.1]",
        "greylisted.example[2001:db8::1]:25",
        "policy[192.0.2.1]",
        "2001:db8::bad",
        "[2001:db8::bad]",
        "5.7.1.9",
        "x name=spamhaus.example type=A",
    ],
)
def test_the_name_of_a_server_does_not_decide(host: str) -> None:
    assert reason_class(f" (host {host} said: 550 quux command (in reply to RCPT))") == "other"


@given(st.text())
def test_there_is_a_class_for_any_text(text: str) -> None:
    assert reason_class(text) in CLASSES
