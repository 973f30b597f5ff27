import pytest

from advisor.errors import UsageError
from advisor.settings.catalogue import catalogue
from advisor.settings.release import NEWEST, Release


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("3.7.11", Release(3, 7, 11)),
        ("3.12-20260821", Release(3, 12, 0)),
        ("3.9-RC1", Release(3, 9, 0)),
        ("3.7.11-0+deb12u1", Release(3, 7, 11)),
        (" 2.11.3\n", Release(2, 11, 3)),
        ("v3.8", Release(3, 8, 0)),
    ],
)
def test_a_release_is_read_as_postfix_and_its_packagers_write_it(text: str, release: Release) -> None:
    assert Release.parse(text) == release


@pytest.mark.parametrize("text", ["", "3", "three", "3.7.x", "20010228", "-1.2", "3..7", "\u0663.\u0667"])
def test_nonsense_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match=r"is no Postfix release.*3\.7\.11"):
        Release.parse(text)


def test_releases_are_ordered_by_number_and_not_by_text() -> None:
    texts = ["3.10.1", "3.9.14", "2.11.0", "3.7.9", "3.7.10"]
    assert [str(release) for release in sorted(map(Release.parse, texts))] == [
        "2.11.0",
        "3.7.9",
        "3.7.10",
        "3.9.14",
        "3.10.1",
    ]
    assert Release.parse("3.10.1").series == "3.10"


def test_the_newest_release_is_the_last_stable_one_of_the_catalogue() -> None:
    patches = catalogue().provenance.latest_patch.values()
    assert max(Release.parse(patch) for patch in patches if "-" not in patch) == NEWEST
