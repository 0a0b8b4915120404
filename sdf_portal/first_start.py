"""An empty embedded database is migrated before the first command that needs it."""

from collections.abc import Sequence

WITHOUT_TABLES = {"migrate", "makemigrations", "check", "collectstatic", "help", "--help", "--version", "version"}


def migrate_empty_database(argv: Sequence[str]) -> None:
    """Migrate when the database is the embedded one and has no tables yet."""
    if len(argv) < 2 or argv[1] in WITHOUT_TABLES:
        return
    import django
    from django.conf import settings

    if not settings.EMBEDDED_DATABASE:
        return
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(7241), to_regclass('django_migrations')")  # one migrates, others wait
        if cursor.fetchone()[1] is None:
            call_command("migrate", verbosity=0, interactive=False)
        cursor.execute("SELECT pg_advisory_unlock(7241)")


def migrate_if_behind() -> None:
    """Migrate when the code has migrations that the database has not."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
