"""The lab's runs, and what was measured when they ran again under other settings."""

from functools import cache
from pathlib import Path

from advisor.app import judged
from advisor.cli.times import asked_time
from advisor.facts.observed import Observed
from advisor.facts.thresholds import default_thresholds
from advisor.request import Request
from advisor.simulation.study import Study

DATA = Path(__file__).parent.parent / "data"
LAB = DATA / "lab"


@cache
def study(folder: str, patience: float, until: str = "", most: int | None = None) -> Study:
    """The SMTP server of a run, whose folder is named below tests/data, up to the time `until`, when the load
    ended; of at most so many sessions.
    """
    path = DATA / folder
    request = Request(str(path), (str(path / "mail.log.gz"),), asked_time=asked_time("", until))
    report = judged(request)
    assert report.metrics is not None
    assert isinstance(report.observed, Observed)
    (service,) = (each for each in report.instance.services if each.is_smtp_server)
    found = Study.of(
        report.instance, service, report.metrics, report.observed, default_thresholds(), patience, most
    )
    assert isinstance(found, Study)
    return found
