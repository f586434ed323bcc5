"""How a zone of the map is filled: dots as planned, hairs where hair is kept, stronger dots where it is done."""

from dataclasses import dataclass

from planning.dot_field import as_dots, as_hairs, spread

BARE, AMONG, LEFT_ALONE = "bare", "among", "left-alone"
USUAL_DOTS = {BARE: 90, AMONG: 60}
# On the drawing a usual bare zone, 90 dots/cm2 over its whole, has this many dots to a square unit.
DRAWN_PER_SQUARE = 0.034
MOST_DRAWN_DOTS = 180


@dataclass(frozen=True)
class Amount:
    """What is planned in a zone and how much of that is done (1 = all of it)."""

    dots_per_cm2: int
    part_percent: int = 100
    done_share: float = 0.0


@dataclass(frozen=True)
class Fill:
    """The paths that fill a zone in one view; empty where nothing is drawn."""

    dots: str = ""
    hairs: str = ""
    done: str = ""


def fill(path: str, state: str, *, clip: str, amount: Amount | None = None) -> Fill:
    """What to draw in a zone of one view. Among kept hair every second place is a hair."""
    if state not in USUAL_DOTS:
        return Fill()
    amount = amount or Amount(USUAL_DOTS[state])
    dots = min(amount.dots_per_cm2, MOST_DRAWN_DOTS) * amount.part_percent / 100
    each_second = 2 if state == AMONG else 1
    places = spread(path, DRAWN_PER_SQUARE * dots / USUAL_DOTS[BARE] * each_second, clip=clip)
    planned = places[::each_second]
    done = planned[: round(len(planned) * min(1.0, amount.done_share))]
    hairs = places[1::2] if state == AMONG else ()
    return Fill(as_dots(planned[len(done) :]), as_hairs(hairs), as_dots(done))
