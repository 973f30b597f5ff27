"""What docs/ignores.md shows is what advisor says of its example."""

from pathlib import Path

import pytest

from tests.cli.running import advisor
from tests.docs.blocks import ROOT, blocks

PAGE = ROOT / "docs" / "ignores.md"


def test_the_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = {block.kind: block.text for block in blocks(PAGE, PAGE.read_text())}
    monkeypatch.chdir(tmp_path)
    (tmp_path / "main.cf").write_text(shown["ini"])
    done = advisor("ignores", ".")
    assert (done.returncode, done.stdout.decode()) == (0, shown["text"])
    checked = advisor("check", ".", "--select", "unused-ignore,weak-tls-protocol,dnsbl-without-reply-filter")
    assert checked.returncode == 0
