"""Signing in: limits come before hashing, and nobody can keep somebody else out."""

import threading

import pytest
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core import mail
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from smpclinic import limits, signin
from smpclinic.models import User

NOON = 1_800_000_000
PASSWORD = "correct horse battery staple"


def make_user(username="staff"):
    return User.objects.create_user(username, password=PASSWORD)


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is moved."""

    class Clock:
        now_s = NOON

    monkeypatch.setattr(limits, "_now_s", lambda: Clock.now_s)
    return Clock


@pytest.fixture(autouse=True)
def page_in_words(monkeypatch):
    """The 429 page alone: what stands around it is tested with the pages."""
    monkeypatch.setattr(
        signin, "render", lambda request, name, context, status: HttpResponse(f"{name} {context}", status=status)
    )


def request_from(address="203.0.113.7", **cookies):
    request = RequestFactory().post("/accounts/login/", REMOTE_ADDR=address)
    request.session, request.user = SessionStore(), AnonymousUser()
    request.COOKIES.update(cookies)
    return request


def try_to_sign_in(username="reception", password="wrong", **place):
    """The user, ``None`` for a wrong password, or the status of the answer that came instead."""
    request = request_from(**place)
    try:
        return signin.ClinicAccountAdapter(request).authenticate(request, username=username, password=password)
    except ImmediateHttpResponse as answer:
        return answer.response.status_code


def device_cookie(username):
    response = HttpResponse()
    signin.remember_device(request_from(), response, username)
    return {signin.DEVICE_COOKIE: response.cookies[signin.DEVICE_COOKIE].value}


@pytest.mark.django_db
def test_a_right_password_signs_in():
    user = make_user(username="reception")
    assert try_to_sign_in(password=PASSWORD) == user


@pytest.mark.django_db
def test_after_a_few_misses_the_answer_is_429_and_nothing_is_hashed(clock, monkeypatch):
    make_user(username="reception")
    assert [try_to_sign_in() for _try in range(5)] == [None, None, None, None, 429]
    hashed = []
    monkeypatch.setattr(signin.DefaultAccountAdapter, "authenticate", lambda *a, **k: hashed.append(1))
    assert try_to_sign_in(password=PASSWORD) == 429
    assert hashed == []
    clock.now_s += 2
    try_to_sign_in(password=PASSWORD)
    assert hashed == [1]


@pytest.mark.django_db
def test_the_429_says_how_long_to_wait(clock):
    for _try in range(4):
        try_to_sign_in()
    request = request_from()
    with pytest.raises(ImmediateHttpResponse) as answer:
        signin.Attempt(request, "Reception ").begin()
    assert answer.value.response.headers["Retry-After"] == "2"
    assert b"You can try again in 2 seconds." in answer.value.response.content


@pytest.mark.django_db
def test_an_unknown_name_is_counted_like_a_known_one(clock):
    make_user(username="reception")
    known = [try_to_sign_in() for _try in range(6)]
    assert [try_to_sign_in("nobody") for _try in range(6)] == known


@pytest.mark.django_db
def test_a_success_ends_the_wait(clock):
    make_user(username="reception")
    for _try in range(3):
        try_to_sign_in()
    assert try_to_sign_in(password=PASSWORD)
    assert [try_to_sign_in() for _try in range(4)] == [None] * 4


@pytest.mark.django_db
def test_a_stranger_cannot_keep_reception_out_of_its_own_browser(clock):
    user = make_user(username="reception")
    cookie = device_cookie("reception")
    outcomes = [try_to_sign_in(address=f"198.51.{n}.1") for n in range(60)]
    assert 429 in outcomes
    for _try in range(9):
        try_to_sign_in()
    assert try_to_sign_in(password=PASSWORD) == 429
    assert try_to_sign_in(password=PASSWORD, **cookie) == user


@pytest.mark.django_db
def test_one_address_may_try_thirty_times_a_minute(clock):
    outcomes = []
    for number in range(40):
        clock.now_s = NOON + number  # slow enough for the limit over all strangers
        outcomes.append(try_to_sign_in(f"name{number}"))
    assert outcomes == [None] * 30 + [429] * 10


@pytest.mark.django_db
def test_all_strangers_together_may_try_twenty_times_in_ten_seconds(clock):
    outcomes = [try_to_sign_in(f"name{n}", address=f"198.51.{n}.1") for n in range(25)]
    assert outcomes == [None] * 20 + [429] * 5


@pytest.mark.django_db
def test_a_known_browser_has_its_own_growing_wait(clock):
    make_user(username="reception")
    cookie = device_cookie("reception")
    assert [try_to_sign_in(**cookie) for _try in range(5)] == [None, None, None, None, 429]


def test_a_device_is_known_for_those_who_signed_in_from_it_and_for_no_one_else():
    request = request_from(**device_cookie("Reception"))
    assert signin.known_device(request, "reception")
    assert not signin.known_device(request, "manager")
    response = HttpResponse()
    signin.remember_device(request, response, "manager")
    both = request_from(**{signin.DEVICE_COOKIE: response.cookies[signin.DEVICE_COOKIE].value})
    assert signin.known_device(both, "reception") == signin.known_device(both, "manager") != ""


@pytest.mark.parametrize("forged", ["", "x", "abc.def", "a.b:c:d", "." * 5000])
def test_a_forged_cookie_makes_no_known_device(forged):
    assert signin.known_device(request_from(**{signin.DEVICE_COOKIE: forged}), "reception") == ""


def test_the_cookie_names_nobody_and_cannot_be_read_by_scripts():
    response = HttpResponse()
    signin.remember_device(request_from(), response, "reception")
    cookie = response.cookies[signin.DEVICE_COOKIE]
    assert "reception" not in cookie.value
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.django_db
def test_one_password_is_hashed_at_a_time(monkeypatch):
    monkeypatch.setattr(signin, "LONGEST_QUEUE_S", 0.05)
    assert signin._hashing.acquire(timeout=1)
    try:
        assert try_to_sign_in() == 429
    finally:
        signin._hashing.release()
    assert try_to_sign_in() is None


def test_the_turn_is_given_back_when_hashing_fails():
    with pytest.raises(RuntimeError), signin.one_hash_at_a_time(request_from()):
        raise RuntimeError
    assert signin._hashing.acquire(timeout=1)
    signin._hashing.release()


@pytest.mark.django_db
def test_threads_queue_for_the_hash_and_all_get_their_turn():
    running, most = [], []

    def hash_once():
        with signin.one_hash_at_a_time(request_from()):
            running.append(1)
            most.append(len(running))
            running.pop()

    threads = [threading.Thread(target=hash_once) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == [1] * 8


@pytest.mark.django_db
def test_nobody_signs_up_by_themselves():
    assert signin.ClinicAccountAdapter(request_from()).is_open_for_signup(request_from()) is False


@pytest.mark.django_db
def test_a_second_factor_is_tried_six_times_in_five_minutes(clock):
    user = make_user()
    outcomes = []
    for _try in range(7):
        with context.request_context(request_from()):
            form = signin.AuthenticateForm({"code": "000000"}, user=user)
            outcomes.append("Wait five minutes" in form.errors.as_json())
    assert outcomes == [False] * 6 + [True]


@pytest.mark.django_db
def test_visitors_cannot_have_us_write_to_strangers(client):
    client.post(reverse("account_reset_password"), {"email": "stranger@example.org"})
    assert mail.outbox == []


@pytest.mark.django_db
def test_one_address_gets_three_mails_an_hour_whoever_asks(client, clock):
    User.objects.create_user("ada", email="ada@example.org", password=PASSWORD)
    answers = [client.post(reverse("account_reset_password"), {"email": "ada@example.org"}) for _try in range(5)]
    assert {answer.url for answer in answers} == {reverse("account_reset_password_done")}
    assert len(mail.outbox) == 3
    clock.now_s += 60 * 60
    client.post(reverse("account_reset_password"), {"email": "ada@example.org"})
    assert len(mail.outbox) == 4


@pytest.mark.django_db
def test_the_present_password_can_be_tried_a_handful_of_times(client, clock):
    user = make_user()
    client.force_login(user)
    new = {"password1": "another long phrase", "password2": "another long phrase"}
    page = reverse("account_change_password")
    for _try in range(signin.PASSWORDS_BY_PERSON[0]):
        assert "Wait five minutes" not in client.post(page, new | {"oldpassword": "wrong"}).text
    refused = client.post(page, new | {"oldpassword": PASSWORD})
    assert "Too many passwords were wrong. Wait five minutes" in refused.text
    clock.now_s += signin.PASSWORDS_BY_PERSON[1]
    assert client.post(page, new | {"oldpassword": PASSWORD}).status_code == 302
    user.refresh_from_db()
    assert user.check_password("another long phrase")
