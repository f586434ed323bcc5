"""A manager words the clinic's texts anew: a draft is read as it will be shown, then approved."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from smpclinic.actions.texts import TextChanged, approve_text, draft_text, fingerprint
from smpclinic.actors import staff
from smpclinic.models import AuditEntry, Text
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
        assert "Version 2 since" in client.get(reverse("texts")).content.decode()

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
