"""Put in the clinic's first wording of a text."""

from django.utils import timezone

from smpclinic.models import Text


def install(*, key: str, title: str, body: str, language: str = "en") -> None:
    """Version 1 of a text, approved, unless the clinic already has any version of it in that language."""
    if not Text.objects.filter(key=key, language=language).exists():
        Text.objects.create(key=key, language=language, title=title, body=body, approved_at=timezone.now())
