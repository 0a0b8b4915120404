"""The embedded servers, really started: shared, stopped, killed, and never another directory's."""

import json
import os
import signal
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis

from sdf_portal import embedded
from tests.support.processes import ServerUser, assert_ended, children, named


@contextmanager
def cursor_of(url: str) -> Iterator[Any]:
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor


def keeper_of(data_dir: Path) -> int:
    (keeper,) = named("sdf_portal.keeper", str(data_dir))
    return keeper


def test_users_share_servers_that_stop_when_the_last_one_leaves(data_dir):
    first = ServerUser(data_dir)
    second = ServerUser(data_dir)
    keeper = keeper_of(data_dir)
    running = {keeper} | children(keeper)

    assert (first.database_url, first.redis_url) == (second.database_url, second.redis_url)
    first.leave()
    with cursor_of(second.database_url) as cursor, closing(redis.Redis.from_url(second.redis_url)) as broker:
        cursor.execute("SHOW listen_addresses")
        assert cursor.fetchone() == ("127.0.0.1",)
        assert broker.config_get("bind") == {"bind": "127.0.0.1"}
    second.leave()
    assert_ended(running)


def test_the_servers_refuse_whoever_has_no_password(data_dir):
    user = ServerUser(data_dir)
    ports = json.loads((data_dir / "servers.json").read_text())

    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(host="127.0.0.1", port=ports["database_port"], user="sdf", password="sdf", dbname="sdf")
    with (
        closing(redis.Redis(port=ports["broker_port"])) as broker,
        pytest.raises(redis.AuthenticationError),
    ):
        broker.ping()
    user.leave()


def test_a_killed_user_leaves_nothing_behind(data_dir):
    user = ServerUser(data_dir)
    keeper = keeper_of(data_dir)
    running = {keeper} | children(keeper)

    user.kill()

    assert_ended(running)


def test_a_killed_keeper_takes_its_servers_along_and_loses_no_row(data_dir):
    user = ServerUser(data_dir)
    with cursor_of(user.database_url) as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    keeper = keeper_of(data_dir)
    running = children(keeper)

    os.kill(keeper, signal.SIGKILL)

    assert_ended(running)
    again = ServerUser(data_dir)
    with cursor_of(again.database_url) as cursor:
        cursor.execute("SELECT answer FROM kept")
        assert cursor.fetchone() == (42,)
    again.leave()
    user.leave()


def test_a_killed_database_comes_back_at_its_own_address(data_dir):
    user = ServerUser(data_dir)
    with cursor_of(user.database_url) as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    (database,) = {pid for pid in children(keeper_of(data_dir)) if pid in named("-D") and children(pid)}

    os.kill(database, signal.SIGKILL)
    assert_ended({database})
    later = ServerUser(data_dir)  # waits until the keeper has them ready again

    assert later.database_url == user.database_url
    with cursor_of(later.database_url) as cursor:
        cursor.execute("SELECT answer FROM kept")
        assert cursor.fetchone() == (42,)
    later.leave()
    user.leave()


def test_two_directories_never_meet(data_dir, other_data_dir):
    here, there = ServerUser(data_dir), ServerUser(other_data_dir)
    password = embedded.secret(data_dir, "database_password")
    port = json.loads((other_data_dir / "servers.json").read_text())["database_port"]

    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(host="127.0.0.1", port=port, user="sdf", password=password, dbname="sdf")
    with cursor_of(here.database_url) as cursor:
        cursor.execute("CREATE TABLE mine (id int)")
    with cursor_of(there.database_url) as cursor:
        cursor.execute("SELECT to_regclass('mine')")
        assert cursor.fetchone() == (None,)
    here.leave()
    there.leave()


def test_only_the_owner_reads_the_secrets(data_dir):
    made = embedded.secret(data_dir, "pseudonym_key")

    assert stat.S_IMODE((data_dir / "secrets.json").stat().st_mode) == 0o600
    assert embedded.secret(data_dir, "pseudonym_key") == made
    assert len({embedded.secret(data_dir, name) for name in json.loads((data_dir / "secrets.json").read_text())}) == 4


def test_a_half_made_database_is_thrown_away(data_dir):
    draft = data_dir / "postgres" / "draft"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18")

    user = ServerUser(data_dir)

    assert not draft.exists()
    user.leave()


def test_a_directory_that_cannot_be_used_is_told_in_a_sentence(data_dir):
    taken = data_dir / "file"
    taken.touch()

    with pytest.raises(embedded.EmbeddedError, match=f"De map {taken} is niet bruikbaar .* SDF_DATA_DIR"):
        embedded.ensure(taken)
