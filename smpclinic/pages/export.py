"""Everything about one patient in one archive: JSON, every file, and a page to read it all in a browser."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST

from intake.actions.exporting import note_export
from intake.views.finding import visible_patient
from smpclinic import audit, storage
from smpclinic.actors import staff
from smpclinic.pages.export_page import sections_of
from smpclinic.pages.whole_record import StoredIn, WholeRecord, whole_record
from smpclinic.roles import Permission, requires

STYLE = "css/export.css"


@require_POST
@requires(Permission.EXPORT_PATIENT)
def export(request, patient_id):
    """The archive, streamed. Where the access log cannot be written it is refused: nothing leaves without a trace."""
    patient = visible_patient(request, patient_id)
    audit.note_read_or_refuse(request, patient=patient, what="export of everything")
    record = whole_record(patient)
    note_export(patient=patient, files=len(record.files), by=staff(request.user))
    page = render_to_string(
        "smpclinic/export.html", {"patient": patient, "sections": sections_of(record), "at": timezone.now()}
    )
    answer = StreamingHttpResponse(_archive(record, page), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="patient-{patient.record_number}.zip"'
    return answer


def _archive(record: WholeRecord, page: str) -> Iterator[bytes]:
    """The bytes of the archive, a file at a time: nothing is kept in memory but the file being written."""
    out = _Outgoing()
    damaged = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.html", page)
        archive.writestr("style.css", Path(finders.find(STYLE)).read_bytes())
        archive.writestr("record.json", json.dumps(record.rows, ensure_ascii=False, indent=1))
        yield out.taken()
        for stored in record.files:
            content = _content(stored)
            if content is None:
                damaged.append(stored.path)
            else:
                archive.writestr(zipfile.ZipInfo(stored.path, timezone.now().timetuple()[:6]), content)
            yield out.taken()
        if damaged:
            archive.writestr("MISSING.txt", "These files are missing or damaged:\n" + "\n".join(damaged) + "\n")
    yield out.taken()


def _content(stored: StoredIn) -> bytes | None:
    """None for a file that is gone or not what was stored: the rest is exported, and the archive says so."""
    try:
        return storage.read(stored.name, sha256=stored.sha256)
    except (storage.FileDamaged, OSError):
        return None


class _Outgoing(io.RawIOBase):
    """What was written since it was last taken; a zip needs to know only how much that was in all."""

    def __init__(self):
        self._parts: list[bytes] = []

    def writable(self):
        return True

    def write(self, part):
        self._parts.append(bytes(part))
        return len(part)

    def taken(self) -> bytes:
        content = b"".join(self._parts)
        self._parts.clear()
        return content
