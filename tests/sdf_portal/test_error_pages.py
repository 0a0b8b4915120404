"""The pages for a fault and a broken request stand alone, and look like the pages of the portal."""

import re

import pytest
from django.test import Client, RequestFactory
from django.views.defaults import bad_request, server_error

BRAND = re.compile(r'<a class="brand" href="[^"]*">(.*?)</a>')


@pytest.mark.django_db
@pytest.mark.parametrize(("answer", "status"), [(server_error, 500), (lambda r: bad_request(r, ValueError()), 400)])
def test_a_fault_bears_the_name_of_the_portal_and_leads_back(answer, status):
    response = answer(RequestFactory().get("/"))
    page = response.content.decode()
    known = BRAND.search(Client().get("/bestaat-niet/").content.decode())[1]
    assert response.status_code == status
    assert BRAND.search(page)[1] == known == "SDF-portaal <span>Sociaal Domein Fryslân</span>"
    assert '<a href="/">Naar de startpagina</a>' in page
