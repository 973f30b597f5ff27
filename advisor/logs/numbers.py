"""Numbers out of hostile text."""


def whole(digits: str) -> int:
    """The number; one that no column can hold is as large as may be."""
    return int(digits) if len(digits) < 19 else 10**18


def decimal(text: str | None) -> float:
    """The number in digits and points; 0 when it is none."""
    try:
        return float(text or 0)
    except ValueError:
        return 0.0
