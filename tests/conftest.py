"""One folder, one database and no network for every test process."""

import pytest
from hypothesis import HealthCheck, settings

from tests import cluster, surroundings

# A busy machine is slow and not wrong: what a test finds must not depend on the clock.
settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")


def pytest_addoption(parser, pluginmanager):
    config = pluginmanager.get_plugin("pytestconfig")
    # Conftests below this one import models, so the settings must be loaded now: a pytest-xdist worker was told the
    # option before, elsewhere it still has to be read.
    told = getattr(config.option, "db", None)
    parser.addoption("--db", choices=surroundings.DATABASES, default="sqlite", help="the database to test on")
    chosen = told or parser.parse_known_args(list(config.invocation_params.args)).db
    try:
        surroundings.prepare(chosen)
    except (RuntimeError, cluster.NoPostgresql) as error:
        raise pytest.UsageError(str(error)) from error


def pytest_configure(config):
    from tests import databases

    surroundings.keep_off_the_network()
    databases.give_transactional_tests_a_copy()


def pytest_report_header(config):
    return f"database: {config.getoption('db')}"


def pytest_collection_modifyitems(config, items):
    """Tests of PostgreSQL's or SQLite's own behaviour belong to the run on that database alone."""
    chosen = config.getoption("db")
    other = {"sqlite": "postgres", "postgres": "sqlite"}[chosen]
    others = [item for item in items if item.get_closest_marker(other)]
    if others:
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """The database of this process's ordinary tests: a copy of the template."""
    from django.db import connection

    from tests import databases

    with django_db_blocker.unblock():
        databases.use_first_copy()
    yield
    with django_db_blocker.unblock():
        connection.close()


@pytest.fixture
def database(request) -> str:
    """``sqlite`` or ``postgres``."""
    return request.config.getoption("db")
