"""A published run with chosen figures, for tests of pages."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from django.core.cache import cache
from django.utils import timezone

from kpi.models import Finding, KraljicPosition, Run, RunState, Value
from providers.models import CareDomain, Municipality, Provider

AS_OF = dt.date(2026, 11, 25)
HERE, THERE = "0080", "0090"
BOTH, ONLY_THERE = "11111111", "22222222"
ONLY_FOUND = "33333333"  # a provider there with findings and no figures
PERIODS = ("2026-07", "2026-08", "2026-09", "2026-Q2", "2026-Q3", "2026")


def reference() -> None:
    """Two municipalities, two providers (one works only in the other municipality), one domain."""
    Municipality.objects.bulk_create(
        [Municipality(code=HERE, name="Hierdorp"), Municipality(code=THERE, name="Daarstad")]
    )
    Provider.objects.bulk_create(
        [Provider(agb=BOTH, name="Beide Zorg"), Provider(agb=ONLY_THERE, name="Alleen Daarstad Zorg")]
    )
    CareDomain.objects.create(code="jeugd-ggz", name="Jeugd-ggz", wet="jeugdwet")


def publish_figures() -> Run:
    """Figures that tell by their numbers whose they are: 11 of 40 here, 33 of 120 there, 44 of 160 in the region."""
    cache.clear()
    reference()
    run = Run.objects.create(as_of=AS_OF, state=RunState.CURRENT, code_version="test", finished_at=timezone.now())
    Value.objects.bulk_create(_values(run))
    return run


def publish_inflow(run: Run, periods: tuple[str, ...] = ("2026-Q3", "2026-09", "2026")) -> None:
    """Clients who came into care by referrer: 48 here, 123 there, 171 in the region; 9 of them at one provider."""
    here = {"gemeente": 30, "huisarts": 12, "onbekend": 6}
    there = {"gemeente": 60, "huisarts": 40, "gi": 3, "onbekend": 20}
    region = {name: here.get(name, 0) + there.get(name, 0) for name in there}
    for scope, where, counts in (
        ("municipality+referrer", {"municipality": HERE}, here),
        ("municipality+referrer", {"municipality": THERE}, there),
        ("referrer", {}, region),
        ("provider+referrer", {"provider": BOTH}, {"gemeente": 7, "huisarts": 2}),
    ):
        common = {"run": run, "measure": "instroom", "scope": scope, **where}
        whole = common | {"scope": scope.removesuffix("referrer").removesuffix("+") or "region"}
        for period in ("2026-Q3", "2026-09"):
            Value.objects.create(period=period, numerator=sum(counts.values()), value=sum(counts.values()), **whole)
        Value.objects.bulk_create(
            Value(period=period, referrer=name, numerator=count, value=count, **common)
            for name, count in counts.items()
            for period in periods
        )


def more_providers(run: Run, count: int) -> None:
    """So many more providers with the figures of one."""
    like = list(Value.objects.filter(run=run, scope="provider", provider=BOTH))
    for number in range(count):
        for value in like:
            value.provider = f"9{number:07d}"
        Value.objects.bulk_create(like)
    cache.clear()


def publish_position(run: Run, provider: str, **changes: object) -> None:
    """A place in the Kraljic matrix of the region: a small provider in the corner of both limits."""
    place = {
        "spend": 1,
        "share": 1,
        "cumulative_share": 1,
        "supply_risk": 1,
        "cost_effect_high": True,
        "supply_risk_high": True,
        "proposed": "routine",
        "near_border": False,
    }
    KraljicPosition.objects.create(run=run, provider=provider, **place | changes)


def publish_findings(run: Run) -> None:
    """What data-quality checks counted: 8 of 40 stops here in the third quarter, 21 of 114 there."""
    Finding.objects.bulk_create(
        Finding(
            run=run,
            month=month,
            kind=kind,
            municipality=town,
            provider=provider,
            examined=examined,
            by_municipality=ours,
            by_provider=theirs,
        )
        for month, kind, town, provider, examined, ours, theirs in (
            ("2026-07", "stop_zonder_start", HERE, BOTH, 20, 0, 3),
            ("2026-09", "stop_zonder_start", HERE, BOTH, 20, 0, 5),
            ("2026-09", "start_zonder_toewijzing", HERE, BOTH, 100, 7, 1),
            ("2026-08", "stop_zonder_start", THERE, BOTH, 50, 0, 17),
            ("2026-08", "stop_zonder_start", THERE, ONLY_THERE, 60, 0, 0),
            ("2026-09", "stop_zonder_start", THERE, ONLY_FOUND, 4, 0, 4),
            ("2026-06", "status_2_9", HERE, BOTH, 300, 0, 111),
        )
    )


def _values(run: Run) -> Iterator[Value]:
    cells = [
        ({"domain": "jeugd-ggz", "municipality": HERE, "provider": BOTH}, 11, 40),
        ({"domain": "jeugd-ggz", "municipality": THERE, "provider": BOTH}, 13, 50),
        ({"domain": "jeugd-ggz", "municipality": THERE, "provider": ONLY_THERE}, 20, 70),
    ]
    names = ("domain", "municipality", "provider")
    for size in range(4):
        for dimensions in combinations(names, size):
            sums: dict[tuple[str, ...], list[int]] = {}
            for cell, numerator, denominator in cells:
                total = sums.setdefault(tuple(cell[name] for name in dimensions), [0, 0])
                total[0] += numerator
                total[1] += denominator
            for key, (numerator, denominator) in sums.items():
                where = dict(zip(dimensions, key, strict=True))
                yield from _measures(run, "+".join(dimensions) or "region", where, numerator, denominator)


def _measures(run: Run, scope: str, where: dict[str, str], numerator: int, denominator: int) -> Iterator[Value]:
    for period in PERIODS:
        common = {"run": run, "scope": scope, "period": period, **where}
        share = Decimal(numerator) / denominator
        yield Value(measure="uitval_pct", numerator=numerator, denominator=denominator, value=round(share, 6), **common)
        for detail, top in (("", numerator * 3), ("binnen_norm", denominator - numerator), ("mediaan", None)):
            days = Decimal(top or 2 * denominator) / denominator
            yield Value(
                measure="meldtijd_305",
                detail=detail,
                numerator=top,
                denominator=denominator,
                value=round(days, 6),
                **common,
            )
        yield Value(measure="clienten_in_zorg", numerator=denominator, value=denominator, **common)
