"""Private links and the tablet: who gets in, for how long, and what nobody can tell from an answer."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from intake import actions, defaults
from intake.actions import links
from intake.figures import Figures
from intake.models import PrivateLink
from intake.models.link import LinkState
from intake.tokens import in_groups, new_token, token_hash
from smpclinic.actors import staff
from smpclinic.masking import masked
from smpclinic.models import AccessEntry, AuditEntry, Outbox
from smpclinic.outbox.queue import take
from smpclinic.outbox.worker import do
from tests.make import PASSWORD, make_clinic, make_consent, make_manager, make_patient, make_practitioner, make_user

pytestmark = pytest.mark.django_db
BORN = {"born_on": "3 May 1984"}
OWN = "/my-intake/"


@pytest.fixture(autouse=True)
def _clinic(settings):
    make_clinic(name="Clinic Aurora", phone="0123 456")
    defaults.install()
    settings.PUBLIC_URL = "https://clinic.example"


@pytest.fixture
def reception():
    return make_user(username="rosa", display_name="Rosa Reception")


@pytest.fixture
def desk(reception):
    client = Client()
    client.force_login(reception)
    return client


@pytest.fixture
def patient():
    return make_patient(full_name="Anna Kowalska", born_on=date(1984, 5, 3), email="anna@example.org")


@pytest.fixture
def intake(patient, reception):
    return actions.start_intake(patient=patient, by=staff(reception))


@pytest.fixture
def link(intake, reception):
    return links.offer_link(intake=intake, channel="qr", by=staff(reception))


@pytest.fixture
def address(link, reception):
    return f"/i/{links.mint_token(link=link, by=staff(reception))}/"


def page_of(name, *args):
    return reverse(f"intake:{name}", args=args)


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def opened(address) -> Client:
    client = Client()
    assert client.post(address, BORN).status_code == 302
    return client


def changed(link, **fields):
    for name, value in fields.items():
        setattr(link, name, value)
    link.save()


def shown_code(desk, patient):
    """The page to which a press on "Show QR code" leads."""
    return desk.post(page_of("send_link", patient.public_id), {"channel": "qr"}, follow=True)


def token_of(answer) -> str:
    """The address that a page with a code shows, without the host."""
    return re.search(r"/i/[a-z2-7-]+/", text_of(answer))[0]


class TestGivingOne:
    def test_a_code_is_shown_with_the_address_to_read_out(self, desk, patient):
        page = text_of(shown_code(desk, patient))
        token = re.search(r"https://clinic\.example/i/([a-z2-7-]+)/", page)[1]
        assert '<title id="qr-title">' in page
        assert len(token.replace("-", "")) == 52
        link = PrivateLink.objects.get()
        assert link.token_sha256 == token_hash(token)
        assert token not in text_of(desk.get(page_of("intake", patient.public_id)))

    def test_loading_the_code_again_makes_no_other_link(self, desk, patient):
        first = shown_code(desk, patient)
        again = desk.get(first.request["PATH_INFO"])
        assert PrivateLink.objects.count() == 1
        assert 'id="qr-title"' in text_of(again)
        assert token_of(again) == token_of(first)
        assert Client().get(token_of(again)).status_code == 200

    @pytest.mark.parametrize("end", ["ten minutes", "a newer link", "another browser"])
    def test_a_code_is_not_shown_any_more_after(self, desk, patient, reception, end):
        page = shown_code(desk, patient).request["PATH_INFO"]
        if end == "a newer link":
            shown_code(desk, patient)
        elif end == "another browser":
            desk = Client()
            desk.force_login(reception)
        minutes = 10 if end == "ten minutes" else 0
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes, seconds=1)):
            answer = desk.get(page, follow=True)
        assert answer.redirect_chain == [(page_of("intake", patient.public_id), 302)]
        assert "not shown any more" in text_of(answer)

    def test_a_mail_is_queued_without_a_token_and_minted_when_it_is_sent(self, desk, patient):
        url = page_of("send_link", patient.public_id)
        for _ in range(2):
            desk.post(url, {"channel": "email"})
        link = PrivateLink.objects.get()
        assert (link.token_sha256, link.state) == (None, LinkState.WAITING)
        item = Outbox.objects.get(kind="intake_link")
        assert (item.subject_id, item.second_id) == (link.pk, None)
        do(take("test"))
        link.refresh_from_db()
        [message] = mail.outbox
        token = re.search(r"/i/([a-z2-7-]+)/", message.body)[1]
        assert message.to == ["anna@example.org"]
        assert link.token_sha256 == token_hash(token)
        assert link.state is LinkState.SENT
        assert "scalp" not in (message.subject + message.body).lower()

    def test_a_mail_that_fails_is_told_and_tried_with_a_new_token(self, desk, patient, monkeypatch):
        desk.post(page_of("send_link", patient.public_id), {"channel": "email"})
        tokens = []
        monkeypatch.setattr("intake.background._mail", lambda link, address: tokens.append(address) or Broken())
        do(take("test"))
        assert "Not sent yet, tried again soon" in text_of(desk.get(page_of("intake", patient.public_id)))
        Outbox.objects.update(run_after=timezone.now())
        monkeypatch.undo()
        do(take("test"))
        assert len(mail.outbox) == 1
        assert tokens[0].removeprefix("https://clinic.example") not in mail.outbox[0].body

    def test_a_mail_that_was_given_up_or_came_nowhere_is_sent_again(self, desk, patient):
        url, page = page_of("send_link", patient.public_id), page_of("intake", patient.public_id)
        desk.post(url, {"channel": "email"})
        assert "Send again" not in text_of(desk.get(page))
        Outbox.objects.update(state="failed", last_error="No route.")
        assert "Could not be sent: No route." in text_of(desk.get(page))
        for _ in range(2):
            assert "Send again" in text_of(desk.get(page))
            desk.post(url, {"channel": "email"})
            do(take("test"))
        assert len(mail.outbox) == 2
        assert [link.state for link in PrivateLink.objects.all()] == ["sent", "revoked", "revoked"]

    def test_what_is_missing_is_asked_first_and_kept(self, desk):
        patient = make_patient(born_on=None, email="")
        url = page_of("send_link", patient.public_id)
        answer = desk.post(url, {"channel": "email", "born_on": "31 Feb 1984", "email": "x@example.org"})
        assert "born_on" in answer.context["form"].errors
        assert "x@example.org" in text_of(answer)
        assert not PrivateLink.objects.exists()
        desk.post(url, {"channel": "email", **BORN, "email": "x@example.org"})
        patient.refresh_from_db()
        assert (patient.born_on, patient.email) == (date(1984, 5, 3), "x@example.org")
        assert PrivateLink.objects.get().state is LinkState.WAITING

    def test_without_a_public_address_the_page_says_what_to_do_instead(self, desk, patient, settings):
        settings.PUBLIC_URL, settings.MODE = "", "clinic"
        page = text_of(desk.get(page_of("intake", patient.public_id)))
        assert "SMPCLINIC_PUBLIC_URL" in page
        assert "Hand over this tablet" in page
        assert "Show QR code" not in page
        refused = text_of(desk.post(page_of("send_link", patient.public_id), {"channel": "qr"}))
        assert "SMPCLINIC_PUBLIC_URL" in refused
        assert not PrivateLink.objects.exists()

    def test_the_demo_leads_to_this_machine(self, desk, patient, settings):
        settings.PUBLIC_URL, settings.MODE, settings.PORT = "", "demo", 8001
        assert "http://127.0.0.1:8001/i/" in text_of(shown_code(desk, patient))

    def test_no_mail_to_a_patient_who_wants_none(self, desk, patient, reception):
        actions.give_consent(
            patient=patient, kind="messages", granted=False, signed_name="", by=staff(reception), exact_text="Mails."
        )
        answer = desk.post(page_of("send_link", patient.public_id), {"channel": "email"})
        assert "does not want messages" in text_of(answer)

    def test_a_new_link_closes_the_one_before(self, intake, reception, address, link):
        links.offer_link(intake=intake, channel="qr", by=staff(reception))
        assert Client().get(address).status_code == 404
        link.refresh_from_db()
        assert link.state is LinkState.REVOKED

    def test_the_clinic_says_how_long_a_link_lives(self, intake, reception):
        make_clinic()
        actions.set_figures(figures=Figures(link_days=3), by=staff(make_manager()))
        link = links.offer_link(intake=intake, channel="qr", by=staff(reception))
        assert timedelta(days=2, hours=23) < link.expires_at - timezone.now() <= timedelta(days=3)

    def test_one_link_and_three_cost_the_same_queries(self, desk, intake, reception, django_assert_num_queries):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        counts = []
        for _ in range(3):
            links.offer_link(intake=intake, channel="qr", by=staff(reception))
            with CaptureQueriesContext(connection) as queries:
                desk.get(page_of("intake", intake.patient.public_id))
            counts.append(len(queries))
        assert counts[0] == counts[2]


class TestFromThePatientPage:
    def test_one_press_mails_the_link_where_nothing_is_missing(self, desk, patient):
        page = text_of(desk.get(patient.get_absolute_url()))
        assert f'action="{page_of("send_link", patient.public_id)}"' in page
        assert "Send the intake" in page

    @pytest.mark.parametrize("missing", [{"email": ""}, {"born_on": None}])
    def test_what_is_missing_is_asked_on_the_page_of_the_intake(self, desk, missing):
        patient = make_patient(**{"email": "anna@example.org"} | missing)
        page = text_of(desk.get(patient.get_absolute_url()))
        assert f'href="{page_of("intake", patient.public_id)}#send"' in page
        assert page_of("send_link", patient.public_id) not in page

    def test_a_link_that_is_out_is_told_and_not_replaced_in_passing(self, desk, patient, address):
        opened(address)
        page = text_of(desk.get(patient.get_absolute_url()))
        assert "Private link: QR code, Opened" in page
        assert "Send the intake" not in page

    def test_an_intake_that_was_handed_in_is_not_sent(self, desk, patient, intake):
        type(intake).objects.filter(pk=intake.pk).update(state="submitted")
        assert "Send the intake" not in text_of(desk.get(patient.get_absolute_url()))

    def test_not_by_mail_to_somebody_who_refused_messages(self, desk, patient):
        make_consent(patient=patient, kind="messages", granted=False)
        page = text_of(desk.get(patient.get_absolute_url()))
        assert f'href="{page_of("intake", patient.public_id)}#send"' in page


class Broken:
    def send(self):
        raise OSError("no route to anna@example.org")


class TestOpening:
    def test_the_birth_date_opens_the_first_page(self, address, link):
        client = Client()
        assert "date of birth" in text_of(client.get(address))
        answer = client.post(address, BORN, follow=True)
        assert "page 1 of" in text_of(answer)
        link.refresh_from_db()
        assert link.state is LinkState.OPENED
        assert answer.headers["Referrer-Policy"] == "strict-origin"
        assert answer.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("written", ["3 May 1984", "03/05/1984", "1984-05-03", "3.5.84"])
    def test_any_usual_way_to_write_it(self, address, written):
        assert Client().post(address, {"born_on": written}).status_code == 302

    def test_the_token_may_be_typed_as_it_was_read_out(self, address):
        token = address.split("/")[2]
        assert Client().post(f"/i/{in_groups(token).upper()}/", BORN).status_code == 302

    def test_the_page_before_the_birth_date_names_nobody(self, address):
        assert "Anna" not in text_of(Client().get(address))

    def test_five_wrong_dates_lock_it_and_the_sixth_is_not_even_compared(self, address, link):
        client = Client()
        said = [text_of(client.post(address, {"born_on": f"{day} June 1984"})) for day in range(1, 6)]
        assert "4 tries are left" in said[0]
        assert "1 try is left" in said[3]
        assert "This link cannot be used" in said[4]
        assert client.post(address, BORN).status_code == 404
        link.refresh_from_db()
        assert link.state is LinkState.LOCKED

    def test_four_wrong_dates_and_a_right_one_open_it(self, address, link):
        client = Client()
        for day in range(1, 5):
            client.post(address, {"born_on": f"{day} June 1984"})
        assert client.post(address, BORN).status_code == 302
        link.refresh_from_db()
        assert link.wrong_tries == 0

    @pytest.mark.parametrize("typed", ["", "soon", "9" * 10_000, "3 May\0 1984", "3 May 2999"])
    def test_what_is_no_date_is_refused_beside_the_field_and_costs_no_try(self, address, link, typed):
        answer = Client().post(address, {"born_on": typed})
        assert "born_on" in answer.context["form"].errors
        link.refresh_from_db()
        assert link.wrong_tries == 0

    def test_looking_a_hundred_times_changes_nothing(self, address):
        before = (list(PrivateLink.objects.values()), AuditEntry.objects.count(), AccessEntry.objects.count())
        client = Client()
        for _ in range(50):
            client.get(address)
            client.head(address)
        assert (list(PrivateLink.objects.values()), AuditEntry.objects.count(), AccessEntry.objects.count()) == before

    @pytest.mark.parametrize(
        "fields",
        [
            {"expires_at": timezone.now()},
            {"revoked_at": timezone.now()},
            {"used_at": timezone.now()},
            {"wrong_tries": 5},
        ],
        ids=lambda fields: next(iter(fields)),
    )
    def test_every_dead_link_answers_as_an_unknown_one(self, address, link, fields):
        changed(link, **fields)
        for method, sent in (("get", None), ("post", BORN)):
            dead = getattr(Client(), method)(address, sent)
            unknown = getattr(Client(), method)(f"/i/{new_token()}/", sent)
            assert _but_for_chance(dead) == _but_for_chance(unknown)
            assert dead.status_code == 404

    def test_it_works_to_its_last_second(self, address, link):
        with time_machine.travel(link.expires_at - timedelta(seconds=1), tick=False):
            assert Client().get(address).status_code == 200
        with time_machine.travel(link.expires_at, tick=False):
            assert Client().get(address).status_code == 404

    @pytest.mark.parametrize("token", ["x", "a" * 52, "ü", "%00", "'", "a" * 5000])
    def test_nonsense_is_an_unknown_link(self, token):
        answer = Client().get(f"/i/{token}/")
        assert answer.status_code == 404
        assert "This link cannot be used" in text_of(answer)


def _but_for_chance(answer):
    """Status, headers and page, without the token against forged forms."""
    page = re.sub(r'(csrf-token" content=")\w+', r"\1", answer.content.decode())
    headers = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
    return answer.status_code, headers, page


class TestGoingThrough:
    def test_a_page_is_saved_by_the_patient_and_the_trail_says_so(self, address, intake):
        client = opened(address)
        answer = client.post(f"{OWN}reasons/", {"reasons": ["thinning"], "seen": "0"})
        assert answer.url == f"{OWN}causes/"
        version = intake.latest()
        assert (version.actor_kind, version.actor_label) == ("patient_link", "Anna Kowalska (private link)")
        assert AuditEntry.objects.filter(verb="answered", actor_kind="patient_link").exists()
        assert AccessEntry.objects.filter(what="own intake", actor_kind="patient_link").exists()

    def test_it_goes_on_on_another_device_where_it_was_left(self, address):
        phone = opened(address)
        left = phone.post(f"{OWN}reasons/", {"reasons": ["thinning"], "seen": "0", "leave": "yes"}, follow=True)
        assert "Saved" in text_of(left)
        assert phone.get(OWN).status_code == 404
        desktop = opened(address)
        assert desktop.get(OWN).url == f"{OWN}causes/"

    def test_every_page_opens_without_a_way_to_the_staff(self, address, intake):
        from intake.questionnaire import Questionnaire

        client = opened(address)
        for slug in Questionnaire(intake).titles:
            page = text_of(client.get(f"{OWN}{slug}/"))
            assert "/patients/" not in page
            assert "/intakes/" not in page

    def test_the_pages_speak_the_patients_language_where_the_program_does(self, address, patient, settings):
        settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
        for language, spoken in (("de", "de"), ("xx", "en")):
            patient.language = language
            patient.save()
            assert f'<html lang="{spoken}"' in text_of(Client().get(address))

    def test_no_finding_is_shown_to_the_patient(self, address, intake, patient):
        client = opened(address)
        client.post(f"{OWN}health-skin/", {"keloid-answer": "yes", "keloid-detail": "chest"})
        answers = {
            "reasons": ["scar"],
            "causes": [{"cause": "hereditary"}],
            "health": {"keloid": {"answer": "yes", "detail": "chest"}},
        }
        actions.save_answers(intake=intake, answers=answers, by=staff(make_practitioner()))
        page = text_of(client.get(f"{OWN}check/"))
        assert "chest" in page
        assert "no treatment" not in page

    def test_handing_in_ends_the_link(self, address, intake, link):
        client = opened(address)
        client.post(f"{OWN}reasons/", {"reasons": ["thinning"], "seen": "0"})
        client.post(f"{OWN}causes/", {"hereditary-is": "on", "seen": "1"})
        answer = client.post(f"{OWN}check/", follow=True)
        assert "Thank you" in text_of(answer)
        assert "Anna" not in text_of(answer)
        intake.refresh_from_db()
        link.refresh_from_db()
        assert (intake.state, link.state) == ("submitted", LinkState.DONE)
        assert client.get(f"{OWN}reasons/").status_code == 404
        assert client.post(f"{OWN}check/").status_code == 404
        assert Client().post(address, BORN).status_code == 404

    def test_a_closed_link_ends_the_pages_at_once(self, address, link, desk):
        client = opened(address)
        desk.post(page_of("close_link", link.public_id))
        assert client.post(f"{OWN}reasons/", {"reasons": ["thinning"]}).status_code == 404

    def test_what_was_sent_back_is_read_at_the_top_through_a_fresh_link(self, address, intake, reception):
        by = staff(reception)
        actions.save_answers(intake=intake, answers={"reasons": ["scar"], "causes": [{"cause": "hereditary"}]}, by=by)
        actions.submit_intake(intake=intake, by=by)
        actions.send_back_intake(intake=intake, note="Which medicines?", by=by)
        fresh = links.offer_link(intake=intake, channel="qr", by=by)
        client = opened(f"/i/{links.mint_token(link=fresh, by=by)}/")
        page = text_of(client.get(f"{OWN}medicines/"))
        assert "The clinic asks you to look at this again" in page
        assert "Which medicines?" in page

    def test_the_patient_and_staff_at_once_lose_nothing(self, address, intake):
        client = opened(address)
        actions.save_answers(intake=intake, answers={"wishes": "Sharp."}, by=staff(make_practitioner()))
        answer = client.post(f"{OWN}wishes/", {"wishes": "Soft.", "seen": "0"})
        assert answer.status_code == 409
        words = text_of(answer)
        assert "The clinic saved this page" in words
        assert "Sharp." in words
        assert "Soft." in words

    @pytest.mark.parametrize("text", ["a\0b", "x" * 10_000])
    def test_text_that_cannot_be_kept_is_refused(self, address, text):
        answer = opened(address).post(f"{OWN}wishes/", {"wishes": text})
        assert "wishes" in answer.context["form"].errors

    def test_sent_twice_it_is_one_version(self, address, intake):
        client = opened(address)
        for _ in range(2):
            client.post(f"{OWN}reasons/", {"reasons": ["scar"], "seen": "0"})
        assert intake.versions.count() == 1

    def test_the_choices_are_signed_by_the_patient_alone(self, address, patient):
        client = opened(address)
        form = client.get(f"{OWN}choices/").context["form"]
        versions = {f"{kind}-version": text.pk for kind, text in form.texts.items()}
        client.post(f"{OWN}choices/", versions | {"privacy": "yes", "signed_name": "Anna Kowalska"})
        consent = patient.consents.get()
        assert (consent.kind, consent.witness, consent.actor_kind) == ("privacy", None, "patient_link")

    def test_a_no_can_be_thought_over_and_stands_until_then(self, address, patient):
        client = opened(address)
        for choice in ("no", "", "yes"):
            form = client.get(f"{OWN}choices/").context["form"]
            versions = {f"{kind}-version": text.pk for kind, text in form.texts.items()}
            client.post(f"{OWN}choices/", versions | {"photos_record": choice, "signed_name": "Anna Kowalska"})
        assert [row.granted for row in patient.consents.order_by("id")] == [False, True]
        assert "photos_record" not in client.get(f"{OWN}choices/").context["form"].texts

    def test_after_an_hour_the_draft_is_kept_and_the_date_is_asked_again(self, address, intake):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            client = opened(address)
            client.get(f"{OWN}wishes/")
            clock.shift(timedelta(minutes=61))
            answer = client.post(f"{OWN}wishes/", {"wishes": "Soft.", "seen": "0"})
            assert "we ask once more" in text_of(answer)
            assert "Anna" not in text_of(answer)
            assert intake.latest().wishes == "Soft."
            assert client.post(OWN, BORN).status_code == 302
            assert client.get(f"{OWN}wishes/").status_code == 200


class TestBesideStaff:
    def test_a_patients_pages_open_no_page_of_staff(self, address, patient):
        client = opened(address)
        for url in ("/", patient.get_absolute_url(), page_of("intake", patient.public_id)):
            assert client.get(url).url.startswith("/accounts/login/")

    def test_staff_signed_in_beside_it_is_not_taken_for_the_patient(self, desk, address, intake):
        desk.post(address, BORN)
        page = text_of(desk.get(f"{OWN}reasons/"))
        assert "Rosa Reception" not in page
        desk.post(f"{OWN}reasons/", {"reasons": ["scar"], "seen": "0"})
        assert intake.latest().actor_kind == "patient_link"
        assert desk.get("/").status_code == 200

    def test_a_forged_or_foreign_cookie_opens_nothing(self, address):
        client = opened(address)
        client.cookies["my_intake"] = client.cookies["my_intake"].value[:-1] + "x"
        assert client.get(f"{OWN}reasons/").status_code == 404


class TestTablet:
    @pytest.fixture
    def tablet(self, desk, patient):
        assert desk.post(page_of("kiosk", patient.public_id)).url == OWN
        return desk

    def test_it_reaches_one_intake_and_nothing_else(self, tablet, patient):
        assert tablet.get(OWN).status_code == 302
        assert "page 1 of" in text_of(tablet.get(f"{OWN}reasons/"))
        for url in ("/", "/patients/", patient.get_absolute_url(), "/accounts/password/reset/", "/i/x/"):
            assert tablet.get(url).url == OWN

    def test_it_opens_for_somebody_whose_birth_date_nobody_has_asked_yet(self, desk):
        desk.post(page_of("kiosk", make_patient(born_on=None).public_id))
        assert "page 1 of" in text_of(desk.get(OWN, follow=True))

    def test_the_sign_in_of_staff_has_ended(self, tablet, reception):
        tablet.cookies.pop("my_intake")
        assert tablet.get("/").url.startswith("/accounts/login/")

    def test_answers_are_the_patients_at_the_tablet(self, tablet, intake):
        tablet.post(f"{OWN}reasons/", {"reasons": ["scar"], "seen": "0"})
        assert intake.latest().actor_label == "Anna Kowalska (tablet)"

    @pytest.mark.parametrize(("slug", "seconds", "is_over"), [
        ("wishes", 245, False), ("wishes", 246, True), ("choices", 665, False), ("choices", 666, True),
    ])  # fmt: skip
    def test_the_server_ends_it_by_itself(self, tablet, slug, seconds, is_over):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            tablet.get(f"{OWN}{slug}/")
            clock.shift(timedelta(seconds=seconds))
            page = text_of(tablet.get(f"{OWN}wishes/"))
            assert ("Please hand the tablet back" in page) == is_over
            assert ("Anna" in page) != is_over

    def test_the_draft_is_kept_when_it_ends(self, tablet, intake):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            tablet.get(f"{OWN}wishes/")
            clock.shift(timedelta(minutes=30))
            tablet.post(f"{OWN}wishes/", {"wishes": "Soft.", "seen": "0"})
        assert intake.latest().wishes == "Soft."

    @pytest.mark.parametrize("by_itself", [True, False], ids=["the page sends it", "the server ends it"])
    def test_of_a_page_with_a_mistake_the_rest_is_kept(self, tablet, intake, by_itself):
        typed = {"length_mm": "a bit", "treatments_now": "Minoxidil", "seen": "0"}
        with time_machine.travel(timezone.now(), tick=False) as clock:
            tablet.get(f"{OWN}hair/")
            clock.shift(timedelta(minutes=4 if by_itself else 30))
            tablet.post(f"{OWN}hair/", typed | ({"draft": "yes"} if by_itself else {}))
        assert intake.latest().treatments_now == "Minoxidil"

    def test_a_draft_overwrites_nothing_of_staff(self, tablet, intake):
        actions.save_answers(intake=intake, answers={"wishes": "Sharp."}, by=staff(make_practitioner()))
        tablet.post(f"{OWN}wishes/", {"wishes": "Soft.", "seen": "0", "draft": "yes"})
        assert intake.latest().wishes == "Sharp."

    def test_nothing_is_signed_or_handed_in_after_the_end(self, tablet, intake, patient, reception):
        answers = {"reasons": ["scar"], "causes": [{"cause": "hereditary"}]}
        actions.save_answers(intake=intake, answers=answers, by=staff(reception))
        with time_machine.travel(timezone.now(), tick=False) as clock:
            form = tablet.get(f"{OWN}choices/").context["form"]
            clock.shift(timedelta(minutes=30))
            versions = {f"{kind}-version": text.pk for kind, text in form.texts.items()}
            tablet.post(f"{OWN}choices/", versions | {"privacy": "yes", "signed_name": "Anna"})
            tablet.post(f"{OWN}check/")
        intake.refresh_from_db()
        assert (patient.consents.count(), intake.state) == (0, "draft")

    def test_somebody_there_keeps_it_open(self, tablet):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            tablet.get(f"{OWN}choices/")
            for _ in range(3):
                clock.shift(timedelta(minutes=9))
                assert tablet.post(f"{OWN}still-here/").status_code == 204
            assert "Anna" in text_of(tablet.get(f"{OWN}wishes/"))

    def test_nobody_there_leaves_a_blank_page_that_stays(self, tablet):
        tablet.post(f"{OWN}still-here/", {"over": "yes"})
        for url in (OWN, f"{OWN}wishes/", f"{OWN}saved/", f"{OWN}thanks/"):
            page = text_of(tablet.get(url))
            assert "Please hand the tablet back" in page
            assert "Anna" not in page
        assert tablet.get("/").url == OWN

    def test_handing_in_ends_on_the_same_blank_page(self, tablet, intake, reception):
        answers = {"reasons": ["scar"], "causes": [{"cause": "hereditary"}]}
        actions.save_answers(intake=intake, answers=answers, by=staff(reception))
        page = text_of(tablet.post(f"{OWN}check/", follow=True))
        assert "Please hand the tablet back" in page
        assert "Anna" not in page
        intake.refresh_from_db()
        assert intake.state == "submitted"

    def test_only_a_full_sign_in_of_staff_unlocks_it(self, tablet, patient, settings):
        link = PrivateLink.objects.get()
        tablet.post("/accounts/login/", {"login": "rosa", "password": "wrong"})
        assert tablet.get("/").url == OWN
        tablet.post("/accounts/login/", {"login": "rosa", "password": PASSWORD})
        assert tablet.get("/").status_code == 200
        assert "my_intake" not in {name for name, cookie in tablet.cookies.items() if cookie.value}
        link.refresh_from_db()
        assert link.state is LinkState.REVOKED


def test_an_offer_for_a_patient_without_a_birth_date_is_refused(reception):
    intake = actions.start_intake(patient=make_patient(born_on=None), by=staff(reception))
    with pytest.raises(ValidationError, match="date of birth"):
        links.offer_link(intake=intake, channel="qr", by=staff(reception))


def test_a_token_has_256_bits_and_no_two_are_alike():
    tokens = {new_token() for _ in range(50)}
    assert len(tokens) == 50
    assert {len(token) for token in tokens} == {52}


@pytest.mark.parametrize("line", ["GET /i/{}/ HTTP/1.1", "Forbidden (CSRF): /i/{}", "at '/i/{}?x'"])
def test_a_token_is_taken_out_of_any_line(line):
    token = new_token()
    assert masked(line.format(token)) == line.format("…")
