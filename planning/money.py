"""Money: typed and shown as decimals, kept as whole minor units of the clinic's currency."""

from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision
from django.utils.translation import gettext as _

from smpclinic.models import ClinicProfile

LARGEST_MINOR = 10**10  # far above any treatment, far below what the column holds


def places_of(currency: str) -> int:
    """How many decimal places a currency has: 2 for EUR, 0 for JPY."""
    return get_currency_precision(currency)


def minor_units(amount: Decimal, currency: str) -> int:
    """An amount in whole minor units; ValueError in words where it has finer parts or is out of reach.

    >>> minor_units(Decimal("1450.50"), "EUR"), minor_units(Decimal("90000"), "JPY")
    (145050, 90000)
    """
    scaled = amount.scaleb(places_of(currency))
    if scaled != scaled.to_integral_value():
        places = places_of(currency)
        words = _("%(currency)s has %(places)s decimal places.") % {"currency": currency, "places": places}
        raise ValueError(words)
    if not 0 <= scaled <= LARGEST_MINOR:
        raise ValueError(_("Enter a price of 0 or more, and check the number of digits."))
    return int(scaled)


def amount(minor: int, currency: str) -> Decimal:
    """Minor units as a decimal amount with the currency's places."""
    return Decimal(minor).scaleb(-places_of(currency))


def price_in_words(minor: int | None, currency: str) -> str:
    """A price as the clinic's locale writes it; empty where none is set."""
    if minor is None:
        return ""
    return format_currency(amount(minor, currency), currency, locale=ClinicProfile.current().locale)
