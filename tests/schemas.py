"""Whether a document is what its JSON Schema says, as an independent reader of schemas sees it."""

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator

WRONG = {"no such": {"thing": None}}


def problems(schema: dict[str, Any], document: object) -> list[str]:
    """Where the document strays from the schema; raises SchemaError where that is none itself."""
    Draft202012Validator.check_schema(schema)
    found = Draft202012Validator(schema).iter_errors(document)
    return [f"{each.json_path}: {each.message[:200]}" for each in found]


def is_valid(schema: dict[str, Any], document: object) -> bool:
    """Whether the document is what the schema says."""
    return bool(Draft202012Validator(schema).is_valid(document))


def survivors(schema: dict[str, Any], document: Any, most: int = 1) -> list[str]:
    """Which damages of the document the schema lets pass: a key more, one less, a value of another type. Of a
    list the first elements are damaged, as many as `most`.
    """
    maps = {
        name
        for part in schema["$defs"].values()
        for name, each in part.get("properties", {}).items()
        if "additionalProperties" in each
    }
    validator = Draft202012Validator(schema)
    return [
        f"{what}: {'.'.join(map(str, path))}"
        for what, path in damages(document, most)
        # In a map that may have any keys there is none that must be there.
        if validator.is_valid(document) and not (what == "lost" and maps.intersection(path[-2:-1]))
    ]


def damages(document: Any, most: int) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Does one damage after the other to the document itself, and mends it."""
    for path in list(_objects(document, most)):
        table = _at(document, path)
        for key, value in list(table.items()):
            table[key] = WRONG
            yield "wrong", (*path, key)
            del table[key]
            yield "lost", (*path, key)
            table[key] = value
        table["no such key"] = WRONG
        yield "added", path
        del table["no such key"]


def _objects(value: Any, most: int, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        yield path
        for key, each in value.items():
            yield from _objects(each, most, (*path, key))
    elif isinstance(value, list):
        for number, each in enumerate(value[:most]):
            yield from _objects(each, most, (*path, number))


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value
