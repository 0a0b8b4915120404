"""No chart without a title, a unit, the date of its data and a table; the norm steps where another version begins."""

import json
import re

import pytest
from django.urls import reverse

from accounts.roles import Role
from kpi import charts
from kpi.calc.indicators import MEASURES
from kpi.models import Norm
from tests.support.accounts import client_of, make_user
from tests.support.figures import BOTH, HERE, publish_figures, publish_inflow, publish_position

pytestmark = pytest.mark.django_db
PAGES = [
    ("indicator", ["uitval"], {}, 2),
    ("indicator", ["berichtenmonitor"], {}, 1),
    ("municipality", [], {"gemeente": HERE}, 2),
    ("referrers", [], {}, 1),
    ("domain", [], {"zorgdomein": "jeugd-ggz"}, 1),
    ("monitor", [], {}, 1),
    ("kraljic", [], {}, 1),
]


@pytest.mark.parametrize(("name", "args", "query", "count"), PAGES)
def test_no_chart_without_title_unit_date_and_table(name, args, query, count):
    run = publish_figures()
    publish_inflow(run)
    publish_position(run, BOTH)
    page = client_of(make_user(Role.CONTRACT_MANAGER)).get(
        reverse(f"kpi:{name}", args=args), {"periode": "2026-Q3"} | query
    )
    figures = re.findall(r"<figure.*?</figure>", page.content.decode(), re.S)
    assert len(figures) == count
    for figure in figures:
        caption = re.sub(r"<[^>]+>", " ", re.search(r"<figcaption[^>]*>(.*?)</figcaption>", figure, re.S)[1])
        assert re.search(r"\w.* Eenheid: [\w ,]+\. Bron: berichtenverkeer, peildatum 25-11-2026\.", caption)
        elsewhere = re.search(r"De tabel staat onder “([^”]+)”", caption)
        assert "Dezelfde cijfers als tabel" in figure or f">{elsewhere[1]}</h2>" in page.content.decode()
        assert 'data-format="png"' in figure
        for chart in re.findall(r'type="application/json">(.*?)</script>', figure, re.S):
            axis = json.loads(chart)["layout"]
            assert axis["yaxis"]["title"]["text"] if "title" in axis["yaxis"] else axis["xaxis"]["title"]["text"]


def trend(**query: str) -> tuple[dict[str, list], str]:
    """The lines of the course by name, and its table."""
    page = client_of(make_user(Role.CONTRACT_MANAGER)).get(
        reverse("kpi:indicator", args=["uitval"]), {"periode": "2026-Q3", **query}
    )
    content = page.content.decode()
    data = json.loads(re.search(r'<script id="trend" type="application/json">(.*?)</script>', content)[1])["data"]
    return {line["name"]: line for line in data}, content.split("Dezelfde cijfers als tabel", 1)[1].split("</table>")[0]


def add_norm(valid_from: str, green: str, red: str, **more: str) -> None:
    Norm.objects.create(
        measure="uitval_pct",
        direction="lager",
        green=green,
        red=red,
        valid_from=valid_from,
        decided_by="beleid",
        **more,
    )


def test_the_norm_steps_where_another_version_begins():
    publish_figures()
    add_norm("2026-01-01", "0.10", "0.15")
    add_norm("2026-09-01", "0.20", "0.25")
    lines, table = trend()
    assert lines["grens groen"]["y"] == [10, 10, 20]
    assert lines["grens rood"]["y"] == [15, 15, 25]
    assert lines["grens groen"]["line"]["shape"] == "hvh"
    assert table.count("hoogstens 10,0%, rood boven 15,0%") == 2
    assert table.count("hoogstens 20,0%, rood boven 25,0%") == 1


def test_before_the_first_norm_there_is_no_line_and_a_norm_of_one_month_is_seen():
    publish_figures()
    add_norm("2026-09-01", "0.20", "0.25")
    lines, table = trend()
    assert lines["grens groen"]["y"] == [None, None, 20]
    assert lines["grens groen"]["mode"] == "markers"
    assert table.count("hoogstens") == 1


def test_the_norm_of_now_is_one_level():
    publish_figures()
    add_norm("2026-01-01", "0.10", "0.15")
    add_norm("2026-09-01", "0.20", "0.25")
    assert trend(norm="nu")[0]["grens groen"]["y"] == [20, 20, 20]


def test_a_relative_norm_draws_no_line_that_would_tell_what_it_compares_with():
    publish_figures()
    add_norm("2026-01-01", "0.10", "0.15")
    add_norm("2026-09-01", "0.05", "0.10", basis="regio")
    lines, table = trend()
    assert lines["grens groen"]["y"] == [10, 10, None]
    assert "dan de regio" in table


def test_chance_takes_no_share_of_cases_above_the_whole_and_no_count_below_0():
    assert charts.chance_limits(MEASURES["uitval_pct"], -0.2, 1.045) == (0.0, 1.0)
    assert charts.chance_limits(MEASURES["declaratiegraad"], 0.5, 1.3) == (0.5, 1.3)
    assert charts.chance_limits(MEASURES["instroom"], -3, 12) == (0.0, 12)
