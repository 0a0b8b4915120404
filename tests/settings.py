"""The portal's own settings on embedded servers with data of their own."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
os.environ.setdefault("SDF_DATA_DIR", str(ROOT / "var" / "test"))
os.environ.setdefault("SECRET_KEY", "test-secret-key")
os.environ.setdefault("PSEUDONYM_KEY", "test-pseudonym-key")
os.environ.setdefault("HTTPS", "0")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright runs an event loop of its own

from sdf_portal.settings import *  # noqa: E402, F403
from sdf_portal.settings import CACHES, REDIS_URL, STATIC_ROOT  # noqa: E402

# Tests that run at the same time must not clear each other's cache: each process has a database number of its own.
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
CACHES["default"]["LOCATION"] = f"{REDIS_URL.rsplit('/', 1)[0]}/{_worker + 1}"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # hundreds of logins; the slow one is Django's own

STATIC_ROOT.mkdir(parents=True, exist_ok=True)
