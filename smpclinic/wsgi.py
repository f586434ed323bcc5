"""The entry point of a WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

from smpclinic.masking import mask_server_logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smpclinic.settings")
application = get_wsgi_application()
mask_server_logs()
