"""Who may do what: the table says it, and a set of roles is the sum of its parts."""

from itertools import combinations

import pytest
from django.core.exceptions import PermissionDenied

from smpclinic.roles import GRANTS, Permission, Role, granted, requires
from tests import make

P = Permission


def test_every_role_has_its_row_and_every_permission_somebody():
    assert set(GRANTS) == set(Role)
    assert granted(Role) == set(Permission)


MANAGING = {P.SET_UP, P.READ_AUDIT, P.MANAGE_STOCK, P.ENTER_LATE, P.SEE_REPORTS}
TREATING = {
    P.MERGE_PATIENTS,
    P.EXPORT_PATIENT,
    P.SEE_HEALTH,
    P.ASSESS,
    P.PLAN_TREATMENT,
    P.RECORD_SESSIONS,
    P.OVERRIDE_SCREENING,
}
AT_THE_DESK = {P.SEE_PATIENTS, P.REGISTER_PATIENTS, P.TAKE_INTAKE, P.BOOK, P.NOTE_PAYMENTS, P.PRINT_PAPERS}


@pytest.mark.parametrize(
    ("role", "never"),
    [
        (Role.RECEPTION, MANAGING | TREATING | {P.SEE_STOCK, P.COUNT_STOCK, P.RUN_RECALL, P.SEE_HISTORY, P.SEE_TIMES}),
        (Role.MANAGER, AT_THE_DESK | TREATING - {P.OVERRIDE_SCREENING}),
        (Role.PRACTITIONER, MANAGING),
    ],
)
def test_what_a_role_alone_never_may(role, never):
    assert GRANTS[role] == set(Permission) - never


def test_several_roles_may_what_any_of_them_may():
    for first, second in combinations(Role, 2):
        assert granted({first, second}) == GRANTS[first] | GRANTS[second]
    assert granted(()) == frozenset()


@pytest.mark.django_db
def test_a_user_may_what_the_roles_say_while_active():
    user = make.make_user(roles=(Role.MANAGER, Role.PRACTITIONER))
    assert user.permissions == GRANTS[Role.MANAGER] | GRANTS[Role.PRACTITIONER]
    user.is_active = False
    user.save()
    assert type(user).objects.get(pk=user.pk).permissions == frozenset()
    assert make.make_user(roles=()).permissions == frozenset()


@pytest.mark.django_db
def test_a_superuser_may_nothing_more():
    """Django's own flags open no door here: the table is the whole policy."""
    assert make.make_user(roles=(), is_superuser=True, is_staff=True).permissions == frozenset()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("roles", "opens"),
    [
        ((), False),
        ((Role.RECEPTION,), False),
        ((Role.MANAGER,), False),
        ((Role.PRACTITIONER,), False),
        ((Role.RECEPTION, Role.MANAGER), True),
    ],
)
def test_a_view_runs_only_with_every_permission_it_requires(rf, roles, opens):
    @requires(P.BOOK, P.SET_UP)
    def view(request):
        return "opened"

    assert view.required_permissions == (P.BOOK, P.SET_UP)
    request = rf.get("/")
    request.user = make.make_user(roles=roles)
    if opens:
        assert view(request) == "opened"
    else:
        with pytest.raises(PermissionDenied):
            view(request)
