"""Addresses of the upload pages and the data-quality page."""

from django.urls import path

from messaging import column_views, views

app_name = "messaging"
urlpatterns = [
    path("uploads/", views.uploads, name="uploads"),
    path("uploads/kolommen/", column_views.columns, name="columns"),
    path("uploads/kolommen/<int:pk>/", column_views.explain_columns, name="columns_explain"),
    path("uploads/kolommen/deels/<int:pk>/", column_views.explain_unknown, name="columns_unknown"),
    path("uploads/kolommen/<int:pk>/weg/", column_views.discard_table, name="columns_discard"),
    path("uploads/kolommen/indeling/<int:pk>/", column_views.edit_layout, name="columns_edit"),
    path("uploads/<int:pk>/", views.upload, name="upload"),
    path("uploads/<int:pk>/voortgang/", views.upload_progress, name="upload_progress"),
    path("uploads/<int:pk>/starten/", views.start_upload, name="upload_start"),
    path("uploads/<int:pk>/weigeringen.csv", views.rejections, name="rejections"),
    path("uploads/<int:pk>/terugdraaien/", views.undo_upload, name="upload_undo"),
    path("gegevenskwaliteit/", views.data_quality, name="quality"),
]
