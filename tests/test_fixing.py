"""What --fix makes of a text: nothing safe is left, and what is safe alters nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.app import advise
from advisor.engine.changes import Applicability
from advisor.engine.rules import Expected
from advisor.report.model import Mended
from advisor.request import Request
from advisor.rule_sets import all_rules
from advisor.settings.catalogue import catalogue
from advisor.settings.instance import Instance
from advisor.settings.release import NEWEST, Release

ROOT = Path(__file__).parent.parent
STOCK = ROOT / "tests" / "data" / "stock"
# The release, main.cf and master.cf.
Text = tuple[str, str, str]


def texts() -> Iterator[tuple[str, Text]]:
    """Examples of the rules with a safe fix, what has unsafe ones, and what a distribution brings."""
    for rule in all_rules():
        if any(fix.applicability is Applicability.SAFE for fix in rule.fixes):
            fired = [each for each in rule.examples if each.verdict is Expected.FIRED and not each.load]
            for number, example in enumerate(fired[:3], 1):
                release = example.postfix_version or str(NEWEST)
                yield f"{rule.name}-{number}", (release, example.main_cf, example.master_cf or "")
    for name, folder, prefix in (
        ("slow-clients", ROOT / "examples" / "slow-clients", ""),
        ("too-few-delivery-processes", ROOT / "examples" / "too-few-delivery-processes", ""),
        ("debian", STOCK, "debian-"),
    ):
        main, master = ((folder / f"{prefix}{file}").read_text() for file in ("main.cf", "master.cf"))
        yield name, (str(NEWEST), main, master)


TEXTS = dict(texts())


def write(folder: Path, text: Text) -> Path:
    (folder / "main.cf").write_text(text[1])
    (folder / "master.cf").write_text(text[2])
    return folder


def mended(folder: Path, text: Text, widest: Applicability) -> Mended:
    """What a run with --fix changes there; it is written."""
    found = advise(Request(str(folder), postfix_version=text[0], fixes=widest)).mended
    assert found is not None
    for each in found.rewrites:
        assert each.path.read_bytes() == each.before != each.after
        each.path.write_bytes(each.after)
    return found


def meaning(folder: Path, text: Text) -> dict[tuple[str, str], str]:
    """All settings of all services, as they are in force; what they refer to stands on its own."""
    instance = Instance.read(folder, Release.parse(text[0]), "told")
    return {
        (name, service.key if service else ""): instance.setting(name, service).text
        for name in catalogue().parameters
        for service in (None, *instance.services)
    }


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_safe_alters_nothing_and_none_of_it_is_left(tmp_path: Path, name: str) -> None:
    text = TEXTS[name]
    folder = write(tmp_path, text)
    before = meaning(folder, text)
    first = mended(folder, text, Applicability.SAFE)
    after = meaning(folder, text)
    assert all(each.fix.applicability is Applicability.SAFE for each in first.fixed)
    assert {str(each.path) for each in first.rewrites} == {
        file for each in first.fixed for file in each.files
    }
    changes = [change for each in first.fixed for change in each.fix.changes]
    asked = {getattr(change, part, None) for change in changes for part in ("name", "new_name")}
    assert {name for name, service in before if before[name, service] != after[name, service]} <= asked
    again = mended(folder, text, Applicability.SAFE)
    assert (again.fixed, again.rewrites) == ((), ())


@pytest.mark.parametrize("name", ["slow-clients", "too-few-delivery-processes", "old-tls-parameter-1"])
def test_nothing_is_left_that_is_proven(tmp_path: Path, name: str) -> None:
    text = TEXTS[name]
    folder = write(tmp_path, text)
    first = mended(folder, text, Applicability.UNSAFE)
    assert bool(first.rewrites) == bool(first.fixed)
    assert mended(folder, text, Applicability.SAFE).rewrites == ()


def test_the_examples_have_something_to_fix() -> None:
    assert sum("-" in name for name in TEXTS) > 8
