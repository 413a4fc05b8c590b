"""The seven-way evaluation set: fifty programs, each in seven languages, shipped with the package."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from codelm.data.documents import ProgramGroup
from codelm.languages import LANGUAGES

FOLDER = Path(__file__).with_name("programs")

FILES = {
    "python": "main.py",
    "java": "Main.java",
    "javascript": "main.js",
    "typescript": "main.ts",
    "csharp": "Program.cs",
    "go": "main.go",
    "rust": "main.rs",
}
"""Name of a group's file in each language."""


@cache
def evaluation_programs() -> tuple[ProgramGroup, ...]:
    """Return the fifty groups, by name, each in all seven languages and with what it prints."""
    folders = sorted(file.parent for file in FOLDER.glob("*/expected.txt"))
    return tuple(
        ProgramGroup(
            folder.name,
            {language: (folder / FILES[language]).read_text(encoding="utf-8") for language in LANGUAGES},
            (folder / "expected.txt").read_text(encoding="utf-8"),
        )
        for folder in folders
    )
