"""What tests of a real rehearsal need of the machine."""

import pytest

from advisor.rehearsal.namespaces import CannotRehearseError, ready
from tests.conftest import postfix_is_required


@pytest.fixture
def can_rehearse() -> None:
    """Root, Postfix and namespaces. Mark the test with `postfix`; in CI it fails without them."""
    try:
        ready()
    except CannotRehearseError as error:
        if postfix_is_required():
            pytest.fail(f"{error} and REQUIRE_POSTFIX=1", pytrace=False)
        pytest.skip(str(error))
