"""Addresses of the session room."""

from django.urls import path, register_converter

from sessions.views import (
    changes,
    closing,
    documents,
    events,
    follow_up,
    healed,
    materials,
    mixing,
    papers,
    pictures,
    printing,
    recall,
    record,
    reports,
    start,
    treatment_register,
)

app_name = "sessions"


class MomentConverter:
    """Before, after or healed."""

    regex = "before|after|healed"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return str(value)


register_converter(MomentConverter, "moment")
urlpatterns = [
    path("appointments/<uuid:appointment_id>/start/", start.start, name="start"),
    path("sessions/<uuid:session_id>/", record.record, name="record"),
    path("sessions/<uuid:session_id>/health/", start.health, name="health"),
    path("sessions/<uuid:session_id>/room/", start.room, name="room"),
    path("sessions/<uuid:session_id>/photos/", start.photo, name="photo"),
    path("sessions/<uuid:session_id>/override/", start.override, name="override"),
    path("sessions/<uuid:session_id>/take-over/", start.take_over, name="take_over"),
    path("sessions/<uuid:session_id>/turn/", start.turn, name="turn"),
    path("sessions/<uuid:session_id>/begin/", start.begin, name="begin"),
    path("sessions/<uuid:session_id>/changes/", changes.changes, name="changes"),
    path("sessions/<uuid:session_id>/passes/", record.add_pass, name="add_pass"),
    path("sessions/<uuid:session_id>/passes/<int:number>/", record.change_pass, name="change_pass"),
    path("sessions/<uuid:session_id>/passes/<int:number>/clock/", record.press_clock, name="clock"),
    path("sessions/<uuid:session_id>/passes/<int:number>/remove/", record.remove, name="remove_pass"),
    path("sessions/<uuid:session_id>/mixes/", mixing.mixes, name="mixes"),
    path("sessions/<uuid:session_id>/mixes/<uuid:mix_id>/discard/", mixing.discard, name="discard_mix"),
    path("sessions/<uuid:session_id>/materials/", materials.materials, name="materials"),
    path("sessions/<uuid:session_id>/lots/", materials.use_lot, name="use_lot"),
    path("sessions/<uuid:session_id>/lots/<uuid:lot_id>/put-back/", materials.put_back, name="put_back"),
    path("sessions/<uuid:session_id>/machine/", materials.machine, name="machine"),
    path("sessions/<uuid:session_id>/reaction/", closing.reaction, name="reaction"),
    path("sessions/<uuid:session_id>/sign/", closing.sign, name="sign"),
    path("sessions/<uuid:session_id>/healed/", healed.healed, name="healed"),
    path("sessions/<uuid:session_id>/amend/", closing.amend, name="amend"),
    path("sessions/<uuid:session_id>/void/", closing.void, name="void"),
    path("treatment-register/", treatment_register.treatment_register, name="treatment_register"),
    path("treatment-register/register.pdf", treatment_register.treatment_register_pdf, name="treatment_register_pdf"),
    path(
        "treatment-register/register.xlsx", treatment_register.treatment_register_xlsx, name="treatment_register_xlsx"
    ),
    path("patients/<uuid:patient_id>/documents/", documents.documents, name="documents"),
    path("patients/<uuid:patient_id>/documents/<slug:document_code>.pdf", documents.document_pdf, name="document_pdf"),
    path("patients/<uuid:patient_id>/documents/<slug:document_code>/", documents.document_page, name="document_page"),
    path("patients/<uuid:patient_id>/documents/<slug:document_code>/issue/", documents.issue, name="issue_document"),
    path("sessions/<uuid:session_id>/papers/", papers.papers, name="papers"),
    path("sessions/<uuid:session_id>/record.pdf", papers.record_pdf, name="record_pdf"),
    path("sessions/<uuid:session_id>/care-sheet.pdf", papers.care_sheet, name="care_sheet"),
    path("sessions/<uuid:session_id>/care-sheet/", papers.care_sheet_page, name="care_sheet_page"),
    path("sessions/<uuid:session_id>/care-sheet/new/", papers.new_care_sheet, name="new_care_sheet"),
    path("follow-up/", follow_up.follow_up, name="follow_up"),
    path("plans/<uuid:plan_id>/result/", follow_up.result, name="result"),
    path("plans/<uuid:plan_id>/result/later/", follow_up.ask_later, name="ask_later"),
    path("plans/<uuid:plan_id>/result/end/", follow_up.end_checks, name="end_checks"),
    path("patients/<uuid:patient_id>/events/new/", events.report, name="report_event"),
    path("events/<uuid:event_id>/", events.event, name="event"),
    path("events/<uuid:event_id>/close/", events.close, name="close_event"),
    path("sessions/<uuid:session_id>/views/<moment:moment>/", pictures.views, name="views"),
    path("sessions/<uuid:session_id>/uploads/", pictures.upload, name="upload"),
    path("sessions/<uuid:session_id>/uploads/<uuid:upload_id>/", pictures.piece, name="piece"),
    path("patients/<uuid:patient_id>/photos/compare/", pictures.compare, name="compare"),
    path("photos/<uuid:photo_id>/marks/", pictures.marks, name="marks"),
    path("printing/", printing.printing, name="printing"),
    path("printing/<uuid:batch_id>/", printing.batch, name="batch"),
    path("printing/<uuid:batch_id>/stop/", printing.stop_batch, name="stop_batch"),
    path("printing/<uuid:batch_id>/again/", printing.again, name="batch_again"),
    path("printing/<uuid:batch_id>/papers.pdf", printing.batch_pdf, name="batch_pdf"),
    path("printing/<uuid:batch_id>/papers.zip", printing.batch_zip, name="batch_zip"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<slug:report>/", reports.report, name="report"),
    path("reports/<slug:report>.xlsx", reports.report_file, name="report_file"),
    path("recalls/", recall.recalls, name="recalls"),
    path("recalls/find/", recall.find_recall, name="find_recall"),
    path("recalls/<uuid:recall_id>/", recall.recall, name="recall"),
    path("recalls/<uuid:recall_id>/tell/", recall.tell, name="tell_recall"),
    path("recalls/<uuid:recall_id>/e-mails/", recall.send_mails, name="recall_mails"),
    path("recalls/<uuid:recall_id>/letters.pdf", recall.letters, name="recall_letters"),
    path("recalls/<uuid:recall_id>/list.csv", recall.list_csv, name="recall_csv"),
    path("recalls/<uuid:recall_id>/list.xlsx", recall.list_xlsx, name="recall_xlsx"),
    path("recalls/<uuid:recall_id>/lift/", recall.lift, name="lift_recall"),
]
