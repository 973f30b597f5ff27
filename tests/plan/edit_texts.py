"""Configurations to be edited, in every ugliness, and the edits asked for."""

from hypothesis import assume
from hypothesis import strategies as st

from advisor.engine.changes import (
    AddService,
    Change,
    DropShadowed,
    MoveComment,
    RenameParameter,
    SetParameter,
    SetServiceField,
    SetServiceOverride,
    UnsetParameter,
)
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile
from tests.syntax.texts import files, main_cf_texts, master_cf_texts, services

MAIN = "compatibility_level = 3.6\nbiff = no\nrelayhost = a\n"
# Spellings of options that have a `#` or a brace in the way of an edit.
ODD = (
    "\n  -o biff=no # why",
    "\n  -o biff=no\n  # why\n  -v",
    " -o { relayhost = open",
    " {-o} biff=no",
    " {-vobiff=no} -o x_y=1",
    "\n -o {\n biff = a } -o biff=b",
    "\r\n\t-o\r\n\tbiff=no\r\n",
    " -- -o biff=no",
    " -o biff=a -o biff=b -obiff=c",
    " -o biff=\0 -v",
    " -o {\n# biff and x_y\n  biff = a }",
)
MASTER = "smtp inet n - n - - smtpd\n  -o biff=yes\nqmgr unix n - n 300 1 qmgr\n"
NAMES = ("biff", "relayhost", "mynetworks", "x_y", "9x", "my-param.x", "caf\udce9")
PARTS = (
    "no",
    "a",
    "$biff",
    "${x?{a}:{b}}",
    "#b",
    "{ c, d }",
    "e=f",
    "\\",
    '"q',
    "é",
    "\udcff",
    ",",
    "\t",
    "  ",
)

main_texts = st.one_of(main_cf_texts, main_cf_texts.map(lambda text: f"{MAIN}{text}"))
odd_services = st.lists(st.sampled_from(ODD), max_size=3).map(
    lambda parts: "smtp inet n - n - - smtpd" + "".join(parts) + "\n"
)
master_texts = st.one_of(
    master_cf_texts,
    files(services()).map(lambda text: f"{MASTER}{text}"),
    st.builds("{}{}".format, files(services()), odd_services),
)
names = st.sampled_from(NAMES)
values = st.lists(st.sampled_from(PARTS), max_size=4).map(lambda parts: " ".join(parts).strip())
columns = st.one_of(
    st.tuples(st.sampled_from(("private", "unpriv", "chroot")), st.sampled_from("yn-")),
    st.tuples(st.just("wakeup"), st.sampled_from(("0", "60", "300?", "-"))),
    st.tuples(st.just("process_limit"), st.sampled_from(("0", "1", "1000", "-"))),
    st.tuples(st.just("command"), st.sampled_from(("smtpd", "postscreen", "smtp"))),
)
main_changes: st.SearchStrategy[Change] = st.one_of(
    st.builds(SetParameter, names, values),
    st.builds(UnsetParameter, names),
    st.builds(DropShadowed, names),
    st.builds(MoveComment, names),
    st.builds(RenameParameter, names, st.sampled_from(("renamed", "new_name"))),
)


def master_changes(keys: list[str]) -> st.SearchStrategy[Change]:
    """Changes of services with these keys."""
    key = st.sampled_from(keys)
    return st.one_of(
        st.builds(lambda key, column: SetServiceField(key, *column), key, columns),
        st.builds(SetServiceOverride, key, names, values),
        st.builds(UnsetParameter, names, key),
        st.builds(DropShadowed, names, key),
        st.builds(AddService, st.sampled_from(("new/inet", "new/unix")), st.just("smtpd")),
    )


@st.composite
def master_edits(draw: st.DrawFn) -> tuple[str, Change]:
    """A master.cf with a service, and a change of it."""
    text = draw(master_texts)
    tree = instance(MAIN, text).master_cf
    assume(tree and list(tree.entries))
    assert tree
    return text, draw(master_changes([entry.key for entry in tree.entries]))


def instance(main: str, master: str = MASTER) -> Instance:
    return Instance.of(
        SourceFile("main.cf", main), SourceFile("master.cf", master), Release.parse("3.7.11"), ""
    )
