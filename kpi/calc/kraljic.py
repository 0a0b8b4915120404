"""The Kraljic class of each provider: what it costs against how many others could deliver the same.

Exact integer arithmetic; shares and risks are fractions, rounded half up to millionths only when shown. Source: the
memo's section 5 and its footnote: products first, then providers.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from kpi.calc.frames import to_date, to_day

STRATEGIC, LEVERAGE, BOTTLENECK, ROUTINE = "strategisch", "hefboom", "knelpunt", "routine"
QUADRANTS = (STRATEGIC, LEVERAGE, BOTTLENECK, ROUTINE)
NO_SPEND = "geen uitgaven"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """KRALJIC_MIN_AANDEEL, KRALJIC_UITGAVEN and KRALJIC_RISICO, and how near to a line is near."""

    supplier_share: Fraction = Fraction(1, 100)
    spend_share: Fraction = Fraction(80, 100)
    risk: Fraction = Fraction(1, 2)
    near_spend: Fraction = Fraction(5, 100)
    near_risk: Fraction = Fraction(1, 10)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a provider stands; ``spend`` in eurocents, ``remark`` empty or why there is nothing to judge."""

    provider: str
    spend: int
    share: Fraction
    cumulative_share: Fraction
    supply_risk: Fraction
    cost_effect_high: bool
    supply_risk_high: bool
    proposed: str
    near_border: bool
    remark: str = ""


def window(as_of: int) -> tuple[int, int]:
    """First and last day of the twelve whole months before the reference date's month.

    The month itself counts when the reference date is its last day.
    """
    date = to_date(as_of)
    following = dt.date(date.year + date.month // 12, date.month % 12 + 1, 1)
    end = following if (following - date).days == 1 else date.replace(day=1)
    return to_day(end.replace(year=end.year - 1)), to_day(end) - 1


def spend_per_product(lines: pd.DataFrame, as_of: int, domain: str | None = None) -> pd.DataFrame:
    """Granted eurocents per provider and product in the window; a net amount below 0 counts as 0.

    ``lines``: counted claim lines of a state, or their sums per month (the window is of whole months), with provider,
    product, domain, begindatum and toegekend.
    """
    first, last = window(as_of)
    inside = lines[(lines["begindatum"] >= first) & (lines["begindatum"] <= last)]
    if domain is not None:
        inside = inside[inside["domain"] == domain]
    spend = inside.groupby(["provider", "product"], observed=True)["toegekend"].sum().reset_index()
    return spend.assign(toegekend=np.maximum(spend["toegekend"], 0))


def classify(
    spend: pd.DataFrame, providers: Iterable[str] = (), thresholds: Thresholds = Thresholds()
) -> list[Position]:
    """The position of every provider, largest spend first, then by AGB code.

    ``providers`` names those to be listed even without spend.
    """
    amounts = {
        (str(provider), str(product)): int(amount)
        for provider, product, amount in zip(spend["provider"], spend["product"], spend["toegekend"], strict=True)
    }
    risk_of = _product_risks(amounts, thresholds)
    totals: dict[str, int] = dict.fromkeys(providers, 0)
    weighted: dict[str, Fraction] = {}
    for (provider, product), amount in amounts.items():
        totals[provider] = totals.get(provider, 0) + amount
        if amount:
            weighted[provider] = weighted.get(provider, Fraction(0)) + amount * risk_of[product]
    return list(_positions(totals, weighted, thresholds))


def _product_risks(amounts: dict[tuple[str, str], int], thresholds: Thresholds) -> dict[str, Fraction]:
    """1 / suppliers; a supplier has at least the minimum share of the product's spend."""
    whole: dict[str, int] = {}
    for (_, product), amount in amounts.items():
        whole[product] = whole.get(product, 0) + amount
    suppliers, anyone = dict.fromkeys(whole, 0), dict.fromkeys(whole, 0)
    for (_, product), amount in amounts.items():
        anyone[product] += amount > 0
        suppliers[product] += amount > 0 and amount >= thresholds.supplier_share * whole[product]
    # Over a hundred equal providers none has 1%: the least risk there is, so all of them count.
    return {product: Fraction(1, count or max(anyone[product], 1)) for product, count in suppliers.items()}


def _positions(totals: dict[str, int], weighted: dict[str, Fraction], thresholds: Thresholds) -> Iterable[Position]:
    region = sum(totals.values())
    before = Fraction(0)
    for provider in sorted(totals, key=lambda code: (-totals[code], code)):
        spend = totals[provider]
        share = Fraction(spend, region) if region else Fraction(0)
        cumulative = before + share
        risk = weighted[provider] / spend if spend else Fraction(0)
        high_cost = bool(spend) and before < thresholds.spend_share  # the one that crosses the line is in
        high_risk = bool(spend) and risk >= thresholds.risk
        near = bool(spend) and (
            abs(cumulative - thresholds.spend_share) <= thresholds.near_spend
            or abs(risk - thresholds.risk) <= thresholds.near_risk
        )
        proposed = _quadrant(high_cost, high_risk)
        remark = "" if spend else NO_SPEND
        yield Position(
            *(provider, spend, share, cumulative, risk, high_cost, high_risk, proposed, near, remark),
        )
        before = cumulative


def _quadrant(high_cost: bool, high_risk: bool) -> str:
    if high_cost:
        return STRATEGIC if high_risk else LEVERAGE
    return BOTTLENECK if high_risk else ROUTINE


def millionths(fraction: Fraction) -> int:
    """A fraction of at least 0 in millionths, rounded half up."""
    return (2 * fraction.numerator * 1_000_000 + fraction.denominator) // (2 * fraction.denominator)
