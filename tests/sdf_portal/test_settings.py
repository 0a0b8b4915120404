"""What the environment must hold, told in a sentence; and the files that must keep step with it."""

import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.processes import ROOT, named

PRODUCTION = {
    "DATABASE_URL": "postgres://sdf:password@127.0.0.1:9/sdf",
    "REDIS_URL": "redis://127.0.0.1:9/0",
    "SECRET_KEY": "a-secret-key-of-more-than-fifty-characters-0123456789",
    "PSEUDONYM_KEY": "a-pseudonym-key-of-more-than-thirty-two",
    "ALLOWED_HOSTS": "portaal.localhost",
}


def manage(*arguments: str, data_dir: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """``manage.py`` with this environment and no setting of ours."""
    ours = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PSEUDONYM_KEY", "HTTPS", "SDF_PORT"}
    ours |= {"DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=kept | environment | {"SDF_DATA_DIR": str(data_dir)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", ["SECRET_KEY", "PSEUDONYM_KEY"])
@pytest.mark.parametrize("given", [None, "", "x" * 31])
def test_beside_a_real_database_a_key_must_be_given(data_dir, name, given):
    environment = {key: value for key, value in PRODUCTION.items() if key != name}

    done = manage("check", data_dir=data_dir, **environment, **({} if given is None else {name: given}))

    assert done.returncode == 1
    assert done.stderr == (f"Zet {name} in de omgeving, minstens 32 tekens: met DATABASE_URL wordt er geen gemaakt.\n")


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1"])
def test_an_impossible_port_is_told(data_dir, port):
    done = manage("check", data_dir=data_dir, SDF_PORT=port, **PRODUCTION)

    assert done.returncode == 1
    assert done.stderr == f"SDF_PORT is {port}; kies een getal van 1 tot en met 65535.\n"


def test_production_settings_are_safe_and_start_no_server(data_dir):
    done = manage("check", "--deploy", "--fail-level=WARNING", data_dir=data_dir, **PRODUCTION)

    assert done.returncode == 0, done.stderr
    assert list(data_dir.iterdir()) == []
    assert not named("sdf_portal.keeper", str(data_dir))


def test_the_demo_leaves_a_real_database_alone(data_dir):
    done = manage("demo", data_dir=data_dir, **PRODUCTION)

    assert done.returncode == 1
    assert "Haal DATABASE_URL uit de omgeving" in done.stderr


def test_docker_compose_gives_every_setting_and_no_other():
    settings = (ROOT / "sdf_portal" / "settings.py").read_text()
    read = set(re.findall(r'(?:\benv(?:\.\w+)?|_key)\("([A-Z_]+)"', settings)) - {"DEBUG"}
    compose = (ROOT / "docker-compose.yml").read_text()
    block = compose.partition("x-portal:")[2].partition("\nservices:")[0]
    given = set(re.findall(r"^    ([A-Z_]+):", block.partition("  environment:")[2], re.MULTILINE))

    assert given == read


def test_the_image_uses_the_python_and_the_locks_of_the_project():
    dockerfile = (ROOT / "Dockerfile").read_text()

    assert "--no-deps --require-hashes -r requirements.lock" in dockerfile
    assert "npm ci --ignore-scripts" in dockerfile


def test_both_locks_hold_the_same_versions():
    run, dev = (_versions(ROOT / name) for name in ("requirements.lock", "requirements-dev.lock"))

    assert run.items() <= dev.items()


@pytest.mark.parametrize("purpose", ["run", "dev"])
def test_a_lock_holds_every_package_that_the_project_needs(purpose):
    """Packages are installed from the lock alone, so one that it lacks would be missed only when it is imported."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed = [*project["project"]["dependencies"], *(project["dependency-groups"]["dev"] if purpose == "dev" else [])]
    locked = _versions(ROOT / ("requirements.lock" if purpose == "run" else "requirements-dev.lock"))
    waiting, seen = [(Requirement(line), "") for line in needed], set()
    while waiting:
        requirement, wanted_for = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": wanted_for}):
            continue
        name = canonicalize_name(requirement.name)
        assert name in locked
        assert requirement.specifier.contains(locked[name], prereleases=True)
        for extra in requirement.extras | {""}:
            if (name, extra) not in seen:
                seen.add((name, extra))
                waiting += [(Requirement(line), extra) for line in importlib.metadata.requires(name) or ()]


def _versions(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", lock.read_text(), re.MULTILINE))
