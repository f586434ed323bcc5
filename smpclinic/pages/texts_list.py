"""Every text of the clinic by language, for one page: which version is in force, which draft waits, what is missing."""

from dataclasses import dataclass, field

from smpclinic.models import Text
from smpclinic.text_kinds import TextKind, kinds


@dataclass
class InLanguage:
    """One text in one language."""

    code: str
    name: str
    in_force: Text | None = None
    draft: Text | None = None
    # What is shown as long as nothing is approved here: the language it is taken from.
    falls_back: bool = False

    @property
    def state(self) -> str:
        if self.draft:
            return "draft"
        return "in_force" if self.in_force else "missing"


@dataclass
class Row:
    """One text in every language."""

    key: str
    title: str
    is_clinical: bool
    languages: list[InLanguage]


@dataclass
class Group:
    title: str
    rows: list[Row] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        return sum(each.state != "in_force" for row in self.rows for each in row.languages)


def all_texts(languages: list[tuple[str, str]]) -> list[Group]:
    """The texts by group, in the order they are declared (one query, whatever their number)."""
    in_force: dict[tuple[str, str], Text] = {}
    drafts: dict[tuple[str, str], Text] = {}
    for version in Text.objects.select_related("approved_by").defer("body").order_by("version"):
        (in_force if version.approved_at else drafts)[version.key, version.language] = version
    groups: dict[str, Group] = {}
    for kind in kinds():
        group = groups.setdefault(str(kind.group), Group(str(kind.group)))
        group.rows.append(_row(kind, languages, in_force, drafts))
    return list(groups.values())


def _row(kind: TextKind, languages, in_force, drafts) -> Row:
    return Row(
        kind.key,
        str(kind.title),
        kind.is_clinical,
        [
            InLanguage(
                code,
                name,
                in_force.get((kind.key, code)),
                drafts.get((kind.key, code)),
                (kind.key, "en") in in_force and (kind.key, code) not in in_force,
            )
            for code, name in languages
        ],
    )
