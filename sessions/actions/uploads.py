"""Take a photo piece by piece: what has arrived stays, the rest follows; a part is never in the record."""

import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.actions.photos import NO_CONSENT, may_keep_photos
from sessions.actions.pictures import add_session_photo
from sessions.models import PhotoUpload, TreatmentSession
from smpclinic.actors import Actor
from smpclinic.database.holding import hold
from smpclinic.photos import LARGEST_PHOTO_BYTES
from smpclinic.saving import save_checked
from smpclinic.storage import PrivateStorage

FOLDER = "uploads"
KEPT_HOURS = 24


class WrongOffset(ValidationError):
    """The piece does not follow what has arrived; ``received_bytes`` says where to go on."""

    def __init__(self, received_bytes: int) -> None:
        super().__init__(_("Another piece of the photo is expected."))
        self.received_bytes = received_bytes


@transaction.atomic
def begin_upload(
    *, session: TreatmentSession, moment: str, view: str, size_bytes: int, fingerprint: str, by: Actor
) -> PhotoUpload:
    """The place for a photo; the same photo begun before goes on where it stopped. ValidationError in words."""
    if by.user is None:
        raise ValidationError(_("Only a member of staff adds photos here."))
    if size_bytes > LARGEST_PHOTO_BYTES:
        raise ValidationError(_("That photo is larger than 20 MB. Take it again at a smaller size."), code="large")
    if size_bytes < 1:
        raise ValidationError(_("That file is empty. Choose the photo again."), code="empty")
    if not may_keep_photos(session.patient):
        raise ValidationError(NO_CONSENT, code="no_consent")
    same = {"session": session, "moment": moment, "view": view, "fingerprint": fingerprint, "size_bytes": size_bytes}
    known = PhotoUpload.objects.filter(**same, begun_by=by.user).first()
    if known is not None:
        return known
    name = PrivateStorage().save(f"{FOLDER}/{uuid4().hex}.part", ContentFile(b""))
    row = PhotoUpload(**same, begun_by=by.user, part_file=name, begun_at=timezone.now())
    return save_checked(row)


def add_piece(*, upload: PhotoUpload, offset: int, piece: bytes, by: Actor) -> PhotoUpload:
    """Write one piece; the last one makes the photo of the whole. Sent twice, a piece is taken once.

    Raises ``WrongOffset`` where another piece is expected, ValidationError in words where the whole is no photo: then
    nothing of it stays.
    """
    row = _written(upload, offset, piece)
    if row.photo_id is None and row.received_bytes == row.size_bytes:
        try:
            return _made_a_photo(row, by)
        except ValidationError:
            forget_upload(upload=row)
            raise
    return row


@transaction.atomic
def _written(upload: PhotoUpload, offset: int, piece: bytes) -> PhotoUpload:
    hold(PhotoUpload.objects.filter(pk=upload.pk))
    row = PhotoUpload.objects.select_related("session").get(pk=upload.pk)
    if row.photo_id is not None:
        return row
    if offset != row.received_bytes or offset + len(piece) > row.size_bytes:
        raise WrongOffset(row.received_bytes)
    with Path(PrivateStorage().path(row.part_file)).open("r+b") as file:
        file.seek(offset)
        file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    row.received_bytes = offset + len(piece)
    row.save(update_fields=["received_bytes"])
    return row


@transaction.atomic
def _made_a_photo(row: PhotoUpload, by: Actor) -> PhotoUpload:
    with PrivateStorage().open(row.part_file) as whole:
        kept = add_session_photo(session=row.session, moment=row.moment, view=row.view, upload=whole, by=by)
    row.photo = kept.photo
    row.save(update_fields=["photo"])
    transaction.on_commit(lambda: PrivateStorage().delete(row.part_file))
    return row


def forget_upload(*, upload: PhotoUpload) -> None:
    """Take a part out of the folder; it was never in a record."""
    PhotoUpload.objects.filter(pk=upload.pk).delete()
    PrivateStorage().delete(upload.part_file)


def forget_old_uploads() -> int:
    """Parts of photos whose rest never came, and the notes of those that did; returns how many."""
    old = PhotoUpload.objects.filter(begun_at__lt=timezone.now() - timedelta(hours=KEPT_HOURS))
    rows = list(old)
    for row in rows:
        forget_upload(upload=row)
    return len(rows)
