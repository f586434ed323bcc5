"""What a new pass starts from, for each zone of the plan: on the page, and for the tablet while it is cut off."""

import json
from collections.abc import Mapping, Sequence

from sessions.last_time import start_of_pass
from sessions.models import Mix, TreatmentSession, ZonePass
from sessions.treated import TreatedZone, find_zone, zone_name


def starts_of(
    session: TreatmentSession,
    zones: Sequence[TreatedZone],
    code: str,
    passes: list[ZonePass],
    earlier: list[ZonePass],
) -> dict[str, dict[str, object]]:
    """What a new pass starts from, for each zone of the plan and the one looked at (one query)."""
    newest = session.mixes.order_by("-id").first()
    return {
        each: start_of_pass(each, planned=find_zone(zones, each), today=passes, earlier=earlier, newest_mix=newest)
        for each in [*(zone.code for zone in zones), code]
    }


def starts_as_text(starts: Mapping[str, Mapping[str, object]]) -> str:
    """The same as the tablet reads it, to open the next zone while it is cut off."""
    told = {
        code: {"name": zone_name(code), "values": {name: _sent(value) for name, value in start.items()}}
        for code, start in starts.items()
    }
    return json.dumps(told)


def _sent(value: object) -> str:
    return str(value.public_id) if isinstance(value, Mix) else "" if value is None else str(value)
