"""The head from five sides, drawn by us: the outline of each view and the zones that are seen in it.

Plain paths in a box of 200 x 220. Zones may reach over the outline; whoever draws them clips them to ``skull``.
The patient's left is on the viewer's right from the front, on the viewer's left from the back and from above.
"""

import re
from dataclasses import dataclass

from planning.dot_field import holds, polygons

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
    """One side of the head: zones are clipped to ``skull``; ``lines`` draw its outline, ``details`` face
    and ears; ``face`` is the outline closed, to be filled."""

    code: str
    name: str
    skull: str
    lines: str
    zones: tuple[SeenZone, ...]
    details: str = ""
    face: str = ""


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


def _round(code: str, name: str, skull: str, lines: str, zones: tuple[SeenZone, ...], *, details: str = "") -> HeadView:
    """A view whose skull is drawn as it is clipped to."""
    return HeadView(code, name, skull, skull.removesuffix("Z") + lines, zones, details, skull + lines)


def _turned(view: HeadView, *, code: str, name: str) -> HeadView:
    zones = tuple(SeenZone(_other_side(zone.code), mirrored(zone.path)) for zone in view.zones)
    return HeadView(
        code, name, mirrored(view.skull), mirrored(view.lines), zones, mirrored(view.details), mirrored(view.face)
    )


FRONT = _round(
    "front",
    "Front",
    "M100 14C144 14 165 50 164 94C163 120 156 150 146 172C134 198 118 213 100 213C82 213 66 198 54 172"
    "C44 150 37 120 36 94C35 50 56 14 100 14Z",
    "M36 104C28 98 24 106 27 118C29 130 34 138 41 138M164 104C172 98 176 106 173 118C171 130 166 138 159 138",
    (
        SeenZone("mid_scalp", "M58 0L142 0L143 27C122 20 78 20 57 27Z"),
        SeenZone("frontal_third", "M57 27C78 20 122 20 143 27L145 49C122 38 78 38 55 49Z"),
        SeenZone("hairline_band", "M55 49C78 38 122 38 145 49L139 68C120 54 80 54 61 68Z"),
        *_both_sides(
            SeenZone("right_upper_side", "M58 0L57 27L55 49C46 62 42 80 41 101L10 101L10 0Z"),
            SeenZone("right_temple", "M55 49L61 68C54 78 50 90 48 104L41 101C42 80 46 62 55 49Z"),
            SeenZone("right_lower_side", "M10 101L41 101L48 104C47 114 46 124 47 136L10 140Z"),
        ),
    ),
    details="M60 110C68 104 80 103 89 107M111 107C120 103 132 104 140 110M66 121C72 116 80 116 86 121"
    "C80 125 72 125 66 121M114 121C120 116 128 116 134 121C128 125 120 125 114 121M99 118C98 134 94 146 91 152"
    "C93 158 107 158 109 152M82 180C90 176 96 177 100 179C104 177 110 176 118 180"
    "C110 189 90 189 82 180M82 180C94 183 106 183 118 180"
    "M32 110C36 112 34 122 38 128M168 110C164 112 166 122 162 128",
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
    "M50 90C46 50 76 18 116 18C160 18 188 50 188 98C188 128 180 148 170 164C164 174 161 186 162 210"
    "M50 90C51 96 50 100 48 104C44 112 38 120 34 127C33 131 38 133 43 133C42 137 42 140 44 142C41 144 41 147 44 149"
    "C42 155 43 160 45 165C50 176 66 176 82 171C92 168 100 164 106 156C107 174 108 192 106 210",
    (
        SeenZone("hairline_band", "M20 32L58 45L76 60L88 47L66 0L20 0Z"),
        SeenZone("frontal_third", "M66 0L88 47C94 43 101 40 109 39L105 0Z"),
        SeenZone("mid_scalp", "M105 0L109 39C119 37 130 38 140 42L150 0Z"),
        SeenZone("vertex", "M150 0L140 42C156 50 165 68 168 92L210 84L210 0Z"),
        SeenZone("left_temple", "M76 60C81 70 83 86 82 104L94 104L95 86C96 72 93 58 88 47Z"),
        SeenZone(
            "left_upper_side",
            "M88 47C102 38 124 36 140 42C156 50 165 68 168 92L151 104C149 90 143 80 132 76C118 71 104 74 95 86"
            "C96 72 93 58 88 47Z",
        ),
        SeenZone(
            "left_lower_side",
            "M95 86C104 74 118 71 132 76C143 80 149 90 151 104L148 140C140 148 132 150 124 150C131 140 137 130 136 118"
            "C135 104 121 101 114 109C110 113 109 120 109 130L98 130L94 104Z",
        ),
        SeenZone("occipital", "M151 104L168 92L210 84L210 156L160 164L148 140Z"),
        SeenZone("nape", "M124 150C132 150 140 148 148 140L160 164L210 156L210 188L126 188C127 172 127 160 124 150Z"),
    ),
    "M116 113C124 103 136 111 132 122C130 132 124 138 122 144C118 148 114 144 115 138"
    "M119 118C125 112 130 118 126 124"
    "M56 97C61 92 69 91 75 94M58 106C62 102 69 103 73 107C68 110 62 110 58 106"
    "M44 149C49 150 54 150 57 148M43 133C47 133 49 130 48 127",
    "M50 90C46 50 76 18 116 18C160 18 188 50 188 98C188 128 180 148 170 164C164 174 161 186 162 210L106 210"
    "C108 192 107 174 106 156C100 164 92 168 82 171C66 176 50 176 45 165C43 160 42 155 44 149C41 147 41 144 44 142"
    "C42 140 42 137 43 133C38 133 33 131 34 127C38 120 44 112 48 104C50 100 51 96 50 90Z",
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
# Where a scar or a small mark in a zone is drawn: the view that shows the zone best, and a place inside it there.
SPOTS: dict[str, tuple[str, int, int]] = {
    "hairline_band": ("front", 100, 52),
    "left_temple": ("left", 86, 92),
    "right_temple": ("right", 114, 92),
    "frontal_third": ("top", 100, 76),
    "mid_scalp": ("top", 100, 112),
    "vertex": ("top", 100, 156),
    "left_upper_side": ("left", 130, 60),
    "right_upper_side": ("right", 70, 60),
    "left_lower_side": ("left", 140, 112),
    "right_lower_side": ("right", 60, 112),
    "occipital": ("back", 100, 116),
    "nape": ("back", 100, 162),
}
VIEW_BY_CODE = {view.code: view for view in VIEWS}


def zone_at(view_code: str, x: float, y: float) -> str:
    """The code of the zone that a place of a view shows; empty outside every zone.

    >>> zone_at("top", 100, 110), zone_at("front", 100, 150)
    ('mid_scalp', '')
    """
    view = VIEW_BY_CODE.get(view_code)
    if view is None or not holds(polygons(view.skull), (x, y)):
        return ""
    return next((zone.code for zone in view.zones if holds(polygons(zone.path), (x, y))), "")


def is_place(number: object) -> bool:
    """Whether this can be one coordinate of a place on a drawing or photo: a whole number within reach of it."""
    return isinstance(number, int) and not isinstance(number, bool) and -2000 <= number <= 6000
