"""Which journal mode a given SQLite may be trusted with."""

WAL_RESET_BUG_SINCE = (3, 7, 0)
WAL_RESET_BUG_FIXED = (3, 51, 3)


def safe_journal_mode(version: tuple[int, int, int]) -> str:
    """WAL where the library is known to be sound, else the slower rollback journal.

    SQLite 3.7.0 to 3.51.2 can corrupt a WAL database when its log is reset (fixed in 3.51.3).

    >>> safe_journal_mode((3, 51, 3)), safe_journal_mode((3, 40, 1))
    ('WAL', 'DELETE')
    """
    return "DELETE" if WAL_RESET_BUG_SINCE <= version < WAL_RESET_BUG_FIXED else "WAL"
