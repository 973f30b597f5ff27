"""The site that `make docs` builds without a warning: each link leads somewhere, nothing comes from a net."""

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

ROOT = Path(__file__).parent.parent.parent
# What a browser loads by itself, and by which attribute.
LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


class Page(HTMLParser):
    """Where a page leads, what it loads, and what can be linked to in it."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.feed(file.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value for name, value in attrs if value is not None}
        self.anchors |= {named[name] for name in ("id", "name") if name in named}
        if tag == "a" and "href" in named:
            self.links.append(named["href"])
        if tag in LOADED and LOADED[tag] in named and named.get("rel") not in ("canonical", "prev", "next"):
            self.loaded.append(named[LOADED[tag]])


page = cache(Page)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` builds it."""
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def inner(links: list[str]) -> Iterator[str]:
    """The links that stay within the site."""
    return (link for link in links if not urlsplit(link).scheme and not urlsplit(link).netloc)


def target(file: Path, link: str) -> tuple[Path, str]:
    """The file a link leads to, and the anchor in it."""
    address, anchor = urldefrag(link)
    return (file.parent / unquote(address)).resolve() if address else file, unquote(anchor)


def broken(site: Path) -> Iterator[str]:
    # 404.html is shown for any address, so its links begin at the root.
    for file in sorted(each for each in site.rglob("*.html") if each.name != "404.html"):
        for link in inner([*page(file).links, *page(file).loaded]):
            found, anchor = target(file, link)
            if not found.is_file():
                yield f"{file.relative_to(site)}: {link}: no such file"
            elif anchor and found.suffix == ".html" and anchor not in page(found).anchors:
                yield f"{file.relative_to(site)}: {link}: no such anchor"


def test_each_link_leads_somewhere(site: Path) -> None:
    assert list(broken(site)) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(
        '<a href="a.html#there"></a><a href="a.html#not"></a><a href="b"></a>'
    )
    (tmp_path / "a.html").write_text('<h1 id="there"></h1>')
    assert list(broken(tmp_path)) == [
        "index.html: a.html#not: no such anchor",
        "index.html: b: no such file",
    ]


def test_the_start_leads_to_each_page(site: Path) -> None:
    start = (site / "index.html").resolve()
    seen, waiting = {start}, [start]
    while waiting:
        file = waiting.pop()
        new = {target(file, link)[0] for link in inner(page(file).links)} - seen
        seen |= new
        waiting += [each for each in new if each.suffix == ".html"]
    pages = {each.resolve() for each in site.rglob("*.html") if each.name != "404.html"}
    assert len(pages) > 150
    assert sorted(each.name for each in pages - seen) == []


def test_no_page_loads_anything_from_a_net(site: Path) -> None:
    loaded = {each for file in site.rglob("*.html") for each in page(file).loaded}
    assert [each for each in loaded if urlsplit(each).netloc] == []
    styles = [file.read_text() for file in site.rglob("*.css")]
    assert styles
    assert [text for text in styles if "url(http" in text or "url(//" in text or "@import" in text] == []
