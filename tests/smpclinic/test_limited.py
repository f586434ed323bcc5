"""The process that does jobs under limits: who may ask it, when it ends, what it survives."""

import io
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from smpclinic import pdf
from smpclinic.environment import BASE_DIR
from smpclinic.limited import client, wire
from tests.smpclinic.conftest import text_of, wait_until


def test_the_child_is_told_no_secret(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://user:password@host/name")
    monkeypatch.setenv("SMPCLINIC_DATA", "/somewhere")
    assert not {"DATABASE_URL", "SMPCLINIC_DATA", "DJANGO_SETTINGS_MODULE"} & client._environment().keys()


def test_the_warm_process_ends_with_the_process_that_started_it(tmp_path):
    script = (
        "import time\n"
        "from django.conf import settings\n"
        f"settings.configure(DATA_ROOT={str(tmp_path)!r})\n"
        "from smpclinic.limited import client\n"
        "client.start_warm()\n"
        "while not client.socket_path().exists(): time.sleep(0.02)\n"
        "print(client._started['process'].pid, flush=True)\n"
        "import os; os.kill(os.getpid(), 9)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(BASE_DIR)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, timeout=60)
    assert int(done.stdout) > 0
    wait_until(lambda: not (tmp_path / "limited.sock").exists())


def test_only_one_warm_process_serves_a_socket(warm):
    path = client.socket_path()
    second = subprocess.run(
        [sys.executable, "-m", "smpclinic.limited.warm", str(path)],
        cwd=BASE_DIR,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )
    assert second.returncode == 0
    with client._connect(path) as caller:
        assert caller.fileno() > 0


def test_nonsense_on_the_socket_harms_nobody(warm, sheet):
    for nonsense in (
        b"\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b'{"head": {}, "bytes": 99999999999, "sha256": ""}\n',
        b"x" * 99,
    ):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
            caller.connect(str(client.socket_path()))
            caller.sendall(nonsense)
            caller.shutdown(socket.SHUT_WR)
            caller.settimeout(20)
            caller.recv(1000)
    assert pdf.render_pdf(sheet("<p>x</p>"), {}).startswith(b"%PDF")


def test_more_callers_than_children_all_get_their_document(warm, sheet):
    name = sheet("<p>{{ number }}</p>")
    found = {}

    def draw(number):
        found[number] = text_of(pdf.render_pdf(name, {"number": f"number-{number}"}))

    threads = [threading.Thread(target=draw, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(found) == list(range(12))
    assert all(f"number-{number}" in shown for number, shown in found.items())


def test_a_socket_in_a_folder_of_somebody_else_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: Path("/").stat().st_uid + 12345)
    assert client._connect(tmp_path / "limited.sock") is None


def test_a_long_data_folder_gets_a_short_socket(tmp_path, settings):
    settings.DATA_ROOT = tmp_path / ("x" * 120)
    assert len(os.fsencode(client.socket_path())) <= client.LONGEST_SOCKET_PATH


def test_a_message_cut_short_is_noticed():
    stream = io.BytesIO()
    wire.send(stream, wire.Message({"code": "ok"}, b"0123456789"))
    with pytest.raises(wire.BrokenMessage, match="7 of 10 bytes"):
        wire.receive(io.BytesIO(stream.getvalue()[:-3]))
