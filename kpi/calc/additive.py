"""Which figures of several products, providers or months may be added up to the figure of all of them together."""

from kpi.calc.definition import OverTime
from kpi.calc.indicators import MEASURES
from kpi.calc.indicators.i16_berichtenmonitor import TIMED

# Claimed over expected: of a product without expected costs the claims count all the same, and no page shows that row.
WITH_UNSHOWN = ("declaratiegraad",)
RELAPSE = tuple(f"recidive_{after}_{band}" for after in ("succes", "uitval") for band in ("0_4", "4_8", "8_plus"))
# Every case of these has one product and one provider. Distinct clients, quantiles and what needs them all do not add
# up; nor do weights, whose hundredths are not kept.
PER_CASE = frozenset(
    {
        *("mutaties_pct", "mutaties_aantal", "mutaties_per_traject", *RELAPSE),
        *("startdeclaratie_hoog", "startdeclaratie_hoog_uitval", "duur_gemiddeld", "uitval_pct", "zwaarte_duur"),
        *("herindicaties", "gefactureerd", "toegekend", "verwachte_kosten", *WITH_UNSHOWN),
    }
)
ADDITIVE = {"product": PER_CASE, "provider": PER_CASE | {"bericht_uitval", *TIMED}}
# Other parts are not stored where they come to nothing, so that their denominators would be too small.
WHOLE_PARTS = ("", "binnen_norm")
# Every case of these has one day; the definition of each measure says so.
PER_PERIOD = frozenset(code for code, measure in MEASURES.items() if measure.over_time == OverTime.ADDED)
NOT_PER_PERIOD = ("mediaan",)  # parts of these that need all cases together


def may_be_added(measure: str, over: list[str]) -> bool:
    """Whether the figures of a measure may be added up over the values of some dimensions."""
    return all(measure in ADDITIVE.get(dimension, ()) for dimension in over)
