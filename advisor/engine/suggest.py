"""The cure for a misspelt name: the nearest one that exists."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A cure, ready for an error: the nearest of `known`, or all of them where none is near."""
    names = sorted(set(known))
    near = get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]}?"
    if not names:
        return "there is none to choose from"
    shown = ", ".join(names[:12])
    return f"known are {shown}{', …' if len(names) > 12 else ''}"
