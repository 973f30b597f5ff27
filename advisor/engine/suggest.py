"""The cure for a misspelt name: the nearest one that exists."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str:
    """The nearest of `known`; empty where none is near."""
    return next(iter(get_close_matches(word, sorted(set(known)), n=1, cutoff=0.6)), "")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A cure, ready for an error: the nearest of `known`, or all of them where none is near."""
    names = sorted(set(known))
    if near := nearest(word, names):
        return f"did you mean {near}?"
    if not names:
        return "there is none to choose from"
    shown = ", ".join(names[:12])
    return f"known are {shown}{', …' if len(names) > 12 else ''}"
