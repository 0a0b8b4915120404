"""A portal without messages and figures: every page says who fills it, and is as accessible as a full one."""

from collections import defaultdict

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import User
from accounts.roles import Role
from tests.browser.accessibility import all_faults
from tests.browser.test_every_page import pages_of
from tests.support.accounts import client_of, make_user


@pytest.fixture
def figures(transactional_db) -> None:
    """None at all; an account per role."""
    cache.clear()
    for role in Role:
        make_user(role, username=role.value)


def test_every_page_is_accessible_and_says_who_fills_it(open_page, live_server):
    found = {}
    for role in Role:
        page = open_page(role, reverse("start"))
        expect(page.locator(".data-status")).to_contain_text("nadat een beheerder berichten heeft geüpload")
        for _, address, _ in pages_of(client_of(User.objects.get(username=role)), defaultdict(list)):
            page.goto(f"{live_server.url}{address}")
            found[role, address] = [*all_faults(page)]
    assert {where: wrong for where, wrong in found.items() if wrong} == {}
