"""The database of all classes: one SQLite file beside the runs, or what LAYER_LAB_CLASS_URL names.

Several processes use it at the same time. In SQLite readers never wait for a writer (write-ahead log), and writers
wait for each other from their first statement on: a transaction that began as a reader and then wants to write would
fail at once where another one writes, without waiting.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, delete, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from core.classes.limits import ClassError
from core.classes.place import VARIABLE, there, url
from core.classes.tables import classes, metadata
from words import _

# how long a writer waits for the others; thirty answers take a tenth of a second
_PATIENCE_S = 30
_WRITES = "layer_lab_writes"
_making = threading.Lock()
_engines: list[Engine] = []


@contextmanager
def reading() -> Iterator[Connection]:
    """A transaction that only reads. Raises ClassError where the database cannot be reached."""
    with _speaking(), _engine(url()).connect() as connection:
        yield connection


@contextmanager
def writing() -> Iterator[Connection]:
    """A transaction that is there in whole once this ends, or not at all. Raises ClassError."""
    with _speaking(), _engine(url()).connect() as plain:
        connection = plain.execution_options(**{_WRITES: True})
        with connection.begin():
            yield connection


def insert(connection: Connection, table: Table) -> Any:
    """An insert that can say `on_conflict_do_nothing`, which each database has in a place of its own."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)


def tidy(now: float | None = None) -> int:
    """Delete what belongs to classes that have ended, all of it; how many there were. Raises ClassError."""
    if not there():
        return 0
    with reading() as connection:  # nobody is kept from writing where there is nothing to do
        if not _ended(connection, now):
            return 0
    with writing() as connection:
        gone = connection.execute(delete(classes).where(classes.c.ends <= _now(now))).rowcount
    shrink()
    return gone


def shrink() -> None:
    """What was deleted leaves the log of SQLite as well; its pages are overwritten already. Where another process reads
    at this moment, that happens the next time."""
    with _speaking():
        engine = _engine(url())
        if engine.dialect.name != "sqlite":
            return
        raw = engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            raw.close()


def empty() -> None:
    """Delete all classes, for tests and whoever wants to begin anew. Raises ClassError."""
    with writing() as connection:
        connection.execute(delete(classes))
    shrink()


def forget_connections() -> None:
    """Close what is open: for tests, which throw databases away."""
    for engine in _engines:
        engine.dispose()
    _engines.clear()
    _engine.cache_clear()


def _ended(connection: Connection, now: float | None) -> bool:
    return connection.execute(classes.select().where(classes.c.ends <= _now(now)).limit(1)).first() is not None


def _now(now: float | None) -> float:
    return time.time() if now is None else now


@contextmanager
def _speaking() -> Iterator[None]:
    """What a database says becomes one sentence; the terminal has the rest."""
    try:
        yield
    except (SQLAlchemyError, OSError) as error:  # OSError: the folder for the file cannot be made
        raise ClassError(
            _(
                "The database of classes should answer, and does not ({error}). Who runs the server can look at "
                "{variable} and at the disk.",
                error=type(error).__name__,
                variable=VARIABLE,
            )
        ) from error


@lru_cache(maxsize=4)
def _engine(address: str) -> Engine:
    """One a process. Raises ClassError."""
    try:
        parsed = make_url(address)
        if parsed.get_backend_name() not in ("sqlite", "postgresql"):
            raise ArgumentError
        if parsed.get_backend_name() == "postgresql":
            # the driver in requirements-postgres.txt, whatever the address says
            engine = create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
        else:
            engine = _sqlite(parsed)
    except (ArgumentError, NoSuchModuleError) as error:
        raise ClassError(
            _("{variable} should be sqlite:///file or postgresql://user@host/name, and is not.", variable=VARIABLE)
        ) from error
    except ModuleNotFoundError as error:
        raise ClassError(
            _("PostgreSQL needs its driver: pip install -r requirements-postgres.txt, then start again.")
        ) from error
    _make(engine)
    _engines.append(engine)
    return engine


def _sqlite(address) -> Engine:
    if address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, connect_args={"timeout": _PATIENCE_S})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection, _record) -> None:
    """A new connection to SQLite: the driver begins no transactions of its own, see `_begin`."""
    connection.isolation_level = None
    cursor = connection.cursor()
    # secure_delete: what is deleted is overwritten. In a write-ahead log NORMAL loses no transaction but where the
    # power fails, and then none in part.
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _make(engine: Engine) -> None:
    """The tables, where they are missing; two processes may both find them missing."""
    with _making, engine.connect() as plain:
        connection = plain.execution_options(**{_WRITES: True})
        with connection.begin():
            if engine.dialect.name == "postgresql":
                # "if not exists" does not keep two from making the same table: a lock with a number of ours does
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(4015302)")
            metadata.create_all(connection)
