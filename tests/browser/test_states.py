"""What goes wrong or is not there yet: every such page says in words what to do, and is as accessible as the others."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import User
from accounts.roles import Role
from kpi.exports.paper import MOST_ROWS
from kpi.models import ExportJob, ExportState, Run
from messaging.models import Rejection, UnreadTable, UploadState
from tests.browser.accessibility import all_faults, faults
from tests.browser.conftest import DESKTOP, PHONE
from tests.support.figures import BOTH, HERE, ONLY_THERE, more_providers
from tests.support.traffic import make_upload

MANAGER, TOWN, ADMIN, POLICY = Role.CONTRACT_MANAGER, Role.MUNICIPALITY, Role.ADMIN, Role.POLICY
NOT_THERE = [
    (None, "/inloggen/?next=/overzicht/", "Log in om de gevraagde pagina te bekijken"),
    (None, "/wachtwoord/instellen/MQ/x-y/", "Vraag een beheerder van uw regio om een nieuwe link"),
    (None, "/bestaat-niet/", "Controleer het adres"),
    (MANAGER, "/bestaat-niet/", "Controleer het adres"),
    (TOWN, f"/aanbieders/{ONLY_THERE}/", "buiten uw eigen gegevens bestaat voor u niet"),
    (TOWN, "/kraljic/", "Vraag een beheerder van uw regio om uw rol aan te passen"),
    (ADMIN, "/overzicht/", "Vraag een beheerder van uw regio om uw rol aan te passen"),
    (MANAGER, "/overzicht/?periode=2001", "Deze keuze bestaat niet. Kies iets uit de lijst."),
    (MANAGER, f"/overzicht/?gemeente={HERE}&aanbieder={ONLY_THERE}", "Geen gevallen in deze periode"),
    (MANAGER, f"/indicatoren/uitval/?gemeente={HERE}&aanbieder={ONLY_THERE}", "Geen gevallen in deze periode"),
    (MANAGER, "/indicatoren/duur/spreiding/", "Kies een langere periode of een ruimer filter"),
    (MANAGER, "/indicatoren/uitval/uitleg/", "Geen zaken in deze periode"),
    (MANAGER, "/aanbieders/?zoek=zzz", "Geen aanbieder voldoet aan deze keuze. Wis alle filters."),
    (MANAGER, "/overzicht/?peildatum=2020-01-01", "Kies op de pagina Peildatum een dag"),
    (MANAGER, "/peildatum/?datum=2020-01-01", "Laat 1 januari 2020 uitrekenen"),
    (TOWN, "/peildatum/?datum=2020-01-01", "vraag een contractmanager om deze dag te laten uitrekenen"),
    (MANAGER, "/peildatum/?datum=gisteren", "Dit is geen datum. Schrijf haar als"),
    (MANAGER, "/peildatum/verschil/", "Na de berekening van morgen zijn die er"),
    (MANAGER, "/gegevenskwaliteit/bevindingen/status_2_9/", "Niets gevonden in deze periode"),
]
FORMS = [
    (None, "login", "Dit veld is verplicht"),
    (TOWN, "password_change", "Dit veld is verplicht"),
    (ADMIN, "user_add", "Dit veld is verplicht"),
    (ADMIN, "kpi:parameters", "Dit veld is verplicht"),
    (ADMIN, "messaging:uploads", "Kies"),
    (POLICY, "kpi:norm_add", "Dit veld is verplicht"),
]


def test_what_is_not_there_says_what_to_do(open_page):
    found = {}
    for role, address, sentence in NOT_THERE:
        page = open_page(role, address)
        found[role, address] = [*all_faults(page)]
        if sentence not in " ".join(page.locator("main").inner_text().split()):
            found[role, address].append(f"does not say: {sentence}")
    assert {where: wrong for where, wrong in found.items() if wrong} == {}


def test_a_form_that_is_sent_empty_says_what_is_missing(open_page):
    found = {}
    for role, name, sentence in FORMS:
        page = open_page(role, reverse(name))
        form = page.locator("main form[method=post]").first
        form.evaluate("form => { form.noValidate = true }")
        form.locator("button[type=submit]").first.click()
        expect(page.locator(".errorlist").first).to_contain_text(sentence)
        found[role, name] = [*all_faults(page)]
    assert {where: wrong for where, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("state", UploadState)
def test_an_upload_in_every_state_says_what_to_do(open_page, figures, state):
    upload = make_upload(state=state)
    file = upload.files.get()
    Rejection.objects.create(upload_file=file, file="export.zip/1.xml", reason="De XML is onvolledig. Stuur hem weer.")
    page = open_page(ADMIN, reverse("messaging:upload", args=[upload.pk]))
    assert page.locator(".report-sentence").inner_text()
    assert list(all_faults(page)) == []


@pytest.mark.parametrize("state", ExportState)
def test_an_export_in_every_state_says_what_to_do(open_page, figures, state):
    user = User.objects.get(username=MANAGER)
    job = ExportJob.objects.create(user=user, region=True, kind="csv", period="2026-Q3", state=state)
    page = open_page(MANAGER, reverse("kpi:export_job", args=[job.pk]))
    assert page.locator(".report-sentence").inner_text()
    assert list(all_faults(page)) == []


def test_a_form_without_its_token_says_that_it_is_old(open_page):
    page = open_page(MANAGER, reverse("password_change"))
    page.locator("main input[name=csrfmiddlewaretoken]").evaluate("token => token.remove()")
    page.locator("main form").evaluate("form => { form.noValidate = true; form.requestSubmit() }")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dit formulier is verlopen")
    assert list(all_faults(page)) == []


@pytest.mark.parametrize("name", ["400", "500"])
def test_the_page_of_a_fault_stands_by_itself(browser, live_server, name):
    page = browser.new_page()
    page.goto(f"{live_server.url}{reverse('login')}")
    page.route(
        "**/kapot/",
        lambda route: route.fulfill(body=render_to_string(f"{name}.html"), content_type="text/html; charset=utf-8"),
    )
    page.goto(f"{live_server.url}/kapot/")
    assert page.locator(".brand").evaluate("brand => getComputedStyle(brand).fontWeight") == "700"
    assert list(all_faults(page)) == []
    page.close()


def test_a_long_list_offers_its_pdf_and_a_range_of_months_is_as_accessible(open_page):
    more_providers(Run.objects.get(), MOST_ROWS)
    page = open_page(MANAGER, "/aanbieders/pagina.pdf?periode=2026-Q3")
    assert "Een PDF daarvan maken duurt te lang om op te wachten" in page.locator("main").inner_text()
    assert [*all_faults(page)] == []
    months = "?periode=2026-Q3&vanaf=2026-08&tot=2026-09"
    for address in ("/overzicht/", f"/aanbieders/{BOTH}/", "/zorgdomeinen/", "/gemeente/", "/verwijzers/"):
        for role in (MANAGER, TOWN):
            page = open_page(role, f"{address}{months}", width=390)
            assert [*all_faults(page)] == [], (role, address)


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_what_is_still_required_of_an_export_is_told_while_choosing(open_page, figures, width):
    kept = make_upload(state=UploadState.DONE).files.get()
    names = ["Burger", "Zorgpartij", "Roepnaam"]
    table = UnreadTable.objects.create(upload_file=kept, label="a.csv", columns=names)
    page = open_page(ADMIN, reverse("messaging:columns_explain", args=[table.pk]) + "?soort=305", width=width)
    told = page.get_by_role("region", name="Verplichte gegevens")
    expect(told.get_by_role("status")).to_contain_text("BSN")
    page.get_by_label("Kolom “Burger”").select_option("bsn")
    expect(told.get_by_role("status")).not_to_contain_text("BSN")
    expect(told.get_by_role("listitem").filter(has_text="BSN")).to_have_text("BSN: Kolom “Burger”")
    page.get_by_label("Wet, als het bestand").select_option("wmo")
    expect(told.get_by_role("listitem").filter(has_text="Wet:")).to_have_text("Wet: voor alle rijen gelijk")
    page.get_by_label("Kolom “Burger”").select_option("")
    expect(told.get_by_role("status")).to_contain_text("BSN")
    assert list(faults(page, width)) == []
