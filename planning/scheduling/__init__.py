"""Dates that fit: the days between sessions, proposals for a whole series, free places for one visit.

Integers throughout: UTC minutes since 1970 and local calendar days since 1970.
"""

from planning.scheduling.diary import Place, Practitioner, Room, Wishes
from planning.scheduling.figures import Proposals, Series
from planning.scheduling.gaps import earliest_next, keeps_gap, latest_before, problems_with_gap, problems_with_series
from planning.scheduling.places import free_places
from planning.scheduling.series import RECOMMENDED_GAP_DAYS, propose_series

__all__ = [
    "RECOMMENDED_GAP_DAYS",
    "Place",
    "Practitioner",
    "Proposals",
    "Room",
    "Series",
    "Wishes",
    "earliest_next",
    "free_places",
    "keeps_gap",
    "latest_before",
    "problems_with_gap",
    "problems_with_series",
    "propose_series",
]
