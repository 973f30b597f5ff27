"""A rehearsal's report from fixed figures: the screen, the document, what is called better."""

import io

import msgspec
import pytest
from msgspec.structs import replace
from rich.console import Console

from advisor.capacity.replay import Limits
from advisor.facts.causes import Cause
from advisor.missing import Missing
from advisor.rehearsal.profile import Prediction
from advisor.rehearsal.stretch import Stretch
from advisor.report.rehearse_json import RehearseDocument, rehearsal_as_json
from advisor.report.rehearse_model import Logged, Measured, RehearseReport, Result, Side
from advisor.report.rehearse_text import write_rehearsal
from tests.conftest import Golden

BEFORE = Side(
    Limits(15, 300, 300, 50),
    Measured(
        offered=224,
        expected=218,
        served=0.463,
        banner_p50=0.6,
        banner_p95=18.9,
        without_banner=123,
        lost=4,
        refused=2,
        waiting=119,
        reply="550 5.7.1 <user@recipient.test>: no",
        busy_peak=15,
        waiting_peak=96,
        full_seconds=19.5,
        cpu=0.66,
        memory=26_492_928,
        trouble="",
    ),
    Prediction(0.463, 18.98, 0.53),
)
AFTER = Side(
    Limits(15, 15, 10, 50),
    replace(
        BEFORE.measured,
        served=1.0,
        banner_p50=0.0008,
        banner_p95=0.027,
        without_banner=0,
        lost=0,
        refused=0,
        waiting=0,
        reply="",
        waiting_peak=6,
        full_seconds=1.5,
    ),
    Prediction(1.0, 0.0, 0.0),
)
REPORT = RehearseReport(
    configuration="/etc/postfix",
    service="smtp/inet",
    causes=(Cause.SLOW_CLIENTS,),
    logged=Logged(1795477792.0, 1795477840.0, 287, 161, 15.0, 26.0),
    stretch=Stretch(1795477792.0, 200.0, 5),
    visits=289,
    before=BEFORE,
    after=AFTER,
    changes=("Lower the normal smtpd_timeout of smtp/inet to 15 s",),
    replaced=("policy service unix:private/\x1bpolicy: a stand-in that says yes at once", "b", "c", "d", "e"),
    notes=("time runs 5 times as fast",),
)


def screen(report: RehearseReport, columns: int = 80) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=columns, highlight=False, markup=False, emoji=False, no_color=True)
    write_rehearsal(report, console)
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def test_the_screen(golden: Golden) -> None:
    text = screen(REPORT)
    golden("rehearse/slow_clients.txt", text)
    assert len(text.splitlines()) <= 36
    assert "\x1b" not in text


def test_the_screen_without_a_change(golden: Golden) -> None:
    unknown = replace(BEFORE, predicted=Missing("no gain is predicted", ""))
    report = replace(REPORT, before=unknown, after=None, changes=(), replaced=(), notes=())
    golden("rehearse/no_change.txt", screen(report))


def test_the_document() -> None:
    found = msgspec.json.decode(rehearsal_as_json(REPORT), type=RehearseDocument)
    assert found.result == "better"
    assert found.after is not None
    assert found.after.measured.served == 1.0
    assert found.section.played_seconds == 40


@pytest.mark.parametrize(
    ("served", "banner", "result"),
    [
        ((0.5, 1.0), (9.0, 0.0), Result.BETTER),
        ((1.0, 0.5), (0.0, 9.0), Result.WORSE),
        ((1.0, 1.0), (0.9, 0.01), Result.SAME),
        ((1.0, 1.0), (9.0, 0.5), Result.BETTER),
        ((0.98, 1.0), (0.5, 9.0), Result.WORSE),
        ((0.6, 0.62), (9.0, 8.0), Result.SAME),
    ],
)
def test_what_is_called_better(
    served: tuple[float, float], banner: tuple[float, float], result: Result
) -> None:
    before, after = (
        replace(BEFORE, measured=replace(BEFORE.measured, served=share, banner_p95=seconds))
        for share, seconds in zip(served, banner, strict=True)
    )
    assert replace(REPORT, before=before, after=after).result is result
