"""Run inside the portal's shell: times of pages over that of a bare page, and queries, as one line of JSON.

``BENCH_AGAIN``: only pages that were asked before, for processes that run beside each other.
"""

import json
import os
import time

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
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
        if "BENCH_AGAIN" in os.environ:
            ratios[f"{name}, again, two processes at once"] = round(seconds(client, reverse(address), 100) / bare, 2)
            continue
        first = []
        for _ in range(3):
            cache.clear()
            client.force_login(user)
            first.append(seconds(client, reverse(address), 1))
        ratios[f"{name}, first time"] = round(min(first) / bare, 2)
        ratios[f"{name}, again"] = round(seconds(client, reverse(address), 30) / bare, 2)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(address), headers={"host": "127.0.0.1"})
        ratios[f"{name}, queries again"] = len(queries)
    print(json.dumps(ratios))


main()
