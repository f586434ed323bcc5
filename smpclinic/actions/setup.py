"""The first set-up of an empty clinic: profile, one location and room, hours, and the first manager."""

import hmac
import os
import secrets
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from smpclinic import audit
from smpclinic.actors import SYSTEM
from smpclinic.models import ClinicProfile, Location, Qualification, Room, StaffRole, User
from smpclinic.roles import Role
from smpclinic.saving import save_checked


def is_set_up() -> bool:
    """Whether somebody can sign in (one query)."""
    return User.objects.exists()


def setup_code() -> str:
    """The code that whoever can read the data folder knows: shown on the terminal, asked for by the set-up page."""
    path = settings.DATA_ROOT / "setup_code"
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{secrets.randbelow(10**8):08}")
    return path.read_text(encoding="ascii").strip()


@transaction.atomic
def set_up_clinic(
    *, code: str, profile: Mapping[str, Any], location: str, room: str, manager: Mapping[str, Any], password: str
) -> User:
    """Make the clinic's first rows and its first manager, once.

    ``manager``: username, display_name and the roles beside manager. ValidationError where the code is wrong or
    somebody was faster.
    """
    if not hmac.compare_digest(code.strip().encode(), setup_code().encode()):
        raise ValidationError({"code": _("That is not the code shown where the program was started.")})
    if User.objects.select_for_update().exists():
        raise ValidationError(_("This clinic is already set up. Sign in instead."))
    clinic = ClinicProfile(pk=1, **profile)
    save_checked(clinic)
    place = Location.objects.create(name=location)
    Room.objects.create(location=place, name=room)
    user = _first_manager(manager, password, place)
    audit.record(by=SYSTEM, verb="set up clinic", subject=clinic, changed=audit.changes({}, profile))
    audit.record(by=SYSTEM, verb="added staff", subject=user, roles=sorted(user.roles))
    return user


def _first_manager(manager: Mapping[str, Any], password: str, place: Location) -> User:
    user = User(
        username=manager["username"],
        display_name=manager["display_name"],
        initials=initials_of(manager["display_name"]),
    )
    user.set_password(password)
    save_checked(user)
    user.locations.add(place)
    for role in {Role.MANAGER, *manager["roles"]}:
        StaffRole.objects.create(user=user, role=role)
    if Role.PRACTITIONER in manager["roles"]:
        title = manager.get("qualification") or _("Scalp micropigmentation")
        Qualification.objects.create(user=user, title=title, valid_from=timezone.localdate())
    return user


def initials_of(name: str) -> str:
    """The first letters of the first and last word of a name.

    >>> initials_of("Ana María Ruiz")
    'AR'
    """
    words = name.split()
    return "".join(word[0].upper() for word in dict.fromkeys([words[0], words[-1]]))[:4] if words else ""
