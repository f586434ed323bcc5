#!/usr/bin/env python3
"""Set up smpclinic and start it, or test it.

    python3 run.py [serve|setup|test] [--port N] [--clinic [NAME]] [pytest arguments after test]

Everything behind this file is in ``smpclinic/launch``. This file alone must be readable by an old Python, so
that it can say what is wrong instead of showing a syntax error.
"""

import os
import sys

OLDEST_PYTHON = (3, 11)


def python_problem(version):
    # type: (tuple[int, ...]) -> str
    """Why this Python cannot be used, as a sentence; empty where it can."""
    if tuple(version[:2]) >= OLDEST_PYTHON:
        return ""
    needed, here = ("%d.%d" % tuple(pair) for pair in (OLDEST_PYTHON, version[:2]))
    sentence = "smpclinic needs Python {} or newer, and this is Python {} ({}): start run.py with a newer one."
    return sentence.format(needed, here, sys.executable)


if __name__ == "__main__":
    problem = python_problem(tuple(sys.version_info[:2]))
    if problem:
        sys.stderr.write(problem + "\n")
        sys.exit(1)
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from smpclinic.launch.command import main

    sys.exit(main(sys.argv[1:]))
