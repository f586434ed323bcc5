"""The plan on paper: everything the template needs, worked out beforehand, in the patient's language."""

from base64 import b64encode

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from intake.own_session import language_of
from planning.clinic_protocol import protocol_of
from planning.models import Agreement, PlanVersion
from planning.plan_page import page_of
from planning.shade_preview import preview_jpeg
from planning.treatment_consent import reference_of
from smpclinic import chain, storage
from smpclinic.limited.client import JobFailed
from smpclinic.local_dates import date_format
from smpclinic.models import ClinicProfile, Installation
from smpclinic.pdf import render_pdf
from smpclinic.photos import small_jpeg

PHOTO_SIDE_PX = 720  # 36 mm of paper at 500 dots an inch


def plan_on_paper(version: PlanVersion, *, paper: str, with_photo: bool) -> bytes:
    """The PDF, in the patient's language; ``with_photo``: for who may see photos, and only while the patient agrees.

    Raises ``smpclinic.pdf.PdfFailed``.
    """
    language = language_of(version.plan.patient)
    with override(language):
        sheet = sheet_of(version, with_photo=with_photo)
    return render_pdf("pdf/plan.html", sheet, language=language, paper=paper)


def sheet_of(version: PlanVersion, *, with_photo: bool = False) -> dict:
    """The context of ``pdf/plan.html`` for one version; a draft says that it is one."""
    plan = version.plan
    agreement = Agreement.objects.newest_of(version)
    page = page_of(version)
    photo = page["photo"] if with_photo else None
    photo_picture = _photo_picture(photo)
    return page | {
        "picture": _picture(page["preview"]),
        "photo_picture": photo_picture,
        "is_photo_missing": photo is not None and not photo_picture,
        "clinic": ClinicProfile.current(),
        "is_demo": Installation.objects.filter(mode="demo").exists(),
        "plan": plan,
        "patient": plan.patient,
        "reference": reference_of(plan),
        "gap_days": protocol_of(version).gap_days,
        "is_draft": not version.is_approved,
        "approved": _approved(version),
        "agreed": _agreed(agreement),
        "chain_head": chain.head(),
        "seal": version.sealed.content_hash if version.sealed else "",
        "printed_on": date_format(timezone.localtime(), "j F Y"),
    }


def _picture(preview: dict | None) -> str:
    """The preview as an inline picture; empty where there is none or it could not be drawn: the plan prints without."""
    if preview is None:
        return ""
    try:
        jpeg = preview_jpeg(**preview["figures"])
    except JobFailed:
        return ""
    return _inline(jpeg)


def _photo_picture(photo: dict | None) -> str:
    """The photo under the hairline, made small; empty where there is none or it cannot be read: the map has a line."""
    if photo is None:
        return ""
    stored = photo["photo"]
    try:
        return _inline(small_jpeg(storage.read(stored.file, sha256=stored.sha256), longest_side_px=PHOTO_SIDE_PX))
    except (JobFailed, storage.FileDamaged):
        return ""


def _inline(jpeg: bytes) -> str:
    return "data:image/jpeg;base64," + b64encode(jpeg).decode("ascii")


def _agreed(agreement: Agreement | None) -> str:
    if agreement is None or agreement.consent.withdrawn_at:
        return ""
    day = date_format(timezone.localtime(agreement.agreed_at), "j F Y")
    return _("%(name)s on %(day)s") % {"name": agreement.consent.signed_name, "day": day}


def _approved(version: PlanVersion) -> str:
    if version.approved_at is None:
        return ""
    day = date_format(timezone.localtime(version.approved_at), "j F Y")
    return _("%(name)s on %(day)s") % {"name": version.approved_by, "day": day}
