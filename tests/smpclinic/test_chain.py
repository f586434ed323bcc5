"""Signed content stays as it was signed; whatever was done to it is found and named."""

from datetime import UTC, date, datetime
from decimal import Decimal
from unittest.mock import patch
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from smpclinic import chain
from smpclinic.chain import canonical
from smpclinic.database import guards
from tests import make, sql

TABLE = "smpclinic_sealedrecord"


@pytest.mark.parametrize(("content", "text"), [
    ({"b": 1, "a": None}, '{"a":null,"b":1}'),
    ([True, False], "[true,false]"),
    ((Decimal("1.50"), Decimal("1E+2")), '["1.50","100"]'),
    (date(2026, 3, 1), '"2026-03-01"'),
    (datetime(2026, 3, 1, 9, 0, tzinfo=UTC), '"2026-03-01T09:00:00+00:00"'),
    (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
    ("e\N{COMBINING ACUTE ACCENT}", '"é"'),
    ({"ключ": "знач"}, '{"ключ":"знач"}'),
])  # fmt: skip
def test_content_has_one_text(content, text):
    assert canonical(content) == text


@pytest.mark.parametrize("content", [1.5, "a\0b", {"a": {1.0}}, object(), b"x"])
def test_what_does_not_survive_a_round_trip_cannot_be_signed(content):
    with pytest.raises(ValueError, match="cannot be signed"):
        canonical(content)


words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
contents = st.recursive(
    st.none() | st.booleans() | st.integers() | words, lambda inner: st.lists(inner) | st.dictionaries(words, inner)
)


@given(st.dictionaries(words, contents))
def test_the_order_of_keys_never_matters(content):
    assert canonical(dict(reversed(content.items()))) == canonical(content)


@pytest.fixture
def records(db):
    """Four sealed records, with the guard taken down: whoever tampers owns the database."""
    sealed = [make.make_session(signed=True).sealed for _ in range(4)]
    assert chain.problems() == []
    connection.check_constraints()  # PostgreSQL alters no table while checks of it are pending
    guards.drop()
    return sealed


@pytest.mark.django_db
def test_each_record_is_linked_to_the_one_before():
    first, second = (make.make_session(signed=True).sealed for _ in range(2))
    assert (first.prev, second.prev, chain.head()) == (chain.GENESIS, first.mac, second.mac)


@pytest.mark.django_db(transaction=True)
def test_sealing_outside_the_signing_transaction_is_refused():
    with pytest.raises(RuntimeError, match="inside the transaction"):
        chain.seal(kind="session", subject=make.make_patient(), content={})


OTHER = "00000000000000000000000000000001"
TAMPERING = {
    "content": ("content = '{}'", "is not what was signed"),
    "content and its hash": (
        f"content = '{{}}', content_hash = '{chain._sha256('{}')}'",
        "does not carry this clinic's seal",
    ),
    "kind": ("kind = 'draft'", "does not carry this clinic's seal"),
    "subject": (f"subject_id = '{OTHER}'", "does not carry this clinic's seal"),
    "subject's type": ("subject_type = 'intake.Patient'", "does not carry this clinic's seal"),
    "moment of signing": ("sealed_at = '2001-01-01 00:00:00+00:00'", "does not carry this clinic's seal"),
    "link": ("prev = 'none'", "does not follow the one before"),
    "mac": ("mac = 'none'", "does not carry this clinic's seal"),
    "false tombstone": ("content = '{}', erased_at = '2026-01-01 00:00:00+00:00'", "is not what was signed"),
}


@pytest.mark.parametrize("kind", TAMPERING)
@pytest.mark.parametrize("which", [0, 2, 3])
def test_a_changed_record_is_found_and_named(kind, which, records):
    change, told = TAMPERING[kind]
    sql.run(f"UPDATE {TABLE} SET {change.replace('%', '%%')} WHERE id = %s", records[which].pk)
    (problem,) = chain.problems()
    assert told in problem
    assert f"Sealed record {records[which].pk} (" in problem


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_removed_record_is_found(which, records):
    sql.run("UPDATE treatment_sessions_treatmentsession SET signed_at = NULL, signed_by_id = NULL, sealed_id = NULL")
    sql.run(f"DELETE FROM {TABLE} WHERE id = %s", records[which].pk)
    (problem,) = chain.problems()
    assert f"Sealed record {records[which + 1].pk}" in problem
    assert "removed, added or moved" in problem


def test_two_records_that_changed_places_are_found(records):
    first, second = records[0], records[1]
    for record, other in ((first, second), (second, first)):
        sql.run(f"UPDATE {TABLE} SET content = %s WHERE id = %s", other.content, record.pk)
    assert "is not what was signed" in chain.problems()[0]


def test_an_inserted_record_is_found(records):
    """Somebody without the key cannot add a record that fits."""
    sql.insert_like(records[3], prev=records[3].mac, mac="f" * 64)
    assert "does not carry this clinic's seal" in chain.problems()[0]


def test_a_chain_rewritten_with_another_key_is_found(records, settings):
    settings.CHAIN_KEY = "another key"
    assert f"Sealed record {records[0].pk}" in chain.problems()[0]


def test_erasing_content_leaves_the_chain_whole(records):
    connection.check_constraints()
    guards.create()
    chain.erase(records[1])
    records[1].refresh_from_db()
    assert records[1].content == ""
    assert records[1].erased_at is not None
    assert chain.problems() == []


@pytest.mark.django_db
def test_a_seal_holds_whatever_zone_the_moment_of_signing_came_in():
    madrid = datetime(2026, 7, 1, 12, 0, tzinfo=ZoneInfo("Europe/Madrid"))
    with patch("django.utils.timezone.now", lambda: madrid), transaction.atomic():
        chain.seal(kind="session", subject=make.make_patient(), content={"depth_mm": "1.0"})
    assert chain.problems() == []
