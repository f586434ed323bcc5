"""Keep a snapshot of a version: ``python -m tests.snapshots VERSION [--db sqlite|postgres] [--code FOLDER]``.

Invented data, a small demo. The key of the chain lies beside the databases, so that the sealed records can be verified
after an upgrade; both databases of one version share it. ``--code`` names a checkout of an older version.
"""

import argparse
import gzip
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import cluster

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PATIENTS = "12"
SQLITE, POSTGRES = "clinic.sqlite3.gz", "clinic.sql.gz"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.snapshots", description=__doc__)
    parser.add_argument("version")
    parser.add_argument("--db", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--code", type=Path, default=ROOT)
    chosen = parser.parse_args()
    target = HERE / chosen.version
    target.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        if (target / "chain_key").exists():
            shutil.copy(target / "chain_key", folder)
        keep = _keep_sqlite if chosen.db == "sqlite" else _keep_postgres
        keep(Path(folder), chosen.code, target)
        shutil.copy(Path(folder) / "chain_key", target / "chain_key")


def _fill(folder: Path, code: Path, **more: str) -> None:
    environ = {**os.environ, "SMPCLINIC_DATA": str(folder), "SMPCLINIC_MODE": "demo", **more}
    if not more:
        environ.pop("DATABASE_URL", None)
    for command in (["migrate", "--verbosity", "0"], ["demo", "--patients", PATIENTS]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=code, env=environ, check=True)


def _keep_sqlite(folder: Path, code: Path, target: Path) -> None:
    """Copy the database; the write-ahead log is empty once the last connection has closed."""
    _fill(folder, code)
    _pack((folder / "clinic.sqlite3").read_bytes(), target / SQLITE)


def _keep_postgres(folder: Path, code: Path, target: Path) -> None:
    """Dump the database as SQL, with inserts: restoring needs no program of PostgreSQL's."""
    socket = cluster.start_or_join(Path(folder) / "no-saved-cluster")
    try:
        os.environ |= {"PGHOST": str(socket), "PGUSER": cluster.USER}
        bin_folder = cluster.programs()
        subprocess.run([bin_folder / "createdb", "snapshot"], check=True)
        _fill(folder, code, DATABASE_URL="postgres:///snapshot")
        dump = [
            bin_folder / "pg_dump",
            "--no-owner",
            "--no-privileges",
            "--inserts",
            "--rows-per-insert=100",
            "snapshot",
        ]
        _pack(_plain(subprocess.run(dump, check=True, capture_output=True).stdout), target / POSTGRES)
    finally:
        cluster.stop_own()


def _plain(sql: bytes) -> bytes:
    """The statements alone: newer pg_dumps frame them with commands that only psql knows."""
    return b"".join(line for line in sql.splitlines(keepends=True) if not line.startswith(b"\\"))


def _pack(content: bytes, path: Path) -> None:
    with gzip.GzipFile(path, "wb", mtime=0) as packed:
        packed.write(content)


if __name__ == "__main__":
    main()
