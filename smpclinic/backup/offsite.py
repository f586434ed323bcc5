"""The second place: a mounted folder elsewhere that follows the shelf after each backup."""

from django.conf import settings
from django.utils import timezone

from smpclinic.backup.shelf import Shelf, ShelfProblem


def follow(shelf: Shelf) -> int | None:
    """Copy what is new to ``settings.BACKUPS_OFFSITE``; how many files, or None where no second place is set.

    Raises ``ShelfProblem`` where the place is set and not there: a share that is not mounted must not be taken
    for an empty one on the same disk.
    """
    if not settings.BACKUPS_OFFSITE:
        return None
    if not settings.BACKUPS_OFFSITE.is_dir():
        raise ShelfProblem(f"The second folder for backups {settings.BACKUPS_OFFSITE} is not there. Is it mounted?")
    other = Shelf(settings.BACKUPS_OFFSITE)
    with other.alone():
        try:
            copied = shelf.copy_to(other)
            other.tidy(now=timezone.now())
        except OSError as error:
            raise ShelfProblem(f"{other.root} could not be written ({error.strerror}).") from error
    return copied
