"""A policy that is wrong says where, what, and how to mend it; one that is hostile harms nobody."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.engine.rules import Rule
from advisor.engine.verdicts import Severity
from advisor.errors import AdvisorError, InputError, PolicyError
from advisor.policy.checked import amendments
from advisor.policy.find import Found, Whose
from advisor.policy.read import Policy, read_policy
from advisor.policy.said import said
from advisor.rule_sets import all_rules

RULES = all_rules()
OPTIONS = "[rules.smtpd-process-limit-reached.options]\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "advisor.toml"


def read(path: Path, whose: Whose = Whose.CONFIGURATION) -> Policy:
    """The policy, and all that is said in it has been checked."""
    policy = read_policy(Found(path, whose))
    said(policy)
    amendments(policy, RULES)
    return policy


def error_of(path: Path, whose: Whose = Whose.CONFIGURATION) -> str:
    with pytest.raises(AdvisorError) as caught:
        read(path, whose)
    assert caught.value.cure
    return str(caught.value).replace(str(path), "advisor.toml")


WRONG = [
    ("selct = []", "advisor.toml:1: selct: there is no key selct; did you mean select?"),
    ('\n\nselect = "tls"', "advisor.toml:3: select: this is a string; it must be a list"),
    ("select = []", "advisor.toml:1: select: names no rule; leave it out, to ask all"),
    ('select = [\n"tls",\n"tsl"]', "advisor.toml:3: select 2: no rule and no category is called tsl"),
    ('extend-select = ["tsl"]', "advisor.toml:1: extend-select 1: no rule and no category is called tsl"),
    ('extend_select = ["tls"]', "there is no key extend_select; did you mean extend-select?"),
    ('ignore = ["tsl"]', "ignore 1: no rule and no category is called tsl; did you mean tls?"),
    ('ignore = ["tls", 3]', "ignore 2: this is a whole number; it must be a string or a table"),
    (
        'ignore = ["open-relay"]',
        "ignore 1: open-relay cannot be ignored; mend what it finds, or choose with fail-on",
    ),
    (
        'ignore = ["tls"]\n[[ignore]]\nrule = "vrfy-enabled"\nreason = "x"',
        "advisor.toml:2:9: not TOML: Cannot mutate immutable namespace ('ignore',); say each key once",
    ),
    (
        '[[ignore]]\nrule = "vrfy-enabld"\nreason = "x"',
        "advisor.toml:2: ignore 1 rule: no rule is called vrfy-enabld; did you mean vrfy-enabled?",
    ),
    ('[[ignore]]\nrule = "vrfy-enabled"', "advisor.toml:1: ignore 1: the key reason is missing; add reason"),
    (
        '[[ignore]]\nrule = "vrfy-enabled"\nreason = "x"\n[[ignore]]\nrule = "vrfy-enabled"\nreason = " "',
        "advisor.toml:6: ignore 2 reason: is empty; say why, for those who come after you",
    ),
    (
        '[[ignore]]\nrule = "open-relay"\nreason = "x"',
        "advisor.toml:2: ignore 1 rule: open-relay cannot be ignored",
    ),
    (
        '[[ignore]]\nrule = "vrfy-enabled"\nreason = "x"\nuntil = 2027-02-30',
        "advisor.toml:4:9: not TOML: Invalid date or datetime; correct the file's syntax there",
    ),
    (
        '[[ignore]]\nrule = "vrfy-enabled"\nreason = "x"\nuntil = 3',
        "ignore 1 until: this is a whole number; it must be a date such as 2027-03-01",
    ),
    (
        '[[ignore]]\nrule = "vrfy-enabled"\nreason = "x"\nservices = ["smtp/inet"]',
        "advisor.toml:4: ignore 1 services: there is no key services; did you mean service?",
    ),
    ('fail-on = "hihg"', "fail-on: hihg is no fail-on; did you mean high?"),
    ('min-severity = "never"', "min-severity: never is no min-severity; known are high, info, low, medium"),
    ('pedantic = "yes"', "pedantic: this is a string; it must be true or false"),
    ("postfix-version = 3.7", "postfix-version: this is a number; it must be a string"),
    ('postfix-version = "bookworm"', "postfix-version: 'bookworm' is no Postfix release; write it as"),
    ('memory = "4 apples"', "memory: '4 apples' is no amount of memory; write it as 4G or 512M"),
    ('memory = "4"', "memory: '4' is less memory than a mail server has"),
    ('profile = ["mail-exchange"]', "profile 1: mail-exchange is no profile; did you mean mail-exchanger?"),
    ('profile = ["null-client", "mail-exchanger"]', "profile: a null client takes no mail from the network"),
    ('baseline = ""', "baseline: names no file; leave it out"),
    ("rules = 3", "rules: this is a whole number; it must be a table"),
    ("[rules.smtp-smugling]", "rules smtp-smugling: no rule is called smtp-smugling; did you mean smtp-smug"),
    (
        '[rules.vrfy-enabled]\nenabled = true\n[rules.smtp-smuggling]\nseverity = "hgh"',
        "advisor.toml:4: rules smtp-smuggling severity: hgh is no severity; did you mean high?",
    ),
    ("[rules.open-relay]\nenabled = false", "advisor.toml:2: rules open-relay enabled: open-relay cannot be"),
    (
        '[rules.open-relay]\nseverity = "medium"',
        "severity: open-relay cannot be ignored, and this is less than its own severity; leave it at high",
    ),
    (f"{OPTIONS}headrom = 2", "advisor.toml:2: rules smtpd-process-limit-reached options headrom: no option"),
    (f'{OPTIONS}headroom = "2"', "options headroom: '2' is not of the type float; give one such as 1.25"),
    (f"{OPTIONS}headroom = true", "options headroom: True is not of the type float"),
    (
        f"{OPTIONS}headroom = nan",
        "options headroom: this is no number, or too large a one; give one such as 1.25",
    ),
    (f"{OPTIONS}headroom = inf", "options headroom: this is no number"),
    (f"{OPTIONS}headroom = [2]", "options headroom: this is a list; it must be"),
    ("a = 'x", "advisor.toml: not TOML: the file ends too early"),
    ("a = 1\na = 2\n", "advisor.toml:2:6: not TOML: Cannot overwrite a value; say each key once"),
]


@pytest.mark.parametrize(("text", "words"), WRONG)
def test_what_is_wrong_is_said_with_its_place_and_a_cure(path: Path, text: str, words: str) -> None:
    path.write_text(text)
    assert words in error_of(path)


def test_everything_that_can_be_said(path: Path) -> None:
    path.write_text(
        """
        select = ["all"]
        extend-select = ["value-equals-default"]
        ignore = ["tls", { rule = "vrfy-enabled", service = "smtp/inet", until = 2027-03-01, reason = "why" }]
        pedantic = false
        min-severity = "low"
        min-confidence = "medium"
        fail-on = "never"
        baseline = "known.json"
        profile = ["mail-exchanger", "submission-host"]
        postfix-version = "3.7.11"
        memory = "4 GiB"
        [rules.open-relay]
        severity = "high"
        enabled = true
        [rules.smtpd-process-limit-reached]
        enabled = false
        options = { headroom = 2 }
        """
    )
    policy = read(path)
    assert said(policy).baseline == str(path.parent / "known.json")
    assert amendments(policy, RULES)["open-relay"].severity is Severity.HIGH
    path.write_text("")
    assert amendments(read(path), RULES) == {}


class TestRulesOfOnesOwn:
    TEXT = 'rules-dir = ["mine", "/srv/rules"]\n'

    @pytest.mark.parametrize("whose", [Whose.USER, Whose.SYSTEM])
    def test_the_user_and_the_system_may_name_them(self, path: Path, whose: Whose) -> None:
        path.write_text(self.TEXT)
        assert said(read(path, whose)).rules_dir == (str(path.parent / "mine"), "/srv/rules")

    @pytest.mark.parametrize("whose", [Whose.CONFIGURATION, Whose.NAMED])
    def test_what_comes_with_the_configuration_may_not(self, path: Path, whose: Whose) -> None:
        path.write_text(self.TEXT)
        assert "rules-dir: only the user's and the system's own advisor.toml may name rules: nothing is" in (
            error_of(path, whose)
        )


class TestHostileFiles:
    def test_too_large(self, path: Path) -> None:
        path.write_text("#" * (10 << 20))
        assert "larger than 256 KiB, which no policy is" in error_of(path)

    def test_numbers_without_end(self, path: Path) -> None:
        path.write_text(f"memory = {'9' * 5000}")
        assert "not TOML: Exceeds the limit" in error_of(path)
        path.write_text(f"{OPTIONS}headroom = {'9' * 400}")
        assert "options headroom: this is no number, or too large a one" in error_of(path)

    def test_not_utf_8(self, path: Path) -> None:
        path.write_bytes(b"# one\nselect = ['\xff']\n")
        assert error_of(path) == "advisor.toml:2: not UTF-8; save the file as UTF-8"

    def test_nested_without_end(self, path: Path) -> None:
        path.write_text("a = " + "[" * 100_000)
        assert "nested too deeply" in error_of(path)

    @pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("/dev/zero")])
    def test_no_plain_file(self, path: Path, make: Callable[[Path], None]) -> None:
        make(path)
        assert "is no plain file; put a file there" in error_of(path) or "Is a directory" in error_of(path)

    def test_a_link_that_leads_nowhere(self, path: Path) -> None:
        path.symlink_to("nowhere")
        with pytest.raises(InputError, match="No such file or directory"):
            read(path)

    def test_a_link_to_itself(self, path: Path) -> None:
        path.symlink_to(path)
        with pytest.raises(InputError, match="Too many levels of symbolic links"):
            read(path)

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_unreadable(self, path: Path) -> None:
        path.write_text("")
        path.chmod(0)
        assert "cannot be read: Permission denied; run it as a user who may read it" in error_of(path)

    @pytest.mark.parametrize("whose", [Whose.USER, Whose.SYSTEM])
    def test_what_everybody_may_write(self, path: Path, whose: Whose) -> None:
        path.write_text("")
        path.chmod(0o666)
        words = "everybody may write it, and it counts for every configuration; take that away: chmod o-w"
        assert error_of(path, whose) == f"advisor.toml: {words}"
        read(path, Whose.CONFIGURATION)
        path.chmod(0o664)
        read(path, whose)

    def test_many_entries_take_no_time_that_grows_with_their_square(self, path: Path) -> None:
        entry = '[[ignore]]\nrule="vrfy-enabled"\nreason="x"\n'
        path.write_text(entry * (240_000 // len(entry)) + '[[ignore]]\nrule="x"\nreason="x"\n')
        last = path.read_text().count("\n") - 1
        assert f"advisor.toml:{last}: ignore " in error_of(path)


words = st.sampled_from(
    ["select", "ignore", "rules", "open-relay", "severity", "tls", "memory", "until", "x"]
)
scalars = st.one_of(words, st.integers(-3, 3), st.booleans(), st.dates(), st.floats(allow_nan=True))
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3)
)


def toml(value: object) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f'"{key}" = {toml(each)}' for key, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case _:
            return str(value)


@given(st.dictionaries(words, values, max_size=4), st.sampled_from(Whose))
def test_no_text_gives_more_than_an_error_for_people(
    tmp_path_factory: pytest.TempPathFactory, document: dict[str, object], whose: Whose
) -> None:
    path = tmp_path_factory.getbasetemp() / "drawn.toml"
    path.write_text("\n".join(f'"{key}" = {toml(value)}' for key, value in document.items()))
    error = _error(path, whose)
    assert error is None or (error.where.startswith(f"{path}:") and error.cure)


def _error(path: Path, whose: Whose) -> PolicyError | None:
    try:
        read(path, whose)
    except PolicyError as error:
        return error
    return None


def test_each_rule_can_be_named(path: Path) -> None:
    def table(rule: Rule) -> str:
        options = "".join(f"options.{name} = {toml(value)}\n" for name, value in rule.options.items())
        return f'[rules.{rule.name}]\nseverity = "high"\nenabled = true\n{options}'

    path.write_text("".join(map(table, RULES)))
    found = amendments(read(path), RULES)
    assert set(found) == {rule.name for rule in RULES}
    assert all(found[rule.name].options == rule.options for rule in RULES)
