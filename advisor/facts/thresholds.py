"""The numbers of rules/thresholds.toml, by which the cause of an overload is found."""

from functools import cache
from pathlib import Path

import msgspec

from advisor.errors import RuleError
from advisor.resources import resource_folder


class DeliveryThresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table [delivery]: those of the second diagnosis."""

    attempts: int
    queue_wait_seconds: float
    busy_share: float
    idle_share: float
    busy_window_seconds: int
    processes_headroom: float
    timeout_share: float
    timeouts: int
    setup_seconds: float
    active_share: float
    throttled_share: float
    throttled_per_minute: float
    deferred: int
    fault_share: float
    deferred_share: float
    lookup_destinations: int
    unknown_share: float
    unknown: int
    connection_share: float
    provider_share: float
    provider_per_minute: float
    connection_seconds: float


class Thresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Shares are 0 to 1, the rest is what the name says; the file explains each."""

    full_share: float
    full_seconds: float
    full_gap_seconds: float
    full_within_seconds: float
    lost_while_full: int
    idle_processes: float
    slow_seconds: float
    slow_factor: float
    slow_starts: int
    slow_share: float
    one_client_share: float
    authentication_share: float
    rejected_share: float
    authenticated_share: float
    good_share: float
    normal_median_seconds: float
    normal_p95_seconds: float
    envelope_wait_seconds: float
    envelope_pace: float
    content_wait_seconds: float
    content_share: float
    waiting_share: float
    filter_load: float
    growth_factor: float
    content_spread: float
    few_branches: int
    compared_clients: int
    hidden_busy_share: float
    hidden_turnover_share: float
    hidden_pause_seconds: float
    probe_share: float
    trouble_share: float
    load_window_seconds: float
    pause_sessions: int
    free_sessions: int
    delivery: DeliveryThresholds


def read_thresholds(path: Path) -> Thresholds:
    """The thresholds in a file. Raises RuleError when one is missing, unknown or no number."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Thresholds)
    except (msgspec.DecodeError, OSError) as error:
        raise RuleError(str(error), where=str(path), cure="restore the file from the distribution") from error


@cache
def default_thresholds() -> Thresholds:
    """The thresholds that come with advisor."""
    return read_thresholds(resource_folder("rules") / "thresholds.toml")


def in_numbers(thresholds: Thresholds | DeliveryThresholds) -> dict[str, str]:
    """Each threshold as it is shown: a share in per cent. A table within is left out."""
    return {
        name: f"{value:.0%}" if name.endswith("_share") else f"{value:g}"
        for name in thresholds.__struct_fields__
        for value in (getattr(thresholds, name),)
        if not isinstance(value, DeliveryThresholds)
    }
