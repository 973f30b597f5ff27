import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import UsageError
from advisor.postconf.names import Class
from advisor.postconf.options import BadOption, Show, parse
from advisor.postconf.stderr import Fatal
from advisor.settings.release import NEWEST, Release

OLD = Release(3, 7, 11)


def test_letters_may_be_joined_and_a_value_may_follow_its_letter() -> None:
    options = parse(["-nfxc/etc/mail", "-o", "a=b", "-oc=d", "-C", "User, BUILTIN", "biff", "-d"], OLD)
    assert (options.folder, options.explicit, options.fold, options.expand) == ("/etc/mail", True, True, True)
    assert options.overrides == ("a=b", "c=d")
    assert options.classes == {Class.USER, Class.BUILTIN}
    assert options.names == ("biff", "-d"), "getopt stops at the first argument"
    assert options.show is Show.MAIN


@pytest.mark.parametrize(
    ("letters", "show"),
    [("-p", Show.MAIN), ("-M", Show.ENTRIES), ("-F", Show.FIELDS), ("-P", Show.PARAMETERS)],
)
def test_a_letter_says_what_is_shown(letters: str, show: Show) -> None:
    assert parse([letters], OLD).show is show


def test_two_dashes_end_the_options_and_one_is_an_argument() -> None:
    assert parse(["-n", "--", "-x"], OLD).names == ("-x",)
    assert parse(["-", "-n"], OLD).names == ("-", "-n")


def test_all_is_every_class_and_no_word_is_none() -> None:
    assert parse(["-C", "all"], OLD).classes == {Class.BUILTIN, Class.SERVICE, Class.USER}
    assert parse(["-C", ""], OLD).classes == frozenset()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("-ne", "specify one of -e -n"),
        ("-n -d", "specify one of -d -n"),
        ("-hH", "specify one of -h -H"),
        ("-xe a=b", "specify one of -e -x"),
        ("-d -o biff=yes", "specify one of -d -o"),
        ("-FPe", "specify one of -F -P"),
        ("-m -l", "specify one of -l -m"),
        ("-Mh", "with option -M, do not specify -h"),
        ("-a -n", "with option -a, do not specify -n"),
        ("-T foo -n", "with option -T, do not specify -n"),
        ("-b -t", "specify one of -b and -t"),
        ("-T a -T b", "At most one -T <mode> option may be specified"),
        ("-C foo", 'unknown -C option value "foo" in "foo"'),
    ],
)
def test_what_excludes_itself_is_refused_in_the_words_of_postconf(words: str, says: str) -> None:
    with pytest.raises(Fatal) as caught:
        parse(words.split(), OLD)
    assert str(caught.value) == says


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("-z", "postconf: invalid option -- 'z'"),
        ("-n:", "postconf: invalid option -- ':'"),
        ("--foo", "postconf: invalid option -- '-'"),
        ("-o", "postconf: option requires an argument -- 'o'"),
    ],
)
def test_getopt_complains_before_the_usage(words: str, complaint: str) -> None:
    with pytest.raises(BadOption) as caught:
        parse(words.split(), OLD)
    assert caught.value.complaint == complaint
    assert str(caught.value).startswith("usage: postconf [-a (server SASL types)]")


def test_quiet_came_with_postfix_3_9() -> None:
    assert parse(["-qn"], NEWEST).quiet
    with pytest.raises(BadOption):
        parse(["-qn"], OLD)


@pytest.mark.parametrize("words", ["-e a=b", "biff=no", "-# biff", "-X biff", "-Me x/y=z", "-P a/b/c=d"])
def test_who_wants_to_edit_is_shown_the_patch(words: str) -> None:
    with pytest.raises(UsageError, match="advisor check --diff"):
        parse(words.split(), OLD)


@pytest.mark.parametrize("letter", ["-a", "-A", "-b", "-t", "-l", "-m", "-Tx"])
def test_what_only_the_programs_can_tell_is_refused(letter: str) -> None:
    with pytest.raises(UsageError, match="ask postconf"):
        parse([letter], OLD)


@given(st.lists(st.text(st.sampled_from("aAbcCdeEfFhHlmMnopPqtTvxX#-=: z"), max_size=4), max_size=5))
def test_no_command_line_is_a_traceback(words: list[str]) -> None:
    try:
        options = parse(words, OLD)
    except (Fatal, UsageError):
        return
    assert set(options.names) <= set(words)
