"""The manager's places and times: hours, breaks, time off, holidays, rooms; what a change hits is said before."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from planning import public_holidays
from planning.actions import booking
from planning.actions.places import save_room
from planning.actions.times import add_time_off, change_hours, change_kind, close_on_holidays, week_of
from planning.hours import works_there
from planning.kinds import kinds_of_visit, minutes_of
from planning.models import TimeOff, VisitKind, WeeklyHours
from planning.outside import HitsVisits, visits_outside_hours
from planning.week_hours import day_as_written, stretches_of_day
from smpclinic.actors import staff
from smpclinic.models import AuditEntry, Room
from tests.make import make_appointment, make_location, make_manager, make_patient, make_room
from tests.planning.booking_makers import MONDAY, days_later, minute, open_clinic

pytestmark = [pytest.mark.django_db]
TEN = datetime(2035, 1, 8, 10, 0, tzinfo=ZoneInfo("Europe/Madrid"))
WHOLE = {number: [(540, 1080)] for number in range(6)}


@pytest.fixture
def clinic():
    with time_machine.travel("2035-01-07 18:00:00+00:00", tick=False):
        yield open_clinic()


@pytest.fixture
def manager(clinic):
    return make_manager()


@pytest.fixture
def by(manager):
    return staff(manager)


@pytest.fixture
def desk(client, manager):
    client.force_login(manager)
    return client


def consultation(clinic, *, at=TEN, **fields):
    places = {"practitioner": clinic.practitioner, "room": clinic.room}
    return make_appointment(kind="consultation", starts_at=at, minutes=45, **(places | fields))


def works(clinic, hour, minutes=0, *, day=MONDAY, length=45):
    starts_min = minute(day, hour, minutes)
    return works_there(clinic.practitioner, clinic.room, starts_min, starts_min + length, day)


class TestADaysHours:
    @pytest.mark.parametrize(
        ("times", "words"),
        [
            ((540, None, None, None), "Give both times"),
            ((1080, 540, None, None), "must end after it begins"),
            ((540, 540, None, None), "must end after it begins"),
            ((540, 1080, 780, None), "both times of the break"),
            ((540, 1080, 540, 600), "must lie within the day"),
            ((540, 1080, 800, 780), "must lie within the day"),
            ((None, None, 780, 840), "Give both times"),
        ],
    )
    def test_that_cannot_be_are_said_in_words(self, times, words):
        with pytest.raises(ValueError, match=words):
            stretches_of_day(*times)

    @given(st.lists(st.integers(0, 1440), min_size=4, max_size=4, unique=True))
    def test_are_written_as_they_were_told(self, times):
        starts, rest_from, rest_until, ends = sorted(times)
        told = (starts, ends, rest_from, rest_until)
        assert day_as_written(stretches_of_day(*told)) == told


class TestWeeklyHours:
    def test_a_break_cannot_be_booked(self, clinic, by):
        week = WHOLE | {0: [(540, 780), (840, 1080)]}
        change_hours(location=clinic.location, user=clinic.practitioner, week=week, by=by)
        assert [works(clinic, hour) for hour in (12, 13, 14)] == [True, False, True]
        assert works(clinic, 12, 15)
        assert not works(clinic, 12, 16)

    def test_replace_what_was_there_and_leave_others_alone(self, clinic, by):
        change_hours(location=clinic.location, user=clinic.practitioner, week={0: [(600, 720)]}, by=by)
        rows = WeeklyHours.objects.filter(location=clinic.location)
        assert week_of(rows.filter(user=clinic.practitioner)) == {0: [(600, 720)]}
        assert week_of(rows.filter(user=clinic.colleague)) == WHOLE

    def test_hold_on_the_local_clock_on_both_sides_of_a_clock_change(self, clinic, by):
        change_hours(location=clinic.location, user=None, week={number: [(540, 600)] for number in range(7)}, by=by)
        change_hours(
            location=clinic.location,
            user=clinic.practitioner,
            week={number: [(540, 600)] for number in range(7)},
            by=by,
        )
        for day in (date(2035, 3, 24), date(2035, 3, 25), date(2035, 3, 26), date(2035, 10, 28)):
            assert works(clinic, 9, day=day, length=60)
            assert not works(clinic, 9, 1, day=day, length=60)

    def test_a_change_that_hits_a_visit_is_not_made_until_that_is_known(self, clinic, by):
        visit = consultation(clinic)
        told = {"location": clinic.location, "user": clinic.practitioner, "week": {1: [(540, 1080)]}, "by": by}
        with pytest.raises(HitsVisits) as asked:
            change_hours(**told)
        assert asked.value.visits == [visit]
        change_hours(**told, hits_accepted=True)
        visit.refresh_from_db()
        assert visit.active
        assert visits_outside_hours() == [visit]

    def test_a_change_elsewhere_in_the_week_hits_nothing(self, clinic, by):
        consultation(clinic)
        change_hours(location=clinic.location, user=clinic.practitioner, week={0: [(540, 1080)]}, by=by)

    def test_leave_their_trace_day_by_day(self, clinic, by):
        change_hours(location=clinic.location, user=clinic.practitioner, week=WHOLE | {0: [(600, 720)]}, by=by)
        entry = AuditEntry.objects.get(verb="changed hours")
        assert [(value.field, value.before, value.after) for value in entry.values.all()] == [
            ("Monday", "09:00–18:00", "10:00–12:00")
        ]

    def test_are_typed_in_as_a_table(self, desk, clinic):
        url = reverse("planning:working_hours", args=[clinic.location.public_id, clinic.practitioner.public_id])
        assert 'value="09:00"' in desk.get(url).content.decode()
        told = {"from_0": "08:00", "until_0": "16:00", "rest_from_0": "12:00", "rest_until_0": "12:30", "same": "on"}
        assert desk.post(url, told | {"from_6": "10:00", "until_6": "00:00"}).status_code == 302
        found = week_of(WeeklyHours.objects.filter(user=clinic.practitioner))
        assert found == {number: [(480, 720), (750, 960)] for number in range(5)} | {6: [(600, 1440)]}

    def test_a_day_that_cannot_be_keeps_all_that_was_typed_and_names_the_day(self, desk, clinic):
        url = reverse("planning:opening_hours", args=[clinic.location.public_id])
        answer = desk.post(url, {"from_0": "18:00", "until_0": "09:00", "from_1": "07:35", "until_1": "25:00"})
        page = answer.content.decode()
        assert set(answer.context["form"].errors) == {"from_0", "until_1"}
        assert "The day must end after it begins." in page
        assert 'value="07:35"' in page
        assert week_of(WeeklyHours.objects.filter(user=None)) == WHOLE

    def test_the_page_names_the_visits_and_saves_on_the_second_press(self, desk, clinic):
        consultation(clinic, patient=make_patient(full_name="Ana Quintero"))
        url = reverse("planning:working_hours", args=[clinic.location.public_id, clinic.practitioner.public_id])
        told = {"from_1": "09:00", "until_1": "18:00"}
        first = desk.post(url, told)
        page = first.content.decode()
        assert "Ana Quintero" in page
        assert "Nothing has been saved yet" in page
        assert first.context["form"]["hits_accepted"].value() == "on"
        assert desk.post(url, told | {"hits_accepted": "on"}).status_code == 302
        assert "lies outside the hours" in desk.get(reverse("planning:places")).content.decode()


class TestTimeOff:
    def test_of_part_of_a_day_leaves_the_rest(self, clinic, by):
        whole = {"location": None, "first_day": MONDAY, "last_day": MONDAY, "reason": ""}
        add_time_off(user=clinic.practitioner, starts_min=720, ends_min=1440, **whole, by=by)
        assert works(clinic, 11, 15)
        assert not works(clinic, 11, 16)

    def test_that_hits_a_visit_says_which(self, clinic, by):
        visit = consultation(clinic, at=TEN + timedelta(days=2))
        away = {"user": clinic.practitioner, "location": None, "reason": "", "starts_min": None, "ends_min": None}
        with pytest.raises(HitsVisits) as asked:
            add_time_off(first_day=MONDAY, last_day=days_later(2), **away, by=by)
        assert asked.value.visits == [visit]
        assert not TimeOff.objects.exists()
        add_time_off(first_day=MONDAY, last_day=days_later(1), **away, by=by)

    def test_of_another_location_closes_nothing_here(self, clinic, by):
        closed = {"user": None, "location": make_location(), "reason": "Works", "starts_min": None, "ends_min": None}
        add_time_off(first_day=MONDAY, last_day=MONDAY, **closed, by=by)
        assert works(clinic, 10)

    @pytest.mark.parametrize(
        ("told", "field"),
        [
            ({"last_day": "2035-01-07"}, "last_day"),
            ({"starts": "10:00"}, "ends"),
            ({"starts": "10:00", "ends": "10:00"}, "ends"),
            ({"first_day": "2135-01-08"}, "first_day"),
            ({"whom": "user-0"}, "whom"),
        ],
    )
    def test_that_cannot_be_is_said_beside_the_field(self, desk, clinic, told, field):
        answer = desk.post(
            reverse("planning:add_time_off"), {"whom": "clinic", "first_day": "2035-01-08", "reason": "Move"} | told
        )
        assert set(answer.context["form"].errors) == {field}
        assert 'value="Move"' in answer.content.decode()

    def test_is_added_and_removed_on_the_page(self, desk, clinic):
        told = {"whom": f"user-{clinic.practitioner.pk}", "first_day": "2035-01-08", "starts": "12:00", "ends": "00:00"}
        assert desk.post(reverse("planning:add_time_off"), told).status_code == 302
        row = TimeOff.objects.get()
        assert (row.user, row.last_day, row.hours) == (clinic.practitioner, MONDAY, "12:00–24:00")
        for _press in range(2):  # the second finds it gone, and says so
            desk.post(reverse("planning:remove_time_off"), {"row": row.pk})
        assert not TimeOff.objects.exists()
        assert AuditEntry.objects.filter(verb="removed time off").count() == 1

    @pytest.mark.parametrize("row", ["", "x", "-1", "9" * 30])
    def test_a_row_that_is_none_removes_nothing(self, desk, row):
        assert desk.post(reverse("planning:remove_time_off"), {"row": row}).status_code == 302


class TestPublicHolidays:
    def test_come_by_country_part_and_year(self):
        spain = {each.day for each in public_holidays.holidays_of("ES", 2026)}
        madrid = {each.day for each in public_holidays.holidays_of("ES", 2026, part="MD")}
        assert date(2026, 1, 6) in spain
        assert date(2026, 5, 2) in madrid - spain

    @pytest.mark.parametrize(
        ("country", "part", "year", "words"),
        [
            ("XX", "", 2026, "not known"),
            ("ES", "ZZ", 2026, "ZZ is not a part of this country"),
            ("ES", "", 1999, "Choose a year from 2000 to 2100"),
        ],
    )
    def test_that_are_not_known_are_said(self, country, part, year, words):
        with pytest.raises(ValueError, match=words):
            public_holidays.holidays_of(country, year, part=part)

    def test_every_country_has_a_name(self):
        named = dict(public_holidays.countries("en"))
        assert (named["ES"], named["DE"]) == ("Spain", "Germany")
        assert len(named) > 200

    def test_are_shown_before_any_day_is_closed(self, desk):
        told = {"country": "ES", "part": "md", "year": "2035", "location": ""}
        page = desk.get(reverse("planning:holidays"), told)
        assert [each["day"] for each in page.context["found"]][:2] == [date(2035, 1, 1), date(2035, 1, 6)]
        assert [each["is_chosen"] for each in page.context["found"]][1:3] == [False, True]  # 6 January is past
        assert not TimeOff.objects.exists()

    def test_close_the_clinic_on_the_chosen_days_once(self, desk):
        told = {"country": "ES", "part": "MD", "year": "2035", "location": "", "day": ["2035-12-25", "2035-07-04"]}
        for _press in range(2):
            desk.post(reverse("planning:holidays"), told)
        row = TimeOff.objects.get()
        assert (row.first_day, row.last_day, row.location) == (date(2035, 12, 25), date(2035, 12, 25), None)
        assert row.reason

    def test_that_hit_a_visit_say_which(self, desk, clinic):
        consultation(clinic, at=TEN.replace(month=12, day=25), patient=make_patient(full_name="Ana Quintero"))
        told = {"country": "ES", "part": "", "year": "2035", "location": "", "day": ["2035-12-25"]}
        assert "Ana Quintero" in desk.post(reverse("planning:holidays"), told).content.decode()
        assert not TimeOff.objects.exists()
        desk.post(reverse("planning:holidays"), told | {"hits_accepted": "on"})
        assert TimeOff.objects.count() == 1

    def test_leave_a_day_that_is_closed_already(self, clinic, by):
        days = {MONDAY: "Reyes"}
        assert len(close_on_holidays(days=days, location=None, by=by)) == 1
        assert close_on_holidays(days=days, location=None, by=by) == []


class TestRoomsAndLocations:
    def test_a_room_is_added_with_what_it_has(self, desk, clinic):
        told = {"location": clinic.location.pk, "name": "Room 9", "equipment": "chair", "cleaning_min": "20"}
        desk.post(reverse("planning:add_room"), told | {"is_active": "on"})
        room = Room.objects.get(name="Room 9")
        assert (room.equipment, room.cleaning_min, room.is_active) == ("chair", 20, True)

    @pytest.mark.parametrize(
        ("name", "cleaning", "field"), [("Room 1", "15", "__all__"), ("New", "121", "cleaning_min")]
    )
    def test_what_cannot_be_is_said_and_nothing_typed_is_lost(self, desk, clinic, name, cleaning, field):
        told = {"location": clinic.location.pk, "name": name, "equipment": "loupe lamp", "cleaning_min": cleaning}
        answer = desk.post(reverse("planning:add_room"), told)
        assert answer.context["form"].errors
        assert 'value="loupe lamp"' in answer.content.decode()
        assert Room.objects.count() == 2

    def test_a_room_taken_out_of_use_says_which_visits_it_holds(self, clinic, by):
        visit = consultation(clinic)
        with pytest.raises(HitsVisits) as asked:
            save_room(room=clinic.room, is_active=False, by=by)
        assert asked.value.visits == [visit]
        save_room(room=clinic.room, is_active=False, by=by, hits_accepted=True)
        assert AuditEntry.objects.filter(verb="changed room").count() == 1

    def test_a_longer_cleaning_holds_for_visits_booked_from_now_on(self, clinic, by):
        visit = consultation(clinic)
        room = save_room(room=clinic.room, cleaning_min=30, by=by)
        visit.refresh_from_db()
        assert visit.room_until_min - visit.ends_min == 15
        booked = booking.book_appointment(
            kind="consultation", patient=make_patient(), practitioner=clinic.practitioner, room=room,
            starts_min=minute(days_later(1)), minutes=45, by=by,
        )  # fmt: skip
        assert booked.room_until_min - booked.ends_min == 30

    def test_a_location_is_added_and_changed(self, desk, clinic):
        desk.post(reverse("planning:add_location"), {"name": "Norte", "is_active": "on"})
        url = reverse("planning:location", args=[clinic.location.public_id])
        answer = desk.post(url, {"name": "Norte", "is_active": "on"})
        assert answer.context["form"].errors  # two of one name
        assert desk.post(url, {"name": "Sur", "is_active": "on"}).status_code == 302


NOTICE = {"visits-remind_days_before": "2", "visits-notice_hours": "24"}


class TestKinds:
    def test_stand_as_the_domain_says_until_they_are_changed(self, clinic):
        found = {kind.value: (row.minutes, row.needs_plan) for kind, row in kinds_of_visit().items()}
        assert found == {
            "consultation": (45, False),
            "patch_test": (15, False),
            "patch_reading": (10, False),
            "treatment": (None, True),
            "healing_check": (15, False),
            "touch_up": (None, True),
        }

    def test_are_changed_on_one_page(self, desk, clinic):
        told = {f"{kind}-minutes": "20" for kind in ("consultation", "patch_test", "patch_reading", "healing_check")}
        desk.post(reverse("planning:kinds"), told | {"patch_test-needs_qualification": "on"} | NOTICE)
        assert minutes_of("consultation") == 20
        assert kinds_of_visit()["patch_test"].needs_qualification

    @pytest.mark.parametrize("minutes", ["4", "241", "", "x"])
    def test_of_a_length_that_cannot_be_change_nothing(self, desk, clinic, minutes):
        told = {f"{kind}-minutes": "20" for kind in ("patch_test", "patch_reading", "healing_check")}
        answer = desk.post(reverse("planning:kinds"), told | {"consultation-minutes": minutes})
        assert answer.status_code == 200
        assert not VisitKind.objects.exists()

    def test_a_treatment_session_is_as_long_as_its_plan_says(self, clinic, by):
        from django.core.exceptions import ValidationError

        with pytest.raises(ValidationError):
            change_kind(kind="treatment", minutes=60, needs_qualification=False, by=by)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_often_for_three_of_everything_as_for_one(clinic, by, count, django_assert_num_queries):
    from planning.places_page import places_page

    for number in range(count):
        make_room(location=make_location(name=f"Place {number}"))
        consultation(clinic, at=TEN + timedelta(days=number), patient=make_patient())
        days = {"first_day": days_later(9 + number), "last_day": days_later(9 + number)}
        add_time_off(user=None, location=None, starts_min=None, ends_min=None, reason="x", **days, by=by)
    with django_assert_num_queries(13):
        list(places_page()["time_off"])
