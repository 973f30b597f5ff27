"""A refresh of the catalogue: what becomes of the facts, and that the same facts give the same bytes."""

import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from advisor.settings import refresh
from advisor.settings.catalogue import Catalogue, Deprecation, Kind, catalogue
from advisor.settings.release import Release

PARAMETERS: dict[str, Any] = {
    "source": "the tables",
    "latest_patch": {"3.7": "3.7.22"},
    "parameters": {
        "new_security_level": {
            "type": "string",
            "introduced": "2.2",
            "removed": None,
            "deprecated": None,
            "daemons": ["smtpd"],
            "defaults": {"2.6": ""},
            "min_length": 1,
        },
        "old_use_tls": {
            "type": "nbool",
            "introduced": "2.2",
            "removed": None,
            "deprecated": {"since": "3.9", "instead": 'specify "new_security_level"'},
            "daemons": ["smtpd"],
            "defaults": {"2.6": "no"},
        },
        "old_deadline": {
            "type": "nbool",
            "introduced": "2.9",
            "removed": "3.7",
            "legacy_since": "3.7",
            "deprecated": None,
            "daemons": [],
            "defaults": {"2.9": "no"},
            "fallback_for": ["new_security_level"],
        },
        "alias_of_many": {
            "type": "string",
            "introduced": "2.6",
            "removed": None,
            "deprecated": None,
            "daemons": [],
            "defaults": {"2.6": ""},
            "fallback_for": ["new_security_level"],
        },
        "threshold": {
            "type": "nint",
            "introduced": "2.8",
            "removed": None,
            "deprecated": None,
            "daemons": ["postscreen"],
            "defaults": {"2.8": "1"},
            "types": {"2.8": "int", "3.7": "nint"},
            "ranges": {"2.8": [0, 0], "3.7.4": [1, 9]},
        },
    },
    "service_parameter_families": {
        "_limit": {
            "fallback": "default_limit",
            "type": "int",
            "introduced": "1.0",
            "postconf_programs": ["smtp"],
        },
        "_time_limit": {
            "fallback": "command_time_limit",
            "type": "time",
            "introduced": "2.0",
            "postconf_programs": ["pipe"],
            "unit": "s",
            "min": 1,
        },
    },
    "table_driver_attributes": {
        "ldap": {"query": {"introduced": "2.6", "removed": "3.3"}, "bind": {"introduced": "2.6"}}
    },
}
COLUMNS = {"private": "n", "unpriv": "-", "chroot": "n", "wakeup": "-", "maxproc": "-"}
SERVICES: dict[str, Any] = {
    "source": "conf/master.cf",
    "programs": {},
    "services": {
        f"{name}/{kind}/{command}": {
            "name": name,
            "type": kind,
            "command": command,
            "introduced": "2.0",
            "removed": None,
            "stock": stock,
            "fields": {"2.6": COLUMNS},
            "args": arguments,
        }
        for name, kind, command, stock, arguments in (
            ("anvil", "unix", "anvil", True, {}),
            ("relay", "unix", "smtp", True, {"3.0": ["-o", "a=b"]}),
            ("smtp", "inet", "smtpd", True, {}),
            ("submission", "inet", "smtpd", False, {}),
        )
    },
}


@pytest.fixture
def facts(tmp_path: Path) -> tuple[Path, Path]:
    files = tmp_path / "parameters.json", tmp_path / "master-services.json"
    for file, content in zip(files, (PARAMETERS, SERVICES), strict=True):
        file.write_text(json.dumps(content), encoding="utf-8")
    return files


def refreshed(facts: tuple[Path, Path], target: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """What the command writes, in place of the packaged file."""
    monkeypatch.setattr(refresh, "TARGET", target)
    assert refresh.main([str(file) for file in facts]) == 0
    return target.read_bytes()


def test_the_same_facts_give_the_same_bytes(
    facts: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = refreshed(facts, tmp_path / "once.json", monkeypatch)
    reordered = {key: PARAMETERS[key] for key in reversed(PARAMETERS)}
    reordered["parameters"] = dict(reversed(PARAMETERS["parameters"].items()))
    assert refreshed(facts, tmp_path / "twice.json", monkeypatch) == once
    facts[0].write_text(json.dumps(reordered), encoding="utf-8")
    other = refreshed(facts, tmp_path / "reordered.json", monkeypatch)
    # Only the facts' own checksum, in the first line, tells in which order they were written.
    assert other.split(b"\n")[1:] == once.split(b"\n")[1:]


def test_what_becomes_of_the_facts(
    facts: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = refreshed(facts, tmp_path / "catalogue.json", monkeypatch)
    found = msgspec.json.decode(data, type=Catalogue)
    assert list(found.parameters) == sorted(PARAMETERS["parameters"])
    old, level = found.parameters["old_use_tls"], found.parameters["new_security_level"]
    assert (old.type, old.replacement) == (Kind.BOOL, "new_security_level")
    assert old.deprecated == Deprecation("3.9", 'specify "new_security_level"')
    assert (level.replacement, level.minimum_length) == (None, 1)
    assert found.parameters["old_deadline"].replacement == "new_security_level"
    # Another's default refers to it, but nothing says that it will go.
    assert found.parameters["alias_of_many"].replacement is None
    threshold = found.parameters["threshold"]
    assert [threshold.bounds(Release.parse(each)) for each in ("2.8", "3.7.4")] == [(None, None), (1, 9)]
    assert [threshold.kind(Release.parse(each)) for each in ("2.8", "3.7.4")] == [Kind.INT, Kind.INT]
    # The longest suffix stands first: `x_time_limit` is no `x_time` with a limit.
    assert [family.suffix for family in found.families] == ["_time_limit", "_limit"]
    assert found.attributes("ldap", Release.parse("3.3")) == ("bind",)
    assert [service.line(Release.parse("3.7")).split() for service in found.stock_services] == [
        "smtp inet n - n - - smtpd".split(),
        "anvil unix n - n - - anvil".split(),
        "relay unix n - n - - smtp -o a=b".split(),
    ]


def test_it_says_where_it_comes_from(
    facts: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = refreshed(facts, tmp_path / "catalogue.json", monkeypatch)
    provenance = msgspec.json.decode(data, type=Catalogue).provenance
    assert provenance.sources == ("the tables", "conf/master.cf")
    assert provenance.latest_patch == {"3.7": "3.7.22"}
    assert provenance.sha256 == {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in facts}


def test_the_packaged_catalogue_says_where_it_comes_from() -> None:
    provenance = catalogue().provenance
    assert set(provenance.sha256) == {"parameters.json", "master-services.json"}
    assert all(len(digest) == 64 for digest in provenance.sha256.values())
    assert all("vdukhovni/postfix" in source for source in provenance.sources)
    assert {Release.parse(patch).series for patch in provenance.latest_patch.values()} == {
        Release.parse(series).series for series in provenance.latest_patch
    }


def test_the_files_in_the_wrong_order_are_told_apart(
    facts: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert refresh.main([str(facts[1]), str(facts[0])]) == 2
    assert "name the facts files in the order of the usage" in capsys.readouterr().err
