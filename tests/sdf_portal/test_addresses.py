"""Addresses: fields that were left open are no part of them, and nothing else is lost."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from tests.support.accounts import client_of, make_user
from tests.support.figures import BOTH, publish_figures

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("asked", "clean"),
    [
        ("?gemeente=&aanbieder=&periode=2026-Q3&norm=", "?periode=2026-Q3"),
        ("?gemeente=&aanbieder=", ""),
        (f"?aanbieder={BOTH}&zoek=&aanbieder=42420002", f"?aanbieder={BOTH}&aanbieder=42420002"),
        ("?zoek=de+Zorg%26Co&tot=", "?zoek=de+Zorg%26Co"),
        ("?a==&b&tot=", "?a==&b"),
    ],
)
def test_empty_fields_are_sent_on_to_the_address_without_them(asked, clean):
    response = Client().get(f"/aanbieders/{asked}")
    assert (response.status_code, response.url) == (302, f"/aanbieders/{clean}")


def test_an_address_without_empty_fields_is_answered_at_once():
    publish_figures()
    client = client_of(make_user(Role.CONTRACT_MANAGER))
    assert client.get(f"{reverse('kpi:overview')}?periode=2026-Q3&gemeente=0080&onbekend").status_code == 200


def test_nobody_is_sent_elsewhere():
    assert Client().get("/", {"a": ""}, PATH_INFO="//elders.example/").url == "/%2Felders.example/"


def test_what_is_posted_is_left_alone():
    assert Client().post("/inloggen/?next=", {}).status_code != 302
