"""The project package is an app too: it owns the clinic's people, places, stock and trail."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class SmpclinicConfig(AppConfig):
    name = "smpclinic"
    verbose_name = "Clinic"

    def ready(self):
        from django.apps import apps
        from django.utils.translation import gettext

        from smpclinic import session_end, tongue  # noqa: F401  session_end notes when each sign-in began
        from smpclinic.database import guards, installation
        from smpclinic.local_dates import date_format

        tongue.speak_with(gettext, date_format)
        pre_migrate.connect(guards.before_migrating, sender=self, dispatch_uid="guards_down")
        # post_migrate comes once for each app that has models; after the last of them every room's tables are there.
        last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
        post_migrate.connect(guards.after_migrating, sender=last, dispatch_uid="guards_up")
        post_migrate.connect(installation.write_mode, sender=self, dispatch_uid="installation_mode")
