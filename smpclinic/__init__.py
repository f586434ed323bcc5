"""The clinic as a whole: its people, places, stock, texts, and the trail of what was done.

The swap below comes first, before anything can import the standard library's SQLite: two SQLite libraries in
one process both believe they hold the lock on one file, and versions before 3.51.3 can corrupt a WAL database.
"""

import sys

try:
    import pysqlite3
except ImportError:  # no wheel for this platform: smpclinic.database.sqlite falls back to a safe journal mode
    pass
else:
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
