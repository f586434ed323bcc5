"""The invented clinic itself: people, places, hours, stock."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from planning.actions.money import set_price_list
from planning.models import ShadeStep, TimeOff
from planning.pricing import Band
from smpclinic.actions import stock
from smpclinic.actors import SYSTEM, staff
from smpclinic.demo.hours import set_hours
from smpclinic.models import ClinicProfile, Location, Lot, Product, ProductKind, Qualification, Room, StaffRole, User
from smpclinic.roles import Role
from smpclinic.saving import save_checked

PASSWORD = "smpclinic-demo"  # noqa: S105  published on the sign-in page of the demo, which runs on loopback alone
TIME_ZONE = "Europe/Madrid"
PRACTITIONERS = (
    ("practitioner", "Dr Lucía Navarro", "LN", 1),
    ("mateo", "Dr Mateo Ibarra", "MI", 3),
    ("sofia", "Sofía Lindqvist", "SL", 4),
    ("omar", "Omar Haddad", "OH", 6),
)


@dataclass(frozen=True)
class DemoClinic:
    reception: User
    manager: User
    practitioners: tuple[User, ...]
    pigments: tuple[Lot, ...]
    needles: tuple[Lot, ...]


# Whole plans by look and area treated, in euros.
PRICES = (
    *(("shaved", cm2, euros) for cm2, euros in ((60, 900), (120, 1400), (200, 1900), (500, 2600))),
    *(("kept_hair", cm2, euros) for cm2, euros in ((60, 800), (150, 1500), (500, 2200))),
    *(("scar", cm2, euros) for cm2, euros in ((15, 450), (40, 750), (100, 1200))),
)


def make_clinic(now: datetime) -> DemoClinic:
    """Profile, one location with three rooms, six members of staff, a fortnight's absence, stock with lots."""
    today = timezone.localdate(now)
    _profile()
    location = Location.objects.create(name="Demo Clinic Centro", address="Calle Inventada 12, Madrid")
    for name in ("Room 1", "Room 2", "Room 3"):
        Room.objects.create(location=location, name=name, equipment="Treatment chair, loupe lamp")
    reception = _user("reception", "Carmen Soler", "CS", 0, Role.RECEPTION, location)
    manager = _user("manager", "Inés Vidal", "IV", 2, Role.MANAGER, location)
    people = tuple(_practitioner(*row, location, today) for row in PRACTITIONERS)
    set_hours(location, people, now)
    TimeOff.objects.create(
        user=people[3], first_day=today + timedelta(days=9), last_day=today + timedelta(days=13), reason="Holiday"
    )
    pigments, needles = _stock(today)
    set_price_list(listed=[Band(look, Decimal(cm2), 100 * euros) for look, cm2, euros in PRICES], by=staff(manager))
    return DemoClinic(reception, manager, people, pigments, needles)


def _profile() -> None:
    profile = ClinicProfile(
        pk=1,
        name="Demo Clinic",
        phone="+34 910 000 000",
        email="hello@demo-clinic.example",
        address="Calle Inventada 12, 28000 Madrid",
        emergency_number="112",
        time_zone=TIME_ZONE,
    )
    save_checked(profile)


def _user(username: str, name: str, initials: str, tint: int, role: str, location: Location) -> User:
    user = User(username=username, display_name=name, initials=initials, tint=tint)
    user.set_password(PASSWORD)
    save_checked(user)
    user.locations.add(location)
    StaffRole.objects.create(user=user, role=role)
    return user


def _practitioner(username: str, name: str, initials: str, tint: int, location: Location, today: date) -> User:
    user = _user(username, name, initials, tint, Role.PRACTITIONER, location)
    Qualification.objects.create(
        user=user,
        title="Scalp micropigmentation, advanced",
        issuer="Invented Institute",
        number=f"DEMO-{tint:03}",
        valid_from=today - timedelta(days=900),
        valid_until=today + timedelta(days=900),
    )
    return user


def _stock(today: date) -> tuple[tuple[Lot, ...], tuple[Lot, ...]]:
    carbon = _product(
        ProductKind.PIGMENT, "Invented Ink", "Carbon Black", "#2b2a2a", months_after_opening=12, low_level=Decimal(30)
    )
    brown = _product(ProductKind.PIGMENT, "Invented Ink", "Warm Grey", "#4a4541", months_after_opening=6)
    needle = _product(ProductKind.NEEDLE, "Fine Point", "0603 three round liner", "")
    single = _product(ProductKind.NEEDLE, "Fine Point", "0601 single", "")
    pigments = (
        _lot(carbon, "CB-2417", today, expires=420, opened=-400),
        _lot(brown, "WG-0931", today, expires=300, opened=-90),
        _lot(carbon, "CB-2502", today, expires=540),
    )
    _lot(brown, "WG-0755", today, expires=18, opened=-150)
    needles = (_lot(needle, "FP-88121", today, expires=700), _lot(single, "FP-70210", today, expires=650))
    water = _product(ProductKind.DILUENT, "Invented Pharma", "Sterile water", "", low_level=Decimal(100))
    _lot(water, "SW-1180", today, expires=240, quantity=60)
    roller = _product(ProductKind.NEEDLE, "Fine Point", "Roller", "", low_level=Decimal(20))
    _lot(roller, "FP-66012", today, expires=500, quantity=8)
    ShadeStep.objects.filter(product__isnull=True).update(product=carbon)
    return pigments, needles


def _product(kind: str, brand: str, name: str, colour: str, **fields: object) -> Product:
    statement = "Invented product of the demonstration." if kind == ProductKind.PIGMENT else ""
    return stock.add_product(
        by=SYSTEM, kind=kind, brand=brand, name=name, colour=colour, label_statement=statement, **fields
    )


def _lot(
    product: Product, number: str, today: date, *, expires: int, opened: int | None = None, quantity: int = 200
) -> Lot:
    return stock.add_lot(
        by=SYSTEM,
        product=product,
        number=number,
        received_on=today - timedelta(days=430),
        expires_on=today + timedelta(days=expires),
        opened_on=today + timedelta(days=opened) if opened is not None else None,
        quantity=Decimal(quantity),
        code=f"DEMO/{number}",
    )
