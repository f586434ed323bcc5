"""The photos of a session as they are shown."""

from django.urls import reverse

from sessions.models import TreatmentSession


def photos_of(session: TreatmentSession, moment: str = "") -> list[dict]:
    """Address and words of each photo, of one moment or of all (one query)."""
    rows = session.photos.select_related("photo").order_by("id")
    rows = rows.filter(moment=moment) if moment else rows
    return [
        {
            "url": reverse("intake:photo", args=[row.photo.public_id]),
            "words": f"{row.get_moment_display()}: {row.photo.get_view_display()}",
            "view": row.photo.get_view_display(),
        }
        for row in rows
    ]
