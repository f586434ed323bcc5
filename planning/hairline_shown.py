"""The hairline of a version as it is shown: on the front view, on the patient's photo, in millimetres."""

from django.db import models

from intake.actions.photos import may_keep_photos
from intake.models import Patient, Photo
from intake.models.photo import PhotoView
from planning.hairline import (
    CUSTOM,
    GLABELLA,
    SHARP,
    Measures,
    Place,
    line_of,
    measures,
    placed,
    points_of,
    scale_from_circumference,
    smooth,
    straight,
)
from planning.hairline_photo import on_photo
from planning.models import PlanVersion


def hairline_of(version: PlanVersion) -> str:
    """The hairline on the front view as an SVG path; empty where the front edge stays as it is."""
    points = points_shown(version)
    if len(points) < 2:
        return ""
    return straight(points) if version.hairline_shape == SHARP else smooth(points)


def photos_to_draw_on(patient: Patient) -> models.QuerySet[Photo]:
    """Photos that show the hairline, the newest first; none without the patient's consent to photos."""
    if not may_keep_photos(patient):
        return Photo.objects.none()
    return patient.photos.filter(view__in=(PhotoView.FRONT, PhotoView.HAIRLINE))


def numbers_of(version: PlanVersion) -> Measures | None:
    """What the drawing on the front view measures, by the head's circumference; None where no line is drawn."""
    points = points_shown(version)
    if len(points) < 2:
        return None
    line = line_of(points, is_straight=version.hairline_shape == SHARP)
    scale = scale_from_circumference(version.head_circumference_cm)
    try:
        return measures(line, glabella=GLABELLA, mm_per_unit=scale)
    except ValueError:
        return None


def points_shown(version: PlanVersion) -> list[Place]:
    """The points of the hairline as they are drawn: a shape is put at the height that was entered."""
    points = points_of(version.hairline_shape, version.hairline_points)
    if version.hairline_shape == CUSTOM or not points or version.hairline_height_mm is None:
        return points
    scale = scale_from_circumference(version.head_circumference_cm)
    return placed(points, height_mm=version.hairline_height_mm, mm_per_unit=scale)


def photo_of(version: PlanVersion) -> dict | None:
    """The patient's photo with the planned line; None where none is drawn, or photos are not consented to now."""
    photo = version.hairline_photo
    if photo is None or not may_keep_photos(version.plan.patient):
        return None
    line = on_photo(version.hairline_on_photo)
    width, height = line.box
    return {
        "photo": photo,
        "path": line.path,
        "box": f"0 0 {width} {height}",
        "numbers": line.measures(version.head_circumference_cm),
        "is_measured": line.apart_mm is not None,
    }
