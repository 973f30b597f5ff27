"""What the tests of this folder ask: one case to both postconfs, and they must agree."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.oracle.campaign import told
from tests.oracle.comparison import Answer, Case, Difference, Oracle, agree, oracle


class Held:
    """`held("-nx", main=…, master=…)`: advisor's answer, which is postconf's as well, or the test fails."""

    def __init__(self, both: Oracle) -> None:
        self.both = both

    def __call__(self, arguments: str, main: str = "", master: str = "") -> Answer:
        (answer,) = self.all([Case(main, master, tuple(arguments.split()))])
        return answer

    def all(self, cases: Sequence[Case]) -> list[Answer]:
        """The answers to many cases, asked at once: postconf takes a second to refuse one."""
        with TemporaryDirectory() as name:
            pairs = self.both.pairs(cases, Path(name))
        for case, (real, ours) in zip(cases, pairs, strict=True):
            assert agree(real, ours), told(Difference(case, real, ours))
        return [real for real, _ in pairs]

    def warned(self, arguments: str, main: str = "", master: str = "") -> list[str]:
        """The lines on stderr without `postconf: `, sorted."""
        lines = sorted(self(arguments, main, master).stderr.elements())
        return [line.decode("utf-8", "surrogateescape").removeprefix("postconf: ") for line in lines]

    def printed(self, arguments: str, main: str = "", master: str = "") -> str:
        """What is printed, but for the folder that -c sets."""
        text = self(arguments, main, master).stdout.decode("utf-8", "surrogateescape")
        lines = text.splitlines(keepends=True)
        return "".join(line for line in lines if not line.startswith("config_directory"))


@pytest.fixture(scope="session")
def held(postconf: Path) -> Held:
    """The real postconf and advisor, asked together."""
    return Held(oracle(postconf))
