"""A rule file that is wrong says where, what, and how to mend it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from advisor.engine.loader import load_rules, verify_prose
from advisor.engine.rules import Rule
from advisor.engine.verdicts import Severity
from advisor.errors import InputError, RuleError
from advisor.facts.registry import Source

Load = Callable[..., Rule]


def test_a_rule_is_loaded_whole(load: Load) -> None:
    rule = load()
    assert (rule.name, rule.category, rule.catalogue) == ("process-limit-reached", "capacity", "CAP001")
    assert rule.severity is Severity.MEDIUM
    assert rule.facts == {"observed.cause", "observed.sessions", "processes_needed"}
    assert rule.sources == {Source.LOG, Source.SETTINGS}
    assert rule.examples[0].load == ({"kind": "slow", "per_minute": 300},)
    assert rule.examples[0].master_cf == "smtp inet n - y - 100 smtpd\n"
    assert rule.examples[1].log is None
    verify_prose(rule)


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ('severity = "medium"', 'severity = "hgih"', "severity", "hgih is no severity; did you mean high?"),
        ('severity = "medium"', 'sevrity = "high"', "", "there is no key sevrity; did you mean severity?"),
        ('severity = "medium"\n', "", "", "the key severity is missing"),
        ('severity = "medium"', "severity = 3", "severity", "this is a whole number; it must be a string"),
        (
            'change = "service-field"',
            'change = "service-feld"',
            "fix 1 change",
            "did you mean service-field?",
        ),
        ('title = "Give', 'titel = "Give', "fix 1", "there is no key titel; did you mean title?"),
        ('verdict = "passed"', 'verdict = "pased"', "example 2 verdict", "did you mean passed?"),
        ("severity_levels = [{ when", "severity_levels = [{ wen", "severity_levels 1", "did you mean when?"),
        ('name = "process-limit-reached"', 'name = "other"', "name", "other is not the file's name"),
        ('name = "process-limit-reached"', 'name = "Process_Limit"', "name", "is not kebab-case"),
        ('category = "capacity"', 'category = "tls"', "category", "tls is not the folder's name"),
        ('">=2.3"', '"2.3 or so"', "postfix", "names no releases"),
        ('"smtp_services"', '"smtp_servces"', "for_each", "did you mean smtp_services?"),
        ("sessions = 50", "sesions = 50", "needs sesions", "did you mean sessions?"),
        ("sessions = 50", "truth = 50", "", ""),
        ("sessions = 50", "sessions = '50'", "needs sessions", "'50' is not a number"),
        ("< needed", "< neded", "when", "nothing is called neded; did you mean needed?"),
        ("ceil(needed)", "ceil(neded)", "fix 1 value", "did you mean needed?"),
        ('field = "process_limit"', 'field = "limit"', "fix 1 field", "is no column of master.cf"),
        ('field = "process_limit"', 'parameter = "p"', "fix 1", "a service-field needs field"),
        ('value = "ceil(needed)"', "", "fix 1", "a service-field needs value"),
        ('change = "service-field"', 'change = "set-parameter"', "fix 1", "a set-parameter needs parameter"),
        ('requires = "reload"', "for_service = false", "fix 1", "is always for a service"),
        ('needed = "processes', 'service = "processes', "let service", "means something else already"),
        ('needed = "processes', 'value = "processes', "let value", "means something else already"),
        ('needed = "processes', '_n = "processes', "let _n", "cannot be a name"),
        ("[options]", "[options]\nbase = 5\n", "", ""),
        ("[options]", "[options]\nbase = [5]\n", "options", "this is a list; it must be"),
        ("[let]\n", "[let]\nx = 5\n", "let", "this is a whole number; it must be a string"),
        ('field = "process_limit"', 'new_name = "q"\nfield = "wakeup"', "fix 1", "has no new_name"),
        ('field = "process_limit"', 'field = ""', "fix 1", "is empty"),
        (
            'field = "process_limit"',
            'field = "wakeup"\nparameter = "p"\nparameter_from = "service.name"',
            "fix 1",
            "both parameter and parameter_from",
        ),
        ("sessions = 50", "processes_needed = 50", "", ""),
        ('verdict = "passed"', 'verdict = "passed"\nload = "x"', "example 2 load", "this is a string"),
        ("sessions = 50", "{ observed.sesions = 50 }", "", "not TOML"),
        ('verdict = "passed"', 'verdict = "unknown"', "example", "no example where the rule has passed"),
        ('verdict = "fired"', 'verdict = "unknown"', "example", "no example where the rule has fired"),
        ('summary = "An SMTP', 'summary = "" #', "summary", "is empty"),
        (
            'verdict = "passed"',
            'verdict = "passed"\noptions = { heroom = 1.0 }',
            "example 2",
            "did you mean headroom?",
        ),
        (
            'verdict = "passed"',
            'verdict = "passed"\noptions = { headroom = "x" }',
            "example 2",
            "not of the type",
        ),
    ],
)
def test_errors_name_file_key_and_cure(
    load: Load, rule_text: str, old: str, new: str, place: str, message: str
) -> None:
    assert old in rule_text
    if not message:
        load(rule_text.replace(old, new, 1))
        return
    with pytest.raises(RuleError) as caught:
        load(rule_text.replace(old, new, 1))
    assert "process-limit-reached.toml" in caught.value.where
    assert place in caught.value.where
    assert message in str(caught.value)
    assert caught.value.cure


def test_a_syntax_error_has_its_line(write: Callable[..., Path], registry: dict[str, Any]) -> None:
    path = write("name = 'x'\nseverity = high\n")
    with pytest.raises(RuleError) as caught:
        load_rules([path.parent.parent], **registry)
    assert caught.value.where.startswith(f"{path}:2:")


@pytest.mark.parametrize("data", [b"name = '\xff'", b"name = [[[", b"a = " + b"[" * 5000])
def test_odd_bytes_are_a_rule_error(
    write: Callable[..., Path], registry: dict[str, Any], data: bytes
) -> None:
    path = write("")
    path.write_bytes(data)
    with pytest.raises(RuleError):
        load_rules([path.parent.parent], **registry)


def test_let_names_see_only_those_above(load: Load, rule_text: str) -> None:
    with pytest.raises(RuleError, match=r"let a: nothing is called b so far; .*reorder"):
        load(rule_text.replace("[let]\n", '[let]\na = "b + 1"\nb = "1"\n'))
    with pytest.raises(RuleError, match=r"let a: nothing is called a so far"):
        load(rule_text.replace("[let]\n", '[let]\na = "a + 1"\n'))
    load(rule_text.replace("[let]\n", '[let]\nb = "1"\na = "b + 1"\n'))


def test_needs_may_name_a_fact_in_full(load: Load, rule_text: str) -> None:
    rule = load(
        rule_text.replace("needs = { sessions = 50 }", "needs = { observed.sessions = 50, memory = 1 }")
    )
    assert [(need.fact.name, need.minimum, need.takes_element) for need in rule.needs] == [
        ("observed.sessions", 50, True),
        ("memory", 1, False),
    ]


def test_rules_are_sorted_and_names_are_unique(
    write: Callable[..., Path], rule_text: str, registry: dict[str, Any], tmp_path: Path
) -> None:
    write(rule_text)
    for name, category in (("a", "tls"), ("b", "capacity")):
        text = rule_text.replace("process-limit-reached", name).replace('"capacity"', f'"{category}"')
        write(text, name, category)
    rules = load_rules([tmp_path / "rules"], **registry)
    assert [(rule.category, rule.name) for rule in rules] == [
        ("capacity", "b"),
        ("capacity", "process-limit-reached"),
        ("tls", "a"),
    ]
    with pytest.raises(RuleError, match="is there already"):
        load_rules([tmp_path / "rules", tmp_path / "rules"], **registry)


def test_a_rule_outside_a_category_is_refused(tmp_path: Path, registry: dict[str, Any]) -> None:
    (tmp_path / "thresholds.toml").write_text("full_share = 0.95")
    assert load_rules([tmp_path], **registry) == ()
    (tmp_path / "x.toml").write_text("")
    with pytest.raises(RuleError, match="folder named for its category"):
        load_rules([tmp_path], **registry)
    with pytest.raises(InputError, match="no such directory"):
        load_rules([tmp_path / "nowhere"], **registry)


@pytest.mark.parametrize(
    ("old", "new", "place", "message"),
    [
        ("{{ service.name }}", "{{ service.nam }}", "message", "did you mean name?"),
        ("{{ service.name }}", "{{ servce.name }}", "message", "did you mean service?"),
        ("{{ service.name }}", "{{ service.name | secnds }}", "message", "secnds"),
        ("{{ service.name }}", "{{ service.name", "message", "not a template"),
        ("{{ service.name }}", "{{ service.stop() }}", "message", "calls a function"),
        ("{{ options.headroom | percent }}", "{{ options.hedroom }}", "effect", "did you mean headroom?"),
        ("Give {{ service.key }}", "Give {{ sevice.key }}", "fix 1 title", "did you mean service?"),
        ("{{ service.name }}", "{% if x is defined %}{{ service._hidden }}{% endif %}", "message", "x"),
        ("{{ service.name }}", "{{ service._hidden }}", "message", "no attribute _hidden"),
        ("{{ service.name }}", "{{ service.name.first }}", "message", "no attribute first"),
        ("{{ service.name }}", "{{ options.headroom.x }}", "message", "no attribute x"),
        (
            "{{ service.name }}",
            "{% if service.name %}{{ service.name | uper }}{% endif %}",
            "message",
            "no filter is called uper; did you mean upper?",
        ),
    ],
)
def test_prose_is_verified(load: Load, rule_text: str, old: str, new: str, place: str, message: str) -> None:
    rule = load(rule_text.replace(old, new))
    with pytest.raises(RuleError) as caught:
        verify_prose(rule)
    assert place in caught.value.where
    assert message in str(caught.value)


def test_prose_may_ask_what_nobody_can_know_beforehand(load: Load, rule_text: str) -> None:
    verify_prose(load(rule_text.replace("{{ service.name }}", "{{ (service.name or '').any }}")))


def test_loading_does_not_import_jinja2() -> None:
    code = "import sys, advisor.engine.loader, advisor.engine.judge; sys.exit('jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
