"""Pages about accounts: the start page per role, user management and the audit log."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import PasswordChangeView, PasswordResetConfirmView
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions
from accounts.audit import record
from accounts.exceptions import AccountError
from accounts.filters import AuditFilter
from accounts.forms import NewUserForm, UserForm
from accounts.models import AuditEvent, User
from accounts.permissions import forbidden, requires
from accounts.roles import Permission, Role
from providers.models import Municipality

START_PAGES: dict[Role, str] = {
    Role.CONTRACT_MANAGER: "kpi:overview",
    Role.MUNICIPALITY: "kpi:municipality",
    Role.POLICY: "kpi:overview",
    Role.ANALYST: "kpi:overview",
    Role.ADMIN: "messaging:uploads",
}
EVENTS_PER_PAGE = 50


@require_GET
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """The start page of the user's role."""
    page = START_PAGES.get(request.user.role)
    return redirect(page) if page else forbidden(request, Permission.SEE_DASHBOARD)


@require_GET
@requires(Permission.MANAGE_USERS)
def users(request: HttpRequest) -> HttpResponse:
    """Every account, closed ones last."""
    names = dict(_municipalities())
    found = list(User.objects.order_by("-is_active", "username"))
    for user in found:
        user.municipality_name = names.get(user.municipality, user.municipality)
    return render(request, "accounts/users.html", {"users": found})


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def add_user(request: HttpRequest) -> HttpResponse:
    """A new account; the answer shows the link to set its first password."""
    form = NewUserForm(_posted(request), municipalities=_municipalities())
    if request.method == "POST" and form.is_valid():
        user = actions.create_user(by=request.user, **form.cleaned_data)
        return _password_link(request, user, first=True)
    return render(request, "accounts/user_form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def change_user(request: HttpRequest, pk: int) -> HttpResponse:
    """Role, municipality and contact data of an account."""
    user = get_object_or_404(User, pk=pk)
    initial = {
        "full_name": user.get_full_name(),
        "email": user.email,
        "role": user.role,
        "municipality": user.municipality,
    }
    form = UserForm(_posted(request), initial=initial, municipalities=_municipalities())
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_user(by=request.user, user=user, **form.cleaned_data)
        except AccountError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"De gegevens van {user.username} zijn opgeslagen.")
            return redirect("users")
    context = {"form": form, "account": user}
    return render(request, "accounts/user_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def deactivate_user(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: what closing the account means."""
    user = get_object_or_404(User, pk=pk, is_active=True)
    if request.method == "GET":
        return render(request, "accounts/user_deactivate.html", {"account": user})
    try:
        actions.deactivate_user(by=request.user, user=user)
        messages.success(request, f"Het account {user.username} is gesloten.")
    except AccountError as error:
        messages.error(request, str(error))
    return redirect("users")


@require_POST
@requires(Permission.MANAGE_USERS)
def reactivate_user(request: HttpRequest, pk: int) -> HttpResponse:
    user = actions.reactivate_user(by=request.user, user=get_object_or_404(User, pk=pk, is_active=False))
    messages.success(request, f"Het account {user.username} is weer open.")
    return redirect("users")


class ChangePassword(PasswordChangeView):
    """One's own password."""

    template_name = "accounts/password_change.html"
    success_url = reverse_lazy("password_change_done")

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        record(by=self.request.user, action="wachtwoord gewijzigd", subject=self.request.user.username)
        return super().form_valid(form)


class SetPassword(PasswordResetConfirmView):
    """A password through the one-time link; whoever holds the link is the account."""

    template_name = "accounts/password_set.html"
    success_url = reverse_lazy("password_set_done")

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        record(by=self.user, action="wachtwoord ingesteld", subject=self.user.username)
        return super().form_valid(form)

    def get_user(self, uidb64: str) -> User | None:
        user = super().get_user(uidb64)
        return user if user is not None and user.is_active else None


@never_cache
@require_POST
@requires(Permission.MANAGE_USERS)
def reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends the present password; the answer shows the link to set a new one, this once."""
    return _password_link(request, get_object_or_404(User, pk=pk, is_active=True))


@require_GET
@requires(Permission.MANAGE_USERS)
def audit_log(request: HttpRequest) -> HttpResponse:
    """Who did or looked at what, newest first."""
    events = AuditEvent.objects.annotate(username=F("user__username"))
    filtered = AuditFilter(request.GET, queryset=events, request=request)
    page = Paginator(filtered.qs, EVENTS_PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return render(request, "accounts/audit_log.html", {"filter": filtered, "page": page, "query": query.urlencode()})


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also when that is nothing at all."""
    return request.POST if request.method == "POST" else None


def _password_link(request: HttpRequest, user: User, *, first: bool = False) -> HttpResponse:
    uidb64, token = actions.issue_password_link(by=request.user, user=user)
    path = reverse("password_set", args=[uidb64, token])
    context = {
        "account": user,
        "first": first,
        "link": request.build_absolute_uri(path),
        "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
    }
    return render(request, "accounts/password_link.html", context)


def _municipalities() -> list[tuple[str, str]]:
    return list(Municipality.objects.values_list("code", "name"))
