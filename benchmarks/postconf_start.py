"""How long `advisor postconf -n` takes, side by side with `python -c "import typer"`.

    .venv/bin/python benchmarks/postconf_start.py [RUNS]

Scripts ask postconf for one value after the other, so the command must start fast. The two are run in turns,
so that a busy machine slows both; the quickest run of each is what it costs when nothing else is going on.
"""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from advisor.settings.catalogue import catalogue
from advisor.settings.release import NEWEST

LINES = 300


def write_configuration(folder: Path) -> None:
    """A main.cf with that many parameters set to what they are by default, and the stock master.cf."""
    defaults = (
        f"{name} = {parameter.default(NEWEST) or ''}\n"
        for name, parameter in sorted(catalogue().parameters.items())
        if parameter.exists_in(NEWEST) and not parameter.computed
    )
    main = [line for line, _ in zip(defaults, range(LINES), strict=False)]
    services = (service.line(NEWEST) for service in catalogue().stock_services)
    (folder / "main.cf").write_text("".join(main))
    (folder / "master.cf").write_text("".join(f"{line}\n" for line in services if line))


def seconds(command: list[str]) -> float:
    """How long the command takes, from start to end."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - its own commands
    return time.perf_counter() - begun


def main(runs: int) -> None:
    with TemporaryDirectory() as name:
        write_configuration(Path(name))
        ours = [sys.executable, "-m", "advisor", "postconf", "-c", name, "-n"]
        other = [sys.executable, "-c", "import typer"]
        seconds(ours), seconds(other)  # the first run writes the byte code
        pairs = [(seconds(ours), seconds(other)) for _ in range(runs)]
    quickest = [min(times) for times in zip(*pairs, strict=True)]
    middle = [median(times) for times in zip(*pairs, strict=True)]
    sys.stdout.write(f"{'':24}{'quickest':>10}{'median':>10}   of {runs} runs each\n")
    for number, label in enumerate(("advisor postconf -n", "import typer")):
        sys.stdout.write(f"{label:24}{quickest[number] * 1000:7.0f} ms{middle[number] * 1000:7.0f} ms\n")
    ratios = [quickest[0] / quickest[1], middle[0] / middle[1]]
    sys.stdout.write(f"{'ratio':24}{ratios[0]:10.2f}{ratios[1]:10.2f}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
