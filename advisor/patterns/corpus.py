"""A sample for those who have none at hand: plain text, HTML and base64 mail, the same at each run.

It stands for the shape of mail (how long lines are, how many headers there are), not for what mail says: hits
on it mean nothing, and the report says so.
"""

import base64
import random
from collections.abc import Iterator

_WORDS = (
    "the of and to in is that for it as was with be by on not he his but at are this have from or had "
    "an they which one you were all her she there would their we him been has when who will no more if "
    "out so up said what its about than into them can only other time new some could these two may "
    "first then do any like my now over such our man me even most made after also did many off before "
    "must well back through years much where your way down should because long each just state those "
    "people too mister how little good world make very year still see own work men day get here old "
    "between both life being under three never know same last another while us might great since "
    "against go came right used take few house use place during without high again home around small "
    "however part found mail meeting invoice report project schedule offer account click free order "
    "please regards attached document price number shipping customer service update week "
).split()
_HEADERS = (
    "Return-Path: <{word}@example.{top}>",
    "Received: from mail.{word}.example ([192.0.2.{n}])",
    "\tby mx.example.com (Postfix) with ESMTPS id 4X{n}Yz;",
    "\tMon, 23 Nov 2026 10:{n}:00 +0000 (UTC)",
    "Received: from {word}.example.net by mail.{word}.example with LMTP id {n}{n};",
    "\tMon, 23 Nov 2026 09:58:11 +0000",
    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={word}.example; s=k1;",
    "\tbh={noise}=;",
    "\tb={noise}{noise}",
    "Date: Mon, 23 Nov 2026 10:{n}:00 +0000",
    "From: {Word} {Word} <{word}.{word}@example.{top}>",
    "To: {word}@example.com",
    "Message-ID: <{noise}@{word}.example>",
    "Subject: {Word} {word} {word} {word}",
    "MIME-Version: 1.0",
    "X-Mailer: {Word} {n}.{n}",
)


def corpus(messages: int = 60, seed: int = 1) -> Iterator[bytes]:
    """So many messages, a third of each kind; most have some kilobytes, a few a hundred times as much."""
    source = random.Random(seed)  # noqa: S311 - it is to be the same at each run
    for number in range(messages):
        body = (_plain, _html, _base64)[number % 3]
        paragraphs = source.choice((2, 3, 4, 6, 10, 20))
        headers = "\n".join(_filled(source, header) for header in _HEADERS)
        yield (headers + body(source, paragraphs)).encode()


def _filled(source: random.Random, text: str) -> str:
    return text.format(
        word=source.choice(_WORDS),
        Word=source.choice(_WORDS).title(),
        n=source.randint(10, 59),
        top=source.choice(("com", "org", "net")),
        noise=base64.b64encode(source.randbytes(24)).decode().rstrip("="),
    )


def _sentences(source: random.Random) -> str:
    return " ".join(source.choice(_WORDS) for _ in range(source.randint(30, 90))).capitalize() + "."


def _wrapped(text: str, width: int) -> list[str]:
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + len(word) >= width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".lstrip()
    return [*lines, line]


def _plain(source: random.Random, paragraphs: int) -> str:
    text = "\n\n".join("\n".join(_wrapped(_sentences(source), 76)) for _ in range(paragraphs))
    return f"\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"


def _html(source: random.Random, paragraphs: int) -> str:
    rows = "\n".join(
        f'<tr><td style="padding:0 12px;font-family:Arial,sans-serif;color:#33{source.randint(1000, 9999)}">'
        f'<a href="https://{source.choice(_WORDS)}.example/{source.randbytes(9).hex()}">'
        f"{_sentences(source)}</a></td></tr>"
        for _ in range(paragraphs)
    )
    return (
        '\nContent-Type: multipart/alternative; boundary="=_part"\n\n--=_part\nContent-Type: text/plain\n\n'
        f"{_sentences(source)}\n--=_part\nContent-Type: text/html; charset=utf-8\n\n"
        f"<html><body><table>\n{rows}\n</table></body></html>\n--=_part--\n"
    )


def _base64(source: random.Random, paragraphs: int) -> str:
    data = base64.encodebytes(source.randbytes(paragraphs * 1500)).decode()
    return (
        '\nContent-Type: multipart/mixed; boundary="=_mixed"\n\n--=_mixed\nContent-Type: text/plain\n\n'
        f"{_sentences(source)}\n--=_mixed\nContent-Type: application/pdf\n"
        f"Content-Transfer-Encoding: base64\n\n"
        f"{data}\n--=_mixed--\n"
    )
