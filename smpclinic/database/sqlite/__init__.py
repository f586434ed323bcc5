"""Django's SQLite backend, with the pragmas a medical record needs and one writer at a time."""
