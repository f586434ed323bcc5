"""The program's own sources, for tests of its structure."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from smpclinic.environment import BASE_DIR

ROOMS = ("smpclinic", "intake", "planning", "sessions")  # each may import those before it


@dataclass(frozen=True)
class Module:
    path: Path
    name: str
    tree: ast.Module
    lines: int

    @property
    def room(self) -> str:
        return self.name.partition(".")[0]

    def imports(self) -> set[str]:
        """Full names of everything imported, inside functions too; ``from a import b`` gives ``a`` and ``a.b``."""
        found = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.name} imports relatively"
                found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        return found

    def functions(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        return [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@cache
def modules(*, migrations: bool = False) -> tuple[Module, ...]:
    """Every module of the four packages."""
    return tuple(
        _read(path)
        for room in ROOMS
        for path in sorted((BASE_DIR / room).rglob("*.py"))
        if migrations or "migrations" not in path.parts
    )


def _read(path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    name = ".".join(path.relative_to(BASE_DIR).with_suffix("").parts).removesuffix(".__init__")
    return Module(path, name, ast.parse(text), text.count("\n"))


@cache
def templates() -> dict[str, str]:
    """Every template's text by its name."""
    folder = BASE_DIR / "templates"
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.html"))}
