from django.apps import AppConfig


class ProvidersConfig(AppConfig):
    name = "providers"
    verbose_name = "Aanbieders en referentiegegevens"

    def ready(self) -> None:
        from providers.reference_tables import register_tables

        register_tables()
