"""The table of values as Postgres sees it: partitioned by run, each partition indexed after it was loaded."""

TABLE = "kpi_value"
COLUMNS = """
    run_id bigint NOT NULL,
    measure varchar(40) NOT NULL,
    period varchar(7) NOT NULL,
    scope varchar(30) NOT NULL,
    domain varchar(40) NOT NULL DEFAULT '',
    municipality varchar(4) NOT NULL DEFAULT '',
    provider varchar(8) NOT NULL DEFAULT '',
    product varchar(20) NOT NULL DEFAULT '',
    referrer varchar(10) NOT NULL DEFAULT '',
    delivery_form varchar(20) NOT NULL DEFAULT '',
    detail varchar(40) NOT NULL DEFAULT '',
    numerator bigint,
    denominator bigint,
    squares bigint,
    value numeric(24, 6) NOT NULL
"""
# What no page shows but the next messages need: see ``kpi.calc.values.STORED``.
FOR_SUMS = {
    "fraction": "smallint NOT NULL DEFAULT 0",
    "raw_squares": "bigint NOT NULL DEFAULT 0",
    "unfit": "bigint NOT NULL DEFAULT 0",
    "shown": "boolean NOT NULL DEFAULT true",
}
ADD_FOR_SUMS = f"ALTER TABLE {TABLE} " + ", ".join(f"ADD COLUMN {name} {kind}" for name, kind in FOR_SUMS.items())
DROP_FOR_SUMS = f"ALTER TABLE {TABLE} " + ", ".join(f"DROP COLUMN {name}" for name in FOR_SUMS)
# One serves "all providers in one period", the other "one selection over time".
INDEXES = {
    "lookup": "scope, period, domain, municipality, provider, measure",
    "trend": "scope, domain, municipality, provider, measure, period",
}
CREATE = (
    f"CREATE TABLE {TABLE} ({COLUMNS}) PARTITION BY LIST (run_id);"
    f" CREATE TABLE {TABLE}_other PARTITION OF {TABLE} DEFAULT;"
    + "".join(f" CREATE INDEX {TABLE}_{name} ON {TABLE} ({columns});" for name, columns in INDEXES.items())
)
DROP = f"DROP TABLE {TABLE}"


def partition(run_id: int) -> str:
    """The name of a run's partition."""
    return f"{TABLE}_run_{int(run_id)}"


def create_partition(run_id: int) -> str:
    """Statement: a table of its own, to be loaded; the check spares attaching it a reading of all rows."""
    return f"CREATE TABLE {partition(run_id)} (LIKE {TABLE} INCLUDING DEFAULTS, CHECK (run_id = {int(run_id)}))"


def attach_partition(run_id: int) -> str:
    """Statements: index, gather statistics and become part of the whole."""
    name = partition(run_id)
    indexes = "".join(f"CREATE INDEX {name}_{index} ON {name} ({columns});" for index, columns in INDEXES.items())
    return f"{indexes} ANALYZE {name}; ALTER TABLE {TABLE} ATTACH PARTITION {name} FOR VALUES IN ({int(run_id)})"


def drop_partition(run_id: int) -> str:
    """Statement: the figures of a run go."""
    return f"DROP TABLE IF EXISTS {partition(run_id)}"
