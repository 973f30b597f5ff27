"""Markdown for comments: what a parser makes of it, however hostile the text is."""

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec.structs import replace

from advisor.report.documentation import page_of
from advisor.report.markdown import write_markdown
from advisor.report.model import NotJudged, Reports
from tests.report.sample_reports import MX, report, sample

PARSER = MarkdownIt("commonmark").enable("table")
FOLD = "<details><summary>The patch, which <code>advisor check --diff</code> prints</summary>\n"
# GitHub and GitLab cut or refuse what is longer.
LONGEST = 65_536


def tokens(text: str) -> Iterator[Token]:
    for token in PARSER.parse(text):
        yield token
        yield from token.children or ()


def kinds(text: str) -> set[str]:
    return {each.type for each in tokens(text)}


def test_each_finding_is_a_row() -> None:
    run = sample()
    rows = sum(each.type == "tr_open" for each in tokens(write_markdown(run)))
    assert rows == 1 + sum(len(each.shown) for each in run.reports)


def test_links_lead_to_the_rules_alone() -> None:
    run = sample()
    links = {each.attrs["href"] for each in tokens(write_markdown(run)) if each.type == "link_open"}
    pages = {page_of(judgement.rule) for each in run.reports for judgement in each.judgements}
    assert links <= pages
    assert links


_WORDS = (
    "` ``` ~~~ <b> </details> <!-- ![x](y) [x](y) | \\| @all #12 $x$ ** http://e.example www.e.example "
    "&#64;x a_b_ :: \\"
)
_MARKS = st.sampled_from([*_WORDS.split(), "\r", " ", "- ", "1. ", "# ", "\u2028"])
_HOSTILE = st.lists(_MARKS, max_size=8).map("".join)


@given(_HOSTILE, _HOSTILE)
@settings(max_examples=25)
def test_text_of_a_stranger_stays_text(name: str, value: str) -> None:
    made = report(f"mx{name.replace('/', '')}", f"{name} = {value}\nsmtpd_timeout = 300s\nbiff = {value}\n")
    text = write_markdown(Reports((made,), (NotJudged(name, value, name, 0),)))
    found = list(tokens(text))
    blocks = [each.content for each in found if each.type == "html_block"]
    assert blocks == ([FOLD, "</details>\n"] if made.patch else [])
    assert sum(each.type == "fence" for each in found) == bool(made.patch)
    assert "image" not in {each.type for each in found}
    assert "html_inline" not in {each.type for each in found}
    assert sum(each.type == "link_open" for each in found) == len(made.shown)
    assert sum(each.type == "td_open" for each in found) == 4 * len(made.shown)
    outside = "".join(each.content for each in found if each.type == "text")
    assert "@a" not in outside
    assert "#1" not in outside
    assert "http://" not in "".join(line for line in text.splitlines() if line.startswith(("|", "-")))


def test_it_is_never_too_long_for_a_comment() -> None:
    lines = "".join(f"x{number}<>||{'`' * 200} = {'@' * 3000}\n" for number in range(150))
    made = report("mx", f"{lines}smtpd_timeout = 300s\n")
    text = write_markdown(Reports((made, made), (NotJudged("x" * 5000, "<" * 5000, "", 2),) * 50))
    assert len(text) < LONGEST
    assert "\nand " in text


def test_a_long_patch_is_named_not_shown() -> None:
    made = replace(report("mx", MX), patch="+x\n" * 20_000)
    assert "The patch has 20000 lines: `advisor check --diff` prints it." in write_markdown(Reports((made,)))


def test_all_is_well() -> None:
    made = report("mx", "", rules="open-relay")
    assert write_markdown(Reports((made,))) == "### advisor: no finding\n"
