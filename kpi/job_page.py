"""A long export in words: what was asked, how far it is, and what somebody can do with it."""

import datetime as dt
from dataclasses import dataclass

from django.utils import formats, timezone
from django.utils.text import slugify

from accounts.models import User
from accounts.roles import Permission
from kpi import as_of, narrowing, selectors
from kpi.calc.checks import BY_CODE
from kpi.export_actions import expires_at, scope_of_export
from kpi.exports.finding_file import CHECK
from kpi.exports.long import OTHER_RIGHTS
from kpi.exports.paper import ONLY_OF_LIST
from kpi.filters import period_of
from kpi.models import ExportJob, ExportState, ExportWhat
from kpi.wording import period_name
from messaging.presenters import number, size


@dataclass(frozen=True, slots=True)
class Line:
    """One export as it is shown."""

    pk: int
    title: str
    kind: str
    asked_at: dt.datetime
    state: str
    sentence: str
    percent: int | None  # unknown of what tells no total beforehand
    takeable: bool


def takeable(job: ExportJob, user: User, now: dt.datetime) -> bool:
    """Whether the file may be taken along: done, within its days, and made for what its asker may see today."""
    return job.state == ExportState.DONE and now < expires_at(job) and _may_see(job, user)


def _may_see(job: ExportJob, user: User) -> bool:
    """Whether somebody may see today what an export of his was made for."""
    cases = job.what != ExportWhat.FINDINGS or user.may(Permission.SEE_CASES)
    return cases and user.scope == scope_of_export(job)


def line(job: ExportJob, names: dict[str, dict[str, str]], user: User, now: dt.datetime) -> Line:
    state = _state(job, now)
    return Line(
        pk=job.pk,
        title=_title(job, names),
        kind=job.kind.upper(),
        asked_at=job.created_at,
        state=state.label,
        sentence=_sentence(job, state, user),
        percent=_percent(job),
        takeable=takeable(job, user, now),
    )


def _percent(job: ExportJob) -> int | None:
    if job.what == ExportWhat.PROVIDERS:
        return None
    return min(99, 100 * job.rows_done // job.rows_total) if job.rows_total else 0


def _state(job: ExportJob, now: dt.datetime) -> ExportState:
    """Past its days an export has expired, even before its file is removed."""
    state = ExportState(job.state)
    return ExportState.EXPIRED if state == ExportState.DONE and now >= expires_at(job) else state


def _title(job: ExportJob, names: dict[str, dict[str, str]]) -> str:
    places = [_chosen(name, code, names) for name, code in _told(job)]
    parts = " met de maanden en kwartalen daarin" if job.with_parts else ""
    return f"{_what(job)}: {', '.join([*(places or ['hele regio']), period_name(period_of(job.period))])}{parts}"


def _what(job: ExportJob) -> str:
    if job.what == ExportWhat.FINDINGS:
        return f"Bevindingen “{check_name(job)}”"
    return ExportWhat(job.what).label


def check_name(job: ExportJob) -> str:
    """The check whose findings an export lists, in words."""
    check = BY_CODE.get(job.filters[CHECK])
    return check.name if check else job.filters[CHECK]


def file_name(job: ExportJob) -> str:
    """What the file is called for who takes it along."""
    named = {ExportWhat.FIGURES: "alle-cijfers", ExportWhat.PROVIDERS: "aanbieders"}
    what = named.get(ExportWhat(job.what)) or job.filters[CHECK]
    chosen = [value for _, value in _told(job)]
    return f"{slugify('-'.join(('sdf', what, job.period, *chosen)))}.{job.kind}"


def _told(job: ExportJob) -> list[tuple[str, str]]:
    """The filters that are told, the first month of a range before its last."""
    names = [name for name in job.filters if name not in (*ONLY_OF_LIST, CHECK, *narrowing.RANGE_OF)]
    return [(name, job.filters[name]) for name in (*names, *narrowing.RANGE_OF) if name in job.filters]


def _chosen(name: str, code: str, names: dict[str, dict[str, str]]) -> str:
    if name in names:
        return names[name].get(code, code)
    if name == narrowing.COMPARED:
        return narrowing.named(code, names["provider"])
    if name == as_of.PARAMETER:
        return f"bekend op {as_of.named(dt.date.fromisoformat(code))}"
    if name == "delivery_form":
        return f"leveringsvorm {code}"
    value = period_name(period_of(code)) if name in narrowing.RANGE_OF else code
    return f"{narrowing.LABELS[name][0].lower()}{narrowing.LABELS[name][1:]} {value}"


def names() -> dict[str, dict[str, str]]:
    """The names of what an export may be narrowed to, by dimension."""
    return selectors.names() | {"product": selectors.product_names(), "referrer": narrowing.REFERRERS}


def _sentence(job: ExportJob, state: ExportState, user: User) -> str:
    match state:
        case ExportState.WAITING:
            return "De export wacht op de verwerking."
        case ExportState.RUNNING:
            again = (
                f" De verwerking is {job.attempts - 1} keer gestopt en opnieuw begonnen." if job.attempts > 1 else ""
            )
            if job.what == ExportWhat.PROVIDERS and job.rows_done:
                return f"{number(job.rows_done)} bladzijden zijn opgemaakt.{again}"
            if job.what == ExportWhat.FINDINGS and not job.rows_total:
                return f"De berichten worden nagekeken.{again}"
            if not job.rows_total:
                return f"De cijfers worden verzameld.{again}"
            return f"{number(job.rows_done)} van {number(job.rows_total)} regels zijn geschreven.{again}"
        case ExportState.DONE if not _may_see(job, user):
            return OTHER_RIGHTS
        case ExportState.DONE:
            until = formats.date_format(timezone.localtime(expires_at(job)), "j F Y H:i")
            return (
                f"De export is klaar: {number(job.rows_total)} regels, {size(job.size)}. Te downloaden tot {until} uur."
            )
        case ExportState.CANCELLED:
            return "De export is afgebroken. Er is geen bestand bewaard."
        case ExportState.EXPIRED:
            return "De export is verlopen en het bestand is verwijderd. Vraag hem opnieuw aan als u hem nog nodig hebt."
        case _:
            return f"De export is mislukt. {job.remark}"
