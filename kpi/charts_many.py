"""Charts of many things side by side: small multiples, bands and boxes. Each comes with a table of the same figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from kpi.charts import BLUE, INK, LINE, ORANGE, WHOLE_NUMBERS, Captioned, axis_title, finished

PANEL_HEIGHT = 200
ROW_HEIGHT, LOWEST = 34, 150


@dataclass(frozen=True, kw_only=True)
class Panels(Captioned):
    """Small multiples: a figure per thing, (id, name, figure), with one caption and one table."""

    panels: Sequence[tuple[str, str, dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Band:
    """A value beside the region's, with the band in which chance may put it; all in the unit of the axis."""

    name: str
    own: float
    region: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Box:
    """How the cases of one thing are spread, in the unit of the axis; ``beyond`` counts outliers of ``cases``."""

    name: str
    p10: float
    q1: float
    median: float
    q3: float
    p90: float
    cases: int
    beyond: int


def panels(
    id: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]], unit: str, *, together: bool
) -> list[tuple[str, str, dict[str, Any]]]:
    """A small line per series over the same periods; ``together``: all on one scale, so that heights compare."""
    known = [value for _, values in series for value in values if value is not None]
    top = max(known, default=0) * 1.08 or 1
    found = []
    for number, (name, values) in enumerate(series):
        figure = go.Figure(
            go.Scatter(
                x=list(labels),
                y=list(values),
                mode="lines+markers",
                line={"color": BLUE, "width": 2},
                marker={"size": 4},
                name=name,
                hovertemplate=f"%{{x}}: %{{y:,.1f}} {unit}<extra></extra>",
            )
        )
        shown = finished(figure, unit, legend=False)
        shown["layout"] |= {"height": PANEL_HEIGHT, "margin": {"l": 48, "r": 8, "t": 8, "b": 48}}
        shown["layout"]["xaxis"] |= {"nticks": 5}
        if together:
            shown["layout"]["yaxis"] |= {"range": [0, top]}
        found.append((f"{id}-{number}", name, shown))
    return found


def bands(rows: Sequence[Band], unit: str) -> dict[str, Any]:
    """Per row the band of chance, the region's value in it and the own value."""
    rows = rows[::-1]  # an axis counts from below
    names = [_wrapped(row.name) for row in rows]
    figure = go.Figure()
    figure.add_bar(
        y=names,
        x=[row.high - row.low for row in rows],
        base=[row.low for row in rows],
        orientation="h",
        marker={"color": LINE},
        name="bandbreedte van toeval",
        hoverinfo="skip",
    )
    for values, name, look in (
        ([row.region for row in rows], "regio", {"symbol": "line-ns", "size": 18, "line": {"width": 2, "color": INK}}),
        ([row.own for row in rows], "deze gemeente", {"symbol": "circle", "size": 10, "color": BLUE}),
    ):
        figure.add_scatter(
            y=names,
            x=values,
            mode="markers",
            marker=look,
            cliponaxis=False,
            name=name,
            hovertemplate=f"{name}: %{{x:.1f}}<extra></extra>",
        )
    return _lying(figure, len(rows), unit)


def boxes(rows: Sequence[Box], unit: str) -> dict[str, Any]:
    """Per row a box from the first to the third quartile with the median, and a line from P10 to P90."""
    rows = rows[::-1]
    names = [_wrapped(row.name) for row in rows]
    figure = go.Figure()
    figure.add_scatter(
        y=[name for name in names for _ in range(3)],
        x=[value for row in rows for value in (row.p10, row.p90, None)],
        mode="lines",
        line={"color": INK, "width": 1},
        name="P10 tot P90",
        hoverinfo="skip",
    )
    figure.add_bar(
        y=names,
        x=[row.q3 - row.q1 for row in rows],
        base=[row.q1 for row in rows],
        orientation="h",
        marker={"color": "#9ecae1", "line": {"color": INK, "width": 1}},
        name="middelste helft",
        customdata=[[row.q1, row.q3, row.cases, row.beyond] for row in rows],
        hovertemplate="%{customdata[0]:,.0f} tot %{customdata[1]:,.0f}; n = %{customdata[2]}, "
        "%{customdata[3]} uitschieters<extra></extra>",
    )
    figure.add_scatter(
        y=names,
        x=[row.median for row in rows],
        mode="markers",
        marker={"symbol": "line-ns", "size": 18, "line": {"width": 3, "color": ORANGE}},
        name="mediaan",
        hovertemplate="mediaan %{x:,.0f}<extra></extra>",
    )
    return _lying(figure, len(rows), unit)


def _lying(figure: go.Figure, rows: int, unit: str) -> dict[str, Any]:
    """A finished figure with names along the side."""
    shown = finished(figure, unit, legend=True)
    layout = shown["layout"]
    layout["height"] = LOWEST + ROW_HEIGHT * rows
    layout["barmode"], layout["bargap"], layout["hovermode"] = "overlay", 0.45, "closest"
    layout["xaxis"] = {
        "title": axis_title(unit),
        "gridcolor": LINE,
        "rangemode": "tozero",
        "automargin": True,
        "tickformat": WHOLE_NUMBERS,
    }
    layout["yaxis"] = {"automargin": True, "type": "category", "tickfont": {"size": 12}, "ticklabelstandoff": 8}
    return shown


def _wrapped(name: str, width: int = 26) -> str:
    """A name over lines, so that it leaves room for the figure on a phone."""
    lines = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(lines)
