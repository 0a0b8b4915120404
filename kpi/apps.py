from django.apps import AppConfig


class KpiConfig(AppConfig):
    name = "kpi"
    verbose_name = "Indicatoren"

    def ready(self) -> None:
        from kpi.norm_table import register_tables
        from kpi.refresh import listen

        register_tables()
        listen()
