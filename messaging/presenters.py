"""From counts to what the pages say: plain strings, ready for the templates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from messaging.models import Upload, UploadFile, UploadState

SOORT_NAMES = {
    "301": "301 Toewijzing",
    "302": "302 Antwoord op toewijzing",
    "303": "303 Declaratie",
    "304": "304 Antwoord op declaratie",
    "305": "305 Start zorg",
    "306": "306 Antwoord op start",
    "307": "307 Stop zorg",
    "308": "308 Antwoord op stop",
    "315": "315 Verzoek om toewijzing",
    "316": "316 Ontvangst van verzoek om toewijzing",
    "317": "317 Verzoek om wijziging",
    "318": "318 Ontvangst van verzoek om wijziging",
    "319": "319 Antwoord op verzoek",
    "320": "320 Ontvangst van antwoord",
    "323": "323 Declaratie",
    "325": "325 Antwoord op declaratie",
}
MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
MONTH_NAMES = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
STANDS_STILL = (
    "De verwerking is onderbroken, bijvoorbeeld doordat de server of de database opnieuw startte. Ze gaat vanzelf"
    " verder waar ze was, meestal binnen enkele minuten; er is niets verloren gegaan."
)
NEWS = {UploadState.DONE, UploadState.UNDONE}  # the figures change by it
BUSY = {UploadState.WAITING, UploadState.RUNNING}


def soort_name(soort: str) -> str:
    """How a message type is called on the pages."""
    return SOORT_NAMES.get(soort, soort)


def month_name(month: date) -> str:
    return f"{MONTH_NAMES[month.month - 1]} {month.year}"


def month_short(month: date) -> str:
    return f"{MONTHS[month.month - 1]} ’{month.year % 100:02d}"


def number(value: int) -> str:
    """With the Dutch thousands separator."""
    return f"{value:,}".replace(",", ".")


def of(part: int, whole: int) -> str:
    """“11 van 20”."""
    return f"{number(part)} van {number(whole)}"


def plural(value: int, one: str, many: str) -> str:
    return f"{number(value)} {one if value == 1 else many}"


@dataclass(frozen=True, slots=True)
class FileReport:
    """What came of one file."""

    name: str
    size: str
    state: str
    messages: str
    duplicates: str
    records: str
    rejected: int
    counts: list[tuple[str, str]]
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class UploadReport:
    """What came of an upload, or how far it is."""

    busy: bool
    waiting: bool
    stands_still: bool
    failed: bool
    news: bool
    percent: int
    sentence: str
    interruption: str
    files: list[FileReport]
    messages: int
    duplicates: int
    records: int
    rejected: int


def upload_report(upload: Upload, files: Sequence[UploadFile], *, worked_on: bool) -> UploadReport:
    """``files`` are those of the upload; ``worked_on``: a process is at it right now."""
    stands_still = upload.state == UploadState.RUNNING and not worked_on
    total, done = sum(_steps(file)[1] for file in files), sum(_steps(file)[0] for file in files)
    return UploadReport(
        busy=upload.state in BUSY,
        waiting=upload.state == UploadState.WAITING,
        stands_still=stands_still,
        failed=upload.state == UploadState.FAILED,
        news=upload.state in NEWS and any(file.messages for file in files),
        percent=round(100 * done / total) if total else 0,
        sentence=STANDS_STILL if stands_still else _sentence(upload, files, done, total),
        interruption=_interruption(upload),
        files=[_file_report(file) for file in files],
        messages=sum(file.messages for file in files),
        duplicates=sum(file.duplicates for file in files),
        records=sum(file.records for file in files),
        rejected=sum(file.rejected for file in files),
    )


def size(value: int) -> str:
    """Bytes for people."""
    for unit, factor in (("GB", 1024**3), ("MB", 1024**2), ("kB", 1024)):
        if value >= factor:
            return f"{value / factor:.1f} {unit}".replace(".", ",")
    return f"{value} bytes"


def counts_per_soort(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    return [(soort_name(soort), number(count)) for soort, count in sorted(counts.items())]


def names(values: Iterable[str]) -> str:
    """“A, B en C”."""
    *first, last = values
    return f"{', '.join(first)} en {last}" if first else last


def _file_report(file: UploadFile) -> FileReport:
    done, total = _steps(file)
    return FileReport(
        name=file.name,
        size=size(file.size),
        state=file.get_state_display(),
        messages=number(file.messages),
        duplicates=number(file.duplicates),
        records=number(file.records),
        rejected=file.rejected,
        counts=counts_per_soort(file.counts),
        done=done,
        total=total,
    )


def _steps(file: UploadFile) -> tuple[int, int]:
    """Steps done and to do: the files inside a ZIP, or the file itself."""
    finished = file.state not in BUSY
    total = max(file.files_total, 1)
    return (total if finished else min(file.files_done, total)), total


def _interruption(upload: Upload) -> str:
    """That the processing was interrupted, and what came of it."""
    if not upload.interruptions or upload.resumed_at is None:
        return ""
    moment = timezone.localtime(upload.resumed_at)
    last = f"voor het laatst op {moment.day} {MONTH_NAMES[moment.month - 1]} om {moment:%H:%M} uur"
    times = "één keer" if upload.interruptions == 1 else f"{upload.interruptions} keer"
    return (
        f"De verwerking werd {times} onderbroken en ging daarna vanzelf verder waar ze was ({last})."
        " Er is niets verloren gegaan en niets telt dubbel."
    )


def _sentence(upload: Upload, files: Sequence[UploadFile], done: int, total: int) -> str:
    if upload.state == UploadState.WAITING:
        return "De bestanden staan klaar en wachten op verwerking."
    if upload.state == UploadState.RUNNING:
        return f"De bestanden worden verwerkt: {of(done, total)} klaar."
    if upload.state == UploadState.UNDONE:
        return "Deze upload is teruggedraaid. De berichten tellen niet meer mee."
    if upload.state == UploadState.FAILED:
        return "De verwerking is mislukt. Wat al verwerkt was, is bewaard."
    new, known = sum(file.messages for file in files), sum(file.duplicates for file in files)
    rejected = sum(file.rejected for file in files)
    return (
        f"De verwerking is klaar: {plural(new, 'nieuw bericht', 'nieuwe berichten')}, {number(known)} al bekend,"
        f" {number(rejected)} geweigerd."
    )
