"""oslo.db on SQLite files under many threads: write-ahead log, writers that queue instead of
failing, real pooling."""

import functools
import re
import sqlite3
import threading

from oslo_db import exception
from oslo_db.sqlalchemy import enginefacade, engines, exc_filters
from sqlalchemy import event
from sqlalchemy import exc as sqlalchemy_exc
from sqlalchemy.orm import Session


def apply() -> None:
    _retry_when_locked()
    _mark_writers()
    engines._init_events.reg["sqlite"]["*"] = [_on_engine]
    engines._init_connection_args.reg["sqlite"]["*"] = [_use_queue_pool]


def _retry_when_locked() -> None:
    """A locked database is what a deadlock is on other engines: oslo.db retries those."""

    def locked(error, match, engine_name, is_disconnect):
        raise exception.DBDeadlock(error)

    pattern = re.compile(r".*database (table )?is locked", re.S)
    exc_filters._registry["sqlite"][sqlalchemy_exc.OperationalError].insert(0, (locked, pattern))


def _mark_writers() -> None:
    """A session that is going to write takes the write lock at once: upgrading a read lock fails
    under load."""
    factory = enginefacade._TransactionFactory
    create = factory._create_session

    def _create_session(self, mode, bind=None):
        session = create(self, mode, bind)
        if mode is enginefacade._WRITER:
            session.info["sandbox_writer"] = True
        return session

    factory._create_session = _create_session

    @event.listens_for(Session, "after_begin")
    def after_begin(session, transaction, connection):
        if session.info.get("sandbox_writer"):
            connection.info["sandbox_writer"] = True


#: Seconds that a writer waits for the others of its process before it leaves the queue to SQLite.
_TURN = 20.0


class _Turns:
    """Writers of one process take turns: SQLite itself lets them sleep up to 100 ms between two
    tries."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def take(self, info: dict) -> None:
        if self._lock.acquire(timeout=_TURN):
            info["sandbox_turn"] = self._lock

    @staticmethod
    def give_back(info: dict) -> None:
        lock = info.pop("sandbox_turn", None)
        if lock is not None:
            lock.release()


def _on_engine(engine, sqlite_synchronous=True, sqlite_fk=False, **_):
    turns = _Turns()
    event.listen(engine, "connect", lambda dbapi, record: _on_connect(dbapi, sqlite_fk))
    event.listen(engine, "begin", _on_begin)
    event.listen(engine, "before_cursor_execute", functools.partial(_before_execute, turns))
    event.listen(engine, "savepoint", lambda connection, name: _begin(turns, connection, None))
    event.listen(engine, "rollback", _on_end)
    event.listen(engine, "commit", _on_end)


def _on_connect(dbapi, foreign_keys):
    dbapi.create_function(
        "regexp", 2, lambda pattern, text: re.search(pattern, str(text)) is not None
    )
    # The driver's own transaction handling begins too late and commits too early.
    dbapi.isolation_level = None
    # First: the others may have to wait for a connection that opens or closes the log.
    dbapi.execute("PRAGMA busy_timeout = 60000")
    dbapi.execute("PRAGMA synchronous = OFF")
    dbapi.execute("PRAGMA journal_mode = WAL")
    if foreign_keys:
        dbapi.execute("PRAGMA foreign_keys = ON")


def _on_begin(connection):
    if not connection.info.get("sandbox_open"):
        connection.info["sandbox_pending"] = True


def _before_execute(turns, connection, cursor, statement, parameters, context, many):
    _begin(
        turns, connection, cursor, statement.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE")
    )


def _begin(turns, connection, cursor, writes=False):
    info = connection.info
    if not info.pop("sandbox_pending", None):
        return
    cursor = cursor or connection.connection.cursor()
    if not (writes or info.get("sandbox_writer")):
        cursor.execute("BEGIN")
    else:
        turns.take(info)
        try:
            cursor.execute("BEGIN IMMEDIATE")
        except BaseException as error:
            turns.give_back(info)
            if isinstance(error, sqlite3.OperationalError):
                # Raised in a hook, it is not translated by oslo.db, which retries deadlocks only.
                raise exception.DBDeadlock(error) from error
            raise
    info["sandbox_open"] = True


def _on_end(connection):
    _Turns.give_back(connection.info)
    for key in ("sandbox_open", "sandbox_pending", "sandbox_writer"):
        connection.info.pop(key, None)


def _use_queue_pool(url, engine_args, options):
    """oslo.db opens a SQLite file anew for every transaction, which parses the whole schema each
    time."""
    engine_args.update(pool_size=20, max_overflow=100, pool_timeout=60, pool_pre_ping=False)
    engine_args["connect_args"]["check_same_thread"] = False
    for key in ("max_pool_size", "max_overflow", "pool_timeout"):
        options.pop(key, None)
