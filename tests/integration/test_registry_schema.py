"""Migrations and the embedded server."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from connector.domain.errors import ConfigurationError, DatabaseUnavailable
from connector.registry.embedded import embedded_postgres
from connector.registry.migration_process import migrate_apart
from connector.registry.schema import migrate, missing_scripts
from tests.fixtures.database import in_database

pytestmark = pytest.mark.integration


@pytest.fixture
def parent() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="sohoa-pg-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


def numbers(server: Path) -> list[int]:
    """The processes that work in a server's data folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").resolve() == server / "data":
                found.append(int(process.name))
        except OSError:
            continue
    return found


def test_migrating_from_two_processes_at_once_gives_one_schema(postgres: str) -> None:
    name = f"test_{uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    fresh = in_database(postgres, name)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(migrate, [fresh, fresh]))
    migrate(fresh)

    with psycopg.connect(fresh) as connection:
        assert connection.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM feed_epoch").fetchone() == (1,)


def test_a_newer_queue_brings_only_the_scripts_that_are_missing() -> None:
    shipped = ["03.04.00_50_post.sql", "03.05.00_01_pre.sql", "03.04.00_01_pre.sql", "03.05.00_50_post.sql"]
    assert missing_scripts(shipped, {"03.04.00_01_pre.sql", "03.04.00_50_post.sql"}) == [
        "03.05.00_01_pre.sql",
        "03.05.00_50_post.sql",
    ]


def test_no_server_is_a_transient_error() -> None:
    with pytest.raises(DatabaseUnavailable):
        migrate("postgresql://sohoa@/postgres?host=/nonexistent")


def test_the_embedded_server_changes_nothing_outside_its_folder_and_keeps_its_data(parent: Path) -> None:
    watched = [Path("/"), Path("/var/lib"), Path(tempfile.gettempdir()), parent, Path.cwd(), Path.home()]
    watched.append(Path(sys.prefix))
    before = [stat.S_IMODE(folder.stat().st_mode) for folder in watched]
    accounts = Path("/etc/passwd").read_bytes()

    with embedded_postgres(parent / "pg") as dsn, psycopg.connect(dsn, autocommit=True) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    assert numbers(parent / "pg") == []
    with embedded_postgres(parent / "pg") as dsn, psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT seven FROM kept").fetchone() == (7,)

    assert [stat.S_IMODE(folder.stat().st_mode) for folder in watched] == before
    assert Path("/etc/passwd").read_bytes() == accounts
    assert list(parent.iterdir()) == [parent / "pg"]


def test_two_servers_run_side_by_side_and_a_second_user_of_one_shares_it(parent: Path) -> None:
    with embedded_postgres(parent / "one") as first, embedded_postgres(parent / "two") as second:
        assert first != second
        with embedded_postgres(parent / "one") as again:
            assert again == first
        with psycopg.connect(first) as one, psycopg.connect(second) as two:
            one.execute("SELECT 1")
            two.execute("SELECT 1")
    assert numbers(parent / "one") == numbers(parent / "two") == []


def test_a_server_whose_owner_was_killed_is_taken_over(parent: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from connector.registry.embedded import embedded_postgres\n"
        "with embedded_postgres(Path(sys.argv[1])):\n    print('up', flush=True)\n    time.sleep(60)\n"
    )
    owner = subprocess.Popen([sys.executable, "-c", program, str(parent / "pg")], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    with owner.stdout:
        assert owner.stdout.readline() == "up\n"
    owner.kill()
    owner.wait()
    orphans = numbers(parent / "pg")
    assert orphans

    with embedded_postgres(parent / "pg") as dsn, psycopg.connect(dsn) as connection:
        connection.execute("SELECT 1")
        assert not set(orphans) & set(numbers(parent / "pg"))
    assert numbers(parent / "pg") == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server under another account")
def test_a_folder_the_server_cannot_reach_is_named(parent: Path) -> None:
    parent.chmod(0o700)
    with pytest.raises(ConfigurationError, match="closed to the account"), embedded_postgres(parent / "pg"):
        pass
    assert stat.S_IMODE(parent.stat().st_mode) == 0o700


def test_somebody_elses_folder_is_left_alone(parent: Path) -> None:
    if os.geteuid() == 0:
        os.chown(parent, 65534, 65534)
        with pytest.raises(ConfigurationError, match="another account"), embedded_postgres(parent):
            pass
    assert list(parent.iterdir()) == []


def test_a_service_that_stays_small_migrates_in_a_process_of_its_own(postgres: str) -> None:
    name = f"apart_{uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    dsn = in_database(postgres, name)

    for _ in range(2):
        migrate_apart(dsn)

    with psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT count(*) FROM audit").fetchone() == (0,)
    with pytest.raises(DatabaseUnavailable):
        migrate_apart(in_database(postgres, "there_is_none"))


def test_the_service_loads_neither_migrations_nor_reading() -> None:
    heavy = "{'alembic', 'sqlalchemy', 'procrastinate', 'cv2', 'numpy', 'tesserocr', 'pyhanko'}"
    code = f"import sys, connector.app.serving, connector.cli.services; print({heavy} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "set()"
