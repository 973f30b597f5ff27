"""The official schema of SARIF 2.1.0."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator

SCHEMA = Path(__file__).parent.parent / "data" / "sarif-schema-2.1.0.json"


@cache
def validator() -> Draft4Validator:
    """What knows whether a document is SARIF."""
    return Draft4Validator(json.loads(SCHEMA.read_text()), format_checker=Draft4Validator.FORMAT_CHECKER)


def run_in(text: str | bytes) -> dict[str, Any]:
    """The run of a document. Raises ValidationError where it is no SARIF."""
    document = json.loads(text)
    validator().validate(document)
    (run,) = document["runs"]
    return dict(run)
