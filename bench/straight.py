"""The sixteen indicators in straight SQL on DuckDB, from the same record frames, to compare results and time with.

The statements (``bench/sql``) are written from the definitions, a statement per indicator where that is possible, and
share nothing with ``kpi.calc`` but the tables of facts (holidays, norms, outcome classes) and the list of scopes.
"""

import re
from collections.abc import Sequence
from dataclasses import fields
from itertools import accumulate
from pathlib import Path
from string import Template

import duckdb
import numpy as np
import pandas as pd

from kpi.calc.expected import MINUTES
from kpi.calc.frames import NO_DAY, NO_NUMBER, OPEN, Records, Reference
from kpi.calc.outcomes import DEFAULTS
from kpi.calc.parameters import DEADLINES
from kpi.calc.periods import Period
from kpi.calc.scopes import DIMENSIONS, SCOPES
from kpi.calc.workdays import holidays

SQL = Path(__file__).parent / "sql"
KEY = ("measure", "period", "scope", *DIMENSIONS, "detail")
FIRST_YEAR, LAST_YEAR = 1990, 2100
MONITOR = {"region": 3, "municipality": 1, "provider": 2, "municipality+provider": 0}  # bits of what is left out


class Straight:
    """A database in memory for the records of disjoint sets of clients."""

    def __init__(self, reference: Reference, as_of: int, periods: Sequence[Period]) -> None:
        self.db = duckdb.connect()
        self.constants = {"no_day": NO_DAY, "no_number": NO_NUMBER, "open": OPEN, "as_of": as_of}
        self._put("catalogue", reference.catalogue)
        self._put("outcomes", _outcomes(reference))
        self._put("periods", _periods(periods, as_of))
        self._put("calendar", _calendar())
        self._put_facts()

    def add(self, records: Records) -> None:
        """Put records beside those that are there."""
        for field in fields(records):
            self._put("sent_messages" if field.name == "messages" else field.name, getattr(records, field.name))

    def compute(self) -> None:
        """Fill ``figures`` with all measures in all scopes and periods."""
        self._run("state")
        self._run("cases")
        for scope, columns in SCOPES.items():
            self._run("scope", columns, scope)
            if "referrer" not in columns:
                self._run("referrers", columns, scope)
        self._run("whole")
        self._run("monitor")

    def rows(self) -> dict[tuple[str, ...], tuple[int | None, int | None]]:
        """Numerator and denominator per KEY; fails where a key was written twice."""
        found = {}
        for row in self.db.execute("FROM figures").fetchall():
            key = row[: len(KEY)]
            if key in found:
                raise ValueError(f"written twice: {key}")
            found[key] = row[len(KEY) : len(KEY) + 2]
        return found

    def count(self) -> int:
        """How many figures there are."""
        found = self.db.execute("SELECT count(*) FROM figures").fetchone()
        return int(found[0]) if found else 0

    def quantiles(self) -> dict[tuple[str, ...], float]:
        """The value per KEY of medians and percentiles."""
        rows = self.db.execute("FROM figures WHERE value IS NOT NULL").fetchall()
        return {row[: len(KEY)]: row[-1] for row in rows}

    def _put(self, name: str, frame: pd.DataFrame) -> None:
        texts = {column: "object" for column in frame if isinstance(frame[column].dtype, pd.StringDtype)}
        columns = ", ".join(f'"{column}"{"::VARCHAR" if column in texts else ""} AS "{column}"' for column in frame)
        self.db.register("incoming", frame.astype(texts))
        self.db.execute(f"CREATE TABLE IF NOT EXISTS {name} AS SELECT {columns} FROM incoming LIMIT 0")  # noqa: S608 - our own names
        self.db.execute(f"INSERT INTO {name} SELECT {columns} FROM incoming")  # noqa: S608 - our own names
        self.db.unregister("incoming")

    def _put_facts(self) -> None:
        self._put("norms", pd.DataFrame(DEADLINES, columns=["measure", "wet", "days"]))
        self._put("minutes", pd.DataFrame(MINUTES.items(), columns=["unit_code", "minutes"]))
        masks = [(name, _mask(columns)) for name, columns in SCOPES.items()]
        self._put("scopes", pd.DataFrame(masks, columns=["scope", "mask"]))
        self._put("monitor_scopes", pd.DataFrame(MONITOR.items(), columns=["scope", "mask"]))
        texts = ", ".join(f"{name} VARCHAR" for name in KEY)
        self.db.execute(f"CREATE TABLE figures ({texts}, numerator HUGEINT, denominator HUGEINT, value DOUBLE)")

    def _run(self, name: str, columns: Sequence[str] = (), scope: str = "region") -> None:
        text = re.sub(r"\$(sets|monitored|answered)\(([^()]*)\)", _grouping_sets, (SQL / f"{name}.sql").read_text())
        place = ", ".join([f"'{scope}'", *(name if name in columns else "''" for name in DIMENSIONS)])
        listed = {
            "columns": "".join(f"{name}, " for name in columns),
            "prefixed": "".join(f"c.{name}, " for name in columns),
            "place": place,
        }
        self.db.execute(Template(text).substitute({**self.constants, **listed}))


def _grouping_sets(match: re.Match[str]) -> str:
    kind, common = match.groups()
    if kind == "sets":
        found = list(SCOPES.values())
    else:
        town, provider = ("gemeente", "aanbieder") if kind == "answered" else ("municipality", "provider")
        found = [(), (town,), (provider,), (town, provider)]
    return ", ".join("(" + ", ".join([common, *columns]) + ")" for columns in found)


def _mask(columns: Sequence[str]) -> int:
    """What GROUPING gives of all dimensions: a bit for each that is left out, the last one lowest."""
    return sum(1 << place for place, name in enumerate(reversed(DIMENSIONS)) if name not in columns)


def _outcomes(reference: Reference) -> pd.DataFrame:
    rows = [(*key, outcome) for key, outcome in {**DEFAULTS, **reference.outcomes}.items()]
    return pd.DataFrame(rows, columns=["wet", "code", "outcome"])


def _periods(periods: Sequence[Period], as_of: int) -> pd.DataFrame:
    """``until``: the day at whose end the stock of a period is counted."""
    rows = [(p.kind, p.label, p.first, p.last, min(p.last, as_of), p.first <= as_of) for p in periods]
    columns = ["kind", "label", "first", "last", "until", "begun"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(("first", "last", "until"), "int32"))


def _calendar() -> pd.DataFrame:
    """Every day with the number of working days up to and including it."""
    days = np.arange(np.datetime64(f"{FIRST_YEAR}-01-01"), np.datetime64(f"{LAST_YEAR}-01-01"))
    free = np.array([day for year in range(FIRST_YEAR, LAST_YEAR) for day in holidays(year)], dtype="datetime64[D]")
    passed = list(accumulate(np.is_busday(days, holidays=free).tolist()))
    return pd.DataFrame({"day": days.astype(np.int32), "passed": np.array(passed, dtype=np.int32)})
