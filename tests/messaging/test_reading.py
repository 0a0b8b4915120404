"""Every message type in every release and both laws: what the reader takes from it."""

import base64
import csv
from dataclasses import replace

import pytest

from messaging.batches import parse_batch
from messaging.berichten.columns import COLUMNS, MESSAGE_COLUMNS
from messaging.berichten.soorten import SOORTEN
from messaging.berichten.trie import trie
from messaging.sources import Source
from tests.support.records import PSEUDONYM, columns_of, parsed
from tests.support.xmlmessages import (
    ANNA,
    BRAM,
    PROVIDER,
    TOWN,
    Line,
    allocation,
    answer,
    change_request,
    changed,
    claim_answer,
    credit,
    message,
    new,
    question_answer,
    request,
    start,
    stop,
    unchanged,
)

LAWS = ["jeugdwet", "wmo"]
BOTH = ["2.2", "2.3", "2.4", "3.0", "3.1", "3.2"]
TWO, THREE = BOTH[:3], BOTH[3:]
RETURNS = {"302", "304", "306", "308", "316", "318", "320", "325"}
DAY, RETURNED = "2025-02-03", "2025-02-10"


def row(found):
    return dict(zip(MESSAGE_COLUMNS, columns_of(found.row), strict=True))


def rows(found, record):
    names = ("regel", *COLUMNS[record])
    return [dict(zip(names, columns_of(line), strict=True)) for line in found.records.get(record, ())]


def one(found, record):
    (only,) = rows(found, record)
    return only


def read(item):
    (found,) = parsed(item)
    return found


@pytest.fixture(params=LAWS)
def wet(request):
    return request.param


@pytest.fixture(params=BOTH)
def release(request):
    return request.param


def test_301(wet, release):
    part = allocation(
        7, "2025-03-01", "2025-09-30", decided="2025-02-01", time="14:05:06.1200000", reason="04", size=(3, "04", "2")
    )
    found = read(message("301", part, day=DAY, wet=wet, release=release, identification="A1"))
    assert one(found, "toewijzing") == {
        "regel": "1",
        "client": str(PSEUDONYM(ANNA)),
        "toewijzing_nummer": "7",
        "referentie_aanbieder": "",
        "categorie": "45",
        "code": "45A04",
        "toewijzingsdatum": "2025-02-01",
        "toewijzingstijd": "14:05:06.12",
        "ingangsdatum": "2025-03-01",
        "einddatum": "2025-09-30",
        "reden_wijziging": "04",
        "volume": "3",
        "eenheid": "04",
        "frequentie": "2",
        "budget": None,
    }
    head = row(found)
    assert (head["wet"], head["soort"], head["release"]) == (wet, "301", release)
    assert (head["afzender"], head["gemeente"], head["aanbieder"]) == (TOWN, TOWN, PROVIDER)
    assert (head["identificatie"], head["dagtekening"], head["datum"]) == ("A1", DAY, DAY)
    assert (head["retour_identificatie"], head["client"]) == ("", str(PSEUDONYM(ANNA)))


def test_301_without_product_and_end_has_a_budget():
    found = read(message("301", allocation(7, last=None, product=None, budget=120_000), day=DAY))
    got = one(found, "toewijzing")
    assert (got["categorie"], got["code"], got["einddatum"], got["budget"]) == ("", "", None, "120000")


def test_an_allocation_until_the_end_of_time_has_no_end(wet, release):
    found = read(message("301", allocation(7, last="9999-12-31"), day=DAY, wet=wet, release=release))
    assert (one(found, "toewijzing")["einddatum"], found.remarks) == (None, [])


def test_305(wet, release):
    found = read(message("305", start(7, "2025-03-02"), day=DAY, wet=wet, release=release))
    got = one(found, "start")
    assert (got["client"], got["toewijzing_nummer"], got["categorie"]) == (str(PSEUDONYM(ANNA)), "7", "45")
    assert (got["code"], got["begindatum"], got["status_aanlevering"]) == ("45A04", "2025-03-02", "1")
    assert row(found)["afzender"] == PROVIDER


def test_307(wet, release):
    part = stop(7, "2025-03-02", "2025-06-30", "36", status="3")
    got = one(read(message("307", part, day=DAY, wet=wet, release=release)), "stop")
    assert (got["begindatum"], got["einddatum"]) == ("2025-03-02", "2025-06-30")
    assert (got["reden_beeindiging"], got["status_aanlevering"]) == ("36", "3")


def test_315(wet, release):
    part = request("REF1", referrer="04", first="2025-03-01", last="2025-12-31")
    got = one(read(message("315", part, day=DAY, wet=wet, release=release)), "verzoek")
    assert (got["referentie_aanbieder"], got["verwijzer_type"], got["deel"]) == ("REF1", "04", "")
    assert (got["ingangsdatum"], got["einddatum"], got["code"]) == ("2025-03-01", "2025-12-31", "45A04")


@pytest.mark.parametrize("release", THREE)
def test_317(wet, release):
    parts = change_request("V1", unchanged(1), changed(2, "2025-05-01", "2025-12-31"), new("2025-06-01"), reason="2")
    found = rows(read(message("317", *parts, day=DAY, wet=wet, release=release)), "verzoek")
    assert [(got["deel"], got["toewijzing_nummer"], got["code"]) for got in found] == [
        ("ongewijzigd", "1", ""),
        ("te_wijzigen", "2", ""),
        ("nieuw", None, "45A04"),
    ]
    assert {(got["referentie_aanbieder"], got["reden_verzoek"], got["client"]) for got in found} == {
        ("V1", "2", str(PSEUDONYM(ANNA)))
    }


@pytest.mark.parametrize("release", THREE)
def test_319_names_no_client(wet, release):
    found = read(message("319", question_answer("REF1", "1", "8"), day=DAY, wet=wet, release=release))
    got = one(found, "antwoord")
    assert (got["referentie_aanbieder"], got["verzoek_antwoord"], got["reden_afwijzing"]) == ("REF1", "1", "8")
    assert (row(found)["client"], row(found)["afzender"]) == (None, TOWN)


@pytest.mark.parametrize(("soort", "release"), [*(("303", old) for old in TWO), *(("323", late) for late in THREE)])
def test_claims(wet, soort, release):
    debit = Line("R1", 12_345, size=(4, "04", 3_086))
    found = read(message(soort, debit, credit(debit, "R2"), day=DAY, wet=wet, release=release))
    first, second = rows(found, "prestatie")
    assert (first["referentie_nummer"], first["bedrag"], first["debet_credit"]) == ("R1", "12345", "D")
    assert (first["volume"], first["eenheid"], first["tarief"]) == ("4", "04", "3086")
    assert (first["begindatum"], first["einddatum"]) == ("2025-01-01", "2025-01-31")
    assert (first["toewijzing_nummer"], first["categorie"], first["code"]) == ("1", "45", "45A04")
    assert (second["vorig_referentie_nummer"], second["debet_credit"]) == ("R1", "C")
    assert (row(found)["afzender"], row(found)["gemeente"], row(found)["datum"]) == (PROVIDER, TOWN, DAY)


def test_a_claim_of_two_persons_names_no_single_client():
    found = read(message("323", Line("R1", 1), Line("R2", 2, bsn=BRAM), day=DAY))
    assert row(found)["client"] is None
    assert [got["client"] for got in rows(found, "prestatie")] == [str(PSEUDONYM(ANNA)), str(PSEUDONYM(BRAM))]


HEEN = {
    "301": (allocation(7),),
    "305": (start(7, "2025-03-02"),),
    "307": (stop(7, "2025-03-02", "2025-06-30"),),
    "315": (request("REF1"),),
    "317": change_request("V1", unchanged(1), new("2025-06-01")),
    "319": (question_answer("REF1", "2"),),
}


@pytest.mark.parametrize(
    ("soort", "release"),
    [(soort, release) for soort in HEEN for release in (THREE if soort in ("317", "319") else BOTH)],
)
def test_a_return_belongs_to_the_message_whose_header_it_copies(wet, soort, release):
    heen = message(soort, *HEEN[soort], day=DAY, wet=wet, release=release, identification="A1")
    back = answer(heen, RETURNED, header=("0001",), identification="R9")
    first, second = map(row, parsed(heen, back))
    assert second["soort"] == str(int(soort) + 1)
    assert second["link"] == first["link"]
    assert [second[name] for name in ("afzender", "gemeente", "aanbieder")] == [
        first[name] for name in ("afzender", "gemeente", "aanbieder")
    ]
    assert (second["identificatie"], second["dagtekening"]) == ("A1", DAY)
    assert (second["retour_identificatie"], second["datum"]) == ("R9", RETURNED)
    assert (second["retourcodes_header"], second["client"]) == ("0001", None)


@pytest.mark.parametrize("release", ["2.3", "3.2"])
def test_a_return_gives_its_codes_per_class(wet, release):
    part = stop(7, "2025-03-02", "2025-06-30", "31")
    back = answer(
        message("307", part, day=DAY, wet=wet, release=release),
        RETURNED,
        client=("0200", "9056"),
        records=((part, "9063"),),
    )
    found = read(back)
    assert row(found)["retourcodes_overig"] == "0200 9056"
    got = one(found, "retour_regel")
    assert got["retourcodes"] == "9063"
    key = ("toewijzing_nummer", "categorie", "code", "begindatum", "einddatum", "reden_beeindiging")
    assert [got[name] for name in key] == ["7", "45", "45A04", "2025-03-02", "2025-06-30", "31"]


def test_a_302_tells_the_version_it_is_about():
    part = allocation(7, decided="2025-02-01", time="10:00:00", reference="REF1")
    back = answer(message("301", part, day=DAY), RETURNED, records=((part, "9332"),))
    got = one(read(back), "retour_regel")
    assert (got["toewijzing_nummer"], got["begindatum"], got["sleutel"]) == ("7", "2025-02-01", "10:00:00")


def test_a_318_and_a_320_give_the_codes_of_request_and_answer():
    parts = (unchanged(1), new("2025-06-01"))
    inner = change_request("V1", *parts)[0]
    heen = message("317", inner, day=DAY)
    back = answer(heen, RETURNED, records=((inner, "9374"),))
    assert "9374" in row(read(back))["retourcodes_overig"]
    heen = message("319", question_answer("REF1", "1", "5"), day=DAY)
    back = answer(heen, RETURNED, records=((question_answer("REF1", "1", "5"), "9365"),))
    assert one(read(back), "retour_regel")["retourcodes"] == "9365"


@pytest.mark.parametrize("release", TWO)
def test_304(wet, release):
    line = Line("R1", 10_000)
    claim = message("303", line, day=DAY, wet=wet, release=release, identification="F1")
    back = claim_answer(
        claim,
        RETURNED,
        header=("0200",),
        listed=((line, "8004"),),
        granted=(9_000,),
        client=("0200",),
        identification="G1",
    )
    heen, found = parsed(claim, back)
    head = row(found)
    assert (head["soort"], head["link"]) == ("304", row(heen)["link"])
    assert (head["identificatie"], head["retour_identificatie"], head["datum"]) == ("F1", "G1", RETURNED)
    got = one(found, "antwoord_regel")
    assert (got["referentie_nummer"], got["toegekend_bedrag"], got["toegekend_debet_credit"]) == ("R1", "9000", "D")
    assert (got["retourcodes"], got["retourcodes_client"]) == ("8004", "0200")


@pytest.mark.parametrize("release", THREE)
def test_325(wet, release):
    line = Line("R1", 10_000)
    claim = message("323", line, day=DAY, wet=wet, release=release, identification="D1")
    back = claim_answer(
        claim, RETURNED, whole=("0200",), listed=((line, "0233"),), client=("8187",), identification="A9"
    )
    heen, found = parsed(claim, back)
    head = row(found)
    assert (head["soort"], head["link"]) == ("325", row(heen)["link"])
    assert (head["afzender"], head["identificatie"], head["dagtekening"]) == (PROVIDER, "D1", DAY)
    assert (head["retour_identificatie"], head["datum"]) == ("A9", RETURNED)
    assert (head["retourcodes_header"], head["retourcodes_antwoord"]) == ("0200", "0200")
    got = one(found, "antwoord_regel")
    assert (got["toegekend_bedrag"], got["retourcodes"], got["retourcodes_client"]) == (None, "0233", "8187")


def test_the_codes_of_a_client_reach_only_its_own_lines():
    lines = Line("R1", 1), Line("R2", 2, bsn=BRAM)
    claim = message("323", *lines, day=DAY)
    back = claim_answer(claim, RETURNED, whole=("0200",), listed=((lines[0], "8004"), (lines[1], "0233")))
    text = (
        back.xml()
        .decode()
        .replace(f"<Bsn>{BRAM}</Bsn>", f"<Bsn>{BRAM}</Bsn><RetourCodes><RetourCode>8187</RetourCode></RetourCodes>")
    )
    found = rows(read(text.encode()), "antwoord_regel")
    assert [(got["retourcodes"], got["retourcodes_client"]) for got in found] == [("8004", ""), ("0233", "8187")]


@pytest.mark.parametrize("path", ["Relaties/Relatie/Contact", "Relaties/Relatie", "Contactgegevens/Contact"])
def test_a_rejection_of_a_class_below_the_client_is_not_missed(path):
    part = allocation(7)
    names = path.split("/")
    inner = "".join(f"<{name}>" for name in names) + "<RetourCodes><RetourCode>9009</RetourCode></RetourCodes>"
    inner += "".join(f"</{name}>" for name in reversed(names))
    back = answer(message("301", part, day=DAY), RETURNED, records=((part, "0200"),))
    text = back.xml().decode().replace("</Client>", f"{inner}</Client>")
    assert "9009" in row(read(text.encode()))["retourcodes_overig"].split()


def test_prefixes_and_a_second_namespace_change_nothing():
    plain = message("305", start(7, "2025-03-02"), day=DAY, identification="A1").xml().decode()
    prefixed = plain.replace("<Bericht xmlns=", "<Bericht xmlns:b='urn:basis' xmlns=")
    for name in ("Begindatum", "Categorie", "Code", "Identificatie", "Dagtekening"):
        prefixed = prefixed.replace(f"<{name}>", f"<b:{name}>").replace(f"</{name}>", f"</b:{name}>")
    assert prefixed != plain
    first, second = parsed(plain.encode(), prefixed.encode())
    assert (first.identity, first.content) == (second.identity, second.content)


def test_comments_layout_and_the_name_of_the_client_change_nothing():
    heen = message("305", start(7, "2025-03-02"), day=DAY, identification="A1")
    loose = heen.xml().replace(b"<Begindatum>2025", b"<!-- x --><Begindatum>\n  20<!-- y -->25")
    other = replace(heen, body=heen.body.replace("Zzymarkering", "Zzyanders"))
    assert len({(found.identity, found.content) for found in parsed(heen, loose, other)}) == 1


@pytest.mark.parametrize("release", ["3.3", "4.0"])
def test_a_newer_release_that_fits_is_read_and_remarked(release):
    found = read(message("305", start(7, "2025-03-02"), day=DAY, release=release))
    assert row(found)["release"] == release
    assert "nieuwer dan het portaal kent" in found.remarks[0]


@pytest.mark.parametrize("release", ["3.3", "4.0"])
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Begindatum", "StartDatum", "Een verplicht gegeven ontbreekt"),
        ("StartProduct", "Begin", "geen enkele regel in die het portaal herkent"),
        ("Identificatie>", "Kenmerk>", "Een verplicht gegeven ontbreekt"),
    ],
)
def test_a_newer_release_that_does_not_fit_is_refused_with_the_reason(release, old, new, said):
    text = message("305", start(7, "2025-03-02"), day=DAY, release=release).xml().replace(old.encode(), new.encode())
    (outcome,) = parse_batch([Source("a.xml", text)], PSEUDONYM)
    assert outcome.reason.startswith(f"Release {release} is nieuwer dan het portaal kent en past niet. Vraag")
    assert said in outcome.reason


def test_an_impossible_wish_date_in_a_request_costs_only_that_date():
    found = read(message("315", request("REF1", last="2027-06-31"), day=DAY))
    assert one(found, "verzoek")["einddatum"] is None
    assert found.remarks == [
        "De datum bestaat niet; het gegeven is leeg gelaten (regel 2, element ToewijzingEinddatum)"
    ]


def test_an_envelope_is_opened():
    inner = base64.b64encode(message("305", start(7, "2025-03-02"), day=DAY).xml()).decode()
    envelope = f"<GGK:Di01 xmlns:GGK='urn:ggk'><GGK:xmlBestand>{inner}</GGK:xmlBestand></GGK:Di01>"
    assert one(read(envelope.encode()), "start")["begindatum"] == "2025-03-02"


@pytest.mark.parametrize(
    "write",
    [
        lambda data: base64.b64encode(data),
        lambda data: base64.encodebytes(data).replace(b"\n", b"&#13;\n"),
        lambda data: b"\n<![CDATA[" + base64.encodebytes(data) + b"]]>\n",
    ],
    ids=["on one line", "on lines", "in CDATA"],
)
def test_a_large_message_in_an_envelope_is_read_as_it_is_without(write):
    """libxml2 itself takes no text of 10 MB."""
    data = message("305", start(7, "2025-03-02"), day=DAY).xml().replace(b"><", b">" + b" " * 9_000_000 + b"<", 1)
    envelope = b"<GGK:Di01 xmlns:GGK='urn:ggk'><GGK:xmlBestand>" + write(data) + b"</GGK:xmlBestand></GGK:Di01>"
    assert len(envelope) > 11_000_000
    assert read(envelope) == read(data)


def test_numbers_are_compared_as_numbers():
    found = parsed(*(message("301", allocation(number), day=DAY) for number in ("101", "000101", "+101")))
    assert {one(item, "toewijzing")["toewijzing_nummer"] for item in found} == {"101"}


@pytest.mark.parametrize("written", ["0", "-0", "+00", "-000"])
def test_nothing_may_have_a_sign_before_it(written):
    text = (
        message("301", allocation(1, size=(1, "04", "2")), day=DAY)
        .xml()
        .replace(b"Volume>1<", f"Volume>{written}<".encode())
    )
    assert one(read(text), "toewijzing")["volume"] == "0"


@pytest.mark.parametrize("written", ["24:00:00", "24:00:00.0"])
def test_a_day_may_end_at_24_hours(written):
    assert (
        one(read(message("301", allocation(1, time=written), day=DAY)), "toewijzing")["toewijzingstijd"] == "24:00:00"
    )


def test_a_317_without_a_reference_is_refused():
    parts = change_request("V1", unchanged(1))
    text = message("317", *parts, day=DAY).xml().replace(b"<ReferentieAanbieder>V1</ReferentieAanbieder>", b"")
    (outcome,) = parse_batch([Source("a.xml", text)], PSEUDONYM)
    assert outcome.reason.startswith("Een verplicht gegeven ontbreekt.")
    assert outcome.reason.endswith("(element Verzoek/ReferentieAanbieder).")


def test_the_official_samples_are_read(shared_dir):
    refused = {}
    samples = sorted((shared_dir / "istandaarden").glob("i*-[23].[23]/samples/*.xml"))
    assert len(samples) == 41
    for path in samples:
        (outcome,) = parse_batch([Source(path.name, path.read_bytes())], PSEUDONYM)
        if outcome.parsed is None:
            refused[f"{path.parts[-3]}/{path.name}"] = outcome.reason
        else:
            assert outcome.parsed.soort == path.stem[-3:]
            assert outcome.parsed.records or path.stem[-3:] in RETURNS
    assert refused == {}


def test_the_samples_of_release_2_0_are_refused_with_what_to_do(shared_dir):
    samples = sorted((shared_dir / "istandaarden/iwmo-2.0/samples/xml").glob("*.xml"))
    outcomes = parse_batch([Source(path.name, path.read_bytes()) for path in samples], PSEUDONYM)
    assert {outcome.reason for outcome in outcomes} == {
        "Release 2.0 is te oud om te lezen. Vraag de afzender om release 2.2 of nieuwer."
    }


def test_every_place_for_a_return_code_in_the_schemas_is_looked_at(shared_dir):
    with (shared_dir / "istandaarden/xsd_paths.csv").open(encoding="utf-8") as opened:
        found = list(csv.DictReader(opened, delimiter=";"))
    places = {(line["message"][-3:], line["path"].removeprefix("Bericht/")) for line in found}
    places = {(soort, path) for soort, path in places if path.endswith("/RetourCode") and soort in SOORTEN}
    assert len(places) > 30
    assert [place for place in sorted(places) if not trie(place[0]).at(place[1]).codes] == []
