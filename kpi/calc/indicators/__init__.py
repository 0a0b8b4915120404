"""The sixteen indicators, in the order of the source document."""

from types import ModuleType

from kpi.calc.definition import Definition, Measure
from kpi.calc.indicators import (
    i01_mutaties,
    i02_recidive_na_succes,
    i03_recidive_na_uitval,
    i04_verwijzers,
    i05_startdeclaratie,
    i06_duur,
    i07_kosten_per_traject,
    i08_kosten_per_client,
    i09_uitval,
    i10_zwaarte,
    i11_clienten,
    i12_instroom,
    i13_uitstroom,
    i14_facturaties,
    i15_verwachte_kosten,
    i16_berichtenmonitor,
)

INDICATORS: tuple[ModuleType, ...] = (
    i01_mutaties,
    i02_recidive_na_succes,
    i03_recidive_na_uitval,
    i04_verwijzers,
    i05_startdeclaratie,
    i06_duur,
    i07_kosten_per_traject,
    i08_kosten_per_client,
    i09_uitval,
    i10_zwaarte,
    i11_clienten,
    i12_instroom,
    i13_uitstroom,
    i14_facturaties,
    i15_verwachte_kosten,
    i16_berichtenmonitor,
)
DEFINITIONS: tuple[Definition, ...] = tuple(module.DEFINITION for module in INDICATORS)
MEASURES: dict[str, Measure] = {measure.code: measure for definition in DEFINITIONS for measure in definition.measures}
