"""Private files: whole or not at all, readable by one user, and never by an address."""

import hashlib
import os
import stat
from collections import namedtuple
from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from smpclinic import storage


@pytest.fixture(autouse=True)
def root(tmp_path, settings):
    settings.PRIVATE_ROOT = tmp_path / "data" / "files"
    return settings.PRIVATE_ROOT


def mode(path):
    return stat.S_IMODE(Path(path).stat().st_mode)


def test_what_is_stored_comes_back_with_its_checksum(root):
    kept = storage.store(b"photo", folder="photos", suffix="jpg")
    assert kept.sha256 == hashlib.sha256(b"photo").hexdigest()
    assert kept.size == 5
    assert storage.read(kept.name, sha256=kept.sha256) == b"photo"
    assert (root / kept.name).read_bytes() == b"photo"


def test_names_cannot_be_guessed_and_never_repeat():
    names = {storage.store(b"same", folder="photos", suffix="jpg").name for _number in range(20)}
    assert len(names) == 20
    assert all(len(Path(name).stem) == 32 for name in names)


def test_files_and_folders_are_for_this_user_alone(root):
    before = os.umask(0)
    try:
        kept = storage.store(b"photo", folder="photos", suffix="jpg")
    finally:
        os.umask(before)
    assert mode(root / kept.name) == 0o600
    assert [mode(folder) for folder in (root, root / "photos", (root / kept.name).parent)] == [0o700] * 3


@pytest.mark.parametrize("change", [lambda path: path.write_bytes(b"phot0"), lambda path: path.unlink()])
def test_a_changed_or_missing_file_is_noticed(root, change):
    kept = storage.store(b"photo", folder="photos", suffix="jpg")
    change(root / kept.name)
    with pytest.raises(storage.FileDamaged, match=kept.name):
        storage.read(kept.name, sha256=kept.sha256)


def test_a_write_that_fails_half_way_leaves_nothing(root, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.os, "fsync", full)
    monkeypatch.setattr(storage, "_flush_folder", lambda folder: None)
    with pytest.raises(OSError, match="No space"):
        storage.store(b"photo", folder="photos", suffix="jpg")
    assert [path for path in root.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("folder", ["..", "a/b", "/etc", "", "A", "a.b"])
def test_a_folder_is_a_plain_name(folder):
    with pytest.raises(SuspiciousFileOperation):
        storage.store(b"x", folder=folder, suffix="jpg")


@pytest.mark.parametrize("suffix", ["../x", "jpg/x", "", "JPG"])
def test_a_suffix_is_a_plain_name(suffix):
    with pytest.raises(SuspiciousFileOperation):
        storage.store(b"x", folder="photos", suffix=suffix)


def test_nothing_outside_the_private_folder_can_be_read():
    with pytest.raises(SuspiciousFileOperation):
        storage.read("../../../etc/passwd", sha256="")


def test_a_private_file_has_no_address():
    with pytest.raises(ValueError, match="is private"):
        default_storage.url("photos/x.jpg")


def test_a_field_of_a_model_stores_privately_too(root):
    name = default_storage.save("letters/doctor.pdf", ContentFile(b"%PDF"))
    assert mode(root / name) == 0o600
    again = default_storage.save("letters/doctor.pdf", ContentFile(b"%PDF other"))
    assert again != name
    assert (root / name).read_bytes() == b"%PDF"


def test_a_usable_folder_has_no_problem(root):
    assert storage.problems() == []
    assert root.is_dir()


def test_a_folder_that_others_can_read_is_a_problem(root):
    storage.problems()
    root.chmod(0o755)
    assert storage.problems() == ["the folder for private files can be read by other users of this computer"]


def test_a_folder_that_cannot_be_made_is_a_problem(root):
    root.parent.write_text("a file stands in the way")
    assert storage.problems()[0].startswith("the folder for private files cannot be made")


def test_a_folder_that_cannot_be_written_is_a_problem(monkeypatch):
    monkeypatch.setattr(storage.os, "access", lambda path, how: False)
    assert storage.problems() == ["the folder for private files cannot be written"]


def test_a_disk_that_is_nearly_full_is_a_problem(monkeypatch):
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(storage.shutil, "disk_usage", lambda path: usage(storage.LEAST_FREE_BYTES - 1))
    assert storage.problems() == ["only 99 MB are free where private files are kept"]
    monkeypatch.setattr(storage.shutil, "disk_usage", lambda path: usage(storage.LEAST_FREE_BYTES))
    assert storage.problems() == []
