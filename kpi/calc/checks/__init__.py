"""The data-quality checks: what is examined, what is wrong about it, and how each party repairs it.

Source: requirements D-03 and D-07; indicators, section 2 ("a finding").
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from kpi.calc.checks import allocations, claims, delivery, traffic
from kpi.calc.checks.frame import MUNICIPALITY, PROVIDER
from kpi.calc.state import State


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of finding. ``examine`` yields EXAMINED; ``repair`` has a sentence per party that can be to blame."""

    code: str
    name: str
    meaning: str
    examine: Callable[[State], pd.DataFrame]
    repair: Mapping[str, str]


MISSING_ALLOCATION = {
    MUNICIPALITY: "Het nummer komt in geen enkele toewijzing voor: lever de 301 aan.",
    PROVIDER: "Het nummer ontbreekt, is van een andere cliënt of is ingetrokken: verbeter het bericht.",
}
CHECKS = (
    Check(
        "stop_zonder_start",
        "Stop zonder start",
        "Een stop (307) waarvan de begindatum bij geen enkele start hoort. De stop telt niet mee.",
        delivery.stop_without_start,
        {PROVIDER: "Lever de start (305) alsnog aan, of trek de stop in en stuur hem met de juiste begindatum."},
    ),
    Check(
        "stop_zonder_toewijzing",
        "Stop zonder toewijzing",
        "Een stop (307) op een toewijzing die er voor deze cliënt niet is. De stop telt niet mee.",
        delivery.stop_without_allocation,
        MISSING_ALLOCATION,
    ),
    Check(
        "start_zonder_toewijzing",
        "Start zonder toewijzing",
        "Een start (305) op een toewijzing die er voor deze cliënt niet is. De start telt niet mee.",
        delivery.start_without_allocation,
        MISSING_ALLOCATION,
    ),
    Check(
        "declaratie_zonder_toewijzing",
        "Declaratie zonder toewijzing",
        "Een declaratieregel op een toewijzing die er voor deze cliënt niet is. De verwijzer is dan onbekend.",
        claims.claim_without_allocation,
        MISSING_ALLOCATION,
    ),
    Check(
        "product_onbekend",
        "Product onbekend",
        "Een toewijzing of declaratieregel met een product dat niet in de catalogus staat. Het zorgdomein is onbekend.",
        allocations.product_unknown,
        {
            MUNICIPALITY: "Wijs een product uit de catalogus toe, of laat de beheerder de catalogus aanvullen.",
            PROVIDER: "Declareer het toegewezen product, of laat de beheerder de catalogus aanvullen.",
        },
    ),
    Check(
        "bedrag_onbekend",
        "Verwacht bedrag onbekend",
        "Een toewijzing zonder budget waarvan volume, eenheid of tarief geen bedrag geven (indicator 15).",
        allocations.amount_unknown,
        {MUNICIPALITY: "Wijs toe in de eenheid van de catalogus, of laat de beheerder het tarief aanvullen."},
    ),
    Check(
        "start_te_laat",
        "Start te laat gemeld",
        "Een start (305) die meer dan 5 werkdagen na de start, of na de toewijzing als die later kwam, is gemeld.",
        delivery.start_reported_late,
        {PROVIDER: "Niet meer te herstellen: meld starts voortaan binnen 5 werkdagen."},
    ),
    Check(
        "stop_te_laat",
        "Stop te laat gemeld",
        "Een stop (307) die meer dan 5 werkdagen na het einde is gemeld.",
        delivery.stop_reported_late,
        {PROVIDER: "Niet meer te herstellen: meld stops voortaan binnen 5 werkdagen."},
    ),
    Check(
        "stop_ontbreekt",
        "Stop ontbreekt",
        "De toewijzing is meer dan 5 werkdagen geleden afgelopen en er is geen stop. De zorg loopt op papier door.",
        delivery.stop_missing,
        {PROVIDER: "Stuur de stop (307), ook als de zorg volgens plan is geëindigd."},
    ),
    Check(
        "retour_ontbreekt",
        "Antwoord ontbreekt",
        "Een bericht waarop binnen de termijn geen antwoord kwam: 5 werkdagen, voor 301 en declaraties 20.",
        traffic.return_missing,
        {
            MUNICIPALITY: "Stuur het retourbericht, of lever het aan als het al verstuurd is.",
            PROVIDER: "Stuur het retourbericht (302 of 320).",
        },
    ),
    Check(
        claims.CLAIM_MONTH,
        "Maand zonder declaratie",
        "Een hele maand zorg zonder declaratieregel, terwijl die maand meer dan twee maanden voorbij is.",
        claims.claim_month_missing,
        {
            MUNICIPALITY: "Van deze gemeente is over die maand geen enkele declaratie bekend: lever ze aan.",
            PROVIDER: "Declareer de maand alsnog, of meld de stop of de onderbreking.",
        },
    ),
    Check(
        "status_2_9",
        "Status 2 of 9",
        "Een start of stop met status 2 (gewijzigd) of 9 (niet van toepassing). Zo'n regel telt niet mee.",
        delivery.status_ignored,
        {PROVIDER: "Trek de oude regel in (status 3) en stuur de nieuwe als eerste aanlevering (status 1)."},
    ),
)
BY_CODE = {check.code: check for check in CHECKS}
