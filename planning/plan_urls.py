"""Addresses of plans."""

from django.urls import path

from planning.views import agree, money, plan, plan_edit, protocol, session_times

urlpatterns = [
    path("treatment-defaults/", protocol.treatment_defaults, name="treatment_defaults"),
    path("session-times/", session_times.session_times, name="session_times"),
    path("price-list/", money.price_list, name="price_list"),
    path("plans/<uuid:plan_id>/payments/", money.payments, name="payments"),
    path("plans/<uuid:plan_id>/payments/<uuid:payment_id>/correct/", money.correct, name="correct_payment"),
    path("patients/<uuid:patient_id>/plans/new/", plan_edit.draft, name="draft"),
    path("plans/<uuid:plan_id>/", plan.plan, name="plan"),
    path("plans/<uuid:plan_id>/versions/<int:number>/", plan.version, name="plan_version"),
    path("plans/<uuid:plan_id>/edit/", plan_edit.edit, name="edit"),
    path("plans/<uuid:plan_id>/touch-up/", plan_edit.touch_up, name="touch_up"),
    path("plans/<uuid:plan_id>/approve/", plan.approve, name="approve"),
    path("plans/<uuid:plan_id>/discard/", plan.discard, name="discard"),
    path("plans/<uuid:plan_id>/stop/", plan.stop, name="stop"),
    path("plans/<uuid:plan_id>/agree/", agree.agree, name="agree"),
    path("plans/<uuid:plan_id>/plan.pdf", plan.plan_pdf, name="plan_pdf"),
]
