"""Edits shown to the real postconf: the edited file means to it what the original did, and what was asked;
and what postconf's own editing would have made of the original.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from advisor.engine.changes import (
    Change,
    DropShadowed,
    SetParameter,
    SetServiceField,
    SetServiceOverride,
    UnsetParameter,
)
from advisor.plan.edits import apply_changes
from advisor.settings.instance import Instance
from tests.plan.edit_texts import columns, instance, main_texts, master_texts, values

pytestmark = pytest.mark.postfix

# Each example starts the program several times.
quick = settings(
    max_examples=int(os.environ.get("ORACLE_EXAMPLES", "60")),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
PLAIN_MASTER = "smtp inet n - n - - smtpd\n"
# postconf(1) prints what it knows, and does not check the values of these.
KNOWN = ("biff", "relayhost", "mynetworks")
known = st.sampled_from(KNOWN)
# `$` is expanded, and what does not expand is refused; NUL cannot be an argument.
plain_values = values.map(lambda value: value.replace("$", "S"))
# postconf(1) calls this column otherwise.
COLUMNS = {"unpriv": "unprivileged"}

Values = dict[str, str]


class Folder:
    """A folder with a configuration, and the real postconf to ask about it."""

    def __init__(self, program: Path, path: Path) -> None:
        self.program, self.path = program, path

    def write(self, main: str, master: str = PLAIN_MASTER) -> None:
        for name, text in (("main.cf", main), ("master.cf", master)):
            (self.path / name).write_bytes(text.encode("utf-8", "surrogateescape"))

    def run(self, *options: str) -> str:
        """What it prints. It waits for a file that was changed this second, so the files look old."""
        for file in self.path.iterdir():
            os.utime(file, (0, 0))
        done = subprocess.run(
            [self.program, "-c", self.path, *(os.fsencode(each) for each in options)],
            capture_output=True,
            check=False,
            timeout=60,
            env={"LC_ALL": "C"},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.decode("utf-8", "surrogateescape")

    def values(self, option: str) -> Values:
        lines = (line for line in self.run(option).split("\n") if line)
        return {name: value for line in lines for name, value in [re.split(r" = ?", line, maxsplit=1)]}

    def main_cf(self) -> Values:
        return {name: value for name, value in self.values("-n").items() if name in KNOWN}

    def services(self) -> Values:
        return self.values("-F") | self.values("-P")


@pytest.fixture(scope="module")
def real(postconf: Path) -> Iterator[Folder]:
    with TemporaryDirectory() as folder:
        yield Folder(postconf, Path(folder))


def printed(value: str) -> str:
    return re.sub(r"[ \t\r\n]+", " ", value)


def behind(before: Instance, change: Change) -> Instance:
    after = apply_changes(before, [change])
    assume(isinstance(after, Instance))
    assert isinstance(after, Instance)
    return after


def is_read(of: Instance) -> bool:
    assert of.master_cf
    return not any(junk.fatal for junk in (*of.main_cf.junk, *of.master_cf.junk))


readable_main_texts = main_texts.map(lambda text: text.replace("$", "S")).filter(
    lambda text: is_read(instance(text, PLAIN_MASTER))
)
main_changes: st.SearchStrategy[Change] = st.one_of(
    st.builds(SetParameter, known, plain_values),
    st.builds(UnsetParameter, known),
    st.builds(DropShadowed, known),
)


@quick
@given(text=readable_main_texts, change=main_changes)
def test_main_cf_means_what_it_did_and_what_was_asked(real: Folder, text: str, change: Change) -> None:
    before = instance(text, PLAIN_MASTER)
    after = behind(before, change).main_cf.source.text
    real.write(text)
    said = real.main_cf()
    wanted: Values
    own: tuple[str, ...] = ()
    match change:
        case SetParameter(name, value):
            wanted, own = said | {name: printed(value)}, ("-e", f"{name} = {value}")
        case UnsetParameter(name):
            wanted, own = {key: value for key, value in said.items() if key != name}, ("-X", name)
        case _:
            wanted, own = said, ()
    real.write(after)
    assert real.main_cf() == wanted
    # postconf itself glues a line onto one without end, and writes nothing from a NUL on.
    if own and "\0" not in text and (text.endswith("\n") or not text):
        real.write(text)
        real.run(*own)
        assert real.main_cf() == wanted


@st.composite
def master_edits(draw: st.DrawFn) -> tuple[str, str, Change]:
    """A master.cf, the key of a service in it, and a change of that service."""
    text = draw(master_texts).replace("$", "S")
    before = instance("", text)
    assert before.master_cf
    keys = [entry.key for entry in before.master_cf.entries]
    # Of two entries with one key, the dictionary behind -P shows the last one's values for both.
    assume(keys and len(set(keys)) == len(keys) and is_read(before))
    # master(8) takes the braces of an option off (src/master/master_ent.c), postconf(1) sees no option there.
    assume("{-" not in text)
    # It prints names as it finds them; one in braces or with other characters cannot be told from the rest.
    assume(all(re.fullmatch(r"[\w.:*\[\]]+/[a-z-]+", each, re.ASCII) for each in keys))
    # A word in braces is one word to postconf(1) in every column, and to master(8) behind the command only.
    assume(not any("{" in word.text for entry in before.master_cf.entries for word in entry.fields))
    key = draw(st.sampled_from(keys))
    word = st.sampled_from(("no", "a,b", "e=f", "", "caf\udce9", "#b"))
    changes: st.SearchStrategy[Change] = st.one_of(
        columns.map(lambda column: SetServiceField(key, *column)),
        st.builds(SetServiceOverride, st.just(key), known, st.one_of(word, plain_values)),
        st.builds(UnsetParameter, known, st.just(key)),
        st.builds(DropShadowed, known, st.just(key)),
    )
    return text, key, draw(changes)


@quick
@given(edit=master_edits())
def test_master_cf_means_what_it_did_and_what_was_asked(real: Folder, edit: tuple[str, str, Change]) -> None:
    text, key, change = edit
    after = behind(instance("", text), change).master_cf
    assert after
    real.write("", text)
    said = real.services()
    wanted: Values
    own: tuple[str, ...] = ()
    match change:
        case SetServiceField(_, field, value):
            name = f"{key}/{COLUMNS.get(field, field)}"
            wanted = said | {name: value}
            if field == "command":  # -F prints a command with its arguments
                wanted[name] = " ".join((value, *said[name].split(" ")[1:]))
            else:
                own = ("-F", f"{name} = {value}")
        case SetServiceOverride(_, name, value):
            wanted = said | {f"{key}/{name}": printed(value)}
            if not set(value) & set(" \t"):
                own = ("-P", f"{key}/{name} = {value}")
        case UnsetParameter(name):
            wanted = {place: value for place, value in said.items() if place != f"{key}/{name}"}
            own = ("-PX", f"{key}/{name}") if wanted != said else ()
        case _:
            wanted = said
    real.write("", after.source.text)
    assert without_commands(real.services(), key) == without_commands(wanted, key)
    if own and "\0" not in text and text.endswith("\n") and is_edited_by_postconf(text, key):
        real.write("", text)
        real.run(*own)
        assert without_commands(real.services(), key) == without_commands(wanted, key)


def is_edited_by_postconf(text: str, key: str) -> bool:
    """Whether postconf(1) edits the entry and nothing else: to it, a `*` stands for any name; it refuses an
    entry whose type stands on another line; and it closes a brace that was left open, in the value.
    """
    master = instance("", text).master_cf
    assert master
    name_and_type = [text[entry.fields[0].start : entry.fields[1].start] for entry in master.entries]
    is_on_one_line = not any("\n" in each for each in name_and_type)
    return "*" not in key and text.count("{") == text.count("}") and is_on_one_line


def without_commands(said: Values, key: str) -> Values:
    """Without the column that shows the options of the changed service once more, each in its spelling."""
    command = f"{key}/command"
    return {name: value.split(" ")[0] if name == command else value for name, value in said.items()}
