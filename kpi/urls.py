"""Addresses of the pages with figures."""

from django.urls import path, re_path

from kpi import (
    views,
    views_as_of,
    views_differences,
    views_explain,
    views_export,
    views_findings,
    views_jobs,
    views_kraljic,
    views_norms,
    views_print,
    views_reference,
    views_runs,
)
from kpi.exports.document import FILE as PDF

FILE = r"export\.(?P<kind>csv|xlsx)"

app_name = "kpi"
urlpatterns = [
    path("overzicht/", views.overview, name="overview"),
    re_path(rf"^overzicht/{FILE}$", views_export.overview, name="export_overview"),
    re_path(rf"^aanbieders/{FILE}$", views_export.providers, name="export_providers"),
    re_path(rf"^indicatoren/(?P<code>[\w-]+)/{FILE}$", views_export.indicator, name="export_indicator"),
    path(f"overzicht/{PDF}", views_print.printed(views.overview), name="pdf_overview"),
    path(f"aanbieders/vergelijken/{PDF}", views_print.printed(views.compare), name="pdf_compare"),
    path(f"aanbieders/<str:agb>/{PDF}", views_print.printed(views.provider), name="pdf_provider"),
    path(f"indicatoren/<slug:code>/{PDF}", views_print.printed(views.indicator), name="pdf_indicator"),
    path(f"berichtenmonitor/{PDF}", views_print.printed(views.monitor), name="pdf_monitor"),
    path("aanbieders/", views.providers, name="providers"),
    path("aanbieders/vergelijken/", views.compare, name="compare"),
    re_path(rf"^aanbieders/vergelijken/{FILE}$", views_export.compare, name="export_compare"),
    path("aanbieders/<str:agb>/", views.provider, name="provider"),
    path("indicatoren/<slug:code>/", views.indicator, name="indicator"),
    path("indicatoren/<slug:code>/spreiding/", views.spread, name="spread"),
    path("indicatoren/<slug:code>/uitleg/", views_explain.explain, name="explain"),
    re_path(r"^clienten/(?P<key>[0-9a-f]{16})/$", views_explain.client, name="client"),
    re_path(r"^berichten/(?P<key>[0-9a-f]{16})/$", views_explain.message, name="message"),
    path("gemeente/", views.municipality, name="municipality"),
    path("zorgdomeinen/", views.domain, name="domain"),
    path("verwijzers/", views.referrers, name="referrers"),
    path("berichtenmonitor/", views.monitor, name="monitor"),
    path("peildatum/", views_as_of.choose, name="as_of"),
    path("peildatum/verschil/", views_differences.show, name="differences"),
    path("peildatum/verschil/uitzoeken/", views_differences.ask, name="ask_differences"),
    path("peildatum/aanvragen/", views_as_of.ask, name="ask_date"),
    path("kraljic/", views_kraljic.matrix, name="kraljic"),
    path("kraljic/<str:agb>/", views_kraljic.decide, name="kraljic_decide"),
    path("normen/", views_norms.norms, name="norms"),
    path("normen/nieuw/", views_norms.add, name="norm_add"),
    path("gegevenskwaliteit/bevindingen/", views_findings.findings, name="findings"),
    path("gegevenskwaliteit/bevindingen/<slug:code>/", views_findings.finding_list_page, name="finding_list"),
    path("gegevenskwaliteit/bevindingen/<slug:code>/lijst.csv", views_findings.finding_file, name="finding_file"),
    path("exports/", views_jobs.exports, name="exports"),
    path("exports/<int:pk>/", views_jobs.export, name="export_job"),
    path("exports/<int:pk>/voortgang/", views_jobs.progress, name="export_progress"),
    path("exports/<int:pk>/afbreken/", views_jobs.cancel, name="export_cancel"),
    path("exports/<int:pk>/bestand/", views_jobs.download, name="export_file"),
    path("referentiegegevens/", views_reference.reference, name="reference"),
    path("referentiegegevens/parameters/", views_reference.parameter_list, name="parameters"),
    path("berekeningen/", views_runs.runs, name="runs"),
    path("berekeningen/nu/", views_runs.compute_now, name="compute_now"),
    path("hulp/", views.guide, name="help"),
    path("begrippen/", views.glossary, name="glossary"),
]
