"""Parts of a computation as bytes, to be kept in the database: numbers as they are, texts once and by number.

Written and read by ``numpy`` without pickles, so that nothing in a row can become code.
"""

import io
from collections.abc import Iterator

import numpy as np
import pandas as pd

from kpi.calc.part import Part
from kpi.calc.sums import KEYS, Sums

SPACE = "/"


def pack(part: Part) -> bytes:
    """A part as compressed bytes."""
    arrays = {f"rows{SPACE}{name}": column.to_numpy() for name, column in part.sums.rows.items()}
    arrays |= {f"labels{SPACE}{name}": _texts(index) for name, index in part.sums.labels.items()}
    for title, frame in (("points", part.sums.points), ("spend", part.spend), ("tallies", part.tallies)):
        arrays |= {f"{title}{SPACE}{name}": values for name, values in _columns(frame)}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def unpack(content: bytes) -> Part:
    """The part that ``pack`` was given."""
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        rows = pd.DataFrame(_group(arrays, "rows"))
        labels = {name: pd.Index(values.astype(object)) for name, values in _group(arrays, "labels").items()}
        points, spend, tallies = (_frame(_group(arrays, title)) for title in ("points", "spend", "tallies"))
    return Part(Sums({name: labels[name] for name in KEYS}, rows, points), spend, tallies)


def _texts(values: pd.Index) -> np.ndarray:
    return np.asarray([str(value) for value in values], dtype=np.str_)


def _columns(frame: pd.DataFrame) -> Iterator[tuple[str, np.ndarray]]:
    """Numbers as one array; texts as two, what there is and which of them."""
    for name, column in frame.items():
        if column.dtype.kind in "iub":
            yield str(name), column.to_numpy()
        else:
            codes, texts = pd.factorize(column)
            yield f"{name}{SPACE}codes", codes
            yield f"{name}{SPACE}texts", _texts(pd.Index(texts))


def _group(arrays: np.lib.npyio.NpzFile, title: str) -> dict[str, np.ndarray]:
    start = f"{title}{SPACE}"
    return {name.removeprefix(start): arrays[name] for name in arrays.files if name.startswith(start)}


def _frame(columns: dict[str, np.ndarray]) -> pd.DataFrame:
    texts = {name.removesuffix(f"{SPACE}texts"): values for name, values in columns.items() if name.endswith("texts")}
    found: dict[str, object] = {}
    for name, values in columns.items():
        base, _, kind = name.partition(SPACE)
        if not kind:
            found[base] = values
        elif kind == "codes":
            found[base] = pd.Series(texts[base].astype(object)[values] if len(values) else values, dtype="str")
    return pd.DataFrame(found)
