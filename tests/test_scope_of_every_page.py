"""Every address of the portal, asked by a municipality in every way: what changes elsewhere changes nothing for it."""

import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db.models import F
from django.urls import reverse

from accounts.roles import Role
from kpi.models import Finding, Value
from tests.support.accounts import client_of, make_user
from tests.support.addresses import filled, patterns
from tests.support.figures import BOTH, HERE, ONLY_THERE, THERE, publish_figures, publish_findings
from tests.support.traffic import make_message, make_upload

pytestmark = pytest.mark.django_db
FILLED = {
    "agb": [BOTH, ONLY_THERE],
    "code": ["uitval", "stop_zonder_start"],
    "kind": ["csv"],  # a workbook tells when it was made
    "key": ["00000000000000aa"],
    "pk": [1],
    "uidb64": ["MQ"],
    "token": ["x-y"],
}
QUERIES = [
    {},
    {"gemeente": HERE},
    {"gemeente": THERE, "periode": "2026-Q3"},
    {"periode": "2026-Q3", "vanaf": "2026-08", "tot": "2026-09"},
    {"gemeente": [HERE, THERE], "aanbieder": [ONLY_THERE, BOTH]},
    {"municipality": THERE, "scope": "region", "zoek": "Daarstad", "sorteer": "clienten"},
]
HTMX = {"HX-Request": "true", "HX-Target": "figures", "HX-Current-URL": f"/overzicht/?gemeente={THERE}"}
SECRETS = re.compile(r'(name="csrfmiddlewaretoken" value=|"X-CSRFToken": )"[^"]*"')


def addresses() -> Iterator[str]:
    for name, pattern in patterns():
        if name != "logout" and not name.startswith("kpi:pdf_"):  # a PDF is made of the page's own answer
            yield from filled(name, pattern, FILLED)


ADDRESSES = sorted(set(addresses()))


def answers(client) -> dict[tuple[str, int], tuple[int, str]]:
    """Status and text of every address with every query, plain and through htmx in turn."""
    found = {}
    for address in ADDRESSES:
        for number, query in enumerate(QUERIES):
            response = client.get(address, query, headers=HTMX if number % 2 else {})
            body = b"".join(response) if response.streaming else response.content
            found[address, number] = response.status_code, SECRETS.sub("", body.decode())
    return found


def change_elsewhere() -> None:
    """Other figures, findings and messages for the other municipality and for providers over all municipalities."""
    other = Value.objects.filter(municipality=THERE) | Value.objects.filter(municipality="").exclude(provider="")
    other.update(numerator=F("numerator") + 1, denominator=F("denominator") + 1, value=F("value") + 1)
    Finding.objects.filter(municipality=THERE).update(by_provider=F("by_provider") + 1)
    make_upload(*(make_message("305", THERE, f"2026-10-{day:02d}") for day in range(1, 20)))


def providers_of(client) -> str:
    return client.get(reverse("kpi:providers"), {"periode": "2026-Q3"}).content.decode()


def test_nothing_of_another_municipality_reaches_a_page_whatever_is_asked():
    publish_findings(publish_figures())
    make_upload(make_message("301", HERE, "2026-10-02"), make_message("301", THERE, "2026-10-01"))
    mine, region = client_of(make_user(Role.MUNICIPALITY)), client_of(make_user(Role.CONTRACT_MANAGER))
    answers(region)  # fills what is stored, if it can
    everything = providers_of(region)
    before = answers(mine)
    change_elsewhere()
    assert answers(mine) == before  # as stored
    cache.clear()
    assert answers(mine) == before  # as computed anew
    assert providers_of(region) != everything
    assert sum(status == 200 for status, _ in before.values()) > len(before) / 3
    assert not [address for address, (status, body) in before.items() if status >= 500 or "Alleen Daarstad" in body]


@pytest.mark.parametrize("role", Role)
def test_no_browser_keeps_what_somebody_saw_who_was_logged_in(role):
    publish_findings(publish_figures())
    client, found = client_of(make_user(role)), 0
    for address in ADDRESSES:
        response = client.get(address)
        found += response.status_code == 200
        assert "no-store" in response.headers.get("Cache-Control", ""), address
    assert found > len(ADDRESSES) / 10
