"""Which errors say that a part is away or full, as opposed to a fault of ours."""

import errno
import sqlite3
from collections.abc import Iterator
from enum import StrEnum


class Outage(StrEnum):
    """What cannot be done at the moment."""

    AWAY = "away"  # the database cannot be asked
    NO_WRITING = "no writing"  # it can be read; a disk is full, or may not be written


FILES = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EIO, errno.EACCES}
# https://www.sqlite.org/rescode.html: primary codes, the lowest byte of each code.
SQLITE_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOTADB,
}
SQLITE_NO_WRITING = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_FSYNC,
    sqlite3.SQLITE_IOERR_TRUNCATE,
    sqlite3.SQLITE_IOERR_SHMSIZE,
    sqlite3.SQLITE_IOERR_SHMMAP,
}
# Words of errors that carry no code of their own: the file is not there, or is an empty one.
SQLITE_ABSENT = ("unable to open database file", "no such table:")
# https://www.postgresql.org/docs/current/errcodes-appendix.html: codes, or how they begin.
POSTGRESQL_NO_WRITING = ("53100", "25006")
POSTGRESQL_AWAY = ("08", "53", "57P", "57014", "58", "55P03", "XX00")


def outage_in(error: BaseException | None) -> Outage | None:
    """What an error, or one that is behind it, says is away; None where it is no outage."""
    return next((found for one in _chain(error) if (found := _outage_of(one))), None)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _outage_of(error: BaseException) -> Outage | None:
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error)
    if hasattr(error, "sqlstate"):
        return _of_postgresql(error)
    if isinstance(error, OSError) and error.errno in FILES:
        return Outage.NO_WRITING
    return None


def _of_sqlite(error: sqlite3.Error) -> Outage | None:
    code = getattr(error, "sqlite_errorcode", 0)
    if {code, code & 0xFF} & SQLITE_NO_WRITING:
        return Outage.NO_WRITING
    is_absent = str(error).startswith(SQLITE_ABSENT)
    return Outage.AWAY if code & 0xFF in SQLITE_AWAY or is_absent else None


def _of_postgresql(error: BaseException) -> Outage | None:
    state = getattr(error, "sqlstate", None)
    if state is None:
        # A connection that failed or has ended has no code; other faults of the driver have names.
        is_lost = type(error).__name__ in ("OperationalError", "InterfaceError")
        return Outage.AWAY if is_lost or _is_silent(error) else None
    if state in POSTGRESQL_NO_WRITING:
        return Outage.NO_WRITING
    return Outage.AWAY if state.startswith(POSTGRESQL_AWAY) else None


def _is_silent(error: BaseException) -> bool:
    return type(error).__name__ in ("ServerSilentError", "ConnectionTimeout")
