import json
from pathlib import Path

import pytest

from advisor.settings import refresh
from advisor.settings.catalogue import Kind, Parameter, catalogue
from advisor.settings.release import NEWEST, Release


def parameter(name: str) -> Parameter:
    found = catalogue().parameter(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("release", "exists", "kind", "default"),
    [
        ("3.5.22", False, None, None),
        ("3.5.23", True, Kind.BOOL, "no"),
        ("3.6.5", False, None, None),
        ("3.6.13", True, Kind.BOOL, "no"),
        ("3.6.14", True, Kind.STRING, "no"),
        ("3.7.8", False, None, None),
        ("3.7.9", True, Kind.BOOL, "no"),
        ("3.7.10", True, Kind.STRING, "no"),
        ("3.8.3", False, None, None),
        ("3.9", True, Kind.STRING, "normalize"),
        ("3.12-20260821", True, Kind.STRING, "normalize"),
    ],
)
def test_a_change_carried_back_exists_in_the_patch_releases_that_got_it(
    release: str, *, exists: bool, kind: Kind | None, default: str | None
) -> None:
    found = parameter("smtpd_forbid_bare_newline")
    at = Release.parse(release)
    assert found.exists_in(at) is exists
    if exists:
        assert (found.kind(at), found.default(at)) == (kind, default)


def test_the_default_is_that_of_the_release() -> None:
    timeout = parameter("smtpd_timeout")
    assert timeout.default(Release.parse("2.11.11")) == "${stress?10}${stress:300}s"
    assert timeout.default(Release.parse("3.0")) == "${stress?{10}:{300}}s"
    assert (timeout.kind(NEWEST), timeout.unit, timeout.minimum, timeout.maximum) == (Kind.TIME, "s", 1, None)


def test_bounds_are_those_of_the_release() -> None:
    threshold = parameter("postscreen_dnsbl_threshold")
    assert threshold.bounds(Release.parse("3.7.3")) == (None, None)
    assert threshold.bounds(Release.parse("3.7.4")) == (1, None)


def test_a_default_that_the_host_computes_is_none() -> None:
    host_name = parameter("myhostname")
    assert host_name.computed
    assert host_name.default(NEWEST) is None


def test_a_name_given_up_is_legacy_as_long_as_it_is_accepted() -> None:
    old = parameter("smtpd_per_record_deadline")
    assert old.exists_in(Release.parse("3.6.20"))
    assert not old.exists_in(Release.parse("3.7.0"))
    assert old.is_legacy_in(Release.parse("3.7.0"))
    assert old.replacement == "smtpd_per_request_deadline"


def test_a_deprecated_name_says_since_when_and_what_instead() -> None:
    old = parameter("smtpd_use_tls")
    assert old.deprecated is not None
    assert not old.deprecated.applies_to(Release.parse("3.8.20"))
    assert old.deprecated.applies_to(Release.parse("3.9.0"))
    assert old.replacement == "smtpd_tls_security_level"


def test_a_name_that_lived_in_one_patch_release_exists_only_there() -> None:
    short_lived = parameter("tls_fast_shutdown")
    assert short_lived.exists_in(Release.parse("3.4.6"))
    assert not short_lived.exists_in(Release.parse("3.4.7"))


def test_parameters_named_after_a_service_fall_back_on_the_common_one() -> None:
    derived = catalogue().service_parameter("slow_destination_rate_delay", {"slow"})
    assert derived is not None
    assert derived.default(NEWEST) == "$default_destination_rate_delay"
    assert derived.unit == "s"
    assert catalogue().service_parameter("slow_destination_rate_delay", {"fast"}) is None
    assert catalogue().service_parameter("_destination_rate_delay", None) is None


def test_the_longest_suffix_names_the_family() -> None:
    derived = catalogue().service_parameter("slow_destination_recipient_limit", None)
    assert derived is not None
    assert derived.default(NEWEST) == "$default_destination_recipient_limit"


def test_every_release_key_can_be_read() -> None:
    for found in catalogue().parameters.values():
        for release in ("2.6.0", "3.7.11", "3.12-20260821"):
            at = Release.parse(release)
            found.exists_in(at), found.is_legacy_in(at), found.default(at), found.kind(at), found.bounds(at)


def test_what_exists_has_a_default_or_the_host_computes_it() -> None:
    for release in (Release.parse("2.6.0"), Release.parse("3.7.11"), NEWEST):
        for found in catalogue().parameters.values():
            if found.exists_in(release) and found.default(release) is None:
                assert found.computed or found.read_only, found.name


def test_table_attributes_are_those_of_the_release() -> None:
    assert "query" in catalogue().attributes("ldap", Release.parse("3.2.0"))
    assert "query" not in catalogue().attributes("ldap", Release.parse("3.3.0"))
    assert catalogue().attributes("hash", NEWEST) == ()


def test_a_written_catalogue_reads_back_as_it_was(tmp_path: Path) -> None:
    target = tmp_path / "catalogue.json"
    refresh.write(catalogue(), target)
    assert target.read_bytes() == refresh.TARGET.read_bytes()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[", "is no JSON object"),
        ("{}", "has no key 'source'"),
        (
            json.dumps(
                {
                    "source": "",
                    "parameters": {"x": {}},
                    "service_parameter_families": {},
                    "table_driver_attributes": {},
                    "latest_patch": {},
                }
            ),
            "lacks or misspells",
        ),
    ],
)
def test_refresh_names_the_file_it_cannot_use(
    text: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parameters, services = tmp_path / "parameters.json", tmp_path / "services.json"
    parameters.write_text(text)
    services.write_text('{"source": "", "programs": {}, "services": {}}')
    assert refresh.main([str(parameters), str(services)]) == 2
    error = capsys.readouterr().err
    assert says in error
    assert str(parameters) in error


def test_refresh_says_which_files_it_wants(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert refresh.main([]) == 2
    assert "PARAMETERS.json MASTER-SERVICES.json" in capsys.readouterr().err
    assert refresh.main([str(tmp_path / "missing"), str(tmp_path / "missing")]) == 2
    assert "cannot be read" in capsys.readouterr().err
