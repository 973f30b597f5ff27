"""`advisor postconf` against the real one, over whole configurations; `make oracle` runs any number."""

from pathlib import Path

import pytest

from tests.oracle.campaign import cases, told
from tests.oracle.comparison import oracle

pytestmark = pytest.mark.postfix

PAIRS = 2000


def test_advisor_answers_as_postconf_does(postconf: Path) -> None:
    differences = oracle(postconf).differences(list(cases(PAIRS)))
    assert not differences, "\n\n".join(map(told, differences[:5]))
