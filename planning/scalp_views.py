"""The head from five sides, drawn by us: the outline of each view and the zones that are seen in it.

Plain paths in a box of 200 x 220. Zones may reach over the outline; whoever draws them clips them to ``skull``.
The patient's left is on the viewer's right from the front, on the viewer's left from the back and from above.
"""

import re
from dataclasses import dataclass

VIEW_BOX = "0 0 200 220"
WIDTH = 200
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class SeenZone:
    """A zone as one view shows it: its code and an SVG path."""

    code: str
    path: str


@dataclass(frozen=True)
class HeadView:
    """One side of the head: zones are clipped to ``skull``; ``lines`` draw the head, the face and the neck."""

    code: str
    name: str
    skull: str
    lines: str
    zones: tuple[SeenZone, ...]


def mirrored(path: str) -> str:
    """A path of absolute M, L, C and Z turned left to right in the box.

    >>> mirrored("M40 10L60 20Z")
    'M160 10L140 20Z'
    """
    numbers = iter(range(10**6))

    def turned(match: re.Match[str]) -> str:
        is_x = next(numbers) % 2 == 0
        return f"{WIDTH - float(match[0]):g}" if is_x else match[0]

    return _NUMBER.sub(turned, path)


def _other_side(code: str) -> str:
    sides = {"left": "right", "right": "left"}
    side, _, rest = code.partition("_")
    return f"{sides[side]}_{rest}" if side in sides else code


def _both_sides(*zones: SeenZone) -> tuple[SeenZone, ...]:
    """Zones of one half and their mirror images on the other."""
    return zones + tuple(SeenZone(_other_side(zone.code), mirrored(zone.path)) for zone in zones)


def _round(code: str, name: str, skull: str, lines: str, zones: tuple[SeenZone, ...]) -> HeadView:
    """A view whose skull is drawn as it is clipped to."""
    return HeadView(code, name, skull, skull.removesuffix("Z") + lines, zones)


def _turned(view: HeadView, *, code: str, name: str) -> HeadView:
    zones = tuple(SeenZone(_other_side(zone.code), mirrored(zone.path)) for zone in view.zones)
    return HeadView(code, name, mirrored(view.skull), mirrored(view.lines), zones)


FRONT = _round(
    "front",
    "Front",
    "M100 14C144 14 165 50 164 94C163 120 156 150 146 172C134 196 118 208 100 208C82 208 66 196 54 172"
    "C44 150 37 120 36 94C35 50 56 14 100 14Z",
    "M36 104C28 98 24 106 27 118C29 130 34 138 41 138M164 104C172 98 176 106 173 118C171 130 166 138 159 138"
    "M62 112C70 105 82 105 88 110M112 110C118 105 130 105 138 112M100 116C99 130 94 142 92 148C94 153 106 153 108 148"
    "M82 174C92 180 108 180 118 174",
    (
        SeenZone("mid_scalp", "M58 0L142 0L144 34C122 26 78 26 56 34Z"),
        SeenZone("frontal_third", "M56 34C78 26 122 26 144 34L140 58C120 49 80 49 60 58Z"),
        SeenZone("hairline_band", "M60 58C80 49 120 49 140 58L137 74C120 65 80 65 63 74Z"),
        *_both_sides(
            SeenZone("right_upper_side", "M58 0L56 34L60 58C49 68 43 84 41 102L10 102L10 0Z"),
            SeenZone("right_temple", "M60 58L63 74C55 80 50 90 48 104L41 102C43 84 49 68 60 58Z"),
            SeenZone("right_lower_side", "M10 102L41 102L48 104C47 114 46 124 47 134L10 138Z"),
        ),
    ),
)
TOP = _round(
    "top",
    "Top",
    "M100 22C138 22 168 62 169 112C170 164 142 204 100 204C58 204 30 164 31 112C32 62 62 22 100 22Z",
    "M92 23C94 13 106 13 108 23M31 104C23 100 21 118 26 126C28 129 31 128 32 126M169 104C177 100 179 118 174 126"
    "C172 129 169 128 168 126",
    (
        SeenZone("hairline_band", "M66 46C82 36 118 36 134 46L136 62C118 52 82 52 64 62Z"),
        SeenZone("frontal_third", "M64 62C82 52 118 52 136 62L141 98C118 90 82 90 59 98Z"),
        SeenZone("mid_scalp", "M59 98C82 90 118 90 141 98L142 136C118 129 82 129 58 136Z"),
        SeenZone("vertex", "M58 136C82 129 118 129 142 136C142 162 126 182 100 182C74 182 58 162 58 136Z"),
        *_both_sides(
            SeenZone("left_temple", "M66 46L64 62L61 84C50 82 42 84 34 90L20 80L44 40Z"),
            SeenZone(
                "left_upper_side",
                "M61 84L59 98L58 136C58 154 66 168 78 176L56 210L10 210L10 100L34 90C42 84 50 82 61 84Z",
            ),
        ),
        SeenZone("occipital", "M78 176C90 184 110 184 122 176L144 210L56 210Z"),
    ),
)
LEFT = HeadView(
    "left",
    "Left",
    "M50 90C46 50 76 18 116 18C160 18 188 50 188 98C188 128 180 148 170 164C164 174 161 186 160 204L100 204L60 120Z",
    "M50 90C46 50 76 18 116 18C160 18 188 50 188 98C188 128 180 148 170 164C164 174 161 186 160 206"
    "M50 90C51 96 50 100 48 104C44 112 38 120 34 127C33 131 38 133 43 133C42 137 42 140 44 142C41 144 41 147 44 149"
    "C42 155 43 160 45 165C50 176 66 176 82 171C92 168 100 164 106 156C108 172 112 188 112 206"
    "M116 113C124 103 136 111 132 122C130 132 124 138 122 144C118 148 114 144 115 138M58 106C63 102 70 102 74 105",
    (
        SeenZone("hairline_band", "M20 44L54 56L72 67L86 52L64 0L20 0Z"),
        SeenZone("frontal_third", "M64 0L86 52C92 47 100 44 108 43L104 0Z"),
        SeenZone("mid_scalp", "M104 0L108 43C118 41 128 42 138 46L148 0Z"),
        SeenZone("vertex", "M148 0L138 46C154 54 164 70 168 92L210 84L210 0Z"),
        SeenZone("left_temple", "M72 67C78 75 81 88 80 104L93 104L94 86C95 74 92 62 86 52Z"),
        SeenZone(
            "left_upper_side",
            "M86 52C100 41 122 40 138 46C154 54 164 70 168 92L150 104C148 90 142 80 132 76C118 71 104 74 94 86"
            "C95 74 92 62 86 52Z",
        ),
        SeenZone(
            "left_lower_side",
            "M94 86C104 74 118 71 132 76C142 80 148 90 150 104L148 140C140 148 132 150 124 150C131 140 137 130 136 118"
            "C135 104 121 101 114 109C110 113 109 120 109 130L98 130L93 104Z",
        ),
        SeenZone("occipital", "M150 104L168 92L210 84L210 156L160 164L148 140Z"),
        SeenZone("nape", "M124 150C132 150 140 148 148 140L160 164L210 156L210 186L126 186C127 172 127 160 124 150Z"),
    ),
)
RIGHT = _turned(LEFT, code="right", name="Right")
BACK = _round(
    "back",
    "Back",
    "M100 16C146 16 168 54 166 98C165 130 156 152 143 168C140 176 139 186 140 198L60 198C61 186 60 176 57 168"
    "C44 152 35 130 34 98C32 54 54 16 100 16Z",
    "M34 98C26 92 22 102 26 116C28 126 33 134 40 134M166 98C174 92 178 102 174 116C172 126 167 134 160 134M60 198"
    "C59 202 56 206 52 208M140 198C141 202 144 206 148 208",
    (
        SeenZone("mid_scalp", "M60 0L140 0L138 36C118 29 82 29 62 36Z"),
        SeenZone("vertex", "M62 36C82 29 118 29 138 36C142 64 126 86 100 86C74 86 58 64 62 36Z"),
        *_both_sides(
            SeenZone("left_upper_side", "M60 0L62 36C60 56 66 72 78 80L60 102L10 102L10 0Z"),
            SeenZone("left_lower_side", "M10 102L60 102L62 140L54 166L10 180Z"),
        ),
        SeenZone("occipital", "M78 80C92 88 108 88 122 80L140 102L138 140C120 148 80 148 62 140L60 102Z"),
        SeenZone("nape", "M62 140C80 148 120 148 138 140L146 166L150 180C120 186 80 186 50 180L54 166Z"),
    ),
)
VIEWS = (FRONT, TOP, BACK, LEFT, RIGHT)

# The hairline on the front view, from the patient's right temple to the left: seven points each.
HAIRLINES: dict[str, tuple[tuple[int, int], ...]] = {
    "natural": ((47, 108), (50, 88), (66, 70), (100, 74), (134, 70), (150, 88), (153, 108)),
    "soft": ((47, 108), (52, 90), (70, 76), (100, 71), (130, 76), (148, 90), (153, 108)),
    "sharp": ((47, 108), (50, 88), (62, 72), (100, 70), (138, 72), (150, 88), (153, 108)),
    "receded": ((47, 108), (48, 84), (65, 56), (100, 76), (135, 56), (152, 84), (153, 108)),
}
FIRST_CUSTOM = HAIRLINES["natural"]


def hairline_path(shape: str, points: tuple[tuple[int, int], ...] | list[list[int]] = ()) -> str:
    """The hairline as an SVG path; ``points`` are those of a custom one. Empty where there is none.

    >>> hairline_path("sharp")[:14]
    'M47 108L50 88L'
    """
    through = [(int(x), int(y)) for x, y in points] if shape == "custom" else list(HAIRLINES.get(shape, ()))
    if len(through) < 2:
        return ""
    if shape == "sharp":
        return "M" + "L".join(f"{x} {y}" for x, y in through)
    return smooth(through)


def smooth(points: list[tuple[int, int]]) -> str:
    """A smooth path through every point (Catmull-Rom, a sixth of the chord), places to one decimal."""
    around = [points[0], *points, points[-1]]
    parts = [f"M{points[0][0]} {points[0][1]}"]
    for before, start, end, after in zip(around, around[1:], around[2:], around[3:], strict=False):
        first = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        second = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        parts.append(f"C{first[0]:.1f} {first[1]:.1f} {second[0]:.1f} {second[1]:.1f} {end[0]} {end[1]}")
    return "".join(parts)
