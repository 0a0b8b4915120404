"""What the Kraljic pages show."""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from accounts.scope import Scope
from kpi import cells, charts, kraljic, selectors
from kpi.calc.definition import Unit
from kpi.calc.frames import to_day
from kpi.calc.kraljic import QUADRANTS, Thresholds
from kpi.filters import default_label, period_of
from kpi.models import KraljicDecision, KraljicPosition, Quadrant, Run
from kpi.selection import Selection
from kpi.wording import number, short_period
from providers.models import Provider

MILLION = 1_000_000
# The distribution in the memo (section 5); the region is set against it.
MEMO = {"strategisch": 6, "hefboom": 30, "knelpunt": 2, "routine": 221}
LINES = Thresholds()
LABELS = {str(value): str(label) for value, label in Quadrant.choices}


def matrix(run: Run, domain: str) -> dict[str, Any]:
    """Chart, tables and distribution of a domain ("" for the region)."""
    names = selectors.names()
    positions = kraljic.stored_positions(run, domain)
    decided = kraljic.decisions(domain)
    quarters = [short_period(quarter) for quarter in kraljic.quarters_before(to_day(run.as_of))]
    rows = [_row(position, names["provider"], decided.get(position.provider), quarters) for position in positions]
    place = names["domain"].get(domain, "hele regio")
    return {
        "rows": rows,
        "place": place,
        "counts": _distribution(positions, decided),
        "stability": _stability(positions),
        "near": [row for row in rows if row["borders"]],
        "moved": [row for row in rows if row["moved"]],
        "quarters": quarters,
        "chart": charts.Chart(
            id="matrix",
            title=f"Kraljic-matrix: {place}",
            unit="euro toegekend in 12 maanden, en risico van 0 tot 1",
            as_of=run.as_of,
            note="Stippellijnen: de grenzen. Hoe groter het teken, hoe meer cliënten in zorg. De tabel staat onder "
            "“Aanbieders”.",
            figure=charts.kraljic(*_points(run, domain, positions, names["provider"])),
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
        "row": _row(found[0], names) if found else None,
        "history": history,
        "place": selectors.names()["domain"].get(domain, "hele regio"),
    }


def places(run: Run, provider: str) -> list[dict[str, Any]]:
    """Where a provider stands, in the region and in each domain where it has spend; two queries and the names."""
    names, decided = selectors.names(), kraljic.decisions_of(provider)
    quarters = [short_period(quarter) for quarter in kraljic.quarters_before(to_day(run.as_of))]
    found = KraljicPosition.objects.filter(run=run, provider=provider).order_by("domain")
    return [
        _row(position, names["provider"], decided.get(position.domain), quarters)
        | {"place": names["domain"].get(position.domain, position.domain) or "Hele regio", "domain": position.domain}
        for position in found
        if position.spend or not position.domain
    ]


def _points(
    run: Run, domain: str, positions: list[KraljicPosition], names: dict[str, str]
) -> tuple[list[charts.Place], float, float]:
    clients = _clients(run, domain)
    points = [
        charts.Place(
            names.get(item.provider, item.provider),
            item.supply_risk / MILLION,
            item.spend / 100,
            item.proposed,
            clients.get(item.provider, 0),
        )
        for item in positions
    ]
    expensive = [item.spend / 100 for item in positions if item.cost_effect_high]
    return points, float(LINES.risk), min(expensive, default=0.0)


def _clients(run: Run, domain: str) -> dict[str, int]:
    """Clients in care per provider at the end of the last whole quarter."""
    selection = Selection(period_of(default_label(selectors.labels_of(run), run)), domain=domain)
    labels = [selection.period.label]
    found = selectors.figures_by(Scope(region=True), run, selection, "provider", ["clienten_in_zorg"], labels)
    return {provider: figure.numerator or 0 for provider, figure in found}


def _row(
    position: KraljicPosition,
    names: dict[str, str],
    decision: KraljicDecision | None = None,
    quarters: Sequence[str] = (),
) -> dict[str, Any]:
    stable = sum(1 for earlier in position.earlier if earlier == position.proposed)
    return {
        "agb": position.provider,
        "name": names.get(position.provider, position.provider),
        "spend": cells.Quantity(position.spend, Unit.EURO),
        "share": cells.Quantity(position.share / MILLION, Unit.PERCENT),
        "risk": cells.Quantity(position.supply_risk / MILLION, Unit.RATIO),
        "proposed": LABELS[position.proposed],
        "remark": position.remark or ("dicht bij een grens" if position.near_border else ""),
        "borders": " en ".join(_borders(position)) if position.near_border else "",
        "earlier": [(quarter, LABELS[quadrant]) for quarter, quadrant in zip(quarters, position.earlier, strict=False)],
        "moved": bool(position.spend) and stable < len(position.earlier),
        "stable": cells.Parted(f"{stable} van {len(position.earlier)} kwartalen", (stable, len(position.earlier))),
        "decided": LABELS[decision.quadrant] if decision else "",
        "review": decision.review_on if decision else None,
        "review_day": f"{decision.review_on:%d-%m-%Y}" if decision else "",
        "differs": decision is not None and decision.quadrant != position.proposed,
    }


def _percent(millionths: int) -> str:
    return f"{number(millionths / MILLION * 100, 1)}%"


def _borders(position: KraljicPosition) -> Iterator[str]:
    """Which lines a provider is near, with how far."""
    cumulative, risk = Fraction(position.cumulative_share, MILLION), Fraction(position.supply_risk, MILLION)
    if abs(cumulative - LINES.spend_share) <= LINES.near_spend:
        line = number(float(LINES.spend_share) * 100)
        yield f"samen met wie meer kost {_percent(position.cumulative_share)} van de uitgaven; de lijn ligt bij {line}%"
    if abs(risk - LINES.risk) <= LINES.near_risk:
        yield f"leveringsrisico {number(float(risk), 2)}; de lijn ligt bij {number(float(LINES.risk), 2)}"


def _stability(positions: Sequence[KraljicPosition]) -> str:
    """How many providers with spend kept their class, in one sentence."""
    known = [position for position in positions if position.spend and position.earlier]
    if not known:
        return ""
    kept = sum(set(position.earlier) == {position.proposed} for position in known)
    near = sum(position.near_border for position in known)
    return (
        f"{kept} van de {len(known)} aanbieders met uitgaven hadden in alle vier de kwartalen ervoor dezelfde klasse "
        f"als nu; {near} {'staat' if near == 1 else 'staan'} dicht bij een grens."
    )


def _distribution(positions: list[KraljicPosition], decided: dict[str, KraljicDecision]) -> list[tuple[Any, ...]]:
    """Per class number and share: proposed, in force (decided, else proposed) and in the memo."""
    proposed = Counter(position.proposed for position in positions)
    in_force = Counter(
        decided[position.provider].quadrant if position.provider in decided else position.proposed
        for position in positions
    )
    memo = Counter(MEMO)
    return [
        (LABELS[quadrant], *(part for counted in (proposed, in_force, memo) for part in _of_all(counted, quadrant)))
        for quadrant in QUADRANTS
    ]


def _of_all(counted: Counter[str], quadrant: str) -> tuple[int, cells.Parted | None]:
    share = cells.share(counted[quadrant], counted.total())
    return counted[quadrant], cells.Parted(f"{number(100 * share.value)}%", (share,)) if share else None
