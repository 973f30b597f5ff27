"""The script for a host without Python. It stands in templates/collect.sh, for people to read."""

from advisor.resources import resource_folder

_DEFAULT = "default_log_days=0\n"


def collect_script(log_days: int = 0) -> str:
    """The script; `log_days` is what it takes of the log where its own option -l does not say."""
    script = (resource_folder("templates") / "collect.sh").read_text(encoding="utf-8")
    return script.replace(_DEFAULT, f"default_log_days={log_days}\n", 1)
