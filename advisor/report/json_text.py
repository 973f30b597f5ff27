"""Plain values as the JSON text that every command writes."""

import re
from collections.abc import Callable
from inspect import cleandoc
from typing import Any

import msgspec


def as_json(document: Any) -> str:
    """The document, indented, with a newline behind it. Bytes that are no UTF-8 become U+FFFD in texts."""
    return msgspec.json.format(msgspec.json.encode(in_texts(_clean, document)), indent=2).decode() + "\n"


def told(document: Any) -> Any:
    r"""The document with texts that JSON can hold and `exact` takes back: a byte that is no UTF-8 becomes
    `\xff`, a backslash two.
    """
    return in_texts(_told, document)


_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def exact(document: Any) -> Any:
    """The document that `told` was given."""
    return in_texts(lambda text: _TOLD.sub(_untold, text), document)


def schema_of_input(*documents: type[msgspec.Struct]) -> dict[str, Any]:
    """The JSON Schema of what people write, which is one of these documents. Its descriptions are docstrings,
    which some msgspec leave indented.
    """
    kinds, parts = msgspec.json.schema_components(documents)
    whole = kinds[0] if len(kinds) == 1 else {"anyOf": list(kinds)}
    return {"$schema": _DIALECT, **whole, "$defs": in_texts(cleandoc, parts)}


def schema_of(*documents: type[msgspec.Struct]) -> dict[str, Any]:
    """The JSON Schema of what advisor writes, which is one of these documents: all keys are there, and no
    others; where all are optional, it is one of them.
    """
    schema = schema_of_input(*documents)
    for part in schema["$defs"].values():
        if "properties" in part:
            part["additionalProperties"] = False
            part["required"] += [name for name, each in part["properties"].items() if "default" in each]
            if not part["required"]:
                part |= {"minProperties": 1, "maxProperties": 1}
    return schema


def in_texts(change: Callable[[str], str], value: Any) -> Any:
    """A tree of plain values with each text changed, keys too."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list | tuple):
        return [in_texts(change, each) for each in value]
    if isinstance(value, dict):
        return {in_texts(change, key): in_texts(change, each) for key, each in value.items()}
    return value


_TOLD = re.compile(r"\\(?:\\|x([89a-f][0-9a-f]))")


def _told(text: str) -> str:
    if text.isascii() and "\\" not in text:
        return text
    text = text.replace("\\", "\\\\")
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _untold(found: re.Match[str]) -> str:
    return chr(0xDC00 + int(found[1], 16)) if found[1] else "\\"


def _clean(text: str) -> str:
    """What JSON can hold: surrogate escapes stand for bytes that were no text."""
    if text.isascii():
        return text
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
