"""Mark two places of a photo, so that another photo of the same view can be laid over it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intake.models import Photo
from sessions.alignment import Point, problems_with_marks
from sessions.models import PhotoMarks
from smpclinic import audit
from smpclinic.actors import Actor


@transaction.atomic
def mark_photo(*, photo: Photo, first: Point, second: Point, by: Actor) -> PhotoMarks:
    """Keep both places, in permille of width and height. ValidationError where they cannot align anything."""
    sentences = {
        "outside": _("A mark lies within the photo."),
        "too_near": _("The two marks are too near to each other. Choose places far apart."),
    }
    if problems := problems_with_marks(first, second):
        raise ValidationError([sentences[code] for code in problems])
    values = {"first_x": first[0], "first_y": first[1], "second_x": second[0], "second_y": second[1]}
    marks, _made = PhotoMarks.objects.update_or_create(
        photo=photo, defaults=values | {"marked_at": timezone.now(), "marked_by": by.user}
    )
    audit.record(by=by, verb="marked photo", subject=photo, patient=photo.patient)
    return marks
