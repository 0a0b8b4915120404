"""Views that somebody saved: a page of the portal with its filters, under a name. The only writer of ``SavedView``."""

from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.urls import Resolver404, resolve

from accounts.audit import record
from accounts.exceptions import AccountError
from accounts.models import SavedView, User

MOST = 30
LONGEST_NAME = SavedView._meta.get_field("name").max_length or 0
LONGEST_PAGE = SavedView._meta.get_field("page").max_length or 0
LONGEST_QUERY = SavedView._meta.get_field("query").max_length or 0


@transaction.atomic
def save_view(*, by: User, name: str, page: str, query: str) -> SavedView:
    """Save a page under a name; a name that exists (whatever its case) gets the new page.

    ``page``: a path of the portal that ``by`` may open; ``query``: its query string.
    """
    name, query = " ".join(name.split()), urlencode(parse_qsl(query))
    _check(by, name, page, query)
    User.objects.select_for_update().get(pk=by.pk)  # two tabs at once save one after the other
    view = SavedView.objects.filter(user=by, name__iexact=name).first()
    if view is None and by.saved_views.count() >= MOST:
        raise AccountError(f"U hebt al {MOST} weergaven. Verwijder er eerst een.")
    view = view or SavedView(user=by)
    view.name, view.page, view.query = name, page, query
    view.save()
    record(by=by, action="weergave bewaard", subject=f"weergave {view.pk}", pagina=page)
    return view


@transaction.atomic
def delete_view(*, by: User, view: SavedView) -> None:
    """Forget a view of one's own."""
    if view.user_id != by.pk:
        raise AccountError("Deze weergave is van iemand anders.")
    record(by=by, action="weergave verwijderd", subject=f"weergave {view.pk}", pagina=view.page)
    view.delete()


def _check(by: User, name: str, page: str, query: str) -> None:
    if not name:
        raise AccountError("Geef de weergave een naam.")
    if len(name) > LONGEST_NAME:
        raise AccountError(f"De naam is te lang. Gebruik hoogstens {LONGEST_NAME} tekens.")
    if "\0" in name + page + query or len(page) > LONGEST_PAGE or len(query) > LONGEST_QUERY or not _opens(by, page):
        raise AccountError("Deze pagina kan niet worden bewaard. Open de pagina opnieuw en probeer het nog eens.")


def _opens(by: User, page: str) -> bool:
    """Whether a path is a page of the portal that somebody may open: never an address elsewhere."""
    try:
        view = resolve(page).func
    except Resolver404:
        return False
    permission = getattr(view, "permission", None)
    return permission is not None and by.may(permission)


def way_back(by: User, page: str, query: str) -> str:
    """The address of a page with its query when ``by`` may open it, else nothing."""
    return SavedView(page=page, query=urlencode(parse_qsl(query))).address if _opens(by, page) else ""
