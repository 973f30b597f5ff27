"""How long `advisor checks` takes for a large table and a large log, and what its patch saves.

    python -m benchmarks.check_patterns 5000 1000000

The table has so many patterns of the kinds that sites have; the log, so many lines. Then the patch of the
example with two thousand regexp: patterns, its cost before and after as postmap measures it.
"""

import random
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from advisor.content_checks import Request, review_checks
from benchmarks.generate_log import generate
from benchmarks.maillog.plan import Plan

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "cpu-bound-checks"
# What the project asks of itself.
MOST_SECONDS = 30.0
LEAST_GAIN = 10.0
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def table(patterns: int, seed: int = 1) -> str:
    """Words, hosts, phrases with alternatives, anchored headers quoted in bodies: one rule a line."""
    source = random.Random(seed)  # noqa: S311 - the same table at each run

    def word() -> str:
        return "".join(source.choices(_LETTERS, k=source.randint(4, 11)))

    forms = (
        lambda: rf"\b{word()} *{word()}\b",
        lambda: rf"http://[^/]*{word()}\.example",
        lambda: f"({word()}|{word()}|{word()}) +{word()}",
        lambda: f"^{word()}: .*{word()}",
        lambda: rf"{word()}[[:space:]]+{word()}\.(com|net)",
    )
    return "".join(f"/{source.choice(forms)()}/ REJECT no {number}\n" for number in range(patterns))


def write_log(path: Path, lines: int, patterns: int) -> None:
    """The log of a day, with a hit of some rule every two hundred lines."""
    generate(Plan(lines - lines // 200), path)
    source = random.Random(2)  # noqa: S311
    with path.open("a") as log:
        for number in range(lines // 200):
            log.write(
                f"Oct 25 08:00:00 mx1 postfix/cleanup[{number}]: {number:06X}: reject: body line {number} "
                f"from mail.example.com[192.0.2.{number % 250}]; from=<a@example.com> to=<b@example.org> "
                f"proto=ESMTP helo=<mail.example.com>: 5.7.1 no {source.randrange(patterns)}\n"
            )


def main() -> None:
    """Measure; exit code 1 where one of the aims is missed."""
    patterns, lines = (int(word) for word in sys.argv[1:3])
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "main.cf").write_text("body_checks = regexp:/etc/postfix/body_checks\n")
        (folder / "body_checks").write_text(table(patterns))
        write_log(folder / "mail.log", lines, patterns)
        begun = time.monotonic()
        command = [sys.executable, "-m", "advisor", "checks", name, "--log", str(folder / "mail.log")]
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
        seconds = time.monotonic() - begun
    sys.stdout.write(
        f"{patterns} patterns, {lines} lines of log: {seconds:.1f} s (at most {MOST_SECONDS:.0f})\n"
    )
    (found,) = review_checks(Request(str(EXAMPLE))).tables
    if found.review is None or found.review.proposal is None:
        sys.exit("check_patterns: the example has no patch")
    before, after = found.review.cost, found.review.proposal.cost
    gain = before.seconds / after.seconds
    sys.stdout.write(
        f"the example's patch: {before.seconds * 1e6:.0f} µs a line before (by {before.source}), "
        f"{after.seconds * 1e6:.1f} µs behind it (by {after.source}): {gain:.0f} times less, "
        f"proof {'holds' if found.review.proposal.proof.holds else 'FAILS'}\n"
    )
    sys.exit(seconds > MOST_SECONDS or gain < LEAST_GAIN)


if __name__ == "__main__":
    main()
