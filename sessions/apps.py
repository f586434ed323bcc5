from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """Treatment sessions.

    django.contrib.sessions already owns the label "sessions", so this app has its own: use it in foreign keys, and
    plain ``makemigrations`` to make migrations.
    """

    name = "sessions"
    label = "treatment_sessions"
    verbose_name = "Treatment sessions"
