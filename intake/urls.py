"""The addresses of the intake."""

from django.urls import path, register_converter

from intake.models import ConsentKind
from intake.views import (
    assessment,
    colour,
    consents,
    details,
    links,
    own,
    patch_tests,
    patients,
    photo_uses,
    photos,
    questionnaire,
    rules,
    screening,
)


class ConsentKindConverter:
    """A kind of consent that is asked for on a page of its own (the treatment consent belongs to the plan)."""

    regex = "|".join(kind.value for kind in ConsentKind if kind is not ConsentKind.TREATMENT)

    def to_python(self, value):
        return value

    def to_url(self, value):
        return str(value)


register_converter(ConsentKindConverter, "consent_kind")

app_name = "intake"
urlpatterns = [
    path("patients/", patients.patients, name="patients"),
    path("patients/new/", patients.register, name="register"),
    path("patients/<uuid:patient_id>/edit/", details.edit, name="edit"),
    path("patients/<uuid:patient_id>/identity/", details.identity, name="identity"),
    path("patients/<uuid:patient_id>/portrait/", details.portrait, name="portrait"),
    path("patients/<uuid:patient_id>/alerts/", details.raise_alert, name="raise_alert"),
    path("alerts/<int:alert_id>/end/", details.end_alert, name="end_alert"),
    path("patients/<uuid:patient_id>/intake/", questionnaire.intake, name="intake"),
    path("patients/<uuid:patient_id>/assess/", assessment.assess, name="assess"),
    path("patients/<uuid:patient_id>/screening/", screening.screening, name="screening"),
    path("patients/<uuid:patient_id>/consents/", consents.consents, name="consents"),
    path("patients/<uuid:patient_id>/consents/<consent_kind:kind>/", consents.ask, name="ask"),
    path("patients/<uuid:patient_id>/patch-tests/", patch_tests.patch_tests, name="patch_tests"),
    path("patch-tests/<uuid:test_id>/note/", patch_tests.patch_test_note, name="patch_test_note"),
    path("patients/<uuid:patient_id>/photos/", photos.photos, name="photos"),
    path("photos/<uuid:photo_id>/colour/", colour.colour, name="colour"),
    path("screening-rules/", rules.rules, name="rules"),
    path("screening-rules/new/", rules.new_rule, name="new_rule"),
    path("screening-rules/<slug:code>/", rules.rule, name="rule"),
    path("patients/<uuid:patient_id>/intake/link/", links.send_link, name="send_link"),
    path("patients/<uuid:patient_id>/intake/tablet/", links.kiosk, name="kiosk"),
    path("intake-links/<uuid:link_id>/code/", links.link_code, name="link_code"),
    path("intake-links/<uuid:link_id>/close/", links.close_link, name="close_link"),
    path("i/<str:token>/", own.private_link, name="private_link"),
    path("my-intake/", own.own, name="own"),
    path("my-intake/saved/", own.saved, name="own_saved"),
    path("my-intake/thanks/", own.thanks, name="own_thanks"),
    path("my-intake/still-here/", own.still_here, name="own_still_here"),
    path("my-intake/photo/<uuid:photo_id>/", own.photo, name="own_photo"),
    path("my-intake/<slug:slug>/", own.step, name="own_step"),
    path("intakes/<uuid:intake_id>/review/", questionnaire.review, name="review"),
    path("intakes/<uuid:intake_id>/<slug:slug>/", questionnaire.step, name="step"),
    path("letters/<uuid:letter_id>/", screening.letter_page, name="letter_page"),
    path("letters/<uuid:letter_id>/file/", screening.letter_file, name="letter_file"),
    path("consents/<uuid:consent_id>/", consents.consent, name="consent"),
    path("photos/<uuid:photo_id>/", photos.photo, name="photo"),
    path("photos/<uuid:photo_id>/uses/", photo_uses.uses, name="photo_uses"),
    path("photos/<uuid:photo_id>/copy.jpg", photo_uses.copy, name="photo_copy"),
    path("photos/<uuid:photo_id>/uses/<uuid:use_id>/end/", photo_uses.end_use, name="end_photo_use"),
    path("documents/<uuid:document_id>/", photos.document, name="document"),
]
