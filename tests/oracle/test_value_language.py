"""The value language, construct by construct: what postconf(5) promises, and what the real postconf says.

A row is a value and what becomes of it; the pool of names is the same for all.
"""

from functools import cache

import pytest

from tests.oracle.comparison import Case
from tests.oracle.conftest import Held

pytestmark = pytest.mark.postfix

POOL = """\
one = 1
two = 2
empty =
word = text
blank = a b
level = 3.10
nested = <$word>
dollars = a$$b
"""

SOUND = {
    # names
    "$one": "1",
    "${one}": "1",
    "$(one)": "1",
    "${ one }": "1",
    "$(\tone\r)": "1",
    "$one$two": "12",
    "$one-$two": "1-2",
    "$one_": "",
    "$nested": "<text>",
    "$none": "",
    "${ }": "",
    "$empty": "",
    # dollars
    "a$$b": "a$b",
    "$$one": "$one",
    "$$$one": "$1",
    "$dollars": "a$b",
    # ? and :
    "${one?a}": "a",
    "${one:a}": "",
    "${empty?a}": "",
    "${empty:a}": "a",
    "${none?a}": "",
    "${none:a}": "a",
    "${one?{a}}": "a",
    "${one ? {a}}": "a",
    "${one ?{a} }": "a",
    "${one? a}": "a",
    "${one?{ a }}": "a",
    "${one?{a}:{b}}": "a",
    "${empty?{a}:{b}}": "b",
    "${empty?{a}:b}": "b",
    "${empty ? {a} : {b} }": "b",
    "${one?a:b}": "a:b",
    "${one??a}": "?a",
    "${empty::a}": ":a",
    "${one?}": "",
    "${one?{}}": "",
    "${empty:}": "",
    "${one?{$word}:{$two}}": "text",
    "${one?{${two?{${word}}}}}": "text",
    "${one?{{a}}}": "{a}",
    "${one?a{b}c}": "a{b}c",
    "$(one?a)": "a",
    "$(one?{a}:{b})": "a",
    "$(one?(a))": "(a)",
    "${one?$(two)}": "2",
    "$(one?${two})": "2",
    # comparisons of numbers
    "${{1} == {1}}": "true",
    "${{1} == {01}}": "true",
    "${{1} != {1}}": "",
    "${{9} < {10}}": "true",
    "${{9} <= {10}}": "true",
    "${{9} > {10}}": "",
    "${{9} >= {10}}": "",
    "${{10} >= {10} ? {y} : {n}}": "y",
    "${{10} > {10} ? {y} : {n}}": "n",
    "${{9223372036854775807} == {9223372036854775807}}": "true",
    "${{0000000000000000000000009} < {10}}": "true",
    "${{$one} < {$two}?{y}}": "y",
    "${{$one$two} == {12}}": "true",
    # comparisons of texts
    "${{a} == {a}}": "true",
    "${{a} == {A}}": "",
    "${{a} < {b}}": "true",
    "${{} == {}}": "true",
    "${{} < {a}}": "true",
    "${{} < {0}}": "true",
    "${{-1} < {0}}": "true",
    "${{-2} < {-10}}": "",
    "${{+1} == {1}}": "",
    "${{ 1} == {1}}": "",
    "${{3.9} < {3.10}}": "",
    "${{a b} == {$blank}}": "true",
    "${{{a}} == {{a}}}": "true",
    "${{$none} == {}}": "true",
    "${{caf\u00e9} > {caf}}": "true",
    "${{\udce9} > {z}}": "true",
    # blanks around them
    "${{a}=={a}}": "true",
    "${ {a} == {a} }": "true",
    "${{a}\t==\t{a}\t?\t{y}\t:\t{n}}": "y",
    "${{a} == {a}?y}": "y",
    "${{a} == {b}:n}": "n",
    "${{a} != {a}?y}": "",
    # levels
    "${{3.9} <level {3.10}}": "true",
    "${{3.9} <=level {3.9.0}}": "true",
    "${{3.9} ==level {3.9.0}}": "true",
    "${{3} ==level {3.0.0}}": "true",
    "${{3.9.1} >level {3.9}}": "true",
    "${{3.9} !=level {3.10}}": "true",
    "${{$level} >=level {3.6} ? {y} : {n}}": "y",
    "${{2} <level {3.6}}": "true",
    "${{ 3.6} ==level {3.6}}": "true",
    "${{+3.+6} ==level {3.6}}": "true",
    "${{003.006} ==level {3.6}}": "true",
    "${{3. 6} ==level {3.6}}": "true",
    "${{-0} ==level {0}}": "true",
    "${{1.1023.1023} <level {2}}": "true",
    "${{8796093022207} >level {2048}}": "true",
}

REFUSED = [
    *("$", "a$", "$ a", "$-", "$.", "$\u00e9", "a $ b", "${}", "$()", "${$one}", "$$$"),
    *("${", "${one", "$(one", "${one)", "$(one}", "${one?{a}", "${one?{a}:{b}", "${{a} == {b}"),
    *("${one-two}", "${one two}", "${one.}", "${-one}", "${one!a}", "${one ,}"),
    *("${one?{a}b}", "${one?{a}?{b}}", "${one?{a}:{b}c}", "${one:{a}b}", "${one:{a}:{b}}", "${one?{a} b}"),
    "${one{a}}",
    *("${{a}}", "${{a}?{b}}", "${{a} = {b}}", "${{a} === {b}}", "${{a} <> {b}}", "${{a} =~ {b}}"),
    *("${{a} eq {b}}", "${{a} == b}", "${{a} ==}", "${{a} == {b} x}", "${{a} == {b}{c}}", "${a == {b}}"),
    *("${{a} ==length {b}}", "${{1} <levels {2}}", "${{1} < level {2}}", "${{1} <Level {2}}"),
    *("${{a} <level {3}}", "${{3.} <level {3}}", "${{} <level {3}}", "${{3.6 } <level {3}}"),
    *("${{1.1024} <level {3}}", "${{1.1.1024} <level {3}}", "${{8796093022208} <level {3}}"),
    *("${{-1} <level {3}}", "${{1.2.3.4} <level {3}}", "${{0x3} <level {3}}", "${{3.6x} <level {4}}"),
    *("${{9223372036854775808} < {1}}", "${{1} == {99999999999999999999}}"),
    *(
        "$smtpd_banner",
        "${one?{$smtpd_banner}}",
        "${smtpd_banner:x}$smtpd_banner",
        "${{$smtpd_banner} == {}}",
    ),
    *("${one?{$}}", "${one?{${two}}", "${{$} == {}}", "${{${x} == {}}"),
    *("${one?{a}:{b}}${", "x ${{1} <level {a}:old}"),
    # What is complained of is the comparison without its suffix.
    *("${{1} <level}", "${{1} !=level x}", "${{1} <= x}"),
    # A circle is left step by step: a text beside it is looked at again once the nesting is bearable.
    "${one?{a$relayhost}:{b}} x ${",
]

# Broken in the branch that is not taken: what is refused depends on what is looked at.
NOT_LOOKED_AT = ["${one?{a}:{$}}", "${empty?{$}:{a}}", "${empty?$-}", "${one:${x-}}", "${none?{${{a}?b}}}"]

CHAINS = {
    "a chain of names": "".join(f"n{number} = $n{number + 1}\n" for number in range(95)) + "n95 = end\n",
    "two names that lead to each other": "n0 = $n1\nn1 = $n0\n",
    "a name that leads to itself": "n0 = x $n0\n",
    "a test of itself": "n0 = ${n0?{x}}\n",
    "a default for itself": "n0 = ${n0:x}\n",
    "a chain of tests": "".join(
        f"n{number} = ${{n{number + 1}?{{$n{number + 1}}}}}\n" for number in range(30)
    )
    + "n30 = end\n",
}
BRACES = {
    depth: "${one?{" * depth + "x" + "}}" * depth for depth in (1, 2, 10, 49, 50, 51, 99, 100, 101, 102)
}
NAMES = (98, 99, 100, 101, 102)


def main_cf(value: str) -> str:
    return f"{POOL}smtpd_banner = {value}\n"


@cache
def chain(length: int) -> str:
    steps = "".join(f"n{number} = $n{number + 1}\n" for number in range(length))
    return f"smtpd_banner = $n0\n{steps}n{length} = end\n"


@pytest.mark.parametrize(("value", "result"), SOUND.items(), ids=map(ascii, SOUND))
def test_a_value_becomes(held: Held, value: str, result: str) -> None:
    printed = held.printed("-nx smtpd_banner", main_cf(value))
    assert printed == f"smtpd_banner = {result}".rstrip() + "\n"


def test_what_is_refused(held: Held) -> None:
    cases = [Case(main_cf(value), "", (flag,)) for value in REFUSED for flag in ("-n", "-nx")]
    assert not [
        value for value, answer in zip(REFUSED, held.all(cases)[::2], strict=True) if not answer.status
    ]


def test_what_is_not_looked_at(held: Held) -> None:
    held.all([Case(main_cf(value), "", (flag,)) for value in NOT_LOOKED_AT for flag in ("-n", "-nx", "-x")])


def test_how_deep_values_may_lead(held: Held) -> None:
    texts = [
        *(f"smtpd_banner = $n0\n{text}" for text in CHAINS.values()),
        *(main_cf(value) for value in BRACES.values()),
        *map(chain, NAMES),
    ]
    answers = held.all([Case(text, "", (flag,)) for text in texts for flag in ("-nx", "-n")])
    assert {answer.status for answer in answers} == {0, 1}


def test_the_same_in_an_option_of_a_service(held: Held) -> None:
    values = [value for value in SOUND if value.count("{") == value.count("}")]
    master = "".join(
        f"s{number} unix - - n - - smtp -o {{ a = {value} }}\n" for number, value in enumerate(values)
    )
    for flag in ("-Px", "-Mx", "-P", "-M"):
        assert held(flag, POOL, master).status == 0


def test_what_is_refused_in_an_option_of_a_service(held: Held) -> None:
    values = [value for value in REFUSED if value.count("{") == value.count("}")]
    held.all(
        [
            Case(POOL, f"x unix - - n - - smtp -o {{ a = {value} }}\n", (flag,))
            for value in values
            for flag in ("-n", "-Px", "-Mx")
        ]
    )
