"""Find patients by the beginning of a name part, phone digits, a birth date or a record number.

The terms are folded in Python and lie in one table with one index, so both databases find the same people
in the same order. Every question to it is a short range that stops early, however many patients there are.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from intake.models import Patient, SearchTerm
from intake.naming import query_terms, search_terms, widened
from smpclinic.models import User

FIRST = 20
ROWS_READ = FIRST * 6  # one patient can match by several terms
ROWS_WEIGHED = 2000
LONGEST_TERM = 80
HIGHEST_SIGN = "\U0010ffff"
SHOWN = ("public_id", "full_name", "born_on", "record_number")


def find_patients(text: str, *, user: User, on: date, month_first: bool = False) -> list[Patient]:
    """The first 20 patients the user may see for whom every word of ``text`` is the beginning of a term.

    Where nobody is found so, what stands inside a part of a name or a phone number counts as well (three letters or
    digits at least). ``on`` is today at the clinic: it tells which century a short birth year means. Nothing typed
    finds nobody. The patients carry what a list shows; anything else is read when asked for.
    """
    groups = query_terms(text.replace("\0", ""), on=on, month_first=month_first)
    if not groups:
        return []
    visible = Patient.objects.visible_to(user)
    terms = SearchTerm.objects.filter(patient__in=visible) if visible.query.where else SearchTerm.objects.all()
    keys = _first_distinct(_keys(groups, terms))
    if not keys and (wide := widened(groups)):
        keys = _first_distinct(_keys(wide, terms))
    found = visible.current().only(*SHOWN).in_bulk(keys)
    return [found[key] for key in keys if key in found]


def save_terms(patient: Patient) -> None:
    """Make the stored terms those of the patient as he or she is now (at most four queries).

    Names, phones and numbers of records merged into this one still find it: they stand on old papers.
    """
    records = [patient, *Patient.objects.filter(merged_into=patient).order_by("pk")] if patient.pk else [patient]
    wanted = {term[:LONGEST_TERM] for record in records for term in terms_of(record)}
    present = set(patient.search_terms.values_list("term", flat=True))
    patient.search_terms.filter(term__in=present - wanted).delete()
    SearchTerm.objects.bulk_create(SearchTerm(patient=patient, term=term) for term in sorted(wanted - present))


def terms_of(patient: Patient) -> frozenset[str]:
    """Every term this one record is found by."""
    return search_terms(
        names=[patient.full_name, patient.preferred_name],
        phones=[patient.phone, patient.second_phone],
        born_on=patient.born_on,
        numbers=[patient.record_number],
    )


def _keys(groups: Sequence[tuple[str, ...]], terms: QuerySet[SearchTerm]) -> Iterator[int]:
    """Patients by key of the rarest group, each other group holding too; one short query for each reading of it."""
    rarest, *others = sorted(groups, key=lambda group: _weight(group, terms)) if len(groups) > 1 else groups
    for term in rarest:
        rows = terms.filter(_begins(term))
        for group in others:
            rows = rows.filter(Exists(SearchTerm.objects.filter(_begins(*group), patient=OuterRef("patient"))))
        yield from rows.order_by("term", "patient_id").values_list("patient_id", flat=True)[:ROWS_READ]


def _weight(group: tuple[str, ...], terms: QuerySet[SearchTerm]) -> int:
    """How many rows begin so, counted no further than is needed to tell rare from common (a query for each term)."""
    return sum(terms.filter(_begins(term)).values("term")[:ROWS_WEIGHED].count() for term in group)


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
