"""The parameters of the definitions, with their defaults (indicators, section 1)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    adjoin_days: int = 1  # AANSLUITING_DAGEN
    relapse_months: tuple[int, int] = (4, 8)  # RECIDIVE_GRENZEN
    start_share_max: tuple[int, int] = (70, 100)  # START_DEEL_MAX as a fraction
    outlier_factor: tuple[int, int] = (3, 2)  # UITSCHIETER_FACTOR as a fraction
    return_months: int = 12  # TERUG_MAANDEN
    duration_domains: tuple[str, ...] = ("beschermd-wonen", "thuisplus")  # DUUR_DOMEINEN


DEFAULT = Parameters()
