"""Old periods keep their old norms, unless the norm of now is asked for; then every page and file says so."""

import csv
import re
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import formats, timezone

from accounts.roles import Role
from kpi.models import Norm
from tests.kpi.test_exports import sheet_of, sheets_in
from tests.support.accounts import client_of, make_user
from tests.support.figures import BOTH, publish_figures

pytestmark = pytest.mark.django_db
SAID = "Gekleurd met de norm van nu"
PAGES = {"overview": [], "providers": [], "provider": [BOTH], "indicator": ["uitval"], "compare": []}


@pytest.fixture
def reader():
    """A contract manager of a region whose norm was relaxed after August."""
    publish_figures()
    for valid_from, limit in (("2026-01-01", "0.10"), ("2026-08-01", "0.50"), ("2099-01-01", "0.01")):
        Norm.objects.create(
            measure="uitval_pct", direction="lager", green=limit, red=limit, valid_from=valid_from, decided_by="beleid"
        )
    return client_of(make_user(Role.CONTRACT_MANAGER))


def address(name: str) -> str:
    return reverse(f"kpi:{name}", args=PAGES[name])


def words(page: str) -> set[str]:
    """The words of the lights, without those of the legend."""
    return set(re.findall(r'class="word">([^<]+)', re.sub(r'(?s)<ul class="legend".*?</ul>', "", page)))


@pytest.mark.parametrize("name", PAGES)
def test_the_switch_colours_an_old_period_by_the_norm_of_now(reader, name):
    query = {"periode": "2026-07", "aanbieder": BOTH}
    own = reader.get(address(name), query).content.decode()
    now = reader.get(address(name), {**query, "norm": "nu"}).content.decode()
    assert "Buiten norm" in words(own)
    assert "Op norm" not in words(own)
    assert "Op norm" in words(now)
    assert "Buiten norm" not in words(now)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_by_which_norm_it_is_coloured_and_offers_the_way_back(reader, name):
    query = {"periode": "2026-07", "aanbieder": BOTH}
    assert SAID not in reader.get(address(name), query).content.decode()
    page = reader.get(address(name), {**query, "norm": "nu"}).content.decode()
    assert f"{SAID} ({formats.date_format(timezone.localdate(), 'j F Y')})" in page
    chip = re.search(r'<a href="([^"]+)" aria-label="Verwijder filter Norm: van nu"', page)[1]
    assert "norm=" not in chip
    assert "periode=2026-07" in chip


@pytest.mark.parametrize("name", PAGES)
def test_the_switch_goes_along_to_the_next_page(reader, name):
    page = reader.get(address(name), {"periode": "2026-07", "norm": "nu"}).content.decode()
    shown = page.split('id="figures"', 1)[1].split("</main>", 1)[0]
    onward = [
        href
        for href in re.findall(r'href="([^"]*periode=2026-07[^"]*)"', shown)
        if not href.startswith(address(name) + "?")
    ]
    assert onward or name == "compare"
    assert [href for href in onward if "norm=nu" not in href] == []


def test_a_choice_that_does_not_exist_counts_as_none(reader):
    page = reader.get(address("overview"), {"periode": "2026-07", "norm": "straks"}).content.decode()
    assert "Deze keuze bestaat niet" in page
    assert SAID not in page


@pytest.mark.parametrize("name", ["export_overview", "export_providers", "export_compare", "export_indicator"])
def test_a_file_says_by_which_norm_it_is_coloured(reader, name):
    args = ["uitval"] if name == "export_indicator" else []
    query = {"periode": "2026-07", "aanbieder": BOTH, "norm": "nu"}
    response = reader.get(reverse(f"kpi:{name}", args=[*args, "csv"]), query)
    assert "norm-van-nu" in response["Content-Disposition"]
    heads = next(csv.reader(StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    lights = [head for head in heads if "licht" in head.casefold()]
    assert lights
    assert all(head.endswith("(norm van nu)") for head in lights)
    content = reader.get(reverse(f"kpi:{name}", args=[*args, "xlsx"]), query).content
    rows = {row[0]: row[1] for row in sheet_of(content, sheets_in(content)) if len(row) > 1}
    assert rows["Norm"] == f"van nu ({formats.date_format(timezone.localdate(), 'j F Y')})"


def test_a_file_of_the_norms_of_the_period_says_that(reader):
    response = reader.get(reverse("kpi:export_overview", args=["csv"]), {"periode": "2026-07"})
    assert "norm" not in response["Content-Disposition"]
    assert "norm van nu" not in response.content.decode()
