"""What has no effect goes, and nothing else: values in force stay, for every service, and so do comments."""

from hypothesis import given
from hypothesis import strategies as st

from advisor.engine.changes import Change, DropShadowed
from advisor.plan.edits import apply_changes
from advisor.plan.text_edits import CannotEdit
from advisor.settings.instance import Instance
from advisor.settings.release import Release
from advisor.syntax.source import SourceFile

_NAMES = st.sampled_from(["biff", "relayhost", "my_hosts"])
_VALUES = st.sampled_from(
    ["", "a", "$biff", "${relayhost?{x}:{y}}", "a\n  b", "a\n# inside\n\n\tb", "é \udcff", "{"]
)
_MAIN = st.lists(st.tuples(_NAMES, _VALUES), max_size=7).map(
    lambda lines: "".join(f"{name} = {value}\n# behind\n" for name, value in lines)
)
_OPTIONS = st.lists(
    st.tuples(
        st.sampled_from(["\n  -o ", " -o ", "\n -vo ", " -o", "\n# between\n\t-o "]),
        _NAMES,
        st.sampled_from(["a", "$biff", ""]),
    ),
    max_size=6,
).map(lambda options: "".join(f"{option}{name}={value}" for option, name, value in options))


@given(main=_MAIN, options=_OPTIONS, name=_NAMES, service=st.sampled_from([None, "smtp/inet"]))
def test_no_value_in_force_changes(main: str, options: str, name: str, service: str | None) -> None:
    before = Instance.of(
        SourceFile("main.cf", main),
        SourceFile("master.cf", f"smtp inet n - n - - smtpd{options}\nqmgr unix n - n 300 1 qmgr\n"),
        Release.parse("3.7.11"),
        "",
    )
    change: Change = DropShadowed(name, service)
    after = apply_changes(before, [change])
    assert not isinstance(after, CannotEdit)
    for each in ("biff", "relayhost", "my_hosts"):
        for key in ("", "smtp/inet", "qmgr/unix"):
            old = before.setting(each, before.service(key))
            new = after.setting(each, after.service(key))
            assert (new.text, new.normal, new.stress) == (old.text, old.normal, old.stress)
    assert before.master_cf
    assert after.master_cf
    overrides = [each.name for entry in after.master_cf.entries for each in entry.overrides]
    names = [line.name for line in after.main_cf.assignments] if service is None else overrides
    assert names.count(name) <= 1
    for old_text, new_text in (
        (before.main_cf.source.text, after.main_cf.source.text),
        (before.master_cf.source.text, after.master_cf.source.text),
    ):
        assert _comments(new_text) == _comments(old_text)


def _comments(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.startswith("#")]
