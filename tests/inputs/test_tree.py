"""Which folders of a tree are configurations of Postfix, and what is said of the rest."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import NothingToCheck
from advisor.inputs.tree import is_tree, must_be_postfix, search
from advisor.settings.instance import Instance
from advisor.settings.release import ASSUMED, NEWEST
from advisor.syntax.source import SourceFile


def put(folder: Path, *names: str, text: str = "") -> None:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def found(folder: Path) -> list[str]:
    return [str(Path(each).relative_to(folder)) for each in search(folder).configurations]


def told(folder: Path) -> dict[str, tuple[str, int]]:
    tree = search(folder)
    return {
        str(Path(each.path).relative_to(folder)): (each.problem, each.exit_code) for each in tree.passed_over
    }


def test_every_main_cf_below_is_found_in_the_order_of_the_names(tmp_path: Path) -> None:
    put(tmp_path, "b/main.cf", "a/postfix/main.cf", "a/postfix/out/main.cf", "a-b/main.cf", "c/main.cf.bak")
    put(tmp_path, "d/master.cf", "e/main.cfg")
    assert found(tmp_path) == ["a/postfix", "a/postfix/out", "a-b", "b"]
    assert told(tmp_path) == {}


def test_a_folder_with_a_main_cf_is_no_tree(tmp_path: Path) -> None:
    put(tmp_path, "a/main.cf")
    assert is_tree(tmp_path)
    assert not is_tree(tmp_path / "a")
    assert not is_tree(tmp_path / "a" / "main.cf")
    assert not is_tree(tmp_path / "missing")


@pytest.mark.parametrize("name", [".git", ".venv", "node_modules", ".tox", "__pycache__"])
def test_what_belongs_to_tools_is_not_searched(tmp_path: Path, name: str) -> None:
    put(tmp_path, f"{name}/main.cf", f"a/{name}/b/main.cf", f"a/{name}/main.cf.j2")
    assert found(tmp_path) == []
    assert told(tmp_path) == {}


@pytest.mark.parametrize("ending", ["j2", "erb", "epp", "tmpl", "in"])
def test_templates_are_told_and_change_no_exit_code(tmp_path: Path, ending: str) -> None:
    put(tmp_path, f"roles/postfix/templates/main.cf.{ending}", "a/main.cf")
    assert found(tmp_path) == ["a"]
    [(path, (problem, code))] = told(tmp_path).items()
    assert path == f"roles/postfix/templates/main.cf.{ending}"
    assert "template" in problem
    assert code == 0


def test_links_lead_nowhere_else(tmp_path: Path) -> None:
    tree, outside = tmp_path / "tree", tmp_path / "outside"
    put(outside, "main.cf", "master.cf")
    put(tree, "own/main.cf", "mixed/main.cf")
    (tree / "folder").symlink_to(outside)
    (tree / "loop").symlink_to(tree)
    put(tree, ".git/config")
    for name in ("secret", "within", "nothing", "token"):
        (tree / name).mkdir()
    (tree / "secret" / "main.cf").symlink_to(outside / "main.cf")
    (tree / "within" / "main.cf").symlink_to("../own/main.cf")
    (tree / "nothing" / "main.cf").symlink_to("missing")
    (tree / "token" / "main.cf").symlink_to("../.git/config")
    (tree / "mixed" / "master.cf").symlink_to(outside / "master.cf")
    assert found(tree) == ["own", "within"]
    out = ("is a link that leads out of what is searched", 2)
    assert told(tree) == {
        "mixed/master.cf": out,
        "nothing/main.cf": ("is no regular file", 2),
        "secret/main.cf": out,
        "token/main.cf": out,
    }
    assert search(tree / "folder").configurations == (str(tree / "folder"),)


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    put(tmp_path, "a/main.cf/main.cf")
    (tmp_path / "b").mkdir()
    os.mkfifo(tmp_path / "b" / "main.cf")
    assert found(tmp_path) == ["a/main.cf"]
    assert told(tmp_path) == {"b/main.cf": ("is no regular file", 2)}


def test_the_search_has_an_end(tmp_path: Path) -> None:
    put(tmp_path, *(f"{name}/main.cf" for name in "abcde"))
    tree = search(tmp_path, most=4)
    assert [Path(each).name for each in tree.configurations] == ["a", "b", "c"]
    [rest] = tree.passed_over
    assert rest.problem == f"has more than 4 folders: {tmp_path / 'd'} and what follows was not searched"
    assert rest.exit_code == 2
    assert search(tmp_path, most=6).passed_over == ()


def test_a_deep_tree_is_no_matter(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(500):
        deep = deep / "d"
    put(deep, "main.cf")
    assert len(search(tmp_path).configurations) == 1


@pytest.mark.parametrize(
    ("main", "master", "is_postfix"),
    [
        ("", None, True),
        ("# nothing yet\n", None, True),
        ("relayhost = a\n", None, True),
        ("relayhst = a\nbiff = no\n", None, True),
        ("oops\nrelayhost = a\n", None, True),
        ('include "types.cf"\ncluster vcs (\n  )\nsystem mx (\n  )\n', None, False),
        ("speed = 3\n", None, False),
        ("speed = 3\n", "smtp inet n - y - - smtpd\n", True),
    ],
)
def test_another_programs_main_cf(main: str, master: str | None, is_postfix: bool) -> None:  # noqa: FBT001
    beside = None if master is None else SourceFile("x/master.cf", master)
    instance = Instance.of(SourceFile("x/main.cf", main), beside, NEWEST, ASSUMED)
    if is_postfix:
        must_be_postfix(instance)
    else:
        with pytest.raises(NothingToCheck, match="sets no parameter of Postfix"):
            must_be_postfix(instance)


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map("/".join), max_size=8))
def test_all_are_found_and_nothing_else(tmp_path_factory: pytest.TempPathFactory, folders: list[str]) -> None:
    top = tmp_path_factory.mktemp("tree")
    put(top, *(f"{folder}/main.cf" for folder in folders))
    assert found(top) == sorted(set(folders), key=lambda each: each.split("/"))
