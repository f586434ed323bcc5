"""Photos by their views, sent in pieces, compared and aligned."""

import hashlib
import io
import itertools
import math
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image

from intake.actions import add_photo
from intake.models import ConsentKind, Photo
from sessions import actions
from sessions.actions.marks import mark_photo
from sessions.actions.uploads import forget_old_uploads
from sessions.alignment import Picture, laid_over, problems_with_marks
from sessions.models import PhotoMarks, PhotoUpload, SessionPhoto
from smpclinic.actors import staff
from smpclinic.models import AccessEntry
from smpclinic.storage import PrivateStorage
from tests import make
from tests.sessions.room import begun, jpeg, signed, text

permille = st.integers(0, 1000)
pixels = st.integers(100, 4000)
points = st.tuples(permille, permille)


@st.composite
def pictures(draw):
    first, second = draw(points), draw(points)
    assume(not problems_with_marks(first, second))
    return Picture(draw(pixels), draw(pixels), first, second)


def near(a, b, within):
    return math.dist(a, b) <= within


class TestAlignment:
    @given(pictures(), pictures())
    def test_both_marks_come_to_lie_on_their_own(self, ground, laid):
        over = laid_over(ground, laid)
        for to, come in zip(ground.pixels(), laid.pixels(), strict=True):
            assert near(over.place(come.real, come.imag), (to.real, to.imag), 1e-6)

    @given(pictures(), pictures(), points, points)
    def test_nothing_is_bent_every_distance_grows_alike(self, ground, laid, one, other):
        over = laid_over(ground, laid)
        scale = math.hypot(over.a, over.b)
        assert math.isclose(
            math.dist(over.place(*one), over.place(*other)), scale * math.dist(one, other), abs_tol=1e-6
        )

    @given(pictures(), pictures())
    def test_there_and_back_again_is_where_it_was(self, ground, laid):
        there, back = laid_over(ground, laid), laid_over(laid, ground)
        assert near(back.place(*there.place(10, 20)), (10, 20), 1e-5)

    def test_marks_need_a_twentieth_of_the_photo_between_them(self):
        assert problems_with_marks((100, 100), (149, 100)) == ["too_near"]
        assert problems_with_marks((100, 100), (150, 100)) == []
        assert problems_with_marks((0, 0), (1001, 0)) == ["outside"]


@pytest.fixture
def session(today):
    session = begun()
    make.make_consent(patient=session.patient, kind=ConsentKind.PHOTOS_RECORD, granted=True)
    return session


def noise(side=700) -> bytes:
    """A photo of several pieces."""
    file = io.BytesIO()
    Image.effect_noise((side, side), 80).convert("RGB").save(file, "JPEG", quality=95)
    return file.getvalue()


class Sender:
    """What the page's script does, with a connection that may drop."""

    def __init__(self, browser, session, content, *, view="top", moment="after"):
        self.browser, self.session, self.content = browser, session, content
        told = {"moment": moment, "view": view, "size_bytes": len(content)}
        self.told = told | {"fingerprint": hashlib.sha256(content).hexdigest()}

    def begin(self):
        return self.browser.post(reverse("sessions:upload", args=[self.session.public_id]), self.told).json()

    def piece(self, state, *, size=100_000, offset=None):
        offset = state["received"] if offset is None else offset
        piece = self.content[offset : offset + size]
        url = f"{state['url']}?offset={offset}"
        return self.browser.post(url, piece, content_type="application/octet-stream")

    def all(self, state):
        while not state["done"]:
            state = self.piece(state).json()
        return state


class TestUploads:
    def test_a_photo_in_pieces_is_one_photo_of_the_record(self, session, chair):
        sender = Sender(chair(session), session, noise())
        assert len(sender.content) > 250_000
        sender.all(sender.begin())
        kept = session.photos.get()
        assert (kept.moment, kept.photo.view, kept.photo.width_px) == ("after", "top", 700)
        assert PhotoUpload.objects.get().photo == kept.photo

    def test_after_the_network_dropped_it_goes_on_where_it_stopped(self, session, chair):
        sender = Sender(chair(session), session, noise())
        first = sender.piece(sender.begin()).json()
        assert (first["received"], first["done"]) == (100_000, False)
        again = sender.begin()
        assert again == first
        sender.all(again)
        assert session.photos.count() == 1

    def test_a_piece_sent_twice_is_taken_once_and_a_gap_is_refused(self, session, chair):
        sender = Sender(chair(session), session, noise())
        state = sender.piece(sender.begin()).json()
        for offset in (0, 150_000):
            wrong = sender.piece(state, offset=offset)
            assert (wrong.status_code, wrong.json()["received"]) == (409, 100_000)
        sender.all(state)
        assert session.photos.count() == 1

    def test_a_lost_last_answer_makes_no_second_photo(self, session, chair):
        sender = Sender(chair(session), session, noise())
        sender.all(sender.begin())
        assert sender.begin()["done"]
        assert (Photo.objects.count(), SessionPhoto.objects.count()) == (1, 1)

    def test_what_is_no_photo_is_refused_in_words_and_nothing_of_it_stays(self, session, chair):
        sender = Sender(chair(session), session, b"MZ" + bytes(5000))
        state = sender.begin()
        name = PhotoUpload.objects.get().part_file
        refused = sender.piece(state)
        assert refused.status_code == 422
        assert "not a photo" in refused.json()["problem"]
        assert not PhotoUpload.objects.exists()
        assert not Path(PrivateStorage().path(name)).exists()

    @pytest.mark.parametrize(
        ("size", "told"), [(20 * 1024**2, ""), (20 * 1024**2 + 1, "larger than 20 MB"), (0, "empty")]
    )
    def test_forty_megabytes_are_refused_before_they_are_sent(self, session, chair, size, told):
        sender = Sender(chair(session), session, b"x")
        sender.told["size_bytes"] = size
        assert told in sender.begin().get("problem", "")

    def test_a_piece_is_a_megabyte_at_most(self, session, chair):
        sender = Sender(chair(session), session, bytes(1024**2 + 1))
        assert sender.piece(sender.begin(), size=1024**2 + 1).status_code == 413

    def test_without_consent_nothing_begins(self, today, chair):
        session = begun()
        assert "not agreed to photos" in Sender(chair(session), session, noise()).begin()["problem"]

    def test_a_signed_record_takes_healed_photos_alone(self, today, chair):
        session = signed()
        make.make_consent(patient=session.patient, kind=ConsentKind.PHOTOS_RECORD, granted=True)
        content = jpeg().read()
        late = Sender(chair(session), session, content)
        assert "is signed" in late.piece(late.begin()).json()["problem"]
        healed = Sender(chair(session), session, content, moment="healed")
        healed.all(healed.begin())
        assert session.photos.get().moment == "healed"

    def test_nobody_else_goes_on_with_it(self, session, chair, client):
        sender = Sender(chair(session), session, noise())
        state = sender.begin()
        client.force_login(make.make_practitioner())
        refused = sender.piece(state)
        assert (refused.status_code, "Somebody else" in refused.json()["problem"]) == (409, True)
        assert PhotoUpload.objects.get().received_bytes == 0

    def test_parts_that_never_became_whole_are_forgotten_after_a_day(self, session, chair, today):
        sender = Sender(chair(session), session, noise())
        sender.piece(sender.begin())
        today.shift(timedelta(hours=23))
        assert forget_old_uploads() == 0
        today.shift(timedelta(hours=2))
        assert forget_old_uploads() == 1
        assert not PhotoUpload.objects.exists()


class TestSevenViews:
    def test_each_place_shows_its_photo_and_the_earlier_one_as_a_ghost(self, session, chair):
        by = staff(session.practitioner)
        before = actions.add_session_photo(session=session, moment="before", view="top", upload=jpeg(), by=by)
        page = chair(session).get(reverse("sessions:views", args=[session.public_id, "after"])).content.decode()
        assert page.count('<form method="post" enctype="multipart/form-data" class="photo-slot') == 7
        assert f'data-ghost="{reverse("intake:photo", args=[before.photo.public_id])}"' in page

    def test_without_scripts_a_place_takes_its_photo_as_a_form(self, session, chair):
        browser, page = chair(session), reverse("sessions:views", args=[session.public_id, "after"])
        assert "Choose a photo first" in text(browser.post(page, {"view": "left"}))
        assert browser.post(page, {"view": "left", "file": jpeg()}).status_code == 302
        assert session.photos.get().photo.view == "left"
        wrong = io.BytesIO(b"MZ not a photo")
        wrong.name = "photo.jpg"
        assert "not a photo" in text(browser.post(page, {"view": "left", "file": wrong}))

    def test_the_portrait_is_none_of_the_seven(self, session, chair):
        page = reverse("sessions:views", args=[session.public_id, "after"])
        chair(session).post(page, {"view": "portrait", "file": jpeg()})
        assert not session.photos.exists()


class TestComparing:
    @pytest.fixture
    def pair(self, session):
        by = staff(session.practitioner)
        return [
            actions.add_session_photo(session=session, moment=moment, view="top", upload=jpeg(colour), by=by).photo
            for moment, colour in (("before", "grey"), ("after", "brown"))
        ]

    def page(self, session, browser, **asked):
        return browser.get(reverse("sessions:compare", args=[session.patient.public_id]), asked)

    def test_the_first_and_the_last_of_a_view_stand_side_by_side(self, session, chair, pair):
        page = self.page(session, chair(session)).content.decode()
        places = [page.index(f'<image href="{reverse("intake:photo", args=[photo.public_id])}"') for photo in pair]
        assert places == sorted(places)
        assert "Not aligned" in page

    def test_two_marks_in_each_lay_one_over_the_other(self, session, chair, pair):
        browser = chair(session)
        for photo, marks in zip(pair, ((20, 50, 80, 50), (50, 20, 50, 80)), strict=True):
            told = dict(zip(("first_x", "first_y", "second_x", "second_y"), marks, strict=True))
            browser.post(reverse("sessions:marks", args=[photo.public_id]), told)
        page = self.page(session, browser, shown="slider").content.decode()
        assert "Aligned by the two marks" in page
        # 400 x 300: 240 px to the right in the ground are 180 px downward in the laid photo: a quarter turn back.
        assert 'transform="matrix(0 -1.33333 1.33333 0 0 ' in page
        assert "data-compare-photos" in page

    def test_marks_are_far_apart_and_within_the_photo(self, session, chair, pair):
        page = reverse("sessions:marks", args=[pair[0].public_id])
        near_ones = {"first_x": 50, "first_y": 50, "second_x": 51, "second_y": 51}
        answer = chair(session).post(page, near_ones)
        assert "too near" in text(answer)
        assert 'value="51"' in answer.content.decode()
        assert "less than or equal to 100" in text(chair(session).post(page, near_ones | {"second_x": 101}))
        assert not PhotoMarks.objects.exists()

    def test_marks_are_changed_not_doubled(self, session, pair):
        by = staff(session.practitioner)
        for second in ((900, 500), (800, 500)):
            mark_photo(photo=pair[0], first=(100, 500), second=second, by=by)
        assert PhotoMarks.objects.get().second_x == 800
        with pytest.raises(ValidationError):
            mark_photo(photo=pair[0], first=(100, 500), second=(100, 500), by=by)

    def test_one_photo_of_a_view_compares_nothing(self, session, chair):
        assert "Nothing to compare yet" in text(self.page(session, chair(session)))

    def test_what_the_address_asks_wrongly_is_left_out(self, session, chair, pair):
        for asked in ({"before": "x"}, {"view": "nose"}, {"shown": "'"}, {"after": str(session.public_id)}):
            assert self.page(session, chair(session), **asked).status_code == 200

    def test_each_look_is_noted(self, session, chair, pair):
        browser = chair(session)
        self.page(session, browser)
        browser.get(reverse("intake:photo", args=[pair[0].public_id]))
        told = AccessEntry.objects.filter(patient_id=session.patient.public_id).values_list("what", flat=True)
        assert {"photos compared", "photo"} <= set(told)

    def test_photos_of_no_session_are_hidden_with_the_consent(self, session, chair, pair):
        by, colours = staff(session.practitioner), itertools.cycle(["red", "blue"])
        for _number in range(2):
            add_photo(patient=session.patient, view="front", upload=jpeg(next(colours)), by=by)
        session.patient.consents.filter(kind=ConsentKind.PHOTOS_RECORD).update(withdrawn_at=session.opened_at)
        assert "Nothing to compare yet" in text(self.page(session, chair(session), view="front"))
        assert "Nothing to compare yet" not in text(self.page(session, chair(session), view="top"))
