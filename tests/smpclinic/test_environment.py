"""A setting that cannot be used is named with its value and the cure."""

import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from smpclinic.database.addresses import database_from_url
from smpclinic.environment import BASE_DIR, VARIABLES, BadValue, read

GOOD = {
    "SMPCLINIC_MODE": ("clinic", "clinic"),
    "SMPCLINIC_DATA": ("/srv/clinic", "/srv/clinic"),
    "SMPCLINIC_BACKUPS": ("/mnt/backups", "/mnt/backups"),
    "SMPCLINIC_BACKUPS_OFFSITE": ("/mnt/elsewhere", "/mnt/elsewhere"),
    "DATABASE_URL": ("sqlite:////srv/c.sqlite3", "sqlite:////srv/c.sqlite3"),
    "SMPCLINIC_HOSTS": (" a.example , b.example,", ["a.example", "b.example"]),
    "SMPCLINIC_PORT": ("65535", 65535),
    "SMPCLINIC_PUBLIC_URL": ("https://clinic.example/", "https://clinic.example"),
    "SMPCLINIC_PROXIES": ("9", 9),
    "SMPCLINIC_HTTPS": ("YES", True),
    "SMPCLINIC_MAIL_URL": ("smtp://u:p@h:25", "smtp://u:p@h:25"),
    "SMPCLINIC_MAIL_FROM": ("desk@clinic.example", "desk@clinic.example"),
    "SMPCLINIC_DEBUG": ("0", False),
}


@pytest.mark.parametrize("name", VARIABLES)
def test_each_variable_is_read_from_the_environment(name):
    text, value = GOOD[name]
    assert read(name, {name: f" {text} "}) == value


@pytest.mark.parametrize("name", VARIABLES)
def test_each_default_can_be_used_and_stands_for_an_empty_value(name):
    assert read(name, {}) == read(name, {name: " "})


@pytest.mark.parametrize(("name", "text", "told"), [
    ("SMPCLINIC_MODE", "test", "SMPCLINIC_MODE=test cannot be used: use demo or clinic."),
    ("SMPCLINIC_PORT", "0", "SMPCLINIC_PORT=0 cannot be used: use a number from 1 to 65535."),
    ("SMPCLINIC_PORT", "65536", "SMPCLINIC_PORT=65536 cannot be used: use a number from 1 to 65535."),
    ("SMPCLINIC_PORT", "-1", "SMPCLINIC_PORT=-1 cannot be used: use a number from 1 to 65535."),
    ("SMPCLINIC_PORT", "8000.0", "SMPCLINIC_PORT=8000.0 cannot be used: use a number from 1 to 65535."),
    ("SMPCLINIC_PROXIES", "10", "SMPCLINIC_PROXIES=10 cannot be used: use a number from 0 to 9."),
    ("SMPCLINIC_HTTPS", "maybe", "SMPCLINIC_HTTPS=maybe cannot be used: use yes or no."),
    ("SMPCLINIC_DEBUG", "2", "SMPCLINIC_DEBUG=2 cannot be used: use yes or no."),
    ("SMPCLINIC_PUBLIC_URL", "clinic.example",
     "SMPCLINIC_PUBLIC_URL=clinic.example cannot be used: use an address such as https://clinic.example.org."),
    ("SMPCLINIC_PUBLIC_URL", "ftp://clinic.example",
     "SMPCLINIC_PUBLIC_URL=ftp://clinic.example cannot be used: use an address such as https://clinic.example.org."),
])  # fmt: skip
def test_a_value_that_cannot_be_used_is_told_with_the_cure(name, text, told):
    with pytest.raises(BadValue) as error:
        read(name, {name: text})
    assert str(error.value) == told


def test_the_program_ends_with_that_sentence(tmp_path):
    answer = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=BASE_DIR,
        env={"PATH": "/usr/bin", "SMPCLINIC_DATA": str(tmp_path), "SMPCLINIC_MODE": "hospital"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert answer.stderr.strip().endswith("SMPCLINIC_MODE=hospital cannot be used: use demo or clinic.")


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").touch()
    answer = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=BASE_DIR,
        env={"PATH": "/usr/bin", "SMPCLINIC_DATA": str(tmp_path / "file" / "data")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert f"SMPCLINIC_DATA={tmp_path}/file/data cannot be written" in answer.stderr


@pytest.mark.parametrize(("url", "name"), [
    ("sqlite:////srv/clinic.sqlite3", "/srv/clinic.sqlite3"),
    ("sqlite:////srv/the%20clinic.sqlite3", "/srv/the clinic.sqlite3"),
    ("sqlite:///clinic.sqlite3", "clinic.sqlite3"),
])  # fmt: skip
def test_sqlite_is_named_by_its_file(url, name):
    found = database_from_url(url)
    assert (found["ENGINE"], found["NAME"]) == ("smpclinic.database.sqlite", name)


@pytest.mark.parametrize(("url", "user", "password", "host", "port", "name"), [
    ("postgres://u:p%40ss@db.example:5433/clinic", "u", "p@ss", "db.example", "5433", "clinic"),
    ("postgresql://u@localhost/the%20clinic", "u", "", "localhost", "", "the clinic"),
    ("postgres://u@%2Fvar%2FRun%2Fpg/clinic", "u", "", "/var/Run/pg", "", "clinic"),
    ("postgres://u@%2Fvar%2Frun:5433/clinic", "u", "", "/var/run", "5433", "clinic"),
    ("postgres:///clinic", "", "", "", "", "clinic"),
])  # fmt: skip
def test_postgresql_is_named_by_server_or_socket(url, user, password, host, port, name):
    found = database_from_url(url)
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == (
        user,
        password,
        host,
        port,
        name,
    )


@pytest.mark.parametrize(
    "url", ["mysql://u@h/clinic", "clinic.sqlite3", "sqlite://", "postgres://u@h", "postgres://u@h:port/c", "x"]
)
def test_a_database_that_is_not_known_is_told_with_the_cure(url):
    with pytest.raises(ImproperlyConfigured) as error:
        database_from_url(url)
    assert url in str(error.value)
    assert "Use sqlite:////folder/clinic.sqlite3 or postgres://" in str(error.value)
