"""Where a configuration sets `stress` itself, which master(8) does for each service at need.

Knowledge: STRESS_README; get_master_ent() in src/master/master_ent.c puts master's `-o stress=…` before the
options of the entry, so that the entry's own wins, and both win over main.cf.
"""

import msgspec

from advisor.facts.case import Case
from advisor.facts.registry import collection
from advisor.facts.wanted import Remove
from advisor.facts.written import key_of, written_places, written_text
from advisor.syntax.source import Span

_NAME = "stress"


class StressSetting(msgspec.Struct, frozen=True):
    """A line that sets `stress`: in main.cf (no `service`), or by `-o`."""

    value: str
    service: str
    span: Span
    removal: tuple[Remove, ...]


@collection(element=StressSetting, variable="setting", locate=lambda setting: setting.span)
def stress_settings(case: Case) -> tuple[StressSetting, ...]:
    """Where `stress` is set; an empty value is Postfix's own, and means none."""
    return tuple(
        StressSetting(
            written_text(case.instance, _NAME, place).strip(),
            key_of(place) or "",
            case.place(_NAME, place),
            (Remove(_NAME, key_of(place)),),
        )
        for place in written_places(case.instance, _NAME)
    )
