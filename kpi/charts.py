"""Plotly figures as plain data for the page; every one comes with title, unit, source and a table."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isnan
from typing import Any

import plotly.graph_objects as go
from django.utils.text import slugify

from kpi.calc.definition import Measure, Unit
from kpi.calc.light import Norm
from kpi.calc.peers import ALARM, ALERT, limits
from kpi.calc.trend import ControlChart
from kpi.cells import Cell, Column
from kpi.wording import shown, unit_name

# Colour-blind safe (Okabe and Ito), also apart in grey.
BLUE, ORANGE, GREEN, PURPLE = "#0072b2", "#d55e00", "#009e73", "#aa4499"
INK, LINE = "#1b1b1b", "#d0d0d0"
WHOLE_NUMBERS = ",~f"  # 40.000, where Plotly would write 40k
LONGEST_NAME = 100  # of what a picture shows
FONT = "system-ui, Segoe UI, Noto Sans, sans-serif"


@dataclass(frozen=True, kw_only=True)
class Captioned:
    """What no chart goes without: a title, a unit, the date of its data, and a table of the same figures.

    ``heads`` are empty where that table stands elsewhere on the page; ``rows`` are (head, cells); ``note`` says how to
    read it.
    """

    id: str
    title: str
    unit: str
    as_of: dt.date
    heads: Sequence[str | Column]
    rows: Sequence[tuple[Cell, Sequence[Cell]]] = field(default_factory=list)
    note: str = ""

    @property
    def source(self) -> str:
        about = f"Eenheid: {self.unit}. Bron: berichtenverkeer, peildatum {self.as_of:%d-%m-%Y}."
        return f"{self.note} {about}".strip()

    @property
    def file_name(self) -> str:
        """What a picture of it is called, without its kind."""
        return f"sdf-{slugify(self.title)[:LONGEST_NAME]}-peildatum-{self.as_of.isoformat()}"


@dataclass(frozen=True, kw_only=True)
class Chart(Captioned):
    """A figure with what belongs beside it."""

    figure: dict[str, Any]


def trend(
    measure: Measure,
    labels: Sequence[str],
    values: Sequence[float | None],
    norms: Sequence[Norm | None],
    chance: ControlChart,
) -> dict[str, Any]:
    """A line over time with the limits of the norm of each period and of chance; points that signal are marked."""
    points = [None if value is None else shown(value, measure.unit) for value in values]
    figure = go.Figure(
        go.Scatter(
            x=list(labels),
            y=points,
            mode="lines+markers",
            line={"color": BLUE, "width": 2},
            marker={"size": 6},
            name=measure.name,
            hovertemplate=f"%{{x}}: %{{y:,.1f}} {unit_name(measure)}<extra></extra>",
        )
    )
    _add_norms(figure, measure, labels, norms)
    _add_control_limits(figure, measure, labels, values, chance)
    return finished(figure, unit_name(measure), legend=True)


def _add_norms(figure: go.Figure, measure: Measure, labels: Sequence[str], norms: Sequence[Norm | None]) -> None:
    """The limits of the norm, which step where another version begins and stop where there is none."""
    limits_of = {"green": (GREEN, "dash", "grens groen"), "red": (ORANGE, "dot", "grens rood")}
    for limit, (colour, dash, name) in limits_of.items() if any(norms) else ():
        figure.add_scatter(
            x=list(labels),
            y=[None if norm is None else shown(getattr(norm, limit), measure.unit) for norm in norms],
            mode="lines" if sum(map(bool, norms)) > 1 else "markers",  # a norm of one period has no line
            marker={"symbol": "line-ew", "size": 16, "line": {"color": colour, "width": 1.5}},
            line={"color": colour, "dash": dash, "width": 1.5, "shape": "hvh"},
            name=name,
            hoverinfo="skip",
        )


def chance_limits(measure: Measure, low: float, high: float) -> tuple[float, float]:
    """The limits of chance as far as a value can go: no count below 0, no share of cases above 100%."""
    full = measure.unit == Unit.PERCENT and not measure.of_money
    return max(low, 0.0), min(high, 1.0) if full else high


def _add_control_limits(
    figure: go.Figure,
    measure: Measure,
    labels: Sequence[str],
    values: Sequence[float | None],
    found: ControlChart,
) -> None:
    if found.low is None or found.high is None:
        return
    name = "voorlopige bandbreedte" if found.provisional else "bandbreedte van toeval"
    low, high = chance_limits(measure, found.low, found.high)
    for limit, shown_in_legend in ((low, True), (high, False)):
        figure.add_scatter(
            x=list(labels),
            y=[shown(limit, measure.unit)] * len(labels),
            mode="lines",
            line={"color": "#767676", "dash": "longdashdot", "width": 1},
            name=name,
            showlegend=shown_in_legend,
            hoverinfo="skip",
        )
    signals = [
        (label, shown(value, measure.unit))
        for label, value, signals in zip(labels, values, found.signals, strict=True)
        if value is not None and signals
    ]
    if signals:
        figure.add_scatter(
            x=[label for label, _ in signals],
            y=[value for _, value in signals],
            mode="markers",
            marker={"size": 12, "symbol": "circle-open", "color": PURPLE, "line": {"width": 2}},
            name="meer dan toeval",
            hoverinfo="skip",
        )


def funnel(points: Sequence[tuple[str, int, float]], share: float) -> dict[str, Any]:
    """Providers by number of cases and share, within the funnel of the region's ``share``: (name, cases, share)."""
    most = max(cases for _, cases, _ in points)
    sizes = sorted({*range(1, min(most, 60) + 1), *(round(most * step / 60) for step in range(1, 61))} - {0})
    figure = go.Figure()
    for level, name, dash in ((ALERT, "grens 2,5%", "dash"), (ALARM, "grens 0,1%", "dot")):
        low, high = limits(sizes, share, level)
        for line, in_legend in ((low, True), (high, False)):
            figure.add_scatter(
                x=sizes,
                y=[None if isnan(value) else value * 100 for value in line],
                mode="lines",
                line={"color": "#767676", "dash": dash, "width": 1},
                name=name,
                showlegend=in_legend,
                hoverinfo="skip",
            )
    figure.add_scatter(
        x=[cases for _, cases, _ in points],
        y=[value * 100 for *_, value in points],
        mode="markers",
        customdata=[name for name, *_ in points],
        marker={"color": BLUE, "size": 8},
        cliponaxis=False,
        name="aanbieder",
        hovertemplate="%{customdata}<br>%{y:.1f}% van %{x}<extra></extra>",
    )
    figure.add_hline(y=share * 100, line={"color": INK, "width": 1})
    shown_figure = finished(figure, "procent", legend=True)
    layout = shown_figure["layout"]
    layout["xaxis"] = {"title": axis_title("aantal gevallen"), "gridcolor": LINE, "rangemode": "tozero"}
    return shown_figure | {"layout": layout | {"hovermode": "closest"}}


QUADRANT_LOOKS = {
    "strategisch": (ORANGE, "square"),
    "hefboom": (BLUE, "circle"),
    "knelpunt": (PURPLE, "triangle-up"),
    "routine": ("#767676", "diamond"),
}
NAMED_POINTS = 4


@dataclass(frozen=True, slots=True)
class Place:
    """A provider in the Kraljic matrix; ``risk`` from 0 to 1, ``euro`` per year."""

    name: str
    risk: float
    euro: float
    quadrant: str
    clients: int


def kraljic(points: Sequence[Place], risk_line: float, spend_line: float) -> dict[str, Any]:
    """Providers by supply risk and spend (logarithmic); the area of a sign grows with the clients."""
    figure = go.Figure()
    dearest = sorted(points, key=lambda point: -point.euro)
    scarce = [point for point in dearest if point.quadrant in ("strategisch", "knelpunt")]
    named = {point.name for point in (*dearest[:NAMED_POINTS], *scarce[:NAMED_POINTS])}
    most = max((point.clients for point in points), default=0) or 1
    for quadrant, (colour, symbol) in QUADRANT_LOOKS.items():
        own = [point for point in points if point.quadrant == quadrant and point.euro > 0]
        figure.add_scatter(
            x=[point.risk for point in own],
            y=[point.euro for point in own],
            mode="markers+text",
            text=[point.name if point.name in named else "" for point in own],
            customdata=[[point.name, point.clients] for point in own],
            textposition=["bottom center" if place % 2 else "top center" for place in range(len(own))],
            textfont={"size": 11},
            marker={
                "color": colour,
                "symbol": symbol,
                "size": [round(8 + 24 * (point.clients / most) ** 0.5, 1) for point in own],
                "opacity": 0.85,
                "line": {"color": "#fff", "width": 1},
            },
            name=quadrant.capitalize(),
            hovertemplate="%{customdata[0]}<br>risico %{x:.2f}<br>€\N{NO-BREAK SPACE}%{y:,.0f}<br>%{customdata[1]} cliënten<extra></extra>",  # noqa: E501
        )
    figure.add_vline(x=risk_line, line={"color": INK, "width": 1, "dash": "dash"})
    if spend_line > 0:
        figure.add_hline(y=spend_line, line={"color": INK, "width": 1, "dash": "dash"})
    shown_figure = finished(figure, "uitgaven per jaar (euro)", legend=True)
    layout = shown_figure["layout"]
    layout["xaxis"] = {"title": axis_title("leveringsrisico"), "range": [-0.02, 1.08], "gridcolor": LINE}
    layout["yaxis"] |= {"type": "log", "tickformat": ",.0f"}
    return shown_figure | {"layout": layout | {"hovermode": "closest", "height": 520}}


def finished(figure: go.Figure, unit: str, *, legend: bool) -> dict[str, Any]:
    """A figure in the looks of the portal, as plain data."""
    figure.update_layout(
        template="none",
        font={"family": FONT, "size": 14, "color": INK},
        margin={"l": 64, "r": 16, "t": 16, "b": 64},
        separators=",.",
        showlegend=legend,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "itemsizing": "constant"},
        hovermode="x unified",
        height=352,
        xaxis={"automargin": True, "type": "category", "nticks": 14, "labelalias": _broken(figure)},
        yaxis={
            "title": axis_title(unit),
            "gridcolor": LINE,
            "rangemode": "tozero",
            "automargin": True,
            "tickformat": WHOLE_NUMBERS,
        },
    )
    data: dict[str, Any] = figure.to_plotly_json()
    return {"data": [dict(trace) for trace in data["data"]], "layout": _plain(data["layout"])}


def axis_title(text: str) -> dict[str, Any]:
    """The title of an axis, no larger than its figures."""
    return {"text": text, "font": {"size": 13}, "standoff": 8}


def _broken(figure: go.Figure) -> dict[str, str]:
    """Periods with their year on a line of its own, so that more of them fit beside each other."""
    labels = {str(label) for trace in figure.data for label in (trace.x if trace.x is not None else ())}
    return {label: label.replace(" ", "<br>") for label in labels if " " in label}


def _plain(layout: dict[str, Any]) -> dict[str, Any]:
    """The layout without Plotly's default template, which would be most of the bytes."""
    return {name: value for name, value in layout.items() if name != "template"}
