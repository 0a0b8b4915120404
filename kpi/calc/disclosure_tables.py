"""Tables with totals, in which nobody can derive a hidden cell from the cells that are shown.

Take the lines as vertices and the hidden cells as edges between their row and their column: a cell follows from the
totals when its edge lies on no cycle (Gusfield 1988). As long as there is such a cell, the cheapest shown one of its
lines is hidden too. On top of that no cell may be cornered by what is known of its neighbours: two cells below ten
that add up to 18 are both 9; such cells are then not called small.

Months that add up to a year, or filter choices that add up to the whole, are the lines of such a table; protect them
in one table, for each table by itself cannot know what another one tells.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from kpi.calc.disclosure import DEFAULT, Hidden, Thresholds, shown_count

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
FAR = 1 << 40  # above any count


def protect_table(
    counts: npt.ArrayLike, *, row_totals: bool = True, column_totals: bool = True, thresholds: Thresholds = DEFAULT
) -> list[list[int | Hidden]]:
    """The counts as others may see them.

    ``counts`` (two dimensions) has the total of each row in its last column where ``row_totals``, and those of the
    columns in its last row where ``column_totals``.
    """
    exact = np.asarray(counts, np.int64)
    axes = _axes(row_totals, column_totals)
    small = (exact > 0) & (exact < thresholds.smallest)
    hidden = hide_derivable(small, exact, row_totals=row_totals, column_totals=column_totals)
    while _adds_up(exact, axes) and (cornered := _cornered(exact, hidden, small, axes, thresholds)).any():
        hidden, small = _loosened(cornered, hidden, small, exact, axes)
        hidden = hide_derivable(hidden, exact, row_totals=row_totals, column_totals=column_totals)
    label = {True: Hidden.SMALL, False: Hidden.PROTECTED}
    return [
        [
            label[bool(small[row, column])] if hidden[row, column] else shown_count(int(count), thresholds)
            for column, count in enumerate(line)
        ]
        for row, line in enumerate(exact)
    ]


def hide_derivable(
    hidden: npt.ArrayLike, cost: npt.ArrayLike, *, row_totals: bool = True, column_totals: bool = True
) -> Bools:
    """``hidden`` and the cells that must join it; the cheapest by ``cost`` (a count, an amount), zeros last."""
    result, price, axes = np.array(hidden, bool), np.asarray(cost, np.int64), _axes(row_totals, column_totals)
    while (cells := _derivable(result, axes)).any():
        touched = np.zeros(result.shape, bool)
        for row, column in np.argwhere(cells):
            if touched[row].any() or touched[:, column].any():
                continue  # may be safe by now
            near = _lines(result.shape, row, column, axes) & ~result
            if near.any():
                partner = _cheapest(near, price)
                result[partner] = touched[partner] = True
        if not touched.any():
            break
    return result


def _axes(row_totals: bool, column_totals: bool) -> tuple[int, ...]:
    """The axes along which cells add up to the last one."""
    return (1,) * row_totals + (0,) * column_totals


def _derivable(hidden: Bools, axes: tuple[int, ...]) -> Bools:
    """The hidden cells that the equations of the lines determine."""
    cells = [(int(row), int(column)) for row, column in np.argwhere(hidden)]
    result = np.zeros(hidden.shape, bool)
    if axes:
        # Lines that add up to nothing are one vertex together: they say nothing of their cells.
        edges = [(row + 1 if 1 in axes else 0, -column - 1 if 0 in axes else 0) for row, column in cells]
        for edge in _bridges(edges):
            result[cells[edge]] = True
    return result


def _bridges(edges: Sequence[tuple[int, int]]) -> Iterator[int]:
    """The edges that lie on no cycle (Tarjan 1974), by place; edges may be parallel."""
    ways: dict[int, list[tuple[int, int]]] = {}
    for edge, (one, other) in enumerate(edges):
        ways.setdefault(one, []).append((other, edge))
        ways.setdefault(other, []).append((one, edge))
    order: dict[int, int] = {}
    low: dict[int, int] = {}
    for root in ways:
        path = [] if root in order else [(root, -1, iter(ways[root]))]
        order.setdefault(root, len(order))
        low.setdefault(root, order[root])
        while path:
            vertex, came_by, rest = path[-1]
            other, edge = next(rest, (vertex, -1))
            if edge == -1:
                path.pop()
                if path:
                    before = path[-1][0]
                    low[before] = min(low[before], low[vertex])
                    if low[vertex] > order[before]:
                        yield came_by
            elif other not in order:
                order[other] = low[other] = len(order)
                path.append((other, edge, iter(ways[other])))
            elif edge != came_by:
                low[vertex] = min(low[vertex], order[other])


def _lines(shape: tuple[int, ...], row: int, column: int, axes: tuple[int, ...]) -> Bools:
    """The cells that add up with a cell."""
    result = np.zeros(shape, bool)
    result[row] |= 1 in axes
    result[:, column] |= 0 in axes
    return result


def _cheapest(candidates: Bools, price: Ints) -> tuple[int, int]:
    """The cheapest of at least one candidate; an empty cell only when there is no other."""
    dear = np.where(candidates, np.where(price == 0, FAR, price), 2 * FAR)
    row, column = np.unravel_index(np.argmin(dear), dear.shape)
    return int(row), int(column)


def _adds_up(exact: Ints, axes: tuple[int, ...]) -> bool:
    """Whether the totals are sums; those of distinct clients need not be."""
    return exact.size > 0 and all((exact.sum(axis=axis) == 2 * exact.take(-1, axis=axis)).all() for axis in axes)


def _cornered(exact: Ints, hidden: Bools, small: Bools, axes: tuple[int, ...], thresholds: Thresholds) -> Bools:
    """The hidden cells that have one possible value for who sees the rounded others."""
    rounded = (2 * exact + thresholds.nearest) // (2 * thresholds.nearest) * thresholds.nearest
    low = np.maximum(rounded - thresholds.nearest // 2, thresholds.smallest)
    high = rounded + (thresholds.nearest - 1) // 2
    low, high = (np.where(exact == 0, 0, bound) for bound in (low, high))
    low = np.where(hidden, np.where(small, 1, np.where(exact < thresholds.smallest, 0, thresholds.smallest)), low)
    high = np.where(hidden, np.where(small, thresholds.smallest - 1, FAR), high)
    changed = True
    while changed:
        before = low.copy(), high.copy()
        for axis in axes:
            low, high = _tightened(low, high, axis)
        changed = any((now != then).any() for now, then in zip((low, high), before, strict=True))
    return hidden & (low >= high)


def _tightened(low: Ints, high: Ints, axis: int) -> tuple[Ints, Ints]:
    """The bounds of each cell, given those of the others on its line: the line minus its total is 0."""
    total = np.arange(low.shape[axis]) == low.shape[axis] - 1
    total = total[None, :] if axis == 1 else total[:, None]
    least, most = np.where(total, -high, low), np.where(total, -low, high)
    floor = most - most.sum(axis=axis, keepdims=True)
    ceiling = least - least.sum(axis=axis, keepdims=True)
    return (
        np.maximum(low, np.where(total, -ceiling, floor)),
        np.minimum(high, np.where(total, -floor, ceiling)),
    )


def _loosened(cornered: Bools, hidden: Bools, small: Bools, exact: Ints, axes: tuple[int, ...]) -> tuple[Bools, Bools]:
    """Cornered cells are no longer called small; one that was not called so gets a hidden neighbour."""
    if (cornered & small).any():
        return hidden, small & ~cornered
    row, column = np.argwhere(cornered)[0]
    shown = ~hidden
    near = _lines(exact.shape, row, column, axes) & shown
    more = hidden.copy()
    more[_cheapest(near if near.any() else shown, exact)] = True
    return more, small
