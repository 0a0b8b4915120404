"""Addresses of the upload pages and the data-quality page."""

from django.urls import path

from messaging import views

app_name = "messaging"
urlpatterns = [
    path("uploads/", views.uploads, name="uploads"),
    path("uploads/<int:pk>/", views.upload, name="upload"),
    path("uploads/<int:pk>/voortgang/", views.upload_progress, name="upload_progress"),
    path("uploads/<int:pk>/starten/", views.start_upload, name="upload_start"),
    path("uploads/<int:pk>/weigeringen.csv", views.rejections, name="rejections"),
    path("uploads/<int:pk>/terugdraaien/", views.undo_upload, name="upload_undo"),
    path("gegevenskwaliteit/", views.data_quality, name="quality"),
]
