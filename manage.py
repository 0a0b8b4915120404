#!/usr/bin/env python
"""Django's command line for the SDF portal."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sdf_portal.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from sdf_portal.embedded import EmbeddedError
    from sdf_portal.first_start import migrate_empty_database

    try:
        migrate_empty_database(sys.argv)
        execute_from_command_line(sys.argv)
    except (EmbeddedError, ImproperlyConfigured) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
