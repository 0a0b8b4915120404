"""What a run is asked: of which months, as known when, from which messages, reference data and code."""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from kpi.calc.frames import Records, Reference, to_date, to_day
from kpi.calc.part import Part, part_of
from kpi.calc.periods import MONTHS_PER, Period, of_date, parse, periods, up_to
from kpi.calc.scopes import ALL_SCOPES
from kpi.calc.share import EVERYONE, Share
from kpi.calc.state import State, build_state
from kpi.calc.values import Asked
from kpi.loading import last_message_id, messages_up_to
from kpi.models import Run
from kpi.parameters import parameters_on
from sdf_portal import __version__

DEFAULT_MONTHS = 36


def months_of(as_of: dt.date, first: str | None, last: str | None) -> tuple[str, str]:
    """The labels of the first and the last month; by default the last 36 months up to the reference date.

    Raises PeriodError for what is no month.
    """
    last = last or f"{as_of:%Y-%m}"
    return first or up_to(parse("month", last), DEFAULT_MONTHS)[0].label, last


def periods_of(first: str, last: str) -> list[Period]:
    """The months, and the quarters and years that touch them."""
    months = periods("month", first, last)
    if not months:
        return []
    ends = to_date(months[0].first), to_date(months[-1].first)
    return [period for kind in MONTHS_PER for period in periods(kind, *(of_date(kind, day).label for day in ends))]


def asked(run: Run) -> Asked:
    """What is counted for a run."""
    return Asked(
        periods_of(run.first_month, run.last_month), tuple(ALL_SCOPES), to_day(run.as_of), parameters_on(run.as_of)
    )


def state_of(run: Run, records: Records, reference: Reference, share: Share = EVERYONE) -> State:
    """The state of records as known on the reference date of a run."""
    return build_state(records, reference, to_day(run.as_of), share=share)


def part_for(run: Run, records: Records, reference: Reference, share: Share = EVERYONE) -> Part:
    """What the clients and messages of a share count for in a run."""
    question = asked(run)
    return part_of(state_of(run, records, reference, share), question.periods, question.scopes)


def digest(reference: Reference) -> str:
    """Changes with every change of the reference data, and of the scopes in which figures are given."""
    return hashlib.sha256("\n".join([*ALL_SCOPES, *_told(reference)]).encode()).hexdigest()


def _told(reference: Reference) -> Iterator[str]:
    yield from sorted(reference.catalogue.to_csv(index=False).splitlines())
    for field in dataclasses.fields(reference):
        if field.name != "catalogue":
            value = getattr(reference, field.name)
            yield repr(sorted(value.items()) if isinstance(value, dict) else value)


@dataclass(frozen=True)
class Seen:
    """The fields of a run that say from what it is computed."""

    last_message_id: int
    messages_count: int
    reference_digest: str


def seen(reference: Reference, upto: int) -> Seen:
    """What there is: the messages up to a number and the reference data."""
    return Seen(upto, messages_up_to(upto), digest(reference))


def fields(as_of: dt.date, first: str | None, last: str | None, reference: Reference) -> dict[str, object]:
    """The fields of a run that is to be computed now. Raises PeriodError for what are no months."""
    first, last = months_of(as_of, first, last)
    periods_of(first, last)
    return {"first_month": first, "last_month": last, **asdict(seen(reference, last_message_id()))}


def grows(run: Run, as_of: dt.date, now: Seen) -> bool:
    """Whether messages came since are all that stands between a run and today's figures.

    Not so on another reference date, after an undo, with other reference data or code, or when its figures are kept.
    """
    return (
        run.as_of == as_of
        and not run.kept_as
        and run.code_version == __version__
        and (run.first_month, run.last_month) == months_of(as_of, None, None)
        and hasattr(run, "rest")
        and run.reference_digest == now.reference_digest
        and run.messages_count == messages_up_to(run.last_message_id)
    )
