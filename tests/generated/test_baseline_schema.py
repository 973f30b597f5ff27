"""docs/baseline.schema.json is what the reader of baselines takes. `make golden` writes it anew."""

import json

from advisor.baseline_file import baseline_schema
from tests.generated.test_docs import DOCS, compare


def test_the_schema_of_a_baseline() -> None:
    compare(DOCS / "baseline.schema.json", json.dumps(baseline_schema(), indent=2) + "\n")
