"""How gunicorn serves the portal: ``gunicorn -c python:sdf_portal.gunicorn_settings sdf_portal.wsgi``."""

import os
from typing import Any

from sdf_portal.lifeline import end_with_parent

bind = f"127.0.0.1:{os.environ.get('SDF_PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
timeout = 120
graceful_timeout = 5
limit_request_line = 8190  # the state of the filters is in the address
control_socket_disable = True


def post_fork(server: Any, worker: Any) -> None:
    """A killed master takes its workers along, so that the port is free for the next one."""
    end_with_parent()
