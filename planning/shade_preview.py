"""The picture of dots at a shade and density on a patient's skin, drawn in a limited process from colours alone."""

from functools import lru_cache
from urllib.parse import urlencode

from django.urls import reverse

from smpclinic.limited.client import run_limited
from smpclinic.limited.wire import Limits

LIMITS = Limits(cpu_s=10, memory_bytes=1024**3, wall_s=20)
WIDTH_PX, HEIGHT_PX = 792, 242


@lru_cache(maxsize=64)
def preview_jpeg(*, skin: str, hair: str, dot: str, dots_per_cm2: int, among_hair: bool) -> bytes:
    """The picture as JPEG bytes; colours as ``#d8b496``. The same figures give the same bytes.

    Raises ``smpclinic.limited.client.JobFailed``.
    """
    options = {"skin": skin, "hair": hair, "dot": dot, "dots_per_cm2": dots_per_cm2, "among_hair": among_hair}
    jpeg, _facts = run_limited("preview", b"", options=options, limits=LIMITS)
    return jpeg


def preview_address(figures: dict) -> str:
    """Where the picture of these figures is served; it names colours and a density, never a patient."""
    told = {**figures, "among_hair": "yes" if figures["among_hair"] else ""}
    return f"{reverse('planning:shade_preview')}?{urlencode(told)}"
