"""What holds of every edit, in every file: it does what was asked, all of it, and touches nothing else.

The files are as broken as files get: see tests/syntax/texts.py.
"""

from hypothesis import assume, given
from hypothesis import strategies as st

from advisor.engine.changes import (
    SERVICE_FIELDS,
    AddService,
    Change,
    DropIgnore,
    DropShadowed,
    MoveComment,
    RenameParameter,
    SetParameter,
    SetServiceField,
    SetServiceOverride,
    UnsetParameter,
)
from advisor.plan.edits import apply_changes
from advisor.plan.text_edits import CannotEdit
from advisor.settings.instance import Instance
from advisor.syntax.main_cf import trailing_comment, without_comment
from advisor.syntax.master_cf import MasterCf, ServiceEntry
from advisor.syntax.source import WHITE_SPACE
from tests.plan.edit_texts import (
    MAIN,
    MASTER,
    columns,
    instance,
    main_changes,
    main_texts,
    master_edits,
    master_texts,
    names,
    values,
)


def edited(before: Instance, *changes: Change) -> Instance:
    """The instance behind the changes; a file that cannot be changed so is left alone."""
    after = apply_changes(before, changes)
    assume(not isinstance(after, CannotEdit))
    assert isinstance(after, Instance)
    return after


def main_text(of: Instance) -> str:
    return of.main_cf.source.text


def tree(of: Instance) -> MasterCf:
    assert of.master_cf
    return of.master_cf


def master_text(of: Instance) -> str:
    return tree(of).source.text


def ended(text: str) -> str:
    """The text with one way to end its last line, which may have had none."""
    return text if not text else text.removesuffix("\n").removesuffix("\r") + "\n"


def is_as_before(back: str, text: str) -> bool:
    """Whether it is the text again, to the byte; where the last line had no end, it may have got one."""
    return back == text or (not text.endswith("\n") and back in (text + "\n", text + "\r\n"))


def pairs(of: Instance) -> list[tuple[str, str]]:
    return [(line.name, line.raw_value) for line in of.main_cf.assignments]


def last(lines: list[tuple[str, str]], name: str) -> int | None:
    return next((place for place in reversed(range(len(lines))) if lines[place][0] == name), None)


def expected(before: list[tuple[str, str]], change: Change) -> list[tuple[str, str]] | None:
    """The assignments behind the change, in order; None where a new one stands somewhere among them."""
    match change:
        case SetParameter(name, value, None):
            place = last(before, name)
            if place is None:
                return None
            return [*before[:place], (name, value), *before[place + 1 :]]
        case UnsetParameter(name, None):
            return [pair for pair in before if pair[0] != name]
        case DropShadowed(name, None):
            place = last(before, name)
            return [pair for number, pair in enumerate(before) if pair[0] != name or number == place]
        case RenameParameter(name, new_name):
            return [(new_name if each == name else each, value) for each, value in before]
        case MoveComment(name):
            place = last(before, name)
            if place is None:
                return before
            return [*before[:place], (name, without_comment(before[place][1])), *before[place + 1 :]]
        case _:
            raise AssertionError(change)


@given(main_texts, main_changes)
def test_main_cf_says_what_was_asked_and_else_what_it_said(text: str, change: Change) -> None:
    before = instance(text)
    after = edited(before, change)
    wanted = expected(pairs(before), change)
    if wanted is None:
        assert isinstance(change, SetParameter)
        new = pairs(after)
        new.remove((change.name, change.value))
        assert new == pairs(before)
    else:
        assert pairs(after) == wanted
    junk = [node.text for node in before.main_cf.junk]
    assert [ended(node.text) for node in after.main_cf.junk] == [ended(text) for text in junk]


def comments(text: str) -> list[str]:
    return [
        content
        for line in text.split("\n")
        if (content := line.strip(WHITE_SPACE)).startswith("#") or not content
    ]


@given(main_texts, main_changes)
def test_main_cf_is_the_same_outside_the_lines_of_the_name(text: str, change: Change) -> None:
    assert not isinstance(change, SetServiceField | SetServiceOverride | AddService | DropIgnore)
    before = instance(text)
    new = main_text(edited(before, change))
    done = 0
    lines = [line for line in before.main_cf.assignments if line.name == change.name]
    if not lines:
        # At most a new line, at one place; the newline that the file lacked is of that place.
        common = next(
            (place for place in range(len(text)) if new[place : place + 1] != text[place]), len(text)
        )
        assert new == text or new.endswith(text[common:])
        return
    owned = lines[-1:] if isinstance(change, SetParameter | MoveComment) else lines
    for line in owned:
        front = text[done : line.start]
        assert front in new
        new = new[new.index(front) + len(front) :] if done else new.removeprefix(front)
        done = line.end
    assert new.endswith(text[done:])


@given(main_texts, main_changes)
def test_main_cf_keeps_its_comments(text: str, change: Change) -> None:
    before = instance(text)
    after = edited(before, change)
    kept = comments(main_text(after))
    if isinstance(change, MoveComment):
        moved = [trailing_comment(line.raw_value) for line in before.main_cf.assignments]
        kept = [each for each in kept if each not in [one.strip(WHITE_SPACE) for one in moved]]
        assert all(kept.count(each) <= comments(text).count(each) for each in kept)
        return
    assert [each for each in kept if each] == [each for each in comments(text) if each]


@given(main_texts, main_changes)
def test_an_edit_of_main_cf_asked_twice_is_the_edit_once(text: str, change: Change) -> None:
    once = edited(instance(text), change)
    twice = apply_changes(once, [change])
    assert isinstance(twice, Instance)
    assert main_text(twice) == main_text(once)


@given(main_texts, values, st.data())
def test_set_and_set_back(text: str, value: str, data: st.DataObject) -> None:
    before = instance(text)
    written = sorted({line.name for line in before.main_cf.assignments})
    assume(written)
    name = data.draw(st.sampled_from(written))
    line = next(line for line in reversed(list(before.main_cf.assignments)) if line.name == name)
    back = edited(edited(before, SetParameter(name, value)), SetParameter(name, line.raw_value))
    assert pairs(back) == pairs(before)
    if value and line.raw_value and "\n" not in text[line.value_start : line.value_end]:
        assert main_text(back) == text


@given(main_texts, values)
def test_a_new_parameter_and_without_it_again(text: str, value: str) -> None:
    before = instance(text)
    assume(all(line.name != "smtpd_timeout" for line in before.main_cf.assignments))
    there = edited(before, SetParameter("smtpd_timeout", value))
    assert is_as_before(main_text(edited(there, UnsetParameter("smtpd_timeout"))), text)


@given(main_texts, master_texts, names)
def test_another_name_and_back(main: str, master: str, name: str) -> None:
    before = instance(main, master)
    there = edited(before, RenameParameter(name, "no_such_name"))
    assert entries(there) == [
        (key, fields, [("no_such_name" if each == name else each, value) for each, value in options])
        for key, fields, options in entries(before)
    ]
    assert comments(master_text(there)) == comments(master)
    back = edited(there, RenameParameter("no_such_name", name))
    assert (main_text(back), master_text(back)) == (main, master)


# What an entry says: its key, columns, arguments without those of -o, and its options.
Said = tuple[str, tuple[str, ...], list[tuple[str, str]]]


def said(entry: ServiceEntry) -> Said:
    fields = tuple(getattr(entry, field) for field in SERVICE_FIELDS)
    return entry.key, fields, [(each.name, each.value) for each in entry.overrides]


def entries(of: Instance) -> list[Said]:
    return [said(entry) for entry in tree(of).entries]


def asked_of(entry: Said, change: Change) -> Said:
    key, fields, options = entry
    match change:
        case SetServiceField(_, field, value):
            place = SERVICE_FIELDS.index(field)
            return key, (*fields[:place], value, *fields[place + 1 :]), options
        case SetServiceOverride(_, name, value):
            at = last(options, name)
            if at is None:
                return key, fields, [*options, (name, value)]
            return key, fields, [*options[:at], (name, value), *options[at + 1 :]]
        case UnsetParameter(name, _):
            return key, fields, [pair for pair in options if pair[0] != name]
        case DropShadowed(name, _):
            at = last(options, name)
            return key, fields, [p for number, p in enumerate(options) if p[0] != name or number == at]
        case _:
            raise AssertionError(change)


@st.composite
def column_edits(draw: st.DrawFn) -> tuple[str, tuple[str, tuple[str, str]]]:
    text = draw(master_texts)
    keys = [entry.key for entry in tree(instance(MAIN, text)).entries]
    assume(keys)
    return text, (draw(st.sampled_from(keys)), draw(columns))


def winner(of: Instance, key: str) -> int:
    keys = [entry.key for entry in tree(of).entries]
    return len(keys) - 1 - keys[::-1].index(key)


@given(master_edits())
def test_master_cf_says_what_was_asked_and_else_what_it_said(edit: tuple[str, Change]) -> None:
    text, change = edit
    before = instance(MAIN, text)
    after = edited(before, change)
    wanted = entries(before)
    assert not isinstance(change, RenameParameter | MoveComment | DropIgnore)
    assert change.service
    if isinstance(change, AddService):
        wanted.append((change.service, ("-", "-", "-", "-", "-", "smtpd"), []))
    else:
        place = winner(before, change.service)
        wanted[place] = asked_of(wanted[place], change)
    assert entries(after) == wanted
    junk = [ended(node.text) for node in tree(before).junk]
    assert [ended(node.text) for node in tree(after).junk] == junk


@given(master_edits())
def test_what_no_option_of_the_change_is_stays_an_argument(edit: tuple[str, Change]) -> None:
    text, change = edit
    before = instance(MAIN, text)
    after = edited(before, change)
    for old, new in zip(tree(before).entries, tree(after).entries, strict=False):
        assert others(new) == others(old)


def others(entry: ServiceEntry) -> list[str]:
    """The arguments that belong to no override; of `-vo name=value`, the flags in front."""
    found = []
    inside = {(each.start, each.end) for each in entry.overrides}
    for word in entry.arguments:
        held = next(((start, end) for start, end in inside if word.start <= start < word.end), None)
        if held is None:
            found.append(word.text)
        elif word.start < held[0]:
            found.append("-" + entry.text[word.start - entry.start + 1 : held[0] - entry.start])
    return [each for each in found if each not in ("-o", "{-o}", "-")]


@given(master_edits())
def test_master_cf_is_the_same_outside_the_entry(edit: tuple[str, Change]) -> None:
    text, change = edit
    before = instance(MAIN, text)
    new = master_text(edited(before, change))
    assert not isinstance(change, RenameParameter | MoveComment | DropIgnore)
    assert change.service
    if isinstance(change, AddService):
        assert new.startswith(text)
        assert text == "" or new[len(text) - text.endswith("\n") :].lstrip("\r").startswith("\n")
        return
    entry = list(tree(before).entries)[winner(before, change.service)]
    assert new.startswith(text[: entry.start])
    assert new.endswith(text[entry.end :])


@given(master_edits())
def test_master_cf_keeps_its_comments(edit: tuple[str, Change]) -> None:
    text, change = edit
    new = master_text(edited(instance(MAIN, text), change))
    assert [each for each in comments(new) if each] == [each for each in comments(text) if each]


@given(master_edits())
def test_an_edit_of_master_cf_asked_twice_is_the_edit_once(edit: tuple[str, Change]) -> None:
    text, change = edit
    once = edited(instance(MAIN, text), change)
    assume(not isinstance(change, AddService))
    twice = apply_changes(once, [change])
    assert isinstance(twice, Instance)
    assert master_text(twice) == master_text(once)


@given(column_edits())
def test_a_column_and_back(edit: tuple[str, tuple[str, tuple[str, str]]]) -> None:
    text, (key, (field, value)) = edit
    change = SetServiceField(key, field, value)
    before = instance(MAIN, text)
    entry = list(tree(before).entries)[winner(before, change.service)]
    there = edited(before, change)
    back = edited(there, SetServiceField(change.service, change.field, getattr(entry, change.field)))
    assert entries(back) == entries(before)
    if "\t" not in text and len(change.value) <= len(getattr(entry, change.field)):
        assert master_text(back) == text


@given(master_texts, values)
def test_a_new_option_and_without_it_again(text: str, value: str) -> None:
    before = instance(MAIN, text)
    keys = [entry.key for entry in tree(before).entries]
    assume(keys)
    there = edited(before, SetServiceOverride(keys[0], "smtpd_timeout", value))
    back = edited(there, UnsetParameter("smtpd_timeout", keys[0]))
    assert is_as_before(master_text(back), text)


def test_the_laws_are_about_files_that_can_be_changed() -> None:
    assert entries(instance(MAIN, MASTER))
