"""What the clinic itself consists of: staff, places, stock, texts, the trail, work to be done later."""

from smpclinic.models.audit import AccessEntry, AuditEntry, AuditValue, Installation, SealedRecord
from smpclinic.models.limits import TryCount
from smpclinic.models.outbox import Outbox, WorkerBeat
from smpclinic.models.places import ClinicProfile, Location, Room
from smpclinic.models.staff import Qualification, StaffRole, User
from smpclinic.models.stock import Lot, MovementKind, Product, ProductKind, StockMovement
from smpclinic.models.texts import Text

__all__ = [
    "AccessEntry",
    "AuditEntry",
    "AuditValue",
    "ClinicProfile",
    "Installation",
    "Location",
    "Lot",
    "MovementKind",
    "Outbox",
    "Product",
    "ProductKind",
    "Qualification",
    "Room",
    "SealedRecord",
    "StaffRole",
    "StockMovement",
    "Text",
    "TryCount",
    "User",
    "WorkerBeat",
]
