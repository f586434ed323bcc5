"""The program as a server starts it; sabotaged, it looks before it books and nothing else holds it."""

import os

from smpclinic.wsgi import application

CHECK_ONLY = "SMPCLINIC_TESTS_CHECK_ONLY"

if os.environ.get(CHECK_ONLY):
    from tests.proofs import race

    race.look_alone()

__all__ = ["application"]
