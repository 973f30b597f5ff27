"""Plain values as the JSON text that every command writes."""

from typing import Any

import msgspec


def as_json(document: Any) -> str:
    """The document, indented, with a newline behind it. Bytes that are no UTF-8 become U+FFFD in texts."""
    return msgspec.json.format(msgspec.json.encode(_clean(document)), indent=2).decode() + "\n"


def _clean(value: Any) -> Any:
    """Strings that JSON can hold: surrogate escapes stand for bytes that were no text."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    if isinstance(value, list):
        return [_clean(each) for each in value]
    if isinstance(value, dict):
        return {_clean(key): _clean(each) for key, each in value.items()}
    return value
