"""What it costs to check many configurations without a log in one process, and a single one as a command.

    python -m benchmarks.check_many 1000 [FOLDER…]

The configurations are those below the folders, by default examples/ and what comes with Debian, repeated
up to the number. Counted is the processor's time: on an idle host, that is how long it takes.
"""

import gc
import resource
import subprocess
import sys
import time
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from advisor.app import advise
from advisor.cli.main import NEW_OBJECTS
from advisor.request import Request

ROOT = Path(__file__).parent.parent
STOCK = ROOT / "tests" / "data" / "stock"
# What the project asks of itself.
MOST_EACH = 0.020
MOST_ALONE = 0.5
ALONE = 5


def configurations(folders: list[Path]) -> list[Path]:
    """The folders with a main.cf."""
    found = [file.parent for folder in folders for file in sorted(folder.rglob("main.cf"))]
    if not found:
        sys.exit("check_many: no main.cf in " + ", ".join(map(str, folders)))
    return found


def own_folders(scratch: Path) -> list[Path]:
    """The examples, and Debian's configuration as it comes."""
    debian = scratch / "debian"
    debian.mkdir()
    for name in ("main.cf", "master.cf"):
        (debian / name).write_text((STOCK / f"debian-{name}").read_text())
    return [ROOT / "examples", debian]


def each_in_one_process(folders: list[Path], number: int) -> float:
    """Seconds for each of so many checks, by a process like the command's; reading the rules is in it."""
    gc.set_threshold(NEW_OBJECTS)
    begun = time.process_time()
    for folder in islice(cycle(folders), number):
        advise(Request(str(folder), postfix_version="3.7.11"))
    return (time.process_time() - begun) / number


def one_alone(folder: Path) -> float:
    """Seconds for `advisor check`, from the shell: the median of some runs."""
    command = [sys.executable, "-m", "advisor", "check", str(folder)]

    def seconds() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - our own command
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return median(seconds() for _ in range(ALONE))


def main(arguments: list[str]) -> int:
    """Prints both figures; 1 where one is above what the project asks of itself."""
    number = int(arguments[0]) if arguments else 1000
    with TemporaryDirectory() as scratch:
        folders = [Path(each) for each in arguments[1:]] or own_folders(Path(scratch))
        found = configurations(folders)
        each, alone = each_in_one_process(found, number), one_alone(found[-1])
    sys.stdout.write(
        f"{number} checks of {len(found)} configurations: {each * 1000:.1f} ms each"
        f" (at most {MOST_EACH * 1000:.0f})\n"
        f"`advisor check` alone: {alone:.2f} s (at most {MOST_ALONE})\n"
    )
    return int(each > MOST_EACH or alone > MOST_ALONE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
