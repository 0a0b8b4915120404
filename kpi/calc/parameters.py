"""The parameters of the definitions, with their defaults (indicators, section 1)."""

from dataclasses import dataclass

# Of 2018, from the table of indicator 16.
DEADLINES = tuple(
    sorted(
        (measure, law, days)
        for measure, by_law in {
            "doorlooptijd_315_301": {"jeugdwet": 10, "wmo": 10},
            "wachttijd_start": {"jeugdwet": 21, "wmo": 14},
            "meldtijd_305": {"jeugdwet": 5, "wmo": 5},
            "meldtijd_307": {"jeugdwet": 5, "wmo": 5},
            **{f"reactietijd_{soort}": {"jeugdwet": 5, "wmo": 5} for soort in ("306", "308", "316", "318", "320")},
            **{f"reactietijd_{soort}": {"jeugdwet": 20, "wmo": 20} for soort in ("304", "325")},
        }.items()
        for law, days in by_law.items()
    )
)


@dataclass(frozen=True, slots=True)
class Parameters:
    adjoin_days: int = 1  # AANSLUITING_DAGEN
    relapse_months: tuple[int, int] = (4, 8)  # RECIDIVE_GRENZEN
    start_share_max: tuple[int, int] = (70, 100)  # START_DEEL_MAX as a fraction
    outlier_factor: tuple[int, int] = (3, 2)  # UITSCHIETER_FACTOR as a fraction
    return_months: int = 12  # TERUG_MAANDEN
    duration_domains: tuple[str, ...] = ("beschermd-wonen", "thuisplus")  # DUUR_DOMEINEN
    deadlines: tuple[tuple[str, str, int], ...] = DEADLINES  # measure, law, days in the unit of the measure

    def days_of(self, measure: str) -> dict[str, int]:
        """The deadline of a measure per law; empty for a measure without one."""
        return {law: days for name, law, days in self.deadlines if name == measure}


DEFAULT = Parameters()
