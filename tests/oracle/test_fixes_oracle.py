"""The fixes of the rules, shown to the real postconf: the text behind a fix draws no new warning."""

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from advisor.engine.rules import Example
from advisor.facts.case import NO_LOG, Case
from advisor.facts.renamed_parameters import State, renamed_parameters
from advisor.missing import Missing
from advisor.rule_sets import all_rules
from advisor.settings.catalogue import Kind, catalogue
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

pytestmark = pytest.mark.postfix


def fixed_examples() -> Iterator[tuple[str, Example]]:
    for rule in all_rules():
        for number, example in enumerate(rule.examples, 1):
            if example.after_main_cf is not None or example.after_master_cf is not None:
                yield f"{rule.name}-{number}", example


EXAMPLES = dict(fixed_examples())


def ask(postconf: Path, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [postconf, "-c", folder, *options],
        capture_output=True,
        check=False,
        timeout=60,
        env={"LC_ALL": "C"},
        text=True,
    )


def write(folder: Path, main: str, master: str) -> None:
    """Postfix reads a file again until it has not changed for a second, so these look old."""
    folder.mkdir()
    for name, text in (("main.cf", main), ("master.cf", master)):
        (folder / name).write_text(text)
        os.utime(folder / name, (1_000_000_000, 1_000_000_000))


def warnings(postconf: Path, folder: Path, main: str, master: str) -> Counter[str]:
    write(folder, main, master)
    lines = [
        line
        for option in ("-n", "-M", "-P")
        for line in ask(postconf, folder, option).stderr.replace(str(folder), "").splitlines()
    ]
    return Counter(line.partition(": ")[2] for line in lines)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_fix_draws_no_warning(postconf: Path, tmp_path: Path, name: str) -> None:
    example = EXAMPLES[name]
    main, master = example.main_cf, example.master_cf or ""
    before = warnings(postconf, tmp_path / "before", main, master)
    after = warnings(
        postconf,
        tmp_path / "after",
        main if example.after_main_cf is None else example.after_main_cf,
        master if example.after_master_cf is None else example.after_master_cf,
    )
    assert after - before == Counter()


RENAMED = {
    parameter.name: parameter.replacement
    for parameter in catalogue().parameters.values()
    if parameter.replacement and parameter.replacement in parameter.fallback_for
}
VALUES = {Kind.TIME: "2h", Kind.BOOL: "yes", Kind.INT: "3"}


@pytest.mark.parametrize("name", RENAMED)
def test_an_old_name_works_where_the_new_one_takes_its_value(
    postconf: Path, tmp_path: Path, name: str
) -> None:
    new_name = RENAMED[name]
    parameter = catalogue().parameters[new_name]
    value = VALUES.get(parameter.type, "value")
    main = f"{name} = {value}\n"
    write(tmp_path / "conf", main, "")
    taken = ask(postconf, tmp_path / "conf", "-x", "-h", new_name).stdout.strip()
    release = Release.parse(ask(postconf, tmp_path / "conf", "-d", "-h", "mail_version").stdout)
    instance = Instance.of(SourceFile("main.cf", main), None, release, "postconf")
    parameters = renamed_parameters(Case(instance, NO_LOG))
    assert not isinstance(parameters, Missing)
    (found,) = parameters
    assert found.state is (State.WORKS if taken.startswith(value) else State.LOST)
