"""docs/proofs.md: one row for each proof and database, written by the proof's own full run."""

from datetime import UTC, datetime

from smpclinic.environment import BASE_DIR

PAGE = BASE_DIR / "docs" / "proofs.md"
MARK = "| proof | database | day | held | seconds | figures |"


def write_row(result: dict[str, object]) -> None:
    """Put the row of this proof and database in its place among the others."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    first = lines.index(MARK) + 2
    rows = {_key(line): line for line in lines[first:] if line.startswith("|")}
    row = _row(result)
    rows[_key(row)] = row
    PAGE.write_text("\n".join([*lines[:first], *(rows[key] for key in sorted(rows))]) + "\n", encoding="utf-8")


def _row(result: dict[str, object]) -> str:
    figures = ", ".join(
        f"{name.replace('_', ' ')} {value}"
        for name, value in result.items()
        if name not in ("proof", "db", "ok", "seconds")
    )
    cells = (result["proof"], result["db"], f"{datetime.now(UTC):%Y-%m-%d}", "yes" if result["ok"] else "NO")
    return "| " + " | ".join([*map(str, cells), str(result["seconds"]), figures]) + " |"


def _key(row: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in row.split("|")[1:3])
