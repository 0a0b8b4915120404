"""What the Kraljic pages show."""

from collections import Counter
from typing import Any

from kpi import charts, kraljic, selectors
from kpi.calc.definition import Unit
from kpi.calc.kraljic import QUADRANTS, Thresholds
from kpi.models import KraljicDecision, KraljicPosition, Quadrant, Run
from kpi.wording import number, value_text
from providers.models import Provider

MILLION = 1_000_000
# The distribution in the memo; the region is set against it.
MEMO = {"strategisch": 30, "hefboom": 6, "knelpunt": 2, "routine": 221}


def matrix(run: Run, domain: str) -> dict[str, Any]:
    """Chart, table and distribution of a domain ("" for the region)."""
    names = selectors.names()
    positions = kraljic.stored_positions(run, domain)
    decided = kraljic.decisions(domain)
    rows = [_row(position, names["provider"], decided.get(position.provider)) for position in positions]
    place = names["domain"].get(domain, "hele regio")
    return {
        "rows": rows,
        "place": place,
        "counts": _distribution(positions, decided),
        "chart": charts.Chart(
            id="matrix",
            title=f"Kraljic-matrix: {place}",
            source=f"Toegekende bedragen van 12 maanden, peildatum {run.as_of:%d-%m-%Y}. Stippellijnen: de grenzen.",
            figure=charts.kraljic(*_points(positions, names["provider"])),
            heads=(),
        ),
    }


def of_provider(run: Run, domain: str, provider: Provider) -> dict[str, Any]:
    """The proposal for one provider with its decisions, the latest first."""
    found = [position for position in kraljic.stored_positions(run, domain) if position.provider == provider.agb]
    names = {provider.agb: provider.name}
    history = KraljicDecision.objects.filter(provider=provider.agb, domain=domain)
    return {
        "provider": provider,
        "row": _row(found[0], names, None) if found else None,
        "history": history,
        "place": selectors.names()["domain"].get(domain, "hele regio"),
    }


def _points(
    positions: list[KraljicPosition], names: dict[str, str]
) -> tuple[list[tuple[str, float, float, str]], float, float]:
    points = [
        (names.get(item.provider, item.provider), item.supply_risk / MILLION, item.spend / 100, item.proposed)
        for item in positions
    ]
    expensive = [item.spend / 100 for item in positions if item.cost_effect_high]
    return points, float(Thresholds().risk), min(expensive, default=0.0)


def _row(position: KraljicPosition, names: dict[str, str], decision: KraljicDecision | None) -> dict[str, Any]:
    labels = dict(Quadrant.choices)
    stable = sum(1 for earlier in position.earlier if earlier == position.proposed)
    return {
        "agb": position.provider,
        "name": names.get(position.provider, position.provider),
        "spend": value_text(position.spend, Unit.EURO),
        "share": f"{number(position.share / MILLION * 100, 1)}%",
        "risk": number(position.supply_risk / MILLION, 2),
        "proposed": labels[position.proposed],
        "remark": position.remark or ("dicht bij een grens" if position.near_border else ""),
        "stable": f"{stable} van {len(position.earlier)} kwartalen",
        "decided": labels[decision.quadrant] if decision else "",
        "review": decision.review_on if decision else None,
        "differs": decision is not None and decision.quadrant != position.proposed,
    }


def _distribution(
    positions: list[KraljicPosition], decided: dict[str, KraljicDecision]
) -> list[tuple[str, int, int, int]]:
    """Per class: proposed, in force (decided, else proposed) and in the memo."""
    proposed = Counter(position.proposed for position in positions)
    in_force = Counter(
        decided[position.provider].quadrant if position.provider in decided else position.proposed
        for position in positions
    )
    labels = dict(Quadrant.choices)
    return [(labels[quadrant], proposed[quadrant], in_force[quadrant], MEMO[quadrant]) for quadrant in QUADRANTS]
