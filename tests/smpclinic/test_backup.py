"""A backup holds every row and every file of one moment, opens for its key alone, and comes back whole."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from smpclinic import chain, storage
from smpclinic.backup import offsite, rehearsal, restoring, sealing, snapshot, standing, taking
from smpclinic.backup.rotation import kept
from smpclinic.backup.shelf import Shelf, ShelfProblem
from smpclinic.models import Outbox, SealedRecord
from tests import databases, make

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)


@pytest.fixture
def house(tmp_path, settings):
    """A clinic's data folder with its keys, one photo and one paper, and the shelf beside it."""
    settings.DATA_ROOT = tmp_path / "clinic"
    settings.PRIVATE_ROOT = settings.DATA_ROOT / "files"
    settings.BACKUPS = tmp_path / "clinic-backups"
    settings.DATA_ROOT.mkdir()
    for name, text in (("secret_key", settings.SECRET_KEY), ("chain_key", settings.CHAIN_KEY)):
        (settings.DATA_ROOT / name).write_text(text)
    return settings


@pytest.fixture
def recovery_key(house):
    return taking.make_key()


def live_a_day() -> str:
    """A patient with a photo, and a signed record; the name of the photo's file."""
    from intake.models import Photo

    stored = storage.store(b"what the camera saw", folder="photos", suffix="jpg")
    patient = make.make_patient(full_name="Zoë Ångström")
    Photo.objects.create(
        patient=patient, view="front", taken_at=NOW, file=stored.name, sha256=stored.sha256, width_px=1, height_px=1
    )
    with transaction.atomic():
        chain.seal(kind="session", subject=patient, content={"said": "signed"})
    return stored.name


def on_an_empty_machine(house, index, key):
    """Bring a backup back where nothing is; what came back, and what the rows say there."""
    from intake.models import Patient

    house.DATA_ROOT = house.DATA_ROOT.parent / "new"
    house.PRIVATE_ROOT = house.DATA_ROOT / "files"
    with databases.empty():
        restored = restoring.restore(Shelf(house.BACKUPS), index, recovery_key=key)
        return restored, set(Patient.objects.values_list("full_name", flat=True)), chain.problems()


@pytest.mark.django_db(transaction=True)
def test_a_backup_comes_back_whole_on_an_empty_machine(house, recovery_key):
    photo = live_a_day()
    taken = taking.take(Shelf(house.BACKUPS), now=NOW)
    before = snapshot.facts()
    restored, names, problems = on_an_empty_machine(house, taken.index, recovery_key)
    assert restored.rows == sum(before.tables.values())
    assert restored.chain_head == before.chain_head != chain.GENESIS
    assert names == {"Zoë Ångström"}
    assert problems == []
    assert (house.PRIVATE_ROOT / photo).read_bytes() == b"what the camera saw"
    assert (house.DATA_ROOT / "chain_key").read_text() == house.CHAIN_KEY


@pytest.mark.django_db(transaction=True)
def test_nothing_on_the_shelf_can_be_read_without_the_key(house, recovery_key):
    live_a_day()
    taking.take(Shelf(house.BACKUPS), now=NOW)
    everything = b"".join(path.read_bytes() for path in house.BACKUPS.rglob("*") if path.is_file())
    for secret in ("Ångström".encode(), b"what the camera saw", house.CHAIN_KEY.encode(), recovery_key.encode()):
        assert secret not in everything
    assert all(path.stat().st_mode & 0o077 == 0 for path in house.BACKUPS.rglob("*.age"))


@pytest.mark.django_db(transaction=True)
def test_another_key_opens_nothing_and_says_so(house, recovery_key):
    taken = taking.take(Shelf(house.BACKUPS), now=NOW)
    with pytest.raises(restoring.RestoreProblem, match="another recovery key"):
        on_an_empty_machine(house, taken.index, sealing.new_key()[0])
    with pytest.raises(sealing.NotSealed, match="AGE-SECRET-KEY-1"):
        on_an_empty_machine(house, taken.index, "my dog's name")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("which", ["rows", "file"])
def test_one_flipped_byte_is_found(house, recovery_key, which):
    live_a_day()
    shelf = Shelf(house.BACKUPS)
    index = taking.take(shelf, now=NOW).index
    path = shelf.rows(index.made_at) if which == "rows" else shelf.file(index.files[0])
    content = bytearray(path.read_bytes())
    content[-20] ^= 1
    path.write_bytes(content)
    with pytest.raises((restoring.RestoreProblem, sealing.NotSealed), match="changed"):
        on_an_empty_machine(house, index, recovery_key)


@pytest.mark.django_db(transaction=True)
def test_a_restore_never_overwrites_what_is_there(house, recovery_key):
    index = taking.take(Shelf(house.BACKUPS), now=NOW).index
    with pytest.raises(restoring.RestoreProblem, match="never overwrites"):
        restoring.restore(Shelf(house.BACKUPS), index, recovery_key=recovery_key)


@pytest.mark.django_db(transaction=True)
def test_a_file_that_a_row_names_and_the_backup_lacks_is_told(house, recovery_key):
    photo = live_a_day()
    (house.PRIVATE_ROOT / photo).unlink()
    index = taking.take(Shelf(house.BACKUPS), now=NOW).index
    with pytest.raises(restoring.RestoreProblem, match=photo):
        on_an_empty_machine(house, index, recovery_key)


@pytest.mark.django_db(transaction=True)
def test_a_photo_is_kept_once_however_many_backups_hold_it(house, recovery_key):
    live_a_day()
    shelf = Shelf(house.BACKUPS)
    first = taking.take(shelf, now=NOW)
    second = taking.take(shelf, now=NOW + timedelta(days=1))
    assert (first.new_files, second.new_files) == (1, 0)
    assert first.index.files == second.index.files


@pytest.mark.django_db(transaction=True)
def test_what_an_interrupted_backup_left_is_no_backup_and_goes_with_the_next(house, recovery_key):
    live_a_day()
    shelf = Shelf(house.BACKUPS)
    shelf.prepare()
    (house.BACKUPS / "20261124T010000000000Z.rows.age").write_bytes(b"half")
    (house.BACKUPS / ".draft-x").write_bytes(b"half")
    assert shelf.indexes() == []
    taking.take(shelf, now=NOW)
    left = {path.name for path in house.BACKUPS.iterdir()}
    assert left == {"README.txt", ".lock", "files", "20261125T010000000000Z.json", "20261125T010000000000Z.rows.age"}


@pytest.mark.django_db(transaction=True)
def test_a_file_of_no_remaining_backup_leaves_the_shelf(house, recovery_key):
    """An erased photo must not live on for ever in the backups: it goes with the last one that holds it."""
    photo = live_a_day()
    shelf = Shelf(house.BACKUPS)
    first = taking.take(shelf, now=NOW - timedelta(days=500))
    (house.PRIVATE_ROOT / photo).unlink()
    second = taking.take(shelf, now=NOW)
    assert second.removed == 1
    assert not shelf.file(first.index.files[0]).exists()


def test_without_a_key_no_backup_is_made_and_the_cure_is_named(house):
    with pytest.raises(ShelfProblem, match="--new-key"):
        taking.take(Shelf(house.BACKUPS), now=NOW)


def test_two_backups_at_once_are_refused(house):
    shelf = Shelf(house.BACKUPS)
    with shelf.alone(), pytest.raises(ShelfProblem, match="Another backup"), Shelf(house.BACKUPS).alone():
        pass


def test_a_folder_that_cannot_be_written_is_named(house):
    house.BACKUPS.write_text("a file stands here")
    with pytest.raises(ShelfProblem, match=str(house.BACKUPS)):
        Shelf(house.BACKUPS).prepare()


@pytest.mark.django_db(transaction=True)
def test_a_second_place_follows_and_is_missed_where_it_is_not_mounted(house, recovery_key, tmp_path):
    live_a_day()
    shelf = Shelf(house.BACKUPS)
    index = taking.take(shelf, now=NOW).index
    house.BACKUPS_OFFSITE = tmp_path / "elsewhere"
    with pytest.raises(ShelfProblem, match="mounted"):
        offsite.follow(shelf)
    house.BACKUPS_OFFSITE.mkdir()
    assert offsite.follow(shelf) == 2
    assert offsite.follow(shelf) == 0
    assert Shelf(house.BACKUPS_OFFSITE).indexes() == [index]


@pytest.mark.django_db(transaction=True)
def test_a_rehearsal_restores_for_real_and_leaves_nothing(house, recovery_key, monkeypatch):
    live_a_day()
    shelf = Shelf(house.BACKUPS)
    index = taking.take(shelf, now=NOW).index
    monkeypatch.setenv("SMPCLINIC_BACKUPS", str(house.BACKUPS))
    restored = rehearsal.rehearse(shelf, index, recovery_key=recovery_key)
    assert (restored.made_at, restored.files) == (index.made_at, 1)
    assert not list(house.BACKUPS.glob("rehearsal-*"))
    shelf.file(index.files[0]).unlink()
    with pytest.raises(restoring.RestoreProblem, match="missing on the shelf"):
        rehearsal.rehearse(shelf, index, recovery_key=recovery_key)


class TestRotation:
    @given(st.lists(st.integers(0, 800), max_size=60), st.integers(0, 23))
    def test_the_newest_and_all_of_the_last_week_stay(self, days, hour):
        moments = [NOW - timedelta(days=day, hours=hour) for day in days]
        stay = kept(moments, now=NOW)
        assert stay <= set(moments)
        assert {moment for moment in moments if moment > NOW - timedelta(days=7)} <= stay
        assert not moments or max(moments) in stay

    def test_a_year_of_nights_leaves_a_handful(self):
        on_shelf: set[datetime] = set()
        for night in range(400):
            today = NOW + timedelta(days=night)
            on_shelf = kept(on_shelf | {today}, now=today)
        assert 20 <= len(on_shelf) <= 26
        assert (today - min(on_shelf)).days >= 330

    def test_both_sides_of_a_week(self):
        inside, outside = NOW - timedelta(days=7) + timedelta(minutes=1), NOW - timedelta(days=7)
        early = NOW - timedelta(days=8)  # the oldest of that week and month
        assert kept({early, outside, inside, NOW}, now=NOW) == {early, inside, NOW}


class TestStanding:
    def test_without_a_key_that_is_the_one_thing_said(self, house):
        assert standing.standing(now=NOW).warnings == ["No backups are made yet: make the recovery key first."]

    @pytest.mark.django_db(transaction=True)
    def test_a_backup_of_two_days_is_fresh_and_an_older_one_is_not(self, house, recovery_key):
        taking.take(Shelf(house.BACKUPS), now=NOW)
        said = [standing.standing(now=NOW + timedelta(hours=hours)).warnings for hours in (48, 49)]
        assert ["too long ago" in " ".join(warnings) for warnings in said] == [False, True]

    @pytest.mark.django_db(transaction=True)
    def test_a_failed_try_is_told_until_one_succeeds(self, house, recovery_key, monkeypatch):
        def full(shelf):
            raise ShelfProblem("The disk is full.")

        shelf = Shelf(house.BACKUPS)
        monkeypatch.setattr(taking, "_refuse_full", full)
        with pytest.raises(ShelfProblem):
            standing.take_and_note(shelf, now=NOW)
        assert "The disk is full." in " ".join(standing.standing(now=NOW).warnings)
        monkeypatch.undo()
        standing.take_and_note(shelf, now=NOW)
        assert "The disk is full." not in " ".join(standing.standing(now=NOW).warnings)


@pytest.mark.django_db
class TestThePage:
    @pytest.fixture
    def manager(self, client, house):
        client.force_login(make.make_manager())
        return client

    def test_the_key_is_shown_once_and_a_second_press_makes_no_other(self, manager):
        shown = manager.post(reverse("backup_key"), {"instead_of": ""})
        made = taking.recipient()
        key = next(
            word for word in shown.content.decode().replace("<", " ").replace(">", " ").split() if "SECRET" in word
        )
        assert sealing.recipient_of(key) == made
        assert manager.post(reverse("backup_key"), {"instead_of": ""}).status_code == 302
        assert taking.recipient() == made
        assert key not in manager.get(reverse("backups")).content.decode()

    def test_one_backup_is_queued_however_often_it_is_asked_for(self, manager):
        manager.post(reverse("backup_now"))
        assert not Outbox.objects.filter(kind="backup").exists()
        taking.make_key()
        for _press in range(2):
            manager.post(reverse("backup_now"))
        assert Outbox.objects.filter(kind="backup").count() == 1

    def test_the_manager_is_told_on_today(self, manager):
        assert "make the recovery key first" in manager.get("/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_what_happens_after_the_snapshot_is_of_the_next_backup(house, recovery_key, monkeypatch):
    """Rows of one moment: somebody goes on working while the files are sealed."""
    write = snapshot.write

    def write_and_go_on(target):
        facts = write(target)
        live_a_day()
        return facts

    monkeypatch.setattr(snapshot, "write", write_and_go_on)
    index = taking.take(Shelf(house.BACKUPS), now=NOW).index
    assert SealedRecord.objects.count() == 1
    restored, names, problems = on_an_empty_machine(house, index, recovery_key)
    assert (names, problems, restored.chain_head) == (set(), [], chain.GENESIS)
