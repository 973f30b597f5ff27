"""Where an advisor.toml is looked for."""

from pathlib import Path

import pytest

from advisor.errors import PolicyError, UsageError
from advisor.policy.find import Found, Search, Whose, user_file


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with a configuration some folders below."""
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "repository" / "hosts" / "mx1").mkdir(parents=True)
    return tmp_path / "repository"


def policy(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "advisor.toml").write_text("")
    return folder / "advisor.toml"


def found(folder: Path | None, **where: Path | str | bool) -> Path | None:
    nowhere = Path("/nonexistent")
    search = Search(**{"user": nowhere, "system": nowhere, **where})  # type: ignore[arg-type]
    each = search.find(folder)
    return each.path if each else None


class TestBesideAndAbove:
    def test_the_nearest_counts(self, root: Path) -> None:
        mx1 = root / "hosts" / "mx1"
        assert found(mx1) is None
        for folder in (root, root / "hosts", mx1):
            path = policy(folder)
            assert found(mx1) == path

    def test_nothing_above_the_repository_counts(self, root: Path) -> None:
        policy(root.parent)
        assert found(root / "hosts" / "mx1") is None

    def test_a_work_tree_of_git_is_a_repository_too(self, root: Path) -> None:
        (root / ".git").rmdir()
        (root / ".git").write_text("gitdir: elsewhere\n")
        path = policy(root)
        assert found(root / "hosts") == path

    def test_without_a_repository_only_the_folder_counts(self, tmp_path: Path) -> None:
        folder = tmp_path / "etc" / "postfix"
        folder.mkdir(parents=True)
        policy(tmp_path / "etc")
        assert found(folder) is None
        path = policy(folder)
        assert found(folder) == path

    def test_a_folder_that_is_a_link_is_where_it_leads(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / "postfix").symlink_to(root / "hosts" / "mx1")
        path = policy(root)
        assert found(tmp_path / "postfix") == path

    def test_it_is_named_as_the_folder_is(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        policy(root)
        monkeypatch.chdir(root / "hosts")
        assert found(Path("mx1")) == Path("../advisor.toml")

    def test_a_folder_that_is_not_there(self, root: Path) -> None:
        assert found(root / "none") is None
        loop = root / "loop"
        loop.symlink_to(loop)
        assert found(loop) is None


class TestLinks:
    def test_inside_the_repository(self, root: Path) -> None:
        target = policy(root / "common")
        (root / "hosts" / "mx1" / "advisor.toml").symlink_to(target)
        assert found(root / "hosts" / "mx1") == root / "hosts" / "mx1" / "advisor.toml"

    @pytest.mark.parametrize("target", ["/etc/passwd", "/dev/zero", "../../../elsewhere.toml"])
    def test_out_of_the_repository(self, root: Path, target: str) -> None:
        (root / "hosts" / "mx1" / "advisor.toml").symlink_to(target)
        with pytest.raises(PolicyError, match=r"links to .*, outside of .*; put a file there, or name that"):
            found(root / "hosts" / "mx1")

    def test_without_a_repository(self, tmp_path: Path) -> None:
        folder = tmp_path / "postfix"
        folder.mkdir()
        (folder / "advisor.toml").symlink_to(policy(tmp_path))
        with pytest.raises(PolicyError, match="outside of"):
            found(folder)


class TestTheOthers:
    def test_the_user_and_then_the_system(self, root: Path) -> None:
        user, system = policy(root / "user"), policy(root / "system")
        assert found(root / "hosts", user=user, system=system) == user
        user.unlink()
        assert found(root / "hosts", user=user, system=system) == system
        beside = policy(root / "hosts")
        assert found(root / "hosts", user=user, system=system) == beside
        assert found(None, user=user, system=system) == system

    def test_whose_it_is(self, root: Path) -> None:
        user, system = policy(root / "user"), policy(root / "system")
        assert Search(user=user, system=system).find(None) == Found(user, Whose.USER)
        assert Search(system=system).find(None) == Found(system, Whose.SYSTEM)
        assert Search(config=str(user), user=user).find(None) == Found(user, Whose.NAMED)
        assert Search().find(policy(root / "hosts").parent) == Found(
            root / "hosts" / "advisor.toml", Whose.CONFIGURATION
        )
        assert [each for each in Whose if each.may_name_rules] == [Whose.USER, Whose.SYSTEM]

    def test_named_or_none(self, root: Path) -> None:
        policy(root)
        assert found(root, config="mine.toml") == Path("mine.toml")
        assert found(root, isolated=True, user=policy(root / "user")) is None


class TestTheEnvironment:
    def test_it_names_a_file_unless_an_option_does(self) -> None:
        environment = {"ADVISOR_CONFIG": "from-environment.toml"}
        assert Search.of("", environment, isolated=False).config == "from-environment.toml"
        assert Search.of("mine.toml", environment, isolated=False).config == "mine.toml"
        assert Search.of("", {"ADVISOR_CONFIG": ""}, isolated=False).config == ""

    def test_isolated_is_isolated(self, root: Path) -> None:
        policy(root)
        assert Search.of("", {"ADVISOR_CONFIG": str(root)}, isolated=True).find(root) is None
        with pytest.raises(UsageError, match="--isolated reads no advisor"):
            Search.of("mine.toml", {}, isolated=True)

    @pytest.mark.parametrize(
        ("environment", "path"),
        [
            ({"XDG_CONFIG_HOME": "/x", "HOME": "/h"}, "/x/advisor/advisor.toml"),
            ({"XDG_CONFIG_HOME": "relative", "HOME": "/h"}, "/h/.config/advisor/advisor.toml"),
            ({"HOME": "/h"}, "/h/.config/advisor/advisor.toml"),
            ({"HOME": "relative"}, None),
            ({}, None),
        ],
    )
    def test_the_user_s_file(self, environment: dict[str, str], path: str | None) -> None:
        assert user_file(environment) == (Path(path) if path else None)
