from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "planning"
    verbose_name = "Planning"

    def ready(self):
        from planning import closing  # noqa: F401  /healthz asks whether booking is open
