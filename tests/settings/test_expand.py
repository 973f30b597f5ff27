from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import SettingsError
from advisor.settings.catalogue import catalogue
from advisor.settings.domain_names import domain_to_ascii
from advisor.settings.expand import Opaque, expand, references
from advisor.settings.release import Release
from tests.settings.conftest import MakeInstance

VALUES = {
    "x": "1",
    "empty": "",
    "twice": "$x$x",
    "a": "$b",
    "b": "$a",
    "self": "$self x",
    "level": "3.9",
    "dollar": "a$$b",
}


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("plain", "plain"),
        ("$x ${x} $(x) ${ x }", "1 1 1 1"),
        ("$x-y.$x", "1-y.1"),
        ("$undefined.", "."),
        ("a$$b", "a$b"),
        ("$dollar", "a$b"),
        ("${x?yes}${empty?no}", "yes"),
        ("${x:no}${empty:yes}${undefined:too}", "yestoo"),
        ("${x?{a}:{b}} ${empty?{a}:{b}}", "a b"),
        ("${x ? {a} : {b}}", "a"),
        ("${x?{a}:b} ${empty?{a}:b c}", "a b c"),
        ("${x??foo:{b}ar}", "?foo:{b}ar"),
        ("${empty?10}${empty:300}s", "300s"),
        ("${x?$twice}", "11"),
        ("${x?{${empty:{$x}}}}", "1"),
        ("${domain_to_ascii{$undefined.example.org}}", ".example.org"),
        ("${domain_to_ascii{Example.ORG}} ${domain_to_utf8{Example.ORG}}", "Example.ORG example.org"),
        (".${domain_to_ascii{Bücher.example}}=a", ".xn--bcher-kva.example=a"),
        ("${domain_to_utf8{xn--bcher-kva.example}}", "bücher.example"),
        ("${domain_to_ascii{straße.example}}", "xn--strae-oqa.example"),
        ("${x?{${domain_to_ascii { ${x} }}}}", " 1 "),
        ("${domain_to_ascii} ${domain_to_ascii?yes}", " "),
        ("${{$x} == {1} ? {same} : {other}}", "same"),
        ("${{$x}!={1}?{other}:{same}}", "same"),
        ("${{9} < {10} ? {number} : {text}}", "number"),
        ("${{3.9} < {3.10} ? {number} : {text}}", "text"),
        ("${{$level} <level {3.10} ? {older} : {newer}}", "older"),
        ("${{3} ==level {3.0.0}}", "true"),
        ("${{10} >= {9}}${{b} > {a}}${{1} <= {0}}", "truetrue"),
        ("${{a} == {b}}", ""),
        ("${{a} == {b}:{text}}", "text"),
        ("${{007} == {7}}", "true"),
    ],
)
def test_a_macro_becomes_its_value(text: str, expanded: str) -> None:
    assert expand(text, VALUES.get) == expanded


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("$", "no parameter name"),
        ("a $ b", "no parameter name"),
        ("${}", "no parameter name"),
        ("${x", "closes"),
        ("$(x", "closes"),
        ("${x?{a}", "closes"),
        ("${my-name}", "letters, digits"),
        ("${x?{a} b}", "':' may stand"),
        ("${empty?{a}:{b} c}", "nothing more"),
        ("${{a}?{b}}", "no comparison"),
        ("${{a} == b}", "compare with"),
        ("${{a} ==length {b}}", "no comparison is called '==length'"),
        ("${{a} ~ {b}}", "no comparison"),
        ("${{a} == {b} + {c}}", "'?' or ':'"),
        ("${{3.x} <level {3.1}}", "no compatibility level"),
        ("${{3.9999} <level {3.1}}", "no compatibility level"),
        ("${{" + "9" * 5000 + "} == {1}}", "too large"),
        ("$a", "without end"),
        ("$self", "without end"),
        ("${x{y}}", "letters, digits"),
    ],
)
def test_a_broken_macro_says_what_and_how_to_mend_it(text: str, says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        expand(text, VALUES.get, where="main.cf:3:1")
    assert says in caught.value.message
    assert caught.value.where == "main.cf:3:1"
    assert caught.value.cure


def test_an_opaque_value_is_not_looked_into() -> None:
    assert expand("$name ${name?{yes}:{no}}", lambda _: Opaque("$name")) == "$name yes"
    assert expand("${name?{yes}:{no}}", lambda _: Opaque("")) == "no"


def test_values_that_double_at_each_step_come_to_an_end() -> None:
    doubling = {f"v{n}": f"$v{n + 1}$v{n + 1}" for n in range(90)} | {"v90": "x"}
    with pytest.raises(SettingsError, match="without end"):
        expand("$v0", doubling.get)
    with pytest.raises(SettingsError, match="grows without end"):
        expand("$big" * 200, lambda _: "x" * 10_000)


@pytest.mark.parametrize("piece", ["${{", "${x?{", "${x?", "$(", "${{a}=={", "${empty:${x?"])
def test_deep_nesting_is_refused_and_not_a_crash(piece: str) -> None:
    closing = "".join({"{": "}", "(": ")"}.get(c, "") for c in reversed(piece))
    for text in (piece * 400, piece * 400 + closing * 400):
        with pytest.raises(SettingsError):
            expand(text, VALUES.get)
        references(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("plain $$x", ()),
        ("$a ${b} $(c) $a", ("a", "b", "c", "a")),
        ("${a?{$b}:{$c}}", ("a", "b", "c")),
        ("${a?$b}${a:$c}", ("a", "b", "a", "c")),
        ("${{$a} == {$b} ? {$c} : {$d}}", ("a", "b", "c", "d")),
        ("$a ${broken $b", ("a",)),
    ],
)
def test_references_are_found_in_every_branch(text: str, names: tuple[str, ...]) -> None:
    assert references(text) == names


macro_text = st.lists(
    st.sampled_from(
        ["$", "$$", "${", "$(", "{", "}", ")", "?", ":", "==", "<level", "<", " ", "x", "a", "empty", "1"]
    )
    | st.text(max_size=3)
).map("".join)


@given(macro_text)
def test_no_text_is_a_traceback(text: str) -> None:
    values = {**VALUES, "x": text}
    with suppress(SettingsError):
        expand(text, values.get)
    references(text)


@given(st.text().filter(lambda text: "$" not in text))
def test_text_without_a_dollar_stays_as_it_is(text: str) -> None:
    assert expand(text, VALUES.get) == text
    assert references(text) == ()


@given(st.text())
def test_doubled_dollars_give_the_text_back(text: str) -> None:
    assert expand(text.replace("$", "$$"), VALUES.get) == text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("${domain_to_ascii{a\u00a0\u2603.example}}", "no domain name"),
        ("${domain_to_utf8{xn--a.example}}", "no domain name"),
        ("${domain_to_ascii{x} y}", "nothing more"),
        ("${domain_to_ascii{$self}}", "without end"),
        ("${domain_to_ascii{x}", "closes"),
    ],
)
def test_a_function_that_cannot_be_called_says_why(text: str, says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        expand(text, VALUES.get)
    assert says in caught.value.message


def test_what_a_function_is_given_is_a_reference() -> None:
    assert references("${domain_to_ascii{$mydomain}} $x") == ("mydomain", "x")


@given(st.text())
def test_the_ascii_form_of_a_name_leads_back_to_itself(name: str) -> None:
    found = domain_to_ascii(name)
    assert found is None or found.isascii()
    assert found is None or domain_to_ascii(found) == found


@pytest.mark.parametrize("minor", range(5, 12))
def test_every_default_of_every_release_can_be_expanded(make: MakeInstance, minor: int) -> None:
    instance = make("myhostname = mx.example.org\n", release=Release(3, minor))
    broken = [name for name in catalogue().parameters if instance.setting(name).problem is not None]
    assert broken == []


def test_a_default_calls_a_function(make: MakeInstance) -> None:
    instance = make("myhostname = mx.example.org\n", release=Release(3, 11))
    assert "{example.org=opportunistic}" in instance.setting("smtp_requiretls_policy").normal


@pytest.mark.parametrize("call", ["${domain_to_ascii{x}}", "$(domain_to_utf8 {x})"])
def test_a_release_without_functions_refuses_the_call(call: str) -> None:
    with pytest.raises(SettingsError, match=r"from 3\.11 on"):
        expand(call, lambda _: None, functions=False)
