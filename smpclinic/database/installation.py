"""Demo and clinic are two worlds: the mode is written at the first migration and never changes."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections


def write_mode(*, using="default", **kwargs) -> None:
    """Write the mode of a new database; refuse to migrate one of the other mode."""
    from smpclinic.models import Installation

    if Installation._meta.db_table not in connections[using].introspection.table_names():
        return  # another app is migrated alone, before this one
    found = Installation.objects.using(using).first()
    if found is None:
        Installation(pk=1, mode=settings.MODE).save(using=using)
    elif found.mode != settings.MODE:
        raise ImproperlyConfigured(
            f"SMPCLINIC_MODE={settings.MODE}, but this database belongs to a {found.mode}. "
            "Choose the other mode, or another folder or database."
        )


def mode() -> str | None:
    """The mode this database was made in; None before the first migration."""
    from smpclinic.models import Installation

    found = Installation.objects.first()
    return found.mode if found else None
