"""Addresses of the pages with figures."""

from django.urls import path

from kpi import views

app_name = "kpi"
urlpatterns = [
    path("overzicht/", views.overview, name="overview"),
    path("aanbieders/", views.providers, name="providers"),
    path("aanbieders/<str:agb>/", views.provider, name="provider"),
    path("indicatoren/<slug:code>/", views.indicator, name="indicator"),
    path("begrippen/", views.glossary, name="glossary"),
]
