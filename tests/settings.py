"""The program's own settings, with what would only make tests slow taken out."""

from smpclinic.settings import *  # noqa: F403
from smpclinic.settings import STATIC_ROOT, STORAGES

# Argon2 is slow on purpose; the tests of sign-in set it back where its slowness is what they test.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing folder, and warnings are errors
