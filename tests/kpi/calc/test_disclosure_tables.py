"""Nobody derives a hidden cell: attacked by linear algebra and by trying every table that fits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpi.calc.disclosure import Hidden
from kpi.calc.disclosure_tables import hide_derivable, protect_table

S, P = Hidden.SMALL, Hidden.PROTECTED


def with_totals(counts) -> np.ndarray:
    table = np.asarray(counts)
    table = np.hstack([table, table.sum(axis=1, keepdims=True)])
    return np.vstack([table, table.sum(axis=0, keepdims=True)])


def test_one_small_cell_takes_the_cheapest_cells_of_a_cycle_along():
    assert protect_table(with_totals([[20, 3, 40], [30, 25, 60]])) == [
        [P, S, 40, 65],
        [P, P, 60, 115],
        [50, 30, 100, 180],
    ]


def test_a_table_without_small_cells_is_only_rounded():
    assert protect_table(with_totals([[20, 33], [0, 41]])) == [[20, 35, 55], [0, 40, 40], [20, 75, 95]]


def test_a_single_row_with_its_total():
    assert protect_table([[20, 3, 40, 63]], column_totals=False) == [[P, S, 40, 65]]
    assert protect_table([[20], [3], [40], [63]], row_totals=False) == [[P], [S], [40], [65]]


def test_two_small_cells_in_a_row_protect_each_other():
    assert protect_table([[3, 4, 40, 47]], column_totals=False) == [[S, S, 40, 45]]


def test_without_totals_nothing_follows():
    assert protect_table([[20, 3], [30, 25]], row_totals=False, column_totals=False) == [[20, S], [30, 25]]


def test_rows_with_totals_only_are_each_a_table():
    table = [[20, 3, 23], [30, 25, 55]]
    assert protect_table(table, column_totals=False) == [[P, S, 25], [30, 25, 55]]


def test_a_zero_protects_nothing_while_there_is_another_cell():
    assert protect_table([[3, 0, 40, 43]], column_totals=False) == [[S, 0, P, 45]]


def test_small_cells_whose_total_tells_them_are_not_called_small():
    assert protect_table([[9, 9, 18]], column_totals=False) == [[P, P, 20]]  # below ten and 18 to 22 together
    assert protect_table([[1] * 9 + [9]], column_totals=False) == [[P] * 10]


def test_a_diagonal_of_small_cells_needs_a_cycle():
    found = protect_table(with_totals([[3, 50, 60], [50, 4, 60], [50, 60, 5]]))
    assert sum(cell == S for row in found for cell in row) == 3
    assert 3 <= sum(cell == P for row in found for cell in row) <= 4  # the shortest cycle through them has six cells


def test_totals_of_distinct_clients_need_not_add_up():
    assert protect_table([[20, 3, 22]], column_totals=False) == [[P, S, 20]]


def test_an_amount_that_follows_is_hidden_too():
    hidden = hide_derivable([[True, False, False, False]], [[500, 900, 700, 2100]], column_totals=False)
    assert hidden.tolist() == [[True, False, True, False]]


@pytest.mark.parametrize("table", [np.zeros((0, 3)), [[3]], [[0]], [[12]]])
def test_tables_without_neighbours(table):
    assert [[isinstance(cell, Hidden) for cell in row] for row in protect_table(table)] == [
        [0 < count < 10 for count in row] for row in table
    ]


def followed(hidden: np.ndarray, row_totals: bool, column_totals: bool) -> np.ndarray:
    """The hidden cells that linear algebra determines: no solution of the equations moves them."""
    rows, columns = hidden.shape
    equations = []
    for row in range(rows) if row_totals else ():
        equation = np.zeros(hidden.shape)
        equation[row] = [*[1] * (columns - 1), -1]
        equations.append(equation[hidden])
    for column in range(columns) if column_totals else ():
        equation = np.zeros(hidden.shape)
        equation[:, column] = [*[1] * (rows - 1), -1]
        equations.append(equation[hidden])
    found = np.zeros(hidden.shape, bool)
    if equations and hidden.any():
        matrix = np.array(equations)
        free = np.eye(matrix.shape[1]) - np.linalg.pinv(matrix) @ matrix
        found[hidden] = np.abs(free).max(axis=1) < 1e-9
    return found


@given(st.integers(2, 6), st.integers(2, 6), st.booleans(), st.booleans(), st.randoms(use_true_random=False))
def test_linear_algebra_finds_no_hidden_cell(rows, columns, row_totals, column_totals, random):
    hidden = np.array([[random.random() < 0.25 for _ in range(columns)] for _ in range(rows)])
    cost = np.array([[random.randrange(100) for _ in range(columns)] for _ in range(rows)])
    found = hide_derivable(hidden, cost, row_totals=row_totals, column_totals=column_totals)
    assert (found >= hidden).all()
    assert not followed(found, row_totals, column_totals).any()
    if not followed(hidden, row_totals, column_totals).any():
        np.testing.assert_array_equal(found, hidden)  # nothing is hidden without need


def fitting(shown: list[list[int | Hidden]], most: int = 24) -> np.ndarray:
    """Every table of cells up to ``most`` that looks like ``shown``."""

    def fits(cell: int | Hidden) -> range:
        if isinstance(cell, Hidden):
            return range(1, 10) if cell == S else range(most)
        return range(max(10, cell - 2), cell + 3) if cell else range(1)

    inner = [list(fits(cell)) for row in shown[:-1] for cell in row[:-1]]
    tables = np.stack(np.meshgrid(*inner, indexing="ij"), -1).reshape(-1, len(shown) - 1, len(shown[0]) - 1)
    tables = np.concatenate([tables, tables.sum(axis=2, keepdims=True)], axis=2)
    tables = np.concatenate([tables, tables.sum(axis=1, keepdims=True)], axis=1)
    for row, line in enumerate(shown):
        for column, cell in enumerate(line):
            if cell != P:
                allowed = fits(cell)
                value = tables[:, row, column]
                tables = tables[(value >= allowed.start) & (value < allowed.stop)]
    return tables


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from([(1, 2), (1, 3), (2, 2)]).flatmap(
        lambda shape: st.lists(
            st.lists(st.sampled_from([0, 1, 3, 8, 9, 10, 11, 13, 20]), min_size=shape[1], max_size=shape[1]),
            min_size=shape[0],
            max_size=shape[0],
        )
    )
)
def test_every_hidden_cell_has_more_than_one_value(counts):
    table = with_totals(counts)
    shown = protect_table(table)
    found = fitting(shown)
    assert (found == table).all(axis=(1, 2)).any()  # the truth fits what is shown
    for row, line in enumerate(shown):
        for column, cell in enumerate(line):
            if isinstance(cell, Hidden) and table[row, column] > 0:
                assert len(np.unique(found[:, row, column])) > 1
