"""Keep a snapshot of the present version: ``python -m tests.snapshots 0.1`` (invented data, a small demo on SQLite).

The key of the chain lies beside the database, so that the sealed records can be verified after an upgrade.
"""

import gzip
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PATIENTS = "12"


def main(version: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "SMPCLINIC_DATA": folder, "SMPCLINIC_MODE": "demo"}
        environ.pop("DATABASE_URL", None)
        for command in (["migrate", "--verbosity", "0"], ["demo", "--patients", PATIENTS]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environ, check=True)
        keep(Path(folder), HERE / version)


def keep(folder: Path, target: Path) -> None:
    """Copy database and chain key; the write-ahead log is empty once the last connection has closed."""
    target.mkdir(exist_ok=True)
    with (
        (folder / "clinic.sqlite3").open("rb") as plain,
        gzip.GzipFile(target / "clinic.sqlite3.gz", "wb", mtime=0) as packed,
    ):
        shutil.copyfileobj(plain, packed)
    shutil.copy(folder / "chain_key", target / "chain_key")


if __name__ == "__main__":
    main(sys.argv[1])
