"""Limits on tries: exact, also across processes."""

import os
import subprocess
import sys

import pytest
from django.test import RequestFactory

from smpclinic import limits
from smpclinic.environment import BASE_DIR
from smpclinic.models import TryCount
from tests import databases

NOON = 1_800_000_000


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is moved."""

    class Clock:
        now_s = NOON

    monkeypatch.setattr(limits, "_now_s", lambda: Clock.now_s)
    return Clock


@pytest.mark.django_db
@pytest.mark.parametrize("limit", [1, 2, 10])
def test_exactly_as_many_tries_pass_as_allowed(limit, clock):
    assert [limits.allow("pin", "a", limit, 60) for _try in range(limit + 3)] == [True] * limit + [False] * 3


@pytest.mark.django_db
def test_no_try_is_allowed_at_limit_nought():
    assert not limits.allow("pin", "a", 0, 60)
    assert TryCount.objects.count() == 0


@pytest.mark.django_db
def test_the_window_ends_when_it_said_it_would(clock):
    assert limits.allow("pin", "a", 1, 60)
    clock.now_s = NOON + 59
    assert not limits.allow("pin", "a", 1, 60)
    clock.now_s = NOON + 60
    assert limits.allow("pin", "a", 1, 60)
    assert not limits.allow("pin", "a", 1, 60)


@pytest.mark.django_db
def test_buckets_and_keys_are_counted_apart(clock):
    assert limits.allow("pin", "a", 1, 60)
    assert limits.allow("pin", "b", 1, 60)
    assert limits.allow("link", "a", 1, 60)
    assert not limits.allow("pin", "a", 1, 60)


@pytest.mark.django_db
def test_no_name_and_no_address_is_kept(clock):
    limits.allow("sign-in", "reception\n203.0.113.7", 1, 60)
    row = TryCount.objects.get()
    assert len(row.key_hash) == 64
    assert "reception" not in str(row.__dict__)


@pytest.mark.django_db
def test_the_wait_grows_with_each_try_and_a_success_ends_it(clock):
    waits = []
    for _try in range(11):
        assert limits.seconds_to_wait("sign-in", "a") == 0
        waits.append(limits.seconds_to_wait("sign-in", "a") if len(waits) >= 3 else 0)
        if len(waits) > 3:
            clock.now_s += waits[-1] - 1
            assert limits.seconds_to_wait("sign-in", "a") == 1
            clock.now_s += 1
    assert waits == [0, 0, 0, 2, 4, 8, 16, 30, 60, 60, 60]
    limits.forgive("sign-in", "a")
    assert [limits.seconds_to_wait("sign-in", "a") for _try in range(3)] == [0, 0, 0]


@pytest.mark.django_db
def test_an_hour_without_tries_starts_afresh(clock):
    for _try in range(4):
        assert limits.seconds_to_wait("sign-in", "a") == 0
    clock.now_s += limits.FORGOTTEN_AFTER_S
    assert [limits.seconds_to_wait("sign-in", "a") for _try in range(3)] == [0, 0, 0]


@pytest.mark.django_db
def test_expired_counters_are_deleted_and_no_others(clock):
    limits.allow("pin", "old", 1, 60)
    limits.allow("pin", "new", 1, 61)
    clock.now_s = NOON + 60
    assert limits.forget_expired() == 1
    assert not limits.allow("pin", "new", 1, 61)


RACE = """
import sys, django
django.setup()
from smpclinic import limits
sys.stdin.readline()
print(sum(limits.allow("race", "a", 10, 3600) for _ in range(int(sys.argv[1]))))
"""


@pytest.mark.django_db(transaction=True)
def test_processes_that_race_let_exactly_ten_pass():
    environment = {**os.environ, "DATABASE_URL": databases.url(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", RACE, "40"],
            env=environment,
            cwd=BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _process in range(4)
    ]
    passed = [int(process.communicate("go\n", timeout=120)[0]) for process in started]
    assert sum(passed) == 10


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "address"),
    [
        (0, "203.0.113.7", "198.51.100.1", "203.0.113.7"),
        (0, "203.0.113.7", "", "203.0.113.7"),
        (1, "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (2, "10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        (2, "10.0.0.1", "198.51.100.1", "10.0.0.1"),
        (1, "10.0.0.1", "nonsense", "unknown"),
        (0, "", "", "unknown"),
        (0, "2001:db8:1:2:aaaa::1", "", "2001:db8:1:2::/64"),
        (0, "2001:db8:1:2:bbbb::9", "", "2001:db8:1:2::/64"),
        (0, "::ffff:203.0.113.7", "", "203.0.113.7"),
    ],
)
def test_the_address_is_what_our_own_proxies_saw(settings, proxies, remote, forwarded, address):
    settings.TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=remote, headers={"x-forwarded-for": forwarded})
    assert limits.client_address(request) == address
