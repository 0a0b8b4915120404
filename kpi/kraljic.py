"""Kraljic positions of a run, and the decisions that people take beside them."""

import datetime as dt
from typing import Any

import pandas as pd
from django.db import transaction

from accounts.audit import record
from kpi.calc.frames import to_date, to_day
from kpi.calc.kraljic import Position, classify, millionths, spend_per_product
from kpi.calc.periods import Period, of_date, previous, up_to
from kpi.calc.state import State
from kpi.models import KraljicDecision, KraljicPosition, Run
from providers.models import Provider

QUARTERS_BACK = 4


def all_positions(spend: pd.DataFrame, as_of: int) -> list[KraljicPosition]:
    """Every provider in the region and in every care domain with claims, not yet saved.

    ``spend``: claim lines, or their sums per month; see ``spend_per_product``.
    """
    providers = sorted(Provider.objects.values_list("agb", flat=True))
    domains = sorted({str(domain) for domain in spend["domain"].unique()})
    return [position for domain in ("", *domains) for position in _of_domain(spend, as_of, domain, providers)]


def positions(spend: pd.DataFrame, as_of: int, domain: str, providers: list[str]) -> list[Position]:
    """The positions on a date as computed from claim lines, or from their sums per month."""
    return classify(spend_per_product(spend, as_of, domain or None), providers)


def _of_domain(spend: pd.DataFrame, as_of: int, domain: str, providers: list[str]) -> list[KraljicPosition]:
    now = positions(spend, as_of, domain, providers)
    before = [
        {position.provider: position.proposed for position in positions(spend, day, domain, providers)}
        for day in (quarter.last for quarter in quarters_before(as_of))
    ]
    return [
        KraljicPosition(
            domain=domain,
            provider=position.provider,
            spend=position.spend,
            share=millionths(position.share),
            cumulative_share=millionths(position.cumulative_share),
            supply_risk=millionths(position.supply_risk),
            cost_effect_high=position.cost_effect_high,
            supply_risk_high=position.supply_risk_high,
            proposed=position.proposed,
            near_border=position.near_border,
            remark=position.remark,
            earlier=[classes.get(position.provider, "routine") for classes in before],
        )
        for position in now
    ]


def quarters_before(as_of: int) -> list[Period]:
    """The four quarters before the one of the reference date, the latest first; ``earlier`` has their classes."""
    return up_to(previous(of_date("quarter", to_date(as_of))), QUARTERS_BACK)[::-1]


def stored_positions(run: Run, domain: str) -> list[KraljicPosition]:
    """The positions of a run in a domain ("" for the region), the largest spend first."""
    return list(KraljicPosition.objects.filter(run=run, domain=domain).order_by("-spend", "provider"))


def decisions(domain: str, on: dt.date | None = None) -> dict[str, KraljicDecision]:
    """The decision in force per provider, on a date or now."""
    taken = KraljicDecision.objects.filter(domain=domain).order_by("decided_at", "id")
    if on is not None:
        taken = taken.filter(decided_at__date__lte=on)
    return {decision.provider: decision for decision in taken}


def decisions_of(provider: str) -> dict[str, KraljicDecision]:
    """The decision in force on a provider now, per domain ("" for the region)."""
    taken = KraljicDecision.objects.filter(provider=provider).order_by("decided_at", "id")
    return {decision.domain: decision for decision in taken}


def decide(*, by: Any, **fields: Any) -> KraljicDecision:
    """Keep a decision beside the proposal; earlier ones stay."""
    with transaction.atomic():
        decision = KraljicDecision.objects.create(decided_by=by.get_full_name() or by.username, **fields)
        record(
            by=by,
            action="kraljic-klasse besloten",
            subject=f"aanbieder {decision.provider}",
            klasse=decision.quadrant,
            zorgdomein=decision.domain,
        )
    return decision


def export_rows(state: State, as_of: dt.date, domain: str) -> list[list[str]]:
    """The rows of ``export_kraljic``, head included."""
    decided = decisions(domain, as_of)
    found = positions(state.lines, to_day(as_of), domain, sorted(Provider.objects.values_list("agb", flat=True)))
    head = "provider,spend,share,cumulative_share,supply_risk,cost_effect_high,supply_risk_high,proposed,decided"
    return [head.split(","), *(_export_row(position, decided.get(position.provider)) for position in found)]


def _export_row(position: Position, decision: KraljicDecision | None) -> list[str]:
    shares = [
        f"{value // 1_000_000}.{value % 1_000_000:06d}"
        for value in map(millionths, (position.share, position.cumulative_share, position.supply_risk))
    ]
    highs = [str(high).lower() for high in (position.cost_effect_high, position.supply_risk_high)]
    return [
        position.provider,
        str(position.spend),
        *shares,
        *highs,
        position.proposed,
        decision.quadrant if decision else "",
    ]
