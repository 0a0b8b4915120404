"""Run inside the portal's shell: times of pages over that of a bare view, as one line of JSON."""

import json
import time

from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role

PAGES = {"overview": "kpi:overview", "provider list": "kpi:providers"}


def seconds(client: Client, address: str, times: int) -> float:
    """The middle of so many requests."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        assert client.get(address, headers={"host": "127.0.0.1"}).status_code == 200
        found.append(time.perf_counter() - started)
    return sorted(found)[len(found) // 2]


def main() -> None:
    user = User.objects.filter(username="bench").first() or User.objects.create_user(
        username="bench", role=Role.CONTRACT_MANAGER
    )
    client = Client()
    client.force_login(user)
    bare = seconds(client, reverse("kpi:glossary"), 30)
    ratios = {}
    for name, address in PAGES.items():
        first = []
        for _ in range(3):
            cache.clear()
            client.force_login(user)
            first.append(seconds(client, reverse(address), 1))
        ratios[f"{name}, first time"] = round(min(first) / bare, 2)
        ratios[f"{name}, again"] = round(seconds(client, reverse(address), 30) / bare, 2)
    print(json.dumps(ratios))


main()
