"""Addresses of the account pages."""

from django.contrib.auth import views as auth
from django.urls import path, reverse_lazy

from accounts import views, views_saved
from accounts.forms import LoginForm

urlpatterns = [
    path("", views.start, name="start"),
    path(
        "inloggen/",
        auth.LoginView.as_view(
            template_name="accounts/login.html", authentication_form=LoginForm, redirect_authenticated_user=True
        ),
        name="login",
    ),
    path("uitloggen/", auth.LogoutView.as_view(next_page=reverse_lazy("login")), name="logout"),
    path("wachtwoord/", views.ChangePassword.as_view(), name="password_change"),
    path(
        "wachtwoord/gewijzigd/",
        auth.PasswordChangeDoneView.as_view(template_name="accounts/password_change_done.html"),
        name="password_change_done",
    ),
    path("wachtwoord/instellen/<uidb64>/<token>/", views.SetPassword.as_view(), name="password_set"),
    path(
        "wachtwoord/ingesteld/",
        auth.PasswordResetCompleteView.as_view(template_name="accounts/password_set_done.html"),
        name="password_set_done",
    ),
    path("gebruikers/", views.users, name="users"),
    path("gebruikers/nieuw/", views.add_user, name="user_add"),
    path("gebruikers/<int:pk>/", views.change_user, name="user_change"),
    path("gebruikers/<int:pk>/sluiten/", views.deactivate_user, name="user_deactivate"),
    path("gebruikers/<int:pk>/heropenen/", views.reactivate_user, name="user_reactivate"),
    path("gebruikers/<int:pk>/wachtwoord/", views.reset_password, name="user_reset_password"),
    path("logboek/", views.audit_log, name="audit_log"),
    path("weergaven/", views_saved.save, name="saved_view_save"),
    path("weergaven/<int:pk>/verwijderen/", views_saved.delete, name="saved_view_delete"),
]
