"""What docker-compose.yml and the Dockerfile name exists: commands, settings, addresses, folders."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from celery.bin.celery import celery
from django.conf import settings
from django.core.management import get_commands
from django.urls import resolve

ROOT = Path(__file__).resolve().parent.parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if service.get("image") == "sdf-portal"]
SOURCES = [*(ROOT / "sdf_portal").rglob("*.py")]


def commands() -> list[list[str]]:
    """Every command of the portal's own services, split at &&, and the image's own."""
    found = [re.findall(r'"([^"]*)"', DOCKERFILE.rsplit("\nCMD ", 1)[1])]
    for name in OURS:
        command = SERVICES[name].get("command", [])
        found += (
            [part.split() for part in command[2].split("&&")] if command[:1] == ["sh"] else [command] if command else []
        )
    return found


COMMANDS = commands()


def test_there_is_a_web_server_a_worker_and_a_scheduler():
    assert {"migrate", "web", "worker", "beat"} == set(OURS)
    assert len(COMMANDS) == 5


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_exists_with_its_options(command):
    program, *arguments = command
    if program == "python":
        assert arguments[0] == "manage.py"
        assert arguments[1] in get_commands()
    elif program == "celery":
        assert arguments[:2] == ["-A", "sdf_portal"]
        sub = celery.commands[arguments[2]]
        sub.make_context(arguments[2], [*arguments[3:]], resilient_parsing=False, obj=_Quiet())
    else:
        checked = [sys.executable, "-m", program, "--check-config", *arguments]
        subprocess.run(checked, cwd=ROOT, check=True, env=os.environ | {"SDF_DATA_DIR": str(settings.SDF_DATA_DIR)})


class _Quiet:
    """What Celery's commands ask of their application while their options are read."""

    def __init__(self) -> None:
        from sdf_portal.celery import app

        self.app = app


@pytest.mark.parametrize("name", sorted(COMPOSE["x-portal"]["environment"]))
def test_a_variable_is_read_by_the_portal(name):
    assert any(f'"{name}"' in source.read_text() for source in SOURCES)


def test_every_service_of_the_portal_has_all_variables_and_the_same_data():
    for name in OURS:
        assert SERVICES[name]["environment"] == COMPOSE["x-portal"]["environment"]
        assert SERVICES[name]["volumes"] == ["data:/data"]
    assert COMPOSE["x-portal"]["environment"]["SDF_DATA_DIR"] == "/data"


def test_passwords_and_keys_have_no_default():
    text = (ROOT / "docker-compose.yml").read_text()
    secrets = re.findall(r"\$\{((?:\w*PASSWORD|\w*KEY))(:\?)?", text)
    assert secrets
    assert all(required for _, required in secrets)


def test_who_depends_on_a_healthy_service_finds_a_health_check_there():
    for service in SERVICES.values():
        for other, condition in service.get("depends_on", {}).items():
            if condition["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[other]


def test_the_health_check_of_the_web_server_asks_an_address_that_exists():
    code = SERVICES["web"]["healthcheck"]["test"][-1]
    compile(code, "health check", "exec")
    port, path = re.search(r"http://127\.0\.0\.1:(\d+)(/\w*)'", code).groups()
    assert resolve(path)
    assert f"0.0.0.0:{port}" in COMMANDS[0]
    assert SERVICES["web"]["ports"][0].endswith(f":{port}")
    assert "127.0.0.1" in COMPOSE["x-portal"]["environment"]["ALLOWED_HOSTS"]


def test_every_app_of_the_portal_is_in_the_image_and_every_copied_file_exists():
    copied = {part for line in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.M) for part in line.split()}
    allowed = set((ROOT / ".dockerignore").read_text().replace("!", "").split())
    apps = {name for name in settings.INSTALLED_APPS if (ROOT / name).is_dir()}
    assert apps <= copied <= allowed
    assert all((ROOT / name).exists() for name in copied)


def test_the_portal_does_not_run_as_root():
    assert re.search(r"^USER portal$", DOCKERFILE, re.M)
    assert "--uid" in DOCKERFILE


def test_the_image_has_what_a_pdf_needs():
    from kpi.exports.document import MISSING

    packages = re.findall(r"\b(?:lib|fonts)[\w.-]+", MISSING.split("apt install", 1)[1].split(". ")[0])
    assert len(packages) == 4
    for place in (DOCKERFILE, (ROOT / ".ci" / "run").read_text()):
        assert all(package in place for package in packages)
