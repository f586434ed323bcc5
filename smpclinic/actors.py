"""Who did something: a member of staff, a patient by link, a kiosk, the program itself, an import."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Optional

if TYPE_CHECKING:
    from smpclinic.models import User


class ActorKind(StrEnum):
    STAFF = "staff"
    PATIENT_LINK = "patient_link"
    KIOSK = "kiosk"
    SYSTEM = "system"
    IMPORT = "import"


@dataclass(frozen=True)
class Actor:
    """The one who acts. ``label`` is what a person reads in the history, and outlives the account."""

    kind: ActorKind
    label: str
    user: Optional["User"] = None


def staff(user: "User") -> Actor:
    """The signed-in member of staff."""
    return Actor(ActorKind.STAFF, str(user), user)


def patient_by_link(label: str) -> Actor:
    """A patient who came through a private link."""
    return Actor(ActorKind.PATIENT_LINK, label)


SYSTEM = Actor(ActorKind.SYSTEM, "smpclinic")
