"""The way through the questionnaire: its pages in order, what is answered, and the form of each."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from intake.actions.questionnaire import answers_as_mapping
from intake.findings import told_answers
from intake.forms.causes import CausesForm
from intake.forms.health import HealthForm, MedicinesForm
from intake.forms.steps import HairForm, PatternForm, ReasonsForm, StepForm, WishesForm
from intake.models import Intake, IntakeAnswers
from intake.rules import SECTIONS, by_section
from intake.words import Page, pages_in_words

HEALTH = "health-"
CHOICES, PHOTOS, CHECK = "choices", "photos", "check"
FORMS = {"reasons": ReasonsForm, "causes": CausesForm, "pattern": PatternForm, "hair": HairForm, "wishes": WishesForm}
BEFORE_HEALTH = (
    ("reasons", _("What brings you")),
    ("causes", _("Causes")),
    ("pattern", _("Pattern and course")),
    ("hair", _("Hair and treatments")),
    ("medicines", _("Medicines")),
)
AFTER_HEALTH = (
    ("wishes", _("Wishes")),
    (CHOICES, _("Privacy and photos")),
    (PHOTOS, _("Photos")),
    (CHECK, _("Check and hand in")),
)
WITHOUT_ANSWERS = (CHOICES, PHOTOS, CHECK)  # what is given there is kept apart from the answers


@dataclass(frozen=True)
class Step:
    """One dot of the progress line."""

    slug: str
    label: str
    state: str
    url: str


class Questionnaire:
    """One intake, read once for a page."""

    def __init__(self, intake: Intake, url_of: Callable[[str], str] | None = None) -> None:
        """``url_of`` gives the address of a page; without it, that of staff."""
        self.intake = intake
        self.url_of = url_of or self._url_for_staff
        self.version: IntakeAnswers | None = intake.latest()

    @cached_property
    def sections(self):
        return by_section()

    @cached_property
    def present(self) -> dict:
        return answers_as_mapping(self.version)

    @cached_property
    def titles(self) -> dict[str, str]:
        """The pages in their order, with what they are called."""
        health = {f"{HEALTH}{section}": str(SECTIONS[section]) for section in self.sections}
        return {slug: str(title) for slug, title in BEFORE_HEALTH} | health | {s: str(t) for s, t in AFTER_HEALTH}

    @property
    def number(self) -> int:
        return self.version.number if self.version else 0

    def form(self, slug: str, data=None) -> StepForm | MedicinesForm:
        """The form of a page, filled with what was said or with ``data``."""
        facts = {"present": self.present, "born_on": self.intake.patient.born_on}
        if slug == "medicines":
            return MedicinesForm(data, **facts)
        if slug.startswith(HEALTH):
            told = told_answers(self.version, on=timezone.localdate()) if self.version else {}
            return HealthForm(data, rules=self.sections[slug.removeprefix(HEALTH)], told=told, **facts)
        return FORMS[slug](data, **facts)

    def url(self, slug: str) -> str:
        return self.url_of(slug)

    def _url_for_staff(self, slug: str) -> str:
        return reverse("intake:step", args=[self.intake.public_id, slug])

    def anew(self) -> "Questionnaire":
        """The same, read again after somebody else has saved."""
        return Questionnaire(self.intake, self.url_of)

    def has_questions(self, slug: str | None) -> bool:
        """Whether a page asks something that is saved as an answer."""
        return slug in self.titles and slug not in WITHOUT_ANSWERS

    def following(self, slug: str) -> str:
        """The page after this one."""
        slugs = list(self.titles)
        return slugs[min(slugs.index(slug) + 1, len(slugs) - 1)]

    def preceding(self, slug: str) -> str:
        """The page before this one; empty for the first."""
        slugs = list(self.titles)
        return slugs[slugs.index(slug) - 1] if slugs.index(slug) else ""

    def first_open(self) -> str:
        """Where to go on: the first page not answered yet."""
        answered = set(self.version.pages) if self.version else set()
        return next((slug for slug in self.titles if slug not in (*answered, *WITHOUT_ANSWERS)), CHECK)

    def steps(self, current: str) -> list[Step]:
        answered = set(self.version.pages) if self.version else set()
        return [
            Step(slug, title, self._state(slug, current, answered), "" if slug == current else self.url(slug))
            for slug, title in self.titles.items()
        ]

    def _state(self, slug: str, current: str, answered: set[str]) -> str:
        return "current" if slug == current else "done" if slug in answered else "ahead"

    def in_words(self) -> list[Page]:
        """What was said so far; nothing where nothing was."""
        pages = pages_in_words(self.version, self.sections) if self.version else []
        return [replace(page, url=self.url(page.slug)) for page in pages]

    def left_open(self) -> list[Step]:
        """The pages of health on which a question has no answer, neither there nor by what was told elsewhere."""
        told = told_answers(self.version, on=timezone.localdate()) if self.version else {}
        answered = self.present["health"].keys() | told.keys()
        slugs = [
            f"{HEALTH}{name}" for name, rows in self.sections.items() if any(r.code not in answered for r, _row in rows)
        ]
        return [Step(slug, self.titles[slug], "ahead", self.url(slug)) for slug in slugs]

    def page_in_words(self, slug: str) -> Page | None:
        return next((page for page in self.in_words() if page.slug == slug), None)
