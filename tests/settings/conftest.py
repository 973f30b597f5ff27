from collections.abc import Callable

import pytest

from advisor.settings.instance import Instance
from advisor.settings.release import NEWEST, Release
from advisor.syntax.source import SourceFile

MakeInstance = Callable[..., Instance]


@pytest.fixture
def make() -> MakeInstance:
    """The instance of two texts; without the second, one without master.cf."""

    def instance(main: str = "", master: str | None = None, release: Release = NEWEST) -> Instance:
        source = SourceFile("etc/main.cf", main)
        services = None if master is None else SourceFile("etc/master.cf", master)
        return Instance.of(source, services, release, "a test")

    return instance
