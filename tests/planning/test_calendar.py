"""The calendar: day, week and month, pressing a free place, carrying a visit, the day sheet."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from planning.actions import booking
from planning.board import day_board, day_sheet, month_of, week_board, week_table
from planning.models import Appointment, TimeOff, VisitKind
from smpclinic.actors import staff
from smpclinic.models import AuditEntry
from tests.make import make_appointment, make_location, make_manager, make_patient, make_plan, make_room
from tests.planning.booking_makers import MONDAY, days_later, minute, open_clinic

pytestmark = [pytest.mark.django_db]
MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2035, 1, 8, 8, 50, tzinfo=MADRID)
TEN = datetime(2035, 1, 8, 10, 0, tzinfo=MADRID)


@pytest.fixture
def clinic():
    with time_machine.travel(NOW.astimezone(UTC), tick=False):
        yield open_clinic()


@pytest.fixture
def desk(client, clinic):
    client.force_login(clinic.reception)
    return client


def consultation(clinic, *, at=TEN, minutes=45, **fields):
    places = {"practitioner": clinic.practitioner, "room": clinic.room}
    return make_appointment(kind="consultation", starts_at=at, minutes=minutes, **(places | fields))


def visit_url(visit):
    return reverse("planning:appointment", args=[visit.public_id])


def column_of(board, title):
    return next(column for column in board.columns if column.title == title)


def times(stretches):
    return [(each.at, each.until) for each in stretches]


class TestTheBoard:
    def test_stands_to_the_minute(self, clinic):
        consultation(clinic, at=TEN + timedelta(minutes=20), minutes=10)
        block = column_of(day_board(MONDAY, now=NOW), "Dr Ruiz").blocks[0]
        assert (block.row, block.plus, block.span, block.less) == (41, 5, 1, 5)

    def test_shows_what_is_free_and_what_is_closed(self, clinic):
        consultation(clinic)
        column = column_of(day_board(MONDAY, now=NOW), "Dr Ruiz")
        assert times(column.free) == [("09:00", "10:00"), ("10:45", "18:00")]
        assert times(column.closed) == [("08:00", "09:00")]

    def test_a_room_is_free_again_when_it_is_cleaned(self, clinic):
        consultation(clinic)
        column = column_of(day_board(MONDAY, now=NOW, by_room=True), "Room 1")
        assert times(column.free) == [("09:00", "10:00"), ("11:00", "18:00")]

    def test_nothing_is_free_before_the_next_quarter(self, clinic):
        column = column_of(day_board(MONDAY, now=TEN + timedelta(minutes=1)), "Dr Ruiz")
        assert times(column.free) == [("10:15", "18:00")]

    def test_time_off_and_a_closure_leave_no_free_time(self, clinic):
        TimeOff.objects.create(user=clinic.practitioner, first_day=MONDAY, last_day=MONDAY, reason="private")
        board = day_board(MONDAY, now=NOW)
        assert column_of(board, "Dr Ruiz").free == ()
        assert column_of(board, "Dr Sato").free != ()
        TimeOff.objects.create(first_day=MONDAY, last_day=MONDAY, reason="Reyes")
        board = day_board(MONDAY, now=NOW)
        assert column_of(board, "Dr Sato").free == ()
        assert board.closures == ("Reyes",)

    def test_the_hour_that_the_clocks_skip_is_not_there(self, clinic):
        sunday = date(2035, 3, 25)
        TimeOff.objects.all().delete()
        board = day_board(sunday, now=NOW)
        assert column_of(board, "Dr Ruiz").free == ()
        assert times(column_of(board, "Dr Ruiz").closed) == [("08:00", "18:00")]

    def test_the_line_of_now_stands_on_today_alone(self, clinic):
        column = day_board(MONDAY, now=TEN + timedelta(minutes=7)).columns[0]
        assert (column.now_row, column.now_plus) == (40, 7)
        assert day_board(days_later(1), now=TEN).columns[0].now_row is None

    def test_names_nobody_whom_the_looker_may_not_know_but_keeps_their_time(self, clinic):
        clinic_elsewhere = make_patient(full_name="Elsewhere", home_location=make_location())
        consultation(clinic, patient=clinic_elsewhere)
        profile = clinic.reception.__class__.objects.get(pk=clinic.reception.pk)
        from smpclinic.models import ClinicProfile

        ClinicProfile.objects.update(patients_shared=False)
        profile.locations.set([clinic.location])
        column = column_of(day_board(MONDAY, now=NOW, user=profile), "Dr Ruiz")
        assert column.blocks == ()
        assert times(column.free) == [("09:00", "10:00"), ("10:45", "18:00")]


@pytest.mark.parametrize("visits", [1, 3, 300])
def test_no_view_asks_more_often_for_more_visits(clinic, django_assert_num_queries, visits):
    patients = [make_patient() for _ in range(min(visits, 3))]
    for number in range(visits):
        at = TEN.replace(hour=0) + timedelta(minutes=4 * number + (number % 7) * 1440)
        Appointment.objects.bulk_create([_row(clinic, patients[number % len(patients)], at)])
    with django_assert_num_queries(9):
        day_board(MONDAY, now=NOW)
    with django_assert_num_queries(9):
        day_board(MONDAY, now=NOW, by_room=True)
    with django_assert_num_queries(9):
        week_board(MONDAY, now=NOW, who=clinic.practitioner)
    with django_assert_num_queries(9):
        week_table(MONDAY, now=NOW)
    with django_assert_num_queries(3):
        month_of(MONDAY, today=MONDAY)
    with django_assert_num_queries(4):
        day_sheet(MONDAY)


def _row(clinic, patient, at):
    from tests.make import appointment_times

    return Appointment(
        patient=patient,
        practitioner=clinic.practitioner,
        room=clinic.room,
        kind="consultation",
        booked_at=NOW,
        **appointment_times(at, 4, cleaning_min=0),
    )


class TestTheWeek:
    def test_is_a_table_of_everybody(self, clinic):
        consultation(clinic, at=TEN + timedelta(days=2))
        table = week_table(MONDAY, now=NOW)
        ruiz, sato = table.rows
        assert [len(cell.entries) for cell in ruiz.cells] == [0, 0, 1, 0, 0, 0, 0]
        assert [cell.is_open for cell in sato.cells] == [True] * 6 + [False]
        assert [row.title for row in week_table(MONDAY, now=NOW, by_room=True).rows] == ["Room 1", "Room 2"]

    def test_of_one_person_stands_to_scale_day_by_day(self, clinic):
        visit = consultation(clinic, at=TEN + timedelta(days=2))
        board = week_board(MONDAY, now=NOW, who=clinic.practitioner)
        assert [[block.appointment for block in column.blocks] for column in board.columns][2] == [visit]
        assert board.columns[2].query == f"day=2035-01-10&practitioner={clinic.practitioner.pk}"

    def test_begins_on_its_monday_whatever_day_is_asked_for(self, desk):
        page = desk.get(reverse("planning:week", args=[days_later(3)]))
        assert page.context["monday"] == MONDAY

    @pytest.mark.parametrize("who", ["", "x", "0", "-1", "99999999999999", "424242"])
    def test_of_nobody_is_everybodys(self, desk, who):
        assert "table" in desk.get(reverse("planning:week", args=[MONDAY]), {"who": who}).context

    def test_of_one_room_shows_its_page(self, desk, clinic):
        page = desk.get(reverse("planning:week", args=[MONDAY]), {"by": "room", "who": clinic.room.pk})
        assert page.context["who"] == clinic.room


class TestTheMonth:
    def test_counts_visits_by_day_and_person(self, clinic):
        consultation(clinic)
        consultation(clinic, at=TEN + timedelta(hours=1), minutes=30)
        consultation(clinic, at=TEN + timedelta(hours=3), state="cancelled", cancel_reason="ill")
        month = month_of(MONDAY, today=MONDAY)
        day = next(day for week in month.weeks for day in week if day.day == MONDAY)
        assert (day.visits, day.minutes, [load.title for load in day.loads]) == (2, 75, ["Dr Ruiz"])
        assert day.is_today

    def test_holds_whole_weeks(self, clinic):
        month = month_of(date(2035, 1, 31), today=MONDAY)
        assert {len(week) for week in month.weeks} == {7}
        assert month.weeks[0][0].day == date(2035, 1, 1)
        assert month.weeks[-1][-1].day == date(2035, 2, 4)

    def test_narrows_to_one_practitioner(self, clinic):
        consultation(clinic)
        assert month_of(MONDAY, today=MONDAY, who=clinic.colleague.pk).visits == 0
        assert month_of(MONDAY, today=MONDAY, who=clinic.practitioner.pk).visits == 1

    def test_reaches_to_the_ends_of_the_calendar(self, desk):
        for day in ("1971-01-01", "2170-12-31"):
            for view in ("day", "week", "month"):
                assert desk.get(f"/{view}/{day}/").status_code == 200


class TestPressingAFreePlace:
    def asked(self, clinic, **told):
        return {"day": "2035-01-08", "at": "14:30", "practitioner": clinic.practitioner.pk} | told

    def test_asks_for_whom_and_leads_to_the_same_place(self, desk, clinic):
        patient = make_patient(full_name="Ana Quintero")
        page = desk.get(reverse("planning:book_at"), self.asked(clinic, q="quint")).content.decode()
        assert "14:30" in page
        link = reverse("planning:visit", args=[patient.public_id])
        assert f"{link}?day=2035-01-08&amp;at=14%3A30&amp;practitioner={clinic.practitioner.pk}" in page

    def test_offers_that_place_first_with_a_room_that_is_free(self, desk, clinic):
        consultation(clinic, at=TEN.replace(hour=14), minutes=60, practitioner=clinic.colleague)
        page = desk.get(reverse("planning:visit", args=[make_patient().public_id]), self.asked(clinic))
        label = page.context["form"].fields["place"].choices[0][1]
        assert label == "Mon 8 Jan, 14:30–15:15 · Dr Ruiz · Room 2"

    def test_a_call_takes_the_place_that_was_pressed(self, desk, clinic):
        page = desk.get(reverse("planning:call"), self.asked(clinic, room=clinic.other_room.pk))
        assert page.context["form"].fields["place"].choices[0][1].endswith("14:30–15:15 · Dr Ruiz · Room 2")

    @pytest.mark.parametrize(
        ("day", "at", "words"),
        [
            ("2035-03-25", "02:30", "There is no 02:30 on Sunday 25 March 2035"),
            ("2035-10-28", "02:30", "There are two moments of 02:30"),
        ],
    )
    def test_a_time_that_is_missing_or_doubled_is_a_sentence(self, desk, clinic, day, at, words):
        page = desk.get(reverse("planning:book_at"), self.asked(clinic, day=day, at=at)).content.decode()
        assert words in page

    def test_a_session_of_a_plan_is_booked_by_hand_with_the_plans_minutes(self, desk, clinic):
        plan = make_plan(practitioner=clinic.practitioner, agreed=True)
        session = plan.planned_sessions.get(number=1)
        url = reverse("planning:visit", args=[plan.patient.public_id])
        code = f"session-{session.pk}"
        page = desk.get(url, {"kind": code} | self.asked(clinic))
        assert dict(page.context["form"].fields["kind"].choices)[code] == "Session 1 of 3, 150 min"
        place = page.context["form"].fields["place"].choices[0][0]
        desk.post(url, {"kind": code, "place": place})
        visit = Appointment.objects.get()
        assert (visit.planned_session, visit.kind, visit.minutes) == (session, "treatment", 150)

    def test_pressing_the_button_twice_books_once_and_shows_it(self, desk, clinic):
        patient = make_patient()
        url = reverse("planning:visit", args=[patient.public_id])
        place = desk.get(url, self.asked(clinic)).context["form"].fields["place"].choices[0][0]
        told = {"kind": "consultation", "place": place}
        answers = [desk.post(url, told), desk.post(url, told)]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert answers[0].url == answers[1].url
        assert Appointment.objects.count() == 1

    @pytest.mark.parametrize("at", ["08:45", "17:30"])
    def test_outside_the_hours_is_refused_in_words(self, desk, clinic, at):
        url = reverse("planning:visit", args=[make_patient().public_id])
        asked = self.asked(clinic, day="2035-01-09", at=at)
        place = desk.get(url, asked).context["form"].fields["place"].choices[0][0]
        answer = desk.post(url, {"kind": "consultation", "place": place})
        assert "Dr Ruiz does not work there at that time." in answer.content.decode()
        assert not Appointment.objects.exists()

    def test_a_room_of_another_location_and_one_out_of_use_are_refused(self, desk, clinic):
        patient = make_patient()
        url = reverse("planning:visit", args=[patient.public_id])
        elsewhere = make_room(name="Elsewhere")
        place = f"{minute(days_later(1))}.{clinic.practitioner.pk}.{elsewhere.pk}"
        assert "does not work there" in desk.post(url, {"kind": "consultation", "place": place}).content.decode()
        clinic.room.is_active = False
        clinic.room.save()
        place = f"{minute(days_later(1))}.{clinic.practitioner.pk}.{clinic.room.pk}"
        page = desk.post(url, {"kind": "consultation", "place": place}).content.decode()
        assert "That place is no longer there" in page

    def test_a_practitioner_who_left_is_refused(self, desk, clinic):
        place = f"{minute(days_later(1))}.{clinic.practitioner.pk}.{clinic.room.pk}"
        clinic.practitioner.is_active = False
        clinic.practitioner.save()
        url = reverse("planning:visit", args=[make_patient().public_id])
        page = desk.post(url, {"kind": "consultation", "place": place}).content.decode()
        assert "That place is no longer there" in page


class TestKinds:
    def test_the_clinic_says_how_long_a_kind_takes(self, desk):
        VisitKind.objects.create(kind="healing_check", minutes=25)
        page = desk.get(reverse("planning:visit", args=[make_patient().public_id]), {"kind": "healing_check"})
        assert page.context["form"].fields["place"].choices[0][1].startswith("Mon 8 Jan, 09:15–09:40")

    def test_a_kind_that_asks_for_a_qualification_is_refused_without_one(self, clinic):
        VisitKind.objects.create(kind="patch_test", minutes=15, needs_qualification=True)
        clinic.practitioner.qualifications.all().delete()
        from django.core.exceptions import ValidationError

        told = {"patient": make_patient(), "practitioner": clinic.practitioner, "room": clinic.room}
        told |= {"starts_min": minute(days_later(1)), "minutes": 15, "by": staff(clinic.reception)}
        with pytest.raises(ValidationError, match="no qualification that is valid"):
            booking.book_appointment(kind="patch_test", **told)
        assert booking.book_appointment(kind="healing_check", **told).active


class TestCarryingAVisit:
    def carried(self, desk, visit, **told):
        return desk.get(reverse("planning:move", args=[visit.public_id]), {"day": "2035-01-09", "at": "14:30"} | told)

    def test_asks_before_it_moves_and_keeps_room_and_person(self, desk, clinic):
        visit = consultation(clinic)
        page = self.carried(desk, visit)
        assert page.context["asked"] == "Tue 9 Jan, 14:30–15:15 · Dr Ruiz · Room 1"
        assert page.context["is_possible"]
        visit.refresh_from_db()
        assert visit.day == MONDAY

    def test_moves_when_it_is_confirmed(self, desk, clinic):
        visit = consultation(clinic)
        page = self.carried(desk, visit, practitioner=clinic.colleague.pk)
        told = {"place": page.context["place"], "sequence": 0, "told": "phone"}
        desk.post(reverse("planning:move", args=[visit.public_id]), told)
        visit.refresh_from_db()
        assert (f"{visit.starts_at:%d %H:%M}", visit.practitioner) == ("09 14:30", clinic.colleague)

    def test_names_what_stands_there_and_offers_places_near(self, desk, clinic):
        visit = consultation(clinic)
        consultation(
            clinic, at=TEN + timedelta(days=1, hours=4), minutes=60, patient=make_patient(full_name="Ben Okoro")
        )
        page = self.carried(desk, visit)
        assert page.context["clash"].words[0] == (
            "Dr Ruiz already has Consultation with Ben Okoro on Tue 9 Jan, 14:00-15:00."
        )
        labels = [label for _code, label in page.context["clash"].offers]
        assert len(labels) == 3
        assert "Tue 9 Jan, 14:30–15:15 · Dr Ruiz · Room 1" not in labels
        place = f"{minute(days_later(1), 14, 30)}.{clinic.practitioner.pk}.{clinic.room.pk}"
        told = {"place": place, "sequence": 0, "told": "phone"}
        answer = desk.post(reverse("planning:move", args=[visit.public_id]), told)
        assert answer.status_code == 409
        assert "Ben Okoro" in answer.content.decode()

    def test_a_block_can_be_carried_only_while_it_is_booked_and_by_who_may_book(self, desk, client, clinic):
        visit = consultation(clinic)
        carried = 'data-move="move/"'
        assert reverse("planning:move", args=[visit.public_id]) == f"{visit_url(visit)}move/"
        assert carried in desk.get(reverse("planning:day", args=[MONDAY])).content.decode()
        client.force_login(make_manager())
        page = client.get(reverse("planning:day", args=[MONDAY])).content.decode()
        assert carried not in page
        assert "data-free" not in page


class TestTheDaySheet:
    def test_names_phone_and_what_is_missing(self, desk, clinic):
        visit = consultation(clinic, patient=make_patient(full_name="Ana Quintero", phone="+34 600 100 200"))
        Appointment.objects.filter(pk=visit.pk).update(kind="healing_check")
        page = desk.get(reverse("planning:sheet", args=[MONDAY])).content.decode()
        assert all(words in page for words in ("Ana Quintero", "+34 600 100 200", "intake", "10:00–10:45"))

    def test_leaves_its_trace_without_a_name(self, desk, clinic):
        consultation(clinic)
        desk.get(reverse("planning:sheet", args=[MONDAY]))
        entry = AuditEntry.objects.get(verb="printed day sheet")
        assert entry.details == {"day": "2035-01-08", "visits": 1}

    def test_is_a_pdf_on_a4_across(self, desk, clinic):
        import io

        from pypdf import PdfReader

        consultation(clinic, patient=make_patient(full_name="Ana Quintero"))
        answer = desk.get(reverse("planning:sheet_pdf", args=[MONDAY]))
        page = PdfReader(io.BytesIO(answer.content)).pages[0]
        assert float(page.mediabox.width) > float(page.mediabox.height)
        assert "Ana Quintero" in page.extract_text()

    def test_an_empty_day_says_so(self, desk):
        assert "Nothing is booked" in desk.get(reverse("planning:sheet", args=[MONDAY])).content.decode()
