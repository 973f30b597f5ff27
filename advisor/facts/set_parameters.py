"""The parameters that main.cf and the services set, and those that are set twice in one place.

Knowledge: dict_load_fp() in src/util/dict.c warns of another value and says nothing of the same one;
options of a service are taken in turn (main() of the server skeletons, such as src/master/single_server.c).
"""

from collections.abc import Iterable, Iterator

import msgspec

from advisor.facts.case import Case
from advisor.facts.registry import Source, collection
from advisor.settings.scope import collapse
from advisor.syntax.source import Span


class SetParameter(msgspec.Struct, frozen=True):
    """A parameter that main.cf sets (`key` is None), or a `-o` of the service `key`.

    `span` is the first line's place, `lines` has the numbers of all of them. The last line's value is the
    `winner`; `losers` has the values without effect, each once. `is_same`: all lines say the same.
    `is_writable`: the name has no character that a change must not repeat.
    """

    name: str
    key: str | None
    span: Span
    lines: tuple[int, ...]
    losers: tuple[str, ...]
    winner: str
    is_same: bool
    is_writable: bool


@collection(
    element=SetParameter,
    variable="parameter",
    locate=lambda parameter: parameter.span,
    source=Source.TEXT,
)
def set_parameters(case: Case) -> tuple[SetParameter, ...]:
    """The parameters that main.cf, or the options of one service, set."""
    instance = case.instance
    main = ((line.name, line.raw_value, line.span) for line in instance.main_cf.assignments)
    found = [*_in_one_place(None, main)]
    for service in instance.services:
        options = ((each.name, each.value, each.span) for each in service.entry.overrides)
        found += _in_one_place(service.key, options)
    return tuple(found)


def _in_one_place(key: str | None, written: Iterable[tuple[str, str, Span]]) -> Iterator[SetParameter]:
    places: dict[str, list[tuple[str, Span]]] = {}
    for name, value, span in written:
        places.setdefault(name, []).append((collapse(value), span))
    for name, values in places.items():
        *losers, winner = (value for value, _ in values)
        yield SetParameter(
            name,
            key,
            values[0][1],
            tuple(span.line for _, span in values),
            tuple(dict.fromkeys(losers)),
            winner,
            is_same=set(losers) <= {winner},
            is_writable=name.isprintable(),
        )
