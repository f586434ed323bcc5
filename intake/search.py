"""Find patients by the beginning of a name part, phone digits, a birth date or a record number.

The terms are folded in Python and lie in one table with one index, so both databases find the same people
in the same order.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from intake.models import Patient, SearchTerm
from intake.naming import fold, query_terms, search_terms
from smpclinic.models import User

FIRST = 20
ROWS_READ = FIRST * 10  # one patient can match by several terms
FEWEST_INSIDE_LETTERS = 3
LONGEST_TERM = 80
HIGHEST_SIGN = "\U0010ffff"


def find_patients(text: str, *, user: User, on: date, month_first: bool = False) -> list[Patient]:
    """The first 20 patients the user may see for whom every word of ``text`` is the beginning of a term.

    ``on`` is today at the clinic: it tells which century a short birth year means. Nothing typed finds nobody.
    """
    groups = query_terms(text.replace("\0", ""), on=on, month_first=month_first)
    if not groups:
        return []
    visible = Patient.objects.current().visible_to(user)
    keys = _first_distinct(_keys(groups, visible)) or _first_distinct(_keys_inside(text, visible))
    found = visible.in_bulk(keys)
    return [found[key] for key in keys]


def save_terms(patient: Patient) -> None:
    """Make the stored terms those of the patient as he or she is now (at most three queries)."""
    wanted = {
        term[:LONGEST_TERM]
        for term in search_terms(
            names=[patient.full_name, patient.preferred_name],
            phones=[patient.phone],
            born_on=patient.born_on,
            number=patient.record_number,
        )
    }
    present = set(patient.search_terms.values_list("term", flat=True))
    patient.search_terms.filter(term__in=present - wanted).delete()
    SearchTerm.objects.bulk_create(SearchTerm(patient=patient, term=term) for term in sorted(wanted - present))


def _keys(groups: Sequence[tuple[str, ...]], visible: QuerySet[Patient]) -> Iterator[int]:
    """Patients by key of the narrowest group, each other group holding too; one short query for each reading of it."""
    narrowest, *others = sorted(groups, key=lambda terms: -max(len(term) for term in terms))
    for term in narrowest:
        rows = SearchTerm.objects.filter(_begins(term), patient__in=visible)
        for group in others:
            rows = rows.filter(Exists(SearchTerm.objects.filter(_begins(*group), patient=OuterRef("patient"))))
        yield from rows.order_by("term", "patient_id").values_list("patient_id", flat=True)[:ROWS_READ]


def _keys_inside(text: str, visible: QuerySet[Patient]) -> Iterator[int]:
    """When nothing begins so: three or more letters anywhere inside a part of the name."""
    words = fold(text).split()
    if not words or any(len(word) < FEWEST_INSIDE_LETTERS for word in words):
        return
    rows = SearchTerm.objects.filter(term__contains=words[0], patient__in=visible)
    for word in words[1:]:
        rows = rows.filter(Exists(SearchTerm.objects.filter(term__contains=word, patient=OuterRef("patient"))))
    yield from rows.order_by("term", "patient_id").values_list("patient_id", flat=True)[:ROWS_READ]


def _begins(*terms: str) -> Q:
    """A range of the index, read alike by both databases, for any of these beginnings."""
    condition = Q()
    for term in terms:
        condition |= Q(term__gte=term, term__lt=term + HIGHEST_SIGN)
    return condition


def _first_distinct(keys: Iterable[int]) -> list[int]:
    found: dict[int, None] = {}
    for key in keys:
        found[key] = None
        if len(found) == FIRST:
            break
    return list(found)
