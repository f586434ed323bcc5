"""Every address of the program, who may open it, and a clinic in which each of them leads somewhere."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from django.core.management import call_command
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLResolver
from django.utils import timezone

from intake.models import (
    DoctorLetter,
    Intake,
    IntakeAnswers,
    IssuedDocument,
    PatchTest,
    PatientAlert,
    Photo,
    PhotoUse,
    PrivateLink,
)
from planning.actions.feeds import hash_of
from planning.models import CalendarFeed, HealedPhoto, LateEntry, Payment, ShadeStep, WaitingWish
from sessions.models import (
    AdverseEvent,
    FollowUp,
    Mix,
    MixComponent,
    MixLot,
    PhotoUpload,
    PrintBatch,
    Recall,
    SessionLot,
)
from smpclinic import storage
from smpclinic.roles import Role
from tests import make

ANYBODY, SIGNED_IN = "anybody", "signed in"
_R, _P, _M = Role.RECEPTION, Role.PRACTITIONER, Role.MANAGER
EVERYBODY, DESK, TREATING, MANAGING = (_R, _P, _M), (_R, _P), (_P,), (_M,)

# Who may open what. A new address fails the tests until it has its line here.
POLICY: dict[str, object] = {
    "home": EVERYBODY,
    "patient": DESK,
    "timeline": DESK,
    "history": (_P, _M),
    "export": TREATING,
    "same_person": DESK,
    "merge_preview": DESK,
    "merge": TREATING,
    "turn_back": EVERYBODY,
    "intake:patients": DESK,
    "intake:register": DESK,
    "intake:ask": DESK,
    "intake:consent": DESK,
    "intake:step": DESK,
    "intake:patch_tests": TREATING,
    "intake:photos": TREATING,
    "intake:colour": TREATING,
    "intake:edit": DESK,
    "intake:identity": DESK,
    "intake:portrait": DESK,
    "intake:raise_alert": DESK,
    "intake:end_alert": DESK,
    "intake:intake": DESK,
    "intake:review": DESK,
    "intake:assess": TREATING,
    "intake:screening": DESK,
    "intake:consents": DESK,
    "intake:photo": DESK,
    "intake:photo_uses": TREATING,
    "intake:photo_copy": TREATING,
    "intake:end_photo_use": TREATING,
    "intake:document": DESK,
    "intake:send_link": DESK,
    "intake:kiosk": DESK,
    "intake:link_code": DESK,
    "intake:close_link": DESK,
    "intake:private_link": ANYBODY,
    "intake:own": ANYBODY,
    "intake:own_saved": ANYBODY,
    "intake:own_thanks": ANYBODY,
    "intake:own_still_here": ANYBODY,
    "intake:own_step": ANYBODY,
    "intake:own_photo": ANYBODY,
    "sessions:start": TREATING,
    "sessions:record": TREATING,
    "sessions:health": TREATING,
    "sessions:room": TREATING,
    "sessions:photo": TREATING,
    "sessions:override": TREATING,
    "sessions:take_over": TREATING,
    "sessions:turn": TREATING,
    "sessions:begin": TREATING,
    "sessions:changes": TREATING,
    "sessions:add_pass": TREATING,
    "sessions:change_pass": TREATING,
    "sessions:clock": TREATING,
    "sessions:remove_pass": TREATING,
    "sessions:mixes": TREATING,
    "sessions:discard_mix": TREATING,
    "sessions:materials": TREATING,
    "sessions:use_lot": TREATING,
    "sessions:put_back": TREATING,
    "sessions:machine": TREATING,
    "sessions:reaction": TREATING,
    "sessions:void": TREATING,
    "sessions:sign": TREATING,
    "sessions:amend": TREATING,
    "sessions:healed": TREATING,
    "sessions:views": TREATING,
    "sessions:upload": TREATING,
    "sessions:piece": TREATING,
    "sessions:compare": TREATING,
    "sessions:marks": TREATING,
    "sessions:reports": MANAGING,
    "sessions:report": MANAGING,
    "sessions:report_file": MANAGING,
    "sessions:follow_up": DESK,
    "sessions:result": TREATING,
    "sessions:ask_later": DESK,
    "sessions:end_checks": DESK,
    "sessions:report_event": DESK,
    "sessions:event": TREATING,
    "sessions:close_event": TREATING,
    "sessions:record_pdf": TREATING,
    "sessions:treatment_register": TREATING,
    "sessions:treatment_register_pdf": TREATING,
    "sessions:treatment_register_xlsx": TREATING,
    "sessions:documents": DESK,
    "sessions:document_pdf": DESK,
    "sessions:document_page": DESK,
    "sessions:issue_document": DESK,
    "sessions:papers": DESK,
    "sessions:printing": DESK,
    "sessions:batch": DESK,
    "sessions:stop_batch": DESK,
    "sessions:batch_again": DESK,
    "sessions:batch_pdf": DESK,
    "sessions:batch_zip": DESK,
    "sessions:care_sheet": DESK,
    "sessions:care_sheet_page": DESK,
    "sessions:new_care_sheet": DESK,
    "sessions:recalls": (_P, _M),
    "sessions:find_recall": (_P, _M),
    "sessions:recall": (_P, _M),
    "sessions:tell_recall": (_P, _M),
    "sessions:recall_mails": (_P, _M),
    "sessions:recall_letters": (_P, _M),
    "sessions:recall_csv": (_P, _M),
    "sessions:recall_xlsx": (_P, _M),
    "sessions:lift_recall": (_P, _M),
    "planning:jump": EVERYBODY,
    "planning:day": EVERYBODY,
    "planning:week": EVERYBODY,
    "planning:month": EVERYBODY,
    "planning:sheet": DESK,
    "planning:sheet_pdf": DESK,
    "planning:book_at": DESK,
    "planning:call": DESK,
    "planning:visit": DESK,
    "planning:propose": DESK,
    "planning:appointment": DESK,
    "planning:set_state": DESK,
    "planning:move": DESK,
    "planning:cancel": DESK,
    "planning:walk_in": DESK,
    "planning:past_visit": DESK,
    "planning:took_place": DESK,
    "planning:late_scan": TREATING,
    "planning:places": MANAGING,
    "planning:add_location": MANAGING,
    "planning:location": MANAGING,
    "planning:add_room": MANAGING,
    "planning:room": MANAGING,
    "planning:opening_hours": MANAGING,
    "planning:working_hours": MANAGING,
    "planning:add_time_off": MANAGING,
    "planning:remove_time_off": MANAGING,
    "planning:holidays": MANAGING,
    "planning:kinds": MANAGING,
    "planning:watch": MANAGING,
    "planning:look_again": MANAGING,
    "planning:keep_as_incident": MANAGING,
    "planning:late": DESK,
    "planning:note_call": DESK,
    "planning:wait_earlier": DESK,
    "planning:freed": DESK,
    "planning:call_list": DESK,
    "planning:waiting": DESK,
    "planning:stop_waiting": DESK,
    "planning:wait": DESK,
    "planning:my_feed": TREATING,
    "planning:feed": ANYBODY,
    "planning:plan": TREATING,
    "planning:draft": TREATING,
    "planning:plan_version": TREATING,
    "planning:edit": TREATING,
    "planning:approve": TREATING,
    "planning:agree": TREATING,
    "planning:stop": TREATING,
    "planning:discard": TREATING,
    "planning:touch_up": TREATING,
    "planning:plan_pdf": DESK,
    "planning:treatment_defaults": MANAGING,
    "planning:price_list": MANAGING,
    "planning:session_times": (_P, _M),
    "planning:payments": DESK,
    "planning:correct_payment": DESK,
    "planning:ladder": (_P, _M),
    "planning:shade_preview": TREATING,
    "planning:healed_photo": TREATING,
    "planning:new_step": MANAGING,
    "planning:step": MANAGING,
    "planning:healed_look": MANAGING,
    "stock": (_P, _M),
    "stock_product": (_P, _M),
    "safety_sheet": (_P, _M),
    "add_product": MANAGING,
    "change_product": MANAGING,
    "stock_lot": (_P, _M),
    "add_lot": MANAGING,
    "change_lot": MANAGING,
    "count_lot": (_P, _M),
    "open_lot": (_P, _M),
    "throw_away_lot": (_P, _M),
    "intake:patch_test_note": TREATING,
    "intake:letter_page": DESK,
    "intake:letter_file": TREATING,
    "intake:rules": MANAGING,
    "intake:new_rule": MANAGING,
    "intake:rule": MANAGING,
    "set_up": MANAGING,
    "paper_look": MANAGING,
    "backups": MANAGING,
    "backup_now": MANAGING,
    "backup_key": MANAGING,
    "texts": MANAGING,
    "text": MANAGING,
    "audit": MANAGING,
    "healthz": ANYBODY,
    "choose_language": ANYBODY,
    "setup": ANYBODY,
    "account_login": ANYBODY,
    "account_logout": ANYBODY,
    "account_signup": ANYBODY,
    "account_inactive": ANYBODY,
    "account_confirm_login_code": ANYBODY,
    "account_email_verification_sent": ANYBODY,
    "account_confirm_email": ANYBODY,
    "account_reset_password": ANYBODY,
    "account_reset_password_done": ANYBODY,
    "account_reset_password_from_key": ANYBODY,
    "account_reset_password_from_key_done": ANYBODY,
    "mfa_authenticate": ANYBODY,
    "account_reauthenticate": SIGNED_IN,
    "account_email": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
}


@dataclass(frozen=True)
class Address:
    name: str
    view: object
    arguments: frozenset[str]

    @property
    def permissions(self):
        """What ``@requires`` asks, None where it is not there."""
        return getattr(self.view, "required_permissions", None)

    @property
    def is_about_a_patient(self) -> bool:
        return bool(self.arguments & set(OF_A_PATIENT))


@cache
def addresses() -> tuple[Address, ...]:
    return tuple(_walk(get_resolver().url_patterns, "", frozenset()))


def _walk(patterns, namespace: str, outer: frozenset[str]):
    for pattern in patterns:
        arguments = outer | frozenset(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, inner, arguments)
        else:
            yield Address(f"{namespace}{pattern.name}", pattern.callback, arguments)


OF_A_PATIENT = (
    "patient_id", "consent_id", "letter_id", "test_id", "plan_id", "appointment_id", "session_id", "intake_id",
    "photo_id", "document_id",
    "alert_id",
    "link_id",
    "wish_id",
    "event_id",
)  # fmt: skip


class World:
    """One patient of the North with everything a patient can have, and staff of every role there and in the South."""

    def __init__(self):
        call_command("install_defaults", verbosity=0)
        make.make_clinic(patients_shared=False)
        self.north, self.south = make.make_location(name="North"), make.make_location(name="South")
        self.practitioner = make.make_practitioner(locations=[self.north])
        self.patient = make.make_patient(full_name="Wilhelmina Vandersloot", home_location=self.north)
        self.other = make.make_patient(full_name="Wilhelmina Vandersloot", home_location=self.north)
        self.plan = make.make_plan(patient=self.patient, practitioner=self.practitioner, agreed=True)
        room, now = make.make_room(location=self.north), timezone.now()
        self.location, self.room, self.user = self.north, room, self.practitioner
        self.appointment = make.make_appointment(
            planned_session=self.plan.planned_sessions.get(number=1), room=room, starts_at=now, state="arrived"
        )
        self.session = make.make_session(appointment=self.appointment)
        self.lot = make.make_lot()
        self.product = self.lot.product
        SessionLot.objects.create(session=self.session, lot=self.lot, count=1)
        self.mix = Mix.objects.create(session=self.session, name="light", mixed_at=now, mixed_by=self.practitioner)
        MixComponent.objects.create(mix=self.mix, lot=self.lot, ml="1.0")
        MixLot.objects.create(mix=self.mix, lot=self.lot, ml="1.0")
        self.recall = self._recall()
        self.healed = HealedPhoto.objects.create(
            photo=self._photo(), shade_step=ShadeStep.objects.first(), zone="vertex", skin_type="III", healed_days=40
        )
        make.make_consent(patient=self.patient, kind="photos_record")
        self.intake = Intake.objects.create(patient=self.patient, state="submitted")
        IntakeAnswers.objects.create(intake=self.intake, number=1, at=now, actor_kind="staff", actor_label="Staff")
        self.link = PrivateLink.objects.create(
            patient=self.patient,
            intake=self.intake,
            purpose="intake",
            token_sha256="0" * 64,
            created_by=self.practitioner,
            expires_at=now + timedelta(days=7),
        )
        self.consent = make.make_consent(patient=self.patient)
        make.make_consent(patient=self.patient, kind="photos_record")
        self.letter = self._letter()
        self.alert = PatientAlert.objects.create(patient=self.patient, words="Faints easily")
        self.other_photo = self._photo()
        self.photo, self.document = self._photo(), self._document()
        self.use = PhotoUse.objects.create(photo=self.photo, place="Website", begun_at=now, begun_by=self.practitioner)
        make.make_consent(patient=self.patient, kind="photos_marketing", granted=True)
        self.patient.photo = self.photo  # the portrait at the head of the record
        self.patient.save()
        self.test = PatchTest.objects.create(
            patient=self.patient,
            lot=self.lot,
            site="ear",
            placed_at=now - timedelta(days=3),
            read_from=now - timedelta(days=1),
            performer=self.practitioner,
        )
        self.payment = Payment.objects.create(
            plan=self.plan,
            amount_minor=20_000,
            currency="EUR",
            paid_on=timezone.localdate(),
            method="card",
            noted_by=self.practitioner,
            noted_at=now,
        )
        self.day = timezone.localdate()
        self.wish = WaitingWish.objects.create(
            patient=self.patient, kind="consultation", minutes=45, first_day=self.day, last_day=self.day,
            created_at=now, created_by=self.practitioner,
        )  # fmt: skip
        self.event = AdverseEvent.objects.create(
            patient=self.patient, kind="infection", severity="mild", noticed_on=self.day, words="Pus on the crown",
            reported_at=now, actor_kind="staff", actor_label="Staff",
        )  # fmt: skip
        self.upload = PhotoUpload.objects.create(
            session=self.session, moment="before", view="top", size_bytes=9, fingerprint="0" * 64, part_file="none",
            begun_at=now, begun_by=self.practitioner,
        )  # fmt: skip
        FollowUp.objects.create(plan=self.plan, counted_from=self.day, months=1, due_on=self.day)
        kept = storage.store(_JPEG, folder="late", suffix="jpg")
        LateEntry.objects.create(
            appointment=self.appointment, reason="on paper", file=kept.name, file_sha256=kept.sha256,
            entered_at=now, entered_by=self.practitioner,
        )  # fmt: skip
        self.batch = PrintBatch.objects.create(kind="day", day=self.day, started_at=now, started_by=self.practitioner)
        CalendarFeed.objects.create(user=self.practitioner, token_sha256=hash_of(_FIXED["token"]), created_at=now)

    def _recall(self) -> Recall:
        """Of the lot of the mix; its product has a safety sheet."""
        kept = storage.store(_JPEG, folder="stock", suffix="jpg")
        self.product.safety_sheet, self.product.safety_sheet_sha256 = kept.name, kept.sha256
        self.product.save()
        recall = Recall.objects.create(
            product=self.product, reason="Bacteria", at=timezone.now(), actor_kind="staff", actor_label="Staff"
        )
        recall.lots.add(self.lot)
        return recall

    def _photo(self) -> Photo:
        kept = storage.store(_JPEG, folder="photos", suffix="jpg")
        return Photo.objects.create(
            patient=self.patient, view="front", taken_at=timezone.now(), file=kept.name, sha256=kept.sha256,
            width_px=1, height_px=1,
        )  # fmt: skip

    def _letter(self) -> DoctorLetter:
        kept = storage.store(_JPEG, folder="letters", suffix="jpg")
        return DoctorLetter.objects.create(
            patient=self.patient,
            rule="keloid",
            requested_at=timezone.now(),
            requested_by=self.practitioner,
            file=kept.name,
            file_sha256=kept.sha256,
        )

    def _document(self) -> IssuedDocument:
        kept = storage.store(b"%PDF-1.7 a paper", folder="documents", suffix="pdf")
        return IssuedDocument.objects.create(
            patient=self.patient,
            kind="plan",
            title="Plan",
            file=kept.name,
            sha256=kept.sha256,
            issued_at=timezone.now(),
        )

    def staff(self, *roles, location=None):
        """A member of staff with these roles, of the North unless told otherwise."""
        return make.make_user(roles=roles, locations=[location or self.north])

    def path(self, address: Address) -> str:
        return reverse(address.name, kwargs={name: self._argument(name) for name in address.arguments})

    def _argument(self, name: str):
        if name in _FIXED:
            return _FIXED[name]
        if name in ("day", "monday"):
            return self.day
        thing = getattr(self, name.removesuffix("_id"))
        return getattr(thing, "public_id", thing.pk)


_FIXED = {
    "moment": "before",
    "report": "times",
    "pk": 1,
    "number": 1,
    "key": "set-password",
    "kind": "privacy",
    "slug": "hair",
    "code": "keloid",
    "document_code": "consent_copies",
    "text_key": "consent.privacy",
    "language": "en",
    "uidb36": "1",
    "token": "a" * 52,
}
_JPEG = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300" + "08" * 64 + "ffc0000b080001000101011100"
    "ffc4001f0000010501010101010100000000000000000102030405060708090a0bffc400b5100002010303020403050504040000017d"
    + "01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a343536"
    "3738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999a"
    "a2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7"
    "f8f9faffda0008010100003f00fbd0ffd9"
)
