"""A thin layer over Django's SQLite backend.

Two things are added. Every connection is opened with the settings that survive a power cut and keep triggers in
force. And a transaction takes a file lock before BEGIN IMMEDIATE: SQLite's own waiting polls, so under load one
writer can starve for seconds; the file lock queues them.
"""

from django.db.backends.sqlite3 import base

from smpclinic.database.sqlite.filelock import FileLock
from smpclinic.database.sqlite.journal import safe_journal_mode


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._writers = None

    def get_new_connection(self, conn_params):
        connection = super().get_new_connection(conn_params)
        mode = safe_journal_mode(base.Database.sqlite_version_info)
        for pragma in (
            f"journal_mode = {mode}",
            # NORMAL loses acknowledged writes on a power cut; a clinic may not.
            "synchronous = FULL",
            # Without this INSERT OR REPLACE deletes a signed row without firing its no-delete trigger.
            "recursive_triggers = ON",
            "trusted_schema = OFF",
            "cache_size = -20000",
        ):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def _start_transaction_under_autocommit(self):
        self._lock_out_other_writers()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._let_other_writers_in()
            raise

    def _commit(self):
        super()._commit()  # where this fails Django rolls back, and that lets the others in
        self._let_other_writers_in()

    def _rollback(self):
        try:
            super()._rollback()
        finally:
            self._let_other_writers_in()

    def _close(self):
        try:
            super()._close()
        finally:
            self._let_other_writers_in()

    def _lock_out_other_writers(self):
        name = str(self.settings_dict["NAME"])
        if self.is_in_memory_db():
            return
        if self._writers is None or self._writers.path != f"{name}.lock":
            self._writers = FileLock(f"{name}.lock")
        self._writers.acquire()

    def _let_other_writers_in(self):
        if self._writers is not None:
            self._writers.release()
