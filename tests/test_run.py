"""run.py: what it refuses and in which words, what it sets up, how it keeps its programs, how it closes a test run."""

import doctest
import hashlib
import os
import re
import runpy
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from smpclinic.launch import checks, packages, places, serving, system, testing
from smpclinic.launch.command import understand
from smpclinic.launch.places import CannotStart

ROOT = Path(__file__).resolve().parent.parent


def run(*arguments, **environ):
    """Start run.py as a person would, without what the test environment itself sets."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SMPCLINIC_", "DATABASE_URL"))}
    command = [sys.executable, "run.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env={**clean, **environ}, capture_output=True, text=True, timeout=60, check=False
    )


def assert_refused(done, *words):
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    for word in words:
        assert word in done.stderr


class TestRefusals:
    def test_an_old_python_is_named_before_anything_else_is_read(self):
        problem = runpy.run_path(str(ROOT / "run.py"))["python_problem"]((3, 9, 2))
        assert problem.startswith("smpclinic needs Python 3.11 or newer, and this is Python 3.9 (")

    @pytest.mark.parametrize("version", [(3, 11), (3, 12, 1), (4, 0)])
    def test_a_new_enough_python_is_fine(self, version):
        assert runpy.run_path(str(ROOT / "run.py"))["python_problem"](version) == ""

    def test_run_py_itself_can_be_read_by_python_3_6(self):
        import ast

        ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 6))

    @pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "8000.5"])
    def test_a_port_that_is_no_port_is_named(self, port):
        assert_refused(run("--port=" + port), f"--port {port} cannot be used", "1 to 65535")

    def test_a_taken_port_is_named_with_a_free_one(self):
        with socket.create_server((checks.LISTEN_ON, 0)) as other:
            port = other.getsockname()[1]
            done = run("--port", str(port))
        assert_refused(done, f"Port {port} is taken by another program", "add --port ")
        free = int(re.search(r"--port (\d+)", done.stderr)[1])
        checks.check_port(free)

    @pytest.mark.parametrize(
        ("name", "value", "cure"),
        [
            ("SMPCLINIC_MODE", "play", "use demo or clinic"),
            ("SMPCLINIC_PORT", "many", "use a number from 1 to 65535"),
            ("SMPCLINIC_HTTPS", "perhaps", "use yes or no"),
            ("SMPCLINIC_PUBLIC_URL", "clinic", "use an address such as"),
            ("DATABASE_URL", "mysql://db/clinic", "Use sqlite:////folder/clinic.sqlite3 or postgres://"),
            ("DATABASE_URL", "postgres://db:port/clinic", "Use sqlite:////folder/clinic.sqlite3 or postgres://"),
        ],
    )
    def test_a_bad_value_is_named_with_its_cure(self, name, value, cure):
        assert_refused(run("setup", **{name: value}), f"{name}={value}", cure)

    def test_a_misspelt_setting_is_not_passed_over(self):
        assert_refused(run("setup", SMPCLINIC_PROT="8001"), "SMPCLINIC_PROT is no setting", "SMPCLINIC_PORT")

    def test_a_password_in_the_database_address_is_never_repeated(self):
        done = run("setup", DATABASE_URL="mysql://anna:s3cret@db/clinic")
        assert_refused(done, "mysql://anna:...@db/clinic")
        assert "s3cret" not in done.stderr + done.stdout

    def test_a_file_where_the_data_folder_should_be_is_named_and_nothing_is_made(self, tmp_path):
        in_the_way = tmp_path / "notes.txt"
        in_the_way.write_text("mine", encoding="utf-8")
        assert_refused(run("setup", SMPCLINIC_DATA=str(in_the_way / "data")), f"{in_the_way} is a file")
        assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]

    def test_a_closed_folder_is_named_and_nothing_is_made(self, tmp_path, monkeypatch):
        monkeypatch.setattr(checks.os, "access", lambda path, _mode: path != tmp_path)
        with pytest.raises(CannotStart) as refusal:
            checks.check_folder(tmp_path / "a" / "b", "SMPCLINIC_DATA")
        assert str(refusal.value).startswith(f"SMPCLINIC_DATA={tmp_path}/a/b cannot be written: {tmp_path} is closed")
        assert list(tmp_path.iterdir()) == []

    def test_an_unknown_word_is_answered_with_the_usage(self):
        assert_refused(run("dance"), "dance", "python3 run.py [serve|setup|test]")

    def test_an_unknown_option_is_answered_with_the_usage(self):
        assert_refused(run("serve", "--prot", "8001"), "--prot", "python3 run.py [serve|setup|test]")

    @pytest.mark.parametrize("name", ["bad_name", "a..b", "-a", "http://x", "a" * 64])
    def test_a_clinic_name_that_is_no_machine_name_is_refused(self, name):
        with pytest.raises(CannotStart, match="no name of a machine"):
            checks.check_host_name(name)

    def test_a_postgresql_that_does_not_answer_is_named_without_its_password(self):
        with socket.create_server((checks.LISTEN_ON, 0)) as closed:
            port = closed.getsockname()[1]
        url = f"postgres://anna:s3cret@{checks.LISTEN_ON}:{port}/clinic"
        with pytest.raises(CannotStart) as refusal:
            checks.check_postgresql(Path(sys.executable), {**os.environ, "DATABASE_URL": url})
        assert f"PostgreSQL ({checks.LISTEN_ON}, database clinic) cannot be used" in str(refusal.value)
        assert "s3cret" not in str(refusal.value)

    def test_sqlite_asks_no_server(self):
        checks.check_postgresql(Path("/nowhere/python"), {"DATABASE_URL": "sqlite:////folder/clinic.sqlite3"})


class TestRequests:
    def test_alone_it_serves_the_demo_on_port_8000(self):
        request = understand([], {})
        assert (request.command, request.mode, request.port) == ("serve", "demo", 8000)

    def test_the_option_wins_over_the_environment(self):
        assert understand(["--port", "8005"], {"SMPCLINIC_PORT": "8004"}).port == 8005

    def test_clinic_without_a_name_changes_the_mode_and_no_host(self):
        request = understand(["serve", "--clinic"], {})
        assert (request.mode, "SMPCLINIC_HOSTS" in request.environ) == ("clinic", False)

    def test_clinic_with_a_name_answers_to_that_name_too(self):
        request = understand(["serve", "--clinic", "desk.local"], {})
        assert request.environ["SMPCLINIC_HOSTS"] == "localhost,127.0.0.1,[::1],desk.local"

    def test_everything_after_test_goes_to_pytest(self):
        arguments = ["-k", "plan", "--port", "x", "tests/planning"]
        assert understand(["test", *arguments], {}).pytest_arguments == arguments

    def test_demo_and_clinic_have_folders_of_their_own(self, tmp_path):
        assert places.data_folder("demo", {}, tmp_path) == tmp_path / "var" / "demo"
        assert places.data_folder("clinic", {}, tmp_path) == tmp_path / "var" / "clinic"

    def test_the_data_folder_can_be_named(self, tmp_path):
        assert places.data_folder("clinic", {"SMPCLINIC_DATA": f" {tmp_path}/x "}) == tmp_path / "x"


class TestPackages:
    def test_every_package_of_both_locks_is_pinned_with_hashes(self):
        for lock in (packages.LOCK_TO_SERVE, packages.LOCK_TO_TEST):
            entries = re.split(r"\n(?=[a-z0-9])", lock.read_text(encoding="utf-8"))[1:]
            assert len(entries) > 40
            for entry in entries:
                assert re.match(r"[a-z0-9.-]+==\S+", entry), entry
                assert "--hash=sha256:" in entry, entry

    def test_the_tests_run_on_the_versions_that_serve(self):
        def pins(lock):
            return set(re.findall(r"^[a-z0-9.-]+==[^ ;\\\n]+", lock.read_text(encoding="utf-8"), re.MULTILINE))

        assert pins(packages.LOCK_TO_SERVE) <= pins(packages.LOCK_TO_TEST)

    def test_an_installed_lock_is_not_installed_again(self, tmp_path, monkeypatch):
        lock = made_venv(tmp_path)
        stamp(tmp_path, lock)
        monkeypatch.setattr(packages, "_run", lambda command: pytest.fail(f"ran {command}"))
        packages.install(lock, tmp_path / ".venv")

    def test_a_changed_lock_is_installed_again(self, tmp_path):
        lock = made_venv(tmp_path)
        stamp(tmp_path, lock)
        lock.write_text("other==1\n", encoding="utf-8")
        assert not packages.is_installed(lock, tmp_path / ".venv")

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"requirements.lock": "0"}'])
    def test_a_spoilt_stamp_counts_as_not_installed(self, tmp_path, text):
        lock = made_venv(tmp_path)
        (tmp_path / ".venv" / packages.STAMP).write_text(text, encoding="utf-8")
        assert not packages.is_installed(lock, tmp_path / ".venv")

    @pytest.mark.parametrize(
        ("told", "reason"),
        [
            ("WARNING: slow\nERROR: No matching distribution.\nmore\n", "No matching distribution."),
            (
                "WARNING: Retrying (...) after connection broken by 'SSLError(1)': /simple/x/\nERROR: none\n",
                "the package index cannot be reached (SSLError(1)); check the network and try again.",
            ),
            ("Killed\n\n", "Killed."),
        ],
    )
    def test_a_failed_installation_is_told_in_one_sentence_and_leaves_no_stamp(
        self, tmp_path, monkeypatch, told, reason
    ):
        lock = made_venv(tmp_path)
        monkeypatch.setattr(packages, "has_pip", lambda _venv: True)
        monkeypatch.setattr(packages, "_run", lambda _command: subprocess.CompletedProcess([], 1, "", told))
        with pytest.raises(CannotStart) as refusal:
            packages.install(lock, tmp_path / ".venv")
        assert str(refusal.value) == "The packages of requirements.lock could not be installed: " + reason
        assert not (tmp_path / ".venv" / packages.STAMP).exists()

    def test_a_finished_installation_leaves_its_stamp(self, tmp_path, monkeypatch):
        lock = made_venv(tmp_path)
        monkeypatch.setattr(packages, "has_pip", lambda _venv: True)
        monkeypatch.setattr(packages, "_run", lambda command: subprocess.CompletedProcess(command, 0, "", ""))
        packages.install(lock, tmp_path / ".venv")
        assert packages.is_installed(lock, tmp_path / ".venv")

    def test_an_environment_whose_python_does_not_run_is_removed(self, tmp_path):
        venv = tmp_path / ".venv"
        made_venv(tmp_path)
        packages.drop_broken_venv(venv)
        assert not venv.exists()

    def test_a_working_environment_is_kept(self, tmp_path):
        venv = tmp_path / ".venv"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
        packages.drop_broken_venv(venv)
        assert places.venv_python(venv).exists()

    def test_a_pip_with_a_wrong_hash_is_refused(self, tmp_path, monkeypatch):
        import io

        monkeypatch.setattr(packages.urllib.request, "urlopen", lambda *_args, **_kwargs: io.BytesIO(b"evil"))
        with pytest.raises(CannotStart, match="wrong hash"):
            packages._download_pip(tmp_path)
        assert list(tmp_path.iterdir()) == []

    def test_a_pip_with_the_right_hash_is_kept(self, tmp_path, monkeypatch):
        import io

        monkeypatch.setattr(packages, "PIP_WHEEL_SHA256", hashlib.sha256(b"good").hexdigest())
        monkeypatch.setattr(packages.urllib.request, "urlopen", lambda *_args, **_kwargs: io.BytesIO(b"good"))
        assert packages._download_pip(tmp_path).read_bytes() == b"good"


def made_venv(folder):
    """A folder that looks like an environment, its Python unable to run, and the lock beside it."""
    venv = folder / ".venv"
    places.venv_python(venv).parent.mkdir(parents=True)
    places.venv_python(venv).touch()
    (venv / "pyvenv.cfg").touch()
    lock = folder / "requirements.lock"
    lock.write_text("some==1\n", encoding="utf-8")
    return lock


def stamp(folder, lock):
    text = f'{{"{lock.name}": "{packages.fingerprint(lock)}"}}'
    (folder / ".venv" / packages.STAMP).write_text(text, encoding="utf-8")


class TestSystem:
    def test_what_is_there_is_not_asked_of_apt(self, monkeypatch):
        monkeypatch.setattr(system.subprocess, "run", lambda *_args, **_kwargs: pytest.fail("asked"))
        assert system.provide([system.Need("thing", ("thing",), lambda: True, "nothing works")]) == []

    def test_a_library_that_is_not_there_is_noticed(self):
        assert system._load(["libc.so.6"])
        assert not system._load(["libc.so.6", "libnothing-of-that-name.so.1"])

    def test_a_browser_without_its_drivers_library_does_not_count(self, monkeypatch):
        monkeypatch.setattr(system.sys, "platform", "linux")
        monkeypatch.setattr(system.shutil, "which", lambda name, path: f"/usr/bin/{name}")
        monkeypatch.setattr(system, "_load", lambda libraries: "libatomic.so.1" not in libraries)
        assert not system.browser_found()

    def test_what_cannot_be_had_is_told_with_one_line_to_run(self, capsys):
        system.advise([system.PANGO])
        told = capsys.readouterr().out.splitlines()
        assert told[0] == "Without Pango, PDFs cannot be made; print from the browser instead."
        assert told[1].endswith("apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0")
        assert len(told) == 2

    def test_nothing_missing_is_nothing_said(self, capsys):
        system.advise([])
        assert capsys.readouterr().out == ""

    def test_unpacked_libraries_and_fonts_are_found_by_the_programs(self, tmp_path):
        (tmp_path / "usr/lib").mkdir(parents=True)
        (tmp_path / "fonts.conf").touch()
        child = places.child_environment({"LD_LIBRARY_PATH": "/mine"}, tmp_path)
        assert child["LD_LIBRARY_PATH"] == f"{tmp_path}/usr/lib:/mine"
        assert child["FONTCONFIG_FILE"] == f"{tmp_path}/fonts.conf"

    def test_unpacked_programs_come_first_on_the_path_newest_postgresql_first(self, tmp_path):
        for folder in ("usr/lib/chromium", "usr/lib/postgresql/9/bin", "usr/lib/postgresql/15/bin"):
            (tmp_path / folder).mkdir(parents=True)
        child = places.child_environment({"PATH": "/bin"}, tmp_path)
        own = ["usr/lib/chromium", "usr/lib/postgresql/15/bin", "usr/lib/postgresql/9/bin"]
        assert child["PATH"].split(":") == [*(f"{tmp_path}/{folder}" for folder in own), "/bin"]

    def test_without_unpacked_packages_the_environment_stays(self, tmp_path):
        child = places.child_environment({"PATH": "/bin"}, tmp_path / "none")
        assert child == {"PATH": "/bin", "PYTHONUTF8": "1"}


def program(name, code, *, essential=False):
    return serving.Program(name, [sys.executable, "-c", code], essential=essential)


@pytest.fixture
def _kept_signals():
    names = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
    before = [signal.getsignal(name) for name in names]
    yield
    for name, handler in zip(names, before, strict=True):
        signal.signal(name, handler)


@pytest.mark.usefixtures("_kept_signals")
class TestServing:
    def test_where_the_server_ends_the_worker_is_stopped_too(self):
        worker = program("worker", "import time; time.sleep(60)")
        server = program("server", "import time; time.sleep(0.5); raise SystemExit(3)", essential=True)
        with pytest.raises(CannotStart, match=r"The server ended by itself \(code 3\)"):
            serving.keep_running([server, worker], os.environ, lambda: True)
        assert worker.process.poll() == -signal.SIGTERM

    def test_a_worker_that_ends_is_started_again(self, tmp_path, monkeypatch, capsys):
        monkeypatch.setattr(serving, "LONGEST_PAUSE_S", 0.1)
        tries = tmp_path / "tries"
        worker = program("worker", f"open({str(tries)!r}, 'a').write('x'); raise SystemExit(9)")
        server = program("server", "import time; time.sleep(60)", essential=True)

        def ready():
            if tries.exists() and len(tries.read_text(encoding="utf-8")) >= 3:
                os.kill(os.getpid(), signal.SIGTERM)
            return False

        serving.keep_running([server, worker], os.environ, ready)
        assert "The worker ended by itself (code 9); starting it again" in capsys.readouterr().out
        assert server.process.poll() == -signal.SIGTERM

    def test_ctrl_c_stops_all_and_says_so(self, capsys):
        server = program("server", "import time; time.sleep(60)", essential=True)
        worker = program("worker", "import time; time.sleep(60)")
        serving.keep_running([server, worker], os.environ, lambda: os.kill(os.getpid(), signal.SIGINT) or True)
        assert [server.process.poll(), worker.process.poll()] == [-signal.SIGTERM, -signal.SIGTERM]
        assert capsys.readouterr().out == "Stopped.\n"

    def test_a_program_deaf_to_the_signal_is_killed(self, monkeypatch):
        monkeypatch.setattr(serving, "STOP_WITHIN_S", 0.3)
        deaf = program(
            "worker", "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
        )
        server = program("server", "import time; time.sleep(1.5)", essential=True)
        with pytest.raises(CannotStart):
            serving.keep_running([server, deaf], os.environ, lambda: True)
        assert deaf.process.poll() == -signal.SIGKILL

    @pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the signal of a dead parent is Linux's")
    def test_nothing_is_left_behind_where_run_py_is_killed(self, tmp_path):
        pid_file = tmp_path / "pid"
        child = f"import os, time; open({str(pid_file)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
        code = (
            "import os, sys\nfrom smpclinic.launch import serving\n"
            f"p = serving.Program('server', [sys.executable, '-c', {child!r}], True)\n"
            "serving.keep_running([p], os.environ, lambda: False)"
        )
        parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
        pid = wait_for(lambda: pid_file.exists() and pid_file.read_text(encoding="utf-8"))
        parent.kill()
        parent.wait()
        assert wait_for(lambda: not is_running(int(pid)))

    def test_health_is_none_while_nothing_answers(self):
        with socket.create_server((checks.LISTEN_ON, 0)) as closed:
            port = closed.getsockname()[1]
        assert serving.health(port, "localhost") is None

    @pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"reasons": 3}', b'{"other": {}}', b"null"])
    def test_an_answer_that_is_none_of_healthz_is_told_by_its_status(self, body):
        assert serving.told_problems(500, body) == ["it answers with status 500"]

    def test_each_problem_of_healthz_is_told(self):
        body = b'{"status": "unwell", "reasons": ["database: a", "guards: b"]}'
        assert serving.told_problems(503, body) == ["database: a", "guards: b"]


def wait_for(question, within_s=10.0):
    """The first true answer of ``question`` within ``within_s`` seconds, else its last."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        answer = question()
        if answer:
            return answer
        time.sleep(0.05)
    return question()


def is_running(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


class TestClosingLine:
    def test_all_green(self):
        outcomes = [testing.Outcome(passed=5), testing.Outcome(passed=5)]
        assert testing.closing(outcomes, [], all_required=True) == ("10 passed", 0)

    def test_what_did_not_run_is_counted_with_its_reasons(self):
        outcomes = [testing.Outcome(passed=8, not_run=1), testing.Outcome(not_run=9)]
        line = "8 passed, 10 not run: no PostgreSQL, no browser"
        assert testing.closing(outcomes, ["PostgreSQL", "browser"], all_required=False) == (line, 0)

    def test_where_all_is_required_a_test_that_did_not_run_fails(self):
        assert testing.closing([testing.Outcome(passed=8, not_run=1)], ["browser"], all_required=True)[1] == 1

    def test_a_failure_fails(self):
        line, code = testing.closing([testing.Outcome(passed=8, failed=2, code=1)], [], all_required=False)
        assert (line, code) == ("2 failed, 8 passed", 1)

    def test_a_run_that_broke_off_is_not_green(self):
        line, code = testing.closing([testing.Outcome(code=4)], [], all_required=False)
        assert (code, "pytest ended with an error" in line) == (1, True)

    def test_a_warning_turned_to_an_exit_code_is_not_green(self):
        assert testing.closing([testing.Outcome(passed=3, code=1)], [], all_required=False)[1] == 1

    def test_no_test_at_all_is_not_green(self):
        assert testing.closing([testing.Outcome(code=5)], [], all_required=False)[1] == 1

    def test_the_report_of_pytest_is_counted(self, tmp_path):
        report = tmp_path / "report.xml"
        report.write_text(
            "<testsuites><testsuite><testcase/><testcase><skipped message='no browser'/></testcase>"
            "<testcase><failure/></testcase><testcase><error/></testcase></testsuite></testsuites>",
            encoding="utf-8",
        )
        assert testing.read_report(report, 1) == testing.Outcome(passed=1, failed=2, not_run=1, code=1)

    def test_a_missing_report_is_not_green(self, tmp_path):
        outcome = testing.read_report(tmp_path / "none.xml", 0)
        assert testing.closing([outcome], [], all_required=False)[1] == 1

    @pytest.mark.parametrize("arguments", [["--db", "sqlite", "-x"], ["--db=sqlite", "-x"], ["-x", "--db", "sqlite"]])
    def test_one_database_can_be_chosen(self, arguments):
        assert testing.databases_in(arguments) == (("sqlite",), ["-x"])

    def test_both_databases_are_tested_where_none_is_chosen(self):
        assert testing.databases_in(["-x"]) == (("sqlite", "postgres"), ["-x"])


@pytest.mark.parametrize(
    "module", [checks, places, packages, serving, system, testing], ids=lambda module: module.__name__
)
def test_the_examples_in_the_docstrings_hold(module):
    assert doctest.testmod(module).failed == 0


def test_a_secret_file_is_readable_by_its_owner_alone(tmp_path):
    environ = {**os.environ, "SMPCLINIC_DATA": str(tmp_path / "data"), "DJANGO_SETTINGS_MODULE": "smpclinic.settings"}
    code = "from django.conf import settings; print(len(settings.SECRET_KEY))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) >= 50
    assert stat.S_IMODE((tmp_path / "data" / "secret_key").stat().st_mode) == 0o600
