"""How the clinic's data is kept safe in SQLite and PostgreSQL."""
