"""Changes of master.cf as edits of its text. Of entries with the same name and type, the last is edited."""

from collections.abc import Iterator, Sequence

from advisor.engine.changes import SERVICE_FIELDS, AddService
from advisor.engine.wording import visible
from advisor.plan.list_edits import ListText, changed_items, element_edits
from advisor.plan.text_edits import (
    BLANKS,
    CannotEdit,
    TextEdit,
    apply_edits,
    line_break,
    line_end,
    line_start,
    remove,
    replace,
)
from advisor.settings.values import split_items
from advisor.syntax.master_cf import (
    FIELD_SEPARATORS,
    MasterCf,
    Override,
    ServiceEntry,
    Token,
    parse_master_cf,
)
from advisor.syntax.source import WHITE_SPACE, SourceFile

Edits = tuple[TextEdit, ...]
# The pairs of an entry's options.
Options = tuple[tuple[str, str], ...]

_FIRST_FIELD = 2  # name and type stand in front of SERVICE_FIELDS
_COLUMNS = (10, 6, 8, 8, 8, 8, 8)


def entry_of(tree: MasterCf, service: str) -> ServiceEntry | None:
    """The entry that master(8) uses for the service."""
    return next((entry for entry in reversed(tuple(tree.entries)) if entry.key == service), None)


def override_of(entry: ServiceEntry, name: str) -> Override | None:
    """The `-o` that gives the parameter its value: the last."""
    return next((each for each in reversed(entry.overrides) if each.name == name), None)


def set_field(tree: MasterCf, entry: ServiceEntry, field: str, value: str) -> Edits | CannotEdit:
    """The field's word is replaced; the blanks behind it give way, so that the columns stay."""
    if field not in SERVICE_FIELDS:
        return CannotEdit(f"{field} is no column of master.cf that can be set")
    if not value or any(character in FIELD_SEPARATORS for character in value):
        return CannotEdit(f"the column {field} takes one word, without blanks")
    token = entry.fields[_FIRST_FIELD + SERVICE_FIELDS.index(field)]
    if token.text == value:
        return ()
    edits = [TextEdit(token.start, token.end, value)]
    text = tree.source.text
    end = token.end
    while end < len(text) and text[end] == " ":
        end += 1
    blanks, grown = end - token.end, len(value) - len(token.text)
    # A tab moves with its column by itself, and behind the last word of a line there is no column.
    if field != "command" and end < len(text) and text[end] not in "\t\r\n" and grown:
        edits.append(TextEdit(token.end, end, " " * max(1, blanks - grown)))
    place = _FIRST_FIELD + SERVICE_FIELDS.index(field)
    fields = [word.text for word in entry.fields]
    return _checked(tree, entry, edits, [*fields[:place], value, *fields[place + 1 :]], options_of(entry))


def set_override(
    tree: MasterCf, entry: ServiceEntry, name: str, value: str, *, braces: bool
) -> Edits | CannotEdit:
    """The service's last `-o` of the name gets the value; where there is none, a new one does.

    `braces`: the release knows `{ name = value }` (3.0), which a value with blanks needs.
    """
    option = _option(name, value, braces=braces)
    if isinstance(option, CannotEdit):
        return option
    present = override_of(entry, name)
    if present and present.value == value:
        return ()
    edits = _changed_override(tree.source.text, entry, present, value, option) if present else ()
    options = tuple((each.name, value if each is present else each.value) for each in entry.overrides) + (
        () if present else ((name, value),)
    )
    fields = [word.text for word in entry.fields]
    return _checked(tree, entry, edits or (_new_override(tree, entry, option),), fields, options)


def change_element(
    tree: MasterCf, entry: ServiceEntry, present: Override, element: str, new: tuple[str, ...]
) -> Edits | CannotEdit:
    """The value of the `-o` is a list, and gets `new` in place of the element."""
    wanted = changed_items(split_items(present.value), element, new)
    place = ListText(tree.source.text, present.value_start, present.value_end, is_word=not present.braced)
    edits = element_edits(place, present.value, element, new)
    if not wanted:
        edits = tuple(replace(place.text, place.start, place.end, ""))
    value = _value_behind(tree, entry, present.name, edits)
    if split_items(value) != wanted:
        return CannotEdit(f"{element} cannot be changed where it stands in {present.name} of {entry.key}")
    options = tuple((each.name, value if each is present else each.value) for each in entry.overrides)
    return _checked(tree, entry, edits, [word.text for word in entry.fields], options)


def _value_behind(tree: MasterCf, entry: ServiceEntry, name: str, edits: Edits) -> str:
    behind = parse_master_cf(SourceFile(tree.source.name, apply_edits(tree.source.text, edits)), tree)
    option = next((override_of(each, name) for each in behind.entries if each.start == entry.start), None)
    return option.value if option else ""


def unset_override(tree: MasterCf, entry: ServiceEntry, name: str) -> Edits | CannotEdit:
    """The first `-o` of the name goes, with its line if it stands alone there; no edits if there is none."""
    present = next((each for each in entry.overrides if each.name == name), None)
    if present is None:
        return ()
    options = tuple((each.name, each.value) for each in entry.overrides if each is not present)
    edits = tuple(_removal(tree.source.text, entry, present))
    return _checked(tree, entry, edits, [word.text for word in entry.fields], options)


def rename_overrides(tree: MasterCf, name: str, new_name: str) -> Edits:
    """The name of each `-o`, in every entry, also one that a later entry replaces."""
    text = tree.source.text
    edits = []
    for entry in tree.entries:
        for override in entry.overrides:
            if override.name == name:
                start = _name_start(text, override)
                edits.append(TextEdit(start, start + len(name), new_name))
    return tuple(edits)


def _name_start(text: str, override: Override) -> int:
    """Where the name begins. Comments between the brace and it may hold the same word."""
    start, found = override.start, -1
    while found < 0:
        end = text.find("\n", start) + 1 or len(text)
        if not text[start:end].lstrip(WHITE_SPACE).startswith("#"):
            found = text.find(override.name, start, end)
        start = end
    return found


def add_service(tree: MasterCf, change: AddService, *, braces: bool) -> Edits | CannotEdit:
    """A new entry behind all others."""
    if entry_of(tree, change.service):
        return CannotEdit(f"master.cf already has a service {change.service}")
    name, _, kind = change.service.rpartition("/")
    given = {**dict(change.fields), "command": change.command}
    if not set(given) <= set(SERVICE_FIELDS):
        return CannotEdit(f"the entry of {change.service} has a column that master.cf does not know")
    words = (name, kind, *(given.get(field, "-") for field in SERVICE_FIELDS))
    if any(not word or any(each in FIELD_SEPARATORS for each in word) for word in words) or name[0] == "#":
        return CannotEdit(f"the entry of {change.service} cannot be written with these columns")
    line = "".join(f"{word:<{width - 1}} " for word, width in zip(words, _COLUMNS, strict=False)) + words[-1]
    text = tree.source.text
    new_line = line_break(text, max(0, len(text) - 1))
    lines = [line]
    for parameter, value in change.overrides:
        option = _option(parameter, value, braces=braces)
        if isinstance(option, CannotEdit):
            return option
        lines.append(f"  -o {option}")
    missing = new_line if text and not text.endswith("\n") else ""
    return (TextEdit(len(text), len(text), missing + "".join(line + new_line for line in lines)),)


def flags_before(entry: ServiceEntry, override: Override) -> tuple[Token, str]:
    """The word that holds the `o` of an override, and the letters in front of that `o`.

    `-o name=value` has the word `-o`, `-vo name=value` the word `-vo`, `-voname=value` is a word itself.
    """
    words = entry.arguments
    index = next(place for place, word in enumerate(words) if word.start <= override.start < word.end)
    word = words[index - 1] if words[index].start == override.start else words[index]
    # extpar.c takes braces off: `{-vo}` is `-vo`. An `o` as a flag would itself have been the option.
    return word, word.text.lstrip("{" + WHITE_SPACE)[1:].partition("o")[0]


def options_of(entry: ServiceEntry) -> Options:
    """The name and value of each `-o`, in order."""
    return tuple((each.name, each.value) for each in entry.overrides)


def _checked(
    tree: MasterCf, entry: ServiceEntry, edits: Sequence[TextEdit], fields: list[str], options: Options
) -> Edits | CannotEdit:
    """The edits, if behind them the entry has these fields and options, its other arguments and the rest of
    the file are as before. An open brace swallows what stands behind it, and a `#` may begin a comment.
    """
    behind = parse_master_cf(SourceFile(tree.source.name, apply_edits(tree.source.text, edits)), tree)
    wanted = [(fields, options, _arguments(each)) if each is entry else _said(each) for each in tree.entries]
    if [_said(each) for each in behind.entries] == wanted:
        return tuple(edits)
    return CannotEdit(
        f"a brace or a '#' in the entry of {visible(entry.key)} is in the way: change it by hand"
    )


def _said(entry: ServiceEntry) -> tuple[list[str], Options, list[str]]:
    return [word.text for word in entry.fields], options_of(entry), _arguments(entry)


def _arguments(entry: ServiceEntry) -> list[str]:
    """The arguments apart from each `-o` and its value; of `-vo name=value`, the `-v`."""
    used: dict[int, str] = {}
    for override in entry.overrides:
        word, flags = flags_before(entry, override)
        used |= {
            each.start: f"-{flags}" if flags and each is word else ""
            for each in entry.arguments
            if each is word or each.start <= override.start < each.end
        }
    return [kept for each in entry.arguments if (kept := used.get(each.start, each.text))]


def _changed_override(text: str, entry: ServiceEntry, present: Override, value: str, option: str) -> Edits:
    needs_braces = option.startswith("{")
    if (present.braced and present.value and value) or not (present.braced or needs_braces):
        return tuple(replace(text, present.value_start, present.value_end, value))
    word, flags = flags_before(entry, present)
    if word.end <= present.start:
        return tuple(replace(text, present.start, present.end, option))
    # Braces begin a word of their own: `-oname=value` becomes `-o { name = value }`.
    return tuple(replace(text, word.start, word.end, f"-{flags}o {option}"))


def _plain(value: str) -> bool:
    return not any(character in FIELD_SEPARATORS for character in value)


def _option(name: str, value: str, *, braces: bool) -> str | CannotEdit:
    """`name=value`, in braces where the value has blanks."""
    if value.count("{") != value.count("}"):
        return CannotEdit(f"'-o {name}=…' takes braces in pairs only")
    if _plain(value) and not value.startswith("{"):
        return f"{name}={value}"
    if not braces:
        return CannotEdit(f"'-o {name}=…' takes a value with blanks only since Postfix 3.0")
    return f"{{ {name} = {value} }}"


def _new_override(tree: MasterCf, entry: ServiceEntry, option: str) -> TextEdit:
    """On a line of its own, behind the last `-o` or the command; in the line where arguments follow."""
    text = tree.source.text
    last = entry.overrides[-1].end if entry.overrides else entry.fields[-1].end
    end = line_end(text, last)
    if text[last:end].strip(BLANKS):
        return TextEdit(last, last, f" -o {option}")
    indent = _indent(tree, entry)
    return TextEdit(end, end, f"{line_break(text, last)}{indent}-o {option}")


def _indent(tree: MasterCf, entry: ServiceEntry) -> str:
    """What stands in front of this entry's options, else of the others'; else two blanks."""
    text = tree.source.text
    for each in (entry, *tree.entries):
        for override in reversed(each.overrides):
            word, _ = flags_before(each, override)
            front = text[line_start(text, word.start) : word.start]
            if front and not front.strip(BLANKS):
                return front
    return "  "


def _removal(text: str, entry: ServiceEntry, override: Override) -> Iterator[TextEdit]:
    word, flags = flags_before(entry, override)
    if not flags and word.end <= override.start and "\n" not in text[word.end : override.start]:
        yield from remove(text, word.start, override.end)
        return
    if word.end > override.start:
        remover = replace(text, word.start, word.end, f"-{flags}") if flags else None
        yield from remover or remove(text, word.start, word.end)
        return
    if flags:
        yield TextEdit(word.start, word.end, f"-{flags}")
    else:
        yield from remove(text, word.start, word.end)
    yield from remove(text, override.start, override.end)
