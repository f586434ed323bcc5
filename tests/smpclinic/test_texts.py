"""A manager words the clinic's texts anew: a draft is read as it will be shown, then approved."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from smpclinic.actions.texts import TextChanged, approve_text, draft_text, fingerprint, problems_with_words
from smpclinic.actors import staff
from smpclinic.languages import patient_languages
from smpclinic.marks import MARK, filled
from smpclinic.models import AuditEntry, Text
from smpclinic.pages.texts_list import all_texts
from smpclinic.text_kinds import kinds, shipped
from smpclinic.texts import install_shipped, not_in
from tests.make import make_clinic, make_manager, make_user

pytestmark = pytest.mark.django_db
KEY = "consent.privacy"


@pytest.fixture
def manager(client):
    make_clinic()
    user = make_manager()
    client.force_login(user)
    return user


@pytest.fixture
def first(manager) -> Text:
    return Text.objects.create(key=KEY, title="Privacy", body="We keep little.", approved_at=timezone.now())


def redraft(first, body="We keep less.", *, by, seen=None):
    seen = fingerprint(first) if seen is None else seen
    return draft_text(key=KEY, language="en", title="Privacy", body=body, seen=seen, by=staff(by))


def test_a_draft_is_in_force_only_once_it_is_approved(first, manager):
    draft = redraft(first, by=manager)
    assert Text.objects.in_force(KEY, language="en") == first

    approve_text(text=draft, seen=fingerprint(draft), by=staff(manager))

    in_force = Text.objects.in_force(KEY, language="en")
    assert (in_force.version, in_force.body, in_force.approved_by) == (2, "We keep less.", manager)
    assert list(AuditEntry.objects.values_list("verb", flat=True).order_by("id")) == ["drafted text", "approved text"]


def test_a_draft_is_changed_in_place_until_then(first, manager):
    draft = redraft(first, by=manager)
    again = draft_text(key=KEY, language="en", title="P", body="Third", seen=fingerprint(draft), by=staff(manager))
    assert (again.pk, again.version, Text.objects.count()) == (draft.pk, 2, 2)


def test_two_managers_at_one_text_lose_nothing(first, manager):
    redraft(first, by=manager)
    with pytest.raises(TextChanged):
        redraft(first, "Something else.", by=manager)
    assert Text.objects.get(version=2).body == "We keep less."


def test_what_was_not_read_is_not_approved(first, manager):
    draft = redraft(first, by=manager)
    seen = fingerprint(draft)
    draft_text(key=KEY, language="en", title="P", body="Sneaked in", seen=seen, by=staff(manager))
    with pytest.raises(TextChanged):
        approve_text(text=draft, seen=seen, by=staff(manager))
    assert Text.objects.in_force(KEY, language="en") == first


@pytest.mark.parametrize("body", ["", "We keep little.", "a\0b", "x" * 20_001])
def test_nothing_new_or_nothing_readable_is_no_draft(first, manager, body):
    with pytest.raises(ValidationError):
        redraft(first, body, by=manager)
    assert Text.objects.count() == 1


class TestPages:
    def test_save_preview_and_approve(self, client, first, manager):
        url = reverse("text", args=[KEY, "en"])
        seen = client.get(url).context["form"].initial["seen"]
        client.post(url, {"save": "yes", "seen": seen, "title": "Privacy", "body": "One.\n\n- two\n- three"})
        page = client.get(url)
        assert "<li>two</li>" in page.content.decode()
        client.post(url, {"approve": "yes", "seen": page.context["seen"]})
        assert Text.objects.in_force(KEY, language="en").version == 2
        assert "Version 2" in client.get(reverse("texts")).content.decode()

    def test_a_clash_keeps_what_was_typed_and_may_be_saved_over(self, client, first, manager):
        url = reverse("text", args=[KEY, "en"])
        mine = {"save": "yes", "seen": fingerprint(first), "title": "Mine", "body": "My wording."}
        redraft(first, by=manager)
        page = client.post(url, mine)
        assert page.status_code == 409
        assert "My wording." in page.content.decode()
        assert "We keep less." in page.content.decode()
        client.post(url, mine | {"seen": page.context["form"].data["seen"]})
        assert Text.objects.get(version=2).body == "My wording."

    def test_a_draft_is_discarded(self, client, first, manager):
        redraft(first, by=manager)
        client.post(reverse("text", args=[KEY, "en"]), {"discard": "yes"})
        assert list(Text.objects.all()) == [first]

    def test_other_roles_and_unknown_texts_find_nothing(self, client, first, manager):
        assert client.get(reverse("text", args=["no.such", "en"])).status_code == 404
        client.force_login(make_user())
        assert client.get(reverse("texts")).status_code == 403

    def test_the_preview_shows_examples_and_saves_nothing(self, client, manager):
        url = reverse("text", args=["mail.visit_booked", "es"])
        typed = {"title": "Cita", "body": "Hola, {name}. <b>"}
        whole = client.post(url, typed | {"preview": "yes"}).content.decode()
        assert "Nothing is saved yet." in whole
        part = client.post(url, typed, headers={"HX-Request": "true"}).content.decode()
        for page in (whole, part):
            assert "Hola, Ana. &lt;b&gt;" in page
        assert "<html" in whole
        assert "<html" not in part
        assert not Text.objects.exists()

    def test_a_mark_it_does_not_have_is_named_beside_the_field(self, client, manager):
        url = reverse("text", args=["mail.visit_booked", "en"])
        page = client.post(
            url, {"save": "yes", "title": "Hi {nobody}", "body": "Call {0.__class__} or {phone}", "seen": ""}
        )
        errors = page.context["form"].errors
        assert errors["title"][0].startswith("{nobody} is no mark of this text. Its marks are {address}, {clinic}")
        assert errors["body"][0].startswith("{0.__class__} is no mark")
        assert "Call {0.__class__} or {phone}" in page.content.decode()
        assert not Text.objects.exists()

    def test_a_lone_brace_is_named_and_a_text_without_marks_takes_none(self, client, first, manager):
        url = reverse("text", args=[KEY, "en"])
        typed = {"save": "yes", "title": "Privacy", "seen": fingerprint(first)}
        assert "stands alone" in client.post(url, typed | {"body": "Call {phone"}).context["form"].errors["body"][0]
        assert "has no marks" in client.post(url, typed | {"body": "Call {phone}"}).context["form"].errors["body"][0]

    def test_the_list_says_what_each_language_lacks_in_one_query(
        self, client, first, manager, django_assert_num_queries
    ):
        draft_text(key=KEY, language="es", title="Aviso", body="Guardamos poco.", seen="", by=staff(manager))
        groups = all_texts(patient_languages())
        (row,) = [row for group in groups for row in group.rows if row.key == KEY]
        assert [each.state for each in row.languages][:2] == ["in_force", "draft"]
        with django_assert_num_queries(1):
            all_texts(patient_languages())
        page = client.get(reverse("texts")).content.decode()
        assert "Draft waits" in page
        assert "Missing" in page


class TestWhatIsShipped:
    def test_english_is_in_force_and_a_clinical_translation_waits_for_a_manager(self):
        install_shipped()
        assert Text.objects.in_force(KEY, language="en").version == 1
        assert not_in("en") == []
        clinical = [kind for kind in kinds() if kind.is_clinical]
        assert len(not_in("es")) == len(clinical)
        assert Text.objects.in_force("mail.visit_booked", language="es").language == "es"
        assert Text.objects.in_force(KEY, language="es").language == "en"

    def test_what_the_clinic_worded_stays(self, first):
        install_shipped()
        install_shipped()
        assert Text.objects.filter(key=KEY, language="en").get() == first

    @pytest.mark.parametrize("language", ["en", "es", "ar"])
    def test_every_text_is_there_in_every_language_with_marks_it_knows(self, language):
        for kind in kinds():
            words = shipped(kind.key, language)
            assert words, f"{kind.key} is missing in {language}"
            assert problems_with_words(kind.key, words.title, words.body) == {}
            english = shipped(kind.key, "en")
            assert set(MARK.findall(words.title + words.body)) == set(MARK.findall(english.title + english.body))


@given(words=st.text(alphabet="ab {}\n", max_size=60), value=st.text(max_size=20))
def test_filling_is_one_pass_and_leaves_every_other_brace(words, value):
    assert filled(words, {}) == words
    assert filled(words, {"a": value}) == value.join(words.split("{a}"))
