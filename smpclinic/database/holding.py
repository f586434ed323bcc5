"""Hold rows until the transaction ends, so that two people who change the same thing come one after the other."""

from django.db import connections
from django.db.models import QuerySet


def hold(rows: QuerySet) -> None:
    """Lock these rows alone, to read them afterwards with whatever belongs to them.

    A joined row that was exchanged while this waited for the lock would make PostgreSQL lose the row itself. SQLite
    needs nothing: its transactions hold the one file lock from the start.
    """
    if connections[rows.db].features.has_select_for_update:
        list(rows.select_for_update().order_by("pk").values_list("pk", flat=True))
