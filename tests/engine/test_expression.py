"""The language: what a text may say, what its answer is, and what is said of one that makes no sense."""

from collections.abc import Mapping
from typing import Any

import pytest

from advisor.engine.expression import Expression, Failed, Known, NotKnown, Scope, compile_expression
from advisor.engine.verdicts import Evidence
from advisor.errors import RuleError
from advisor.facts.registry import Source
from advisor.missing import Missing


def variables(case: Any) -> Mapping[str, object]:
    return {"service": case.services[0], "options": {"headroom": 1.5, "word": "yes"}}


def answer(text: str, scope: Scope, case: Any) -> object:
    return compile_expression(text, scope).evaluate(case, variables(case))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3 - 4 / 2", 5.0),
        ("7 // 2 + 7 % 2", 4),
        ("-service.process_limit", -100),
        ("1 < 2 <= 2 != 3 > 0 >= 0", True),
        ("3 < 2 < 1 / 0", False),
        ("'a' in ('a', 'b') and 'c' not in ['a']", True),
        ("-1 in (-1, 2)", True),
        ("'mt' in service.name", True),
        ("'x' in service.overrides", False),
        ("not service.chroot", True),
        ("'many' if service.process_limit > 50 else 'few'", "many"),
        ("min(3, 1, 2) + max(1, 2) + abs(-1)", 4),
        ("round(2.5) + ceil(0.1) + floor(1.9)", 4),
        ("round(1.25, 1)", 1.2),
        ("len(service.name) + len(service.overrides)", 4),
        ("service.name + '/' + options.word", "smtp/yes"),
        ("processes_needed(service, options.headroom)", 300.0),
        ("processes_needed(service)", 200.0),
        ("observed.cause(service) == 'too-few-processes'", True),
        ("observed.cause(service) in ('slow-clients', 'none')", False),
        ("busiest().process_limit", 100),
        ("(\n1 +  # the first\n2\n)", 3),
        ("1 +\n2", 3),
        ("service.key", "smtp/inet"),
    ],
)
def test_values(text: str, value: object, scope: Scope, new_case: Any) -> None:
    assert answer(text, scope, new_case()) == Known(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("1 +", "not an expression, at its end"),
        ("1 +* 2", "not an expression, at line 1, column 4"),
        ("2 ** 3", "`**` is no part"),
        ("[x for x in service.overrides]", "a comprehension"),
        ("service.overrides[0]", "an index"),
        ("lambda: 1", "a lambda"),
        ("f'{1}'", "an f-string"),
        ("(x := 1)", "an assignment"),
        ("max(*service.overrides)", "a starred argument"),
        ("round(1.5, ndigits=1)", "by name"),
        ("None", "no value of the rule language"),
        ("b'x'", "no value of the rule language"),
        ("1j", "no value of the rule language"),
        ("...", "no value of the rule language"),
        ("1 is 1", "`is` is no part"),
        ("service.name is service.name", "`is`"),
        ("~1", "`Invert`"),
        ("+1", "`UAdd`"),
        ("'\\d'", "not an expression"),
        ("()", "an empty list"),
        ("(service.name, 1)", "something else than literals"),
        ("_x", "private"),
        ("service._hidden", "private"),
        ("service.__class__", "private"),
        ("service.stop()", "no fact is called service.stop"),
        ("service.stop", "has no attribute stop"),
        ("service.proces_limit", "did you mean process_limit?"),
        ("service.name.upper", "has no attribute upper"),
        ("servce.name", "nothing is called servce; did you mean service?"),
        ("proceses_needed(service)", "did you mean processes_needed?"),
        ("observed.cuase(service)", "did you mean observed.cause?"),
        ("observed.cuase", "did you mean observed.cause?"),
        ("observed.cause", "write observed.cause(…)"),
        ("memory > 5", "write memory(…)"),
        ("options", "stands alone"),
        ("options.hedroom", "did you mean headroom?"),
        ("memory(service)", "memory takes 0 arguments, not 1"),
        ("processes_needed()", "takes 1 to 2 arguments, not 0"),
        ("min(1)", "min takes 2 or more arguments, not 1"),
        ("busiest().nam", "did you mean name?"),
        ("observed.cause(service) == 'slow-client'", "did you mean slow-clients?"),
        ("observed.cause(service) in ('none', 'slow')", "is never 'slow'"),
        ("service.process_limit == '100'", "never equal"),
        ("service.chroot == 'n'", "never equal"),
        ("service.name < 'x'", "is a string and cannot stand beside <"),
        ("service.name * 3", "is a string and cannot stand beside *"),
        ("service.name % 3", "is a string and cannot stand beside %"),
        ("service.chroot + 1", "is true or false and cannot stand beside +"),
        ("not service.name", "use true or false here"),
        ("service.overrides and True", "use true or false here"),
        ("1 if service.name else 2", "use true or false here"),
        ("len(5)", "5 is a number"),
        ("1 in 5", "5 is a number"),
        ("-service.name", "is a string"),
        ("1\x00", "expression"),
        ("'\ud800'", "cannot be read"),
        ("1" * 2001, "2000 are allowed"),
        ("(" * 300 + "1" + ")" * 300, "not an expression"),
        ("-" * 1900 + "1", ""),
        ("not " * 100 + "True", "levels deep"),
        ("1" + "+1" * 500, "levels deep"),
        ("service" + ".a" * 200, "levels deep"),
    ],
)
def test_errors_at_load_time(text: str, message: str, scope: Scope) -> None:
    with pytest.raises(RuleError) as caught:
        compile_expression(text, scope, "rule.toml: when")
    assert message in str(caught.value)
    assert caught.value.where == "rule.toml: when"


def test_a_condition_must_be_true_or_false(scope: Scope) -> None:
    with pytest.raises(RuleError, match="use true or false here"):
        compile_expression("service.process_limit", scope, condition=True)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("1 / (service.process_limit - 100)", "division by zero"),
        ("1 % 0", "1 % 0"),
        ("1e308 * 10", "out of range"),
        ("1e20 * 1e20", "out of range"),
        ("anything() + 1", "anything() is a tuple, not a number"),
        ("anything() and True", "neither true nor false"),
        ("anything().count", "has no attribute count"),
        ("len(service.name) + anything()", "not a number"),
        ("fails()", "KeyError"),
        ("round(1e400)", "OverflowError"),
        ("memory() < anything()", "not a number"),
    ],
)
def test_failures_are_answers(text: str, error: str, scope: Scope, new_case: Any) -> None:
    failed = answer(text, scope, new_case())
    assert isinstance(failed, Failed)
    assert error in failed.error


def test_what_is_missing_is_carried_on_and_named_once(
    scope: Scope, new_case: Any, no_log: Missing, no_memory: Missing
) -> None:
    case = new_case(cause=no_log, needed=no_log, memory=no_memory)
    text = "processes_needed(service) > memory() and observed.cause(service) == 'none' and memory() > 1"
    assert answer(text, scope, case) == NotKnown((no_log, no_memory))


@pytest.mark.parametrize(
    "text",
    [
        "processes_needed(service) < 5",
        "1 < processes_needed(service) < 5",
        "-processes_needed(service)",
        "processes_needed(service) + 1",
        "max(1, processes_needed(service))",
        "not processes_needed(service) < 5",
        "busiest().process_limit",
        "processes_needed(busiest())",
        "processes_needed(service) in (1, 2)",
        "1 if processes_needed(service) < 5 else 2",
        "processes_needed(service) < 5 and 1 / 0 > 1",
        "processes_needed(service) < 5 or True and 1 / 0 > 1",
        "True and processes_needed(service) < 5",
    ],
)
def test_unknown_terms(text: str, scope: Scope, new_case: Any, no_log: Missing) -> None:
    case = new_case(needed=no_log)
    if "busiest" in text:
        case = new_case(needed=no_log, services=())
    given: Mapping[str, object] = {"service": None, "options": {}} if not case.services else variables(case)
    assert compile_expression(text, scope).evaluate(case, given) == NotKnown((no_log,))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("processes_needed(service) < 5 and False", False),
        ("False and processes_needed(service) < 5", False),
        ("processes_needed(service) < 5 or True", True),
        ("processes_needed(service) < 5 < 1", False),
        ("3 if processes_needed(service) < 5 else 3", 3),
        ("1 / 0 > 1 or True", True),
        ("fails() > 1 and False", False),
        ("processes_needed(service) < 1 / 0 < 5 or True", True),
        ("2 < 1 / 0 and 1 > 2", False),
        ("1 / 0 < 2 > 3", False),
        ("3 if 1 / 0 > 1 else 3", 3),
    ],
)
def test_an_unknown_term_may_not_matter(
    text: str, value: object, scope: Scope, new_case: Any, no_log: Missing
) -> None:
    assert answer(text, scope, new_case(needed=no_log)) == Known(value)


def test_facts_and_sources_are_read_off_the_tree(scope: Scope) -> None:
    expression = compile_expression("observed.cause(service) == 'none' or memory() > 5", scope)
    assert expression.facts == {"observed.cause", "memory"}
    assert expression.sources == {Source.LOG, Source.MEMORY, Source.SETTINGS}
    assert compile_expression("1 < 2", scope).sources == frozenset()


def with_let(scope: Scope, **texts: str) -> Scope:
    named: dict[str, Expression] = {}
    for name, text in texts.items():
        named[name] = compile_expression(
            text, Scope(scope.variable, scope.element, scope.options, dict(named), scope.facts)
        )
    return Scope(scope.variable, scope.element, scope.options, named, scope.facts)


def test_because_shows_each_value_once(scope: Scope, new_case: Any) -> None:
    inner = with_let(scope, needed="processes_needed(service, options.headroom)", half="needed / 2")
    expression = compile_expression(
        "service.process_limit < half and half > 1 and busiest().name == service.name"
        " and needed > min(2, len(service.name))",
        inner,
    )
    case = new_case()
    values = dict(variables(case))
    for name, named in inner.let.items():
        values[name] = named.evaluate(case, values)
    assert expression.because(case, values) == (
        Evidence("service.process_limit", 100, "", Source.SETTINGS),
        Evidence("processes_needed(service, options.headroom)", 300.0, "processes", Source.LOG),
        Evidence("half", 150.0, "", Source.LOG),
        Evidence("busiest().name", "smtp", "", Source.LOG),
        Evidence("service.name", "smtp", "", Source.SETTINGS),
    )
    assert expression.facts == {"processes_needed", "busiest"}


def test_because_leaves_out_what_was_not_needed(scope: Scope, new_case: Any, no_log: Missing) -> None:
    expression = compile_expression("memory() > 1 or service.chroot or processes_needed(service) > 1", scope)
    case = new_case(needed=no_log)
    assert [each.name for each in expression.because(case, variables(case))] == ["memory()"]
