"""``python -m intake.drawings``: write every drawing anew."""

from intake.drawings import write

write()
