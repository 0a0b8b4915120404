"""Uploads, messages and records, in the standard's own words.

A message is stored once, however often it arrives; every arrival is an Occurrence, so that an upload
can be undone without losing what another upload also brought. Records are keyed by (message, regel)
and never change. A client is the keyed pseudonym of the BSN as a 64-bit integer; no BSN, name, address
or free text is stored. Amounts are whole eurocents. All tables are filled with COPY (see ``store``).

Occurrences and records have no constraint on what they refer to: a batch writes them in one transaction with
their messages and an undo removes both in one, while checking each row would cost a third of storing it.
Records have an index on their client and on what others name them by, so that a page or a day of new messages reads
what it is about; a whole computation reads them whole.
"""

from django.conf import settings
from django.db import models


class UploadState(models.TextChoices):
    WAITING = "wacht", "Wacht"
    RUNNING = "bezig", "Bezig"
    DONE = "klaar", "Klaar"
    FAILED = "mislukt", "Mislukt"
    UNDONE = "teruggedraaid", "Teruggedraaid"


class Upload(models.Model):
    """A set of files that one person or command brought in."""

    created_at = models.DateTimeField("ontvangen", auto_now_add=True)
    finished_at = models.DateTimeField("klaar", null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, verbose_name="door")
    uploader = models.CharField("door", max_length=150)
    state = models.CharField("stand", max_length=15, choices=UploadState, default=UploadState.WAITING)
    remark = models.CharField("opmerking", max_length=500, blank=True)
    gemeente = models.CharField("CSV van gemeente", max_length=4, blank=True)  # whose exports these are, if told
    interruptions = models.IntegerField("onderbrekingen", default=0, db_default=0)
    resumed_at = models.DateTimeField("voor het laatst hervat", null=True)

    class Meta:
        verbose_name = "upload"
        ordering = ["-created_at", "-id"]


class UploadFile(models.Model):
    """One file of an upload as it was given (an XML file or a ZIP), with what came of it.

    ``counts`` holds messages per type; ``messages`` counts new ones, ``duplicates`` those already known.
    """

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="files")
    name = models.CharField("bestand", max_length=255)
    stored_path = models.TextField("opgeslagen als", blank=True)  # a worker may have to find it again
    size = models.BigIntegerField("bytes", default=0)
    state = models.CharField("stand", max_length=15, choices=UploadState, default=UploadState.WAITING)
    files_total = models.IntegerField("bestanden", default=0)
    files_done = models.IntegerField("bestanden verwerkt", default=0)
    messages = models.IntegerField("berichten", default=0)
    records = models.IntegerField("regels", default=0)
    duplicates = models.IntegerField("al bekend", default=0)
    rejected = models.IntegerField("geweigerd", default=0)
    counts = models.JSONField("per soort", default=dict)
    only = models.JSONField("alleen", default=list, blank=True)  # labels to read again; empty: everything

    class Meta:
        verbose_name = "bestand"
        ordering = ["id"]


class Rejection(models.Model):
    """A file or message that could not be read: where, why and what to do; never its content."""

    upload_file = models.ForeignKey(UploadFile, on_delete=models.CASCADE, related_name="rejections")
    file = models.CharField("bestand", max_length=500)
    reason = models.CharField("reden", max_length=500)

    class Meta:
        verbose_name = "weigering"
        ordering = ["id"]


class UnreadTable(models.Model):
    """An export with column names that an admin must explain before it can be read; its file is kept until then."""

    upload_file = models.ForeignKey(UploadFile, on_delete=models.CASCADE, related_name="unread_tables")
    label = models.TextField("bestand")
    columns = models.JSONField("kolommen")

    class Meta:
        verbose_name = "CSV met onbekende kolommen"
        verbose_name_plural = "CSV's met onbekende kolommen"
        ordering = ["id"]


class PartlyReadTable(models.Model):
    """An export that was read but for columns of which nobody has said what they mean; its file is not kept."""

    upload_file = models.ForeignKey(UploadFile, on_delete=models.CASCADE, related_name="partly_read_tables")
    label = models.TextField("bestand")
    columns = models.JSONField("kolommen")
    unknown = models.JSONField("onbekend")

    class Meta:
        verbose_name = "CSV met kolommen die niet gelezen zijn"
        verbose_name_plural = "CSV's met kolommen die niet gelezen zijn"
        ordering = ["id"]


class ColumnLayout(models.Model):
    """What the columns of the exports of a municipality mean ("": of any); see ``rijen.header.Layout``."""

    gemeente = models.CharField("gemeente", max_length=4, blank=True)
    fingerprint = models.CharField(max_length=32)  # of the column names in any order
    columns = models.JSONField("kolommen")
    soort = models.CharField("soort", max_length=3)
    fields = models.JSONField("velden")
    constants = models.JSONField("vaste waarden", default=dict, blank=True)
    saved_at = models.DateTimeField("vastgelegd", auto_now=True)
    saved_by = models.CharField("door", max_length=150)

    class Meta:
        verbose_name = "kolomindeling"
        verbose_name_plural = "kolomindelingen"
        ordering = ["gemeente", "soort", "id"]
        constraints = [models.UniqueConstraint(fields=["gemeente", "fingerprint"], name="one_layout_per_header")]


class Message(models.Model):
    """A message as received. For a return the identification is that of the message it answers.

    ``afzender``, ``identificatie`` and ``dagtekening`` always identify the heen message: for a 302, 306, 308,
    316, 318 or 320 they are the copied header, for a 304 provider, DeclarantFactuurNummer and
    FactuurDagtekening, for a 325 the provider and DeclaratieIdentificatie. ``datum`` is the message's own date
    (dagtekening of a heen message, return date of a return): on an earlier reference date it does not exist.
    Return codes are kept as one space-separated string per level: header, answer (DeclaratieAntwoord) and
    other (client, beschikking, contact, antwoord, verzoek classes).

    A row of a CSV export (``rij``) is a message of one record. It has the link of the message that it names; without
    one its ``identificatie`` is empty. ``counted.py`` says when something else takes its place.
    """

    id = models.BigAutoField(primary_key=True)
    wet = models.CharField(max_length=9)  # jeugdwet | wmo
    soort = models.CharField(max_length=3)  # 301 … 325, pgb
    release = models.CharField(max_length=5)  # 2.3, 3.2
    afzender = models.CharField(max_length=8)
    gemeente = models.CharField(max_length=4)
    aanbieder = models.CharField(max_length=8)
    identificatie = models.CharField(max_length=40)
    dagtekening = models.DateField()
    retour_identificatie = models.CharField(max_length=40, blank=True)
    datum = models.DateField(db_index=True)
    link = models.BigIntegerField(db_index=True)  # 64-bit digest of the heen message's identity; equal on its returns
    client = models.BigIntegerField(null=True)
    retourcodes_header = models.CharField(max_length=200, blank=True)
    retourcodes_antwoord = models.CharField(max_length=200, blank=True)
    retourcodes_overig = models.TextField(blank=True)
    identity = models.UUIDField()  # digest of what identifies the message
    content = models.UUIDField()  # keyed digest of all it says
    bestand = models.UUIDField(null=True, unique=True)  # keyed digest of the file that brought it: not parsed twice
    rij = models.BooleanField(default=False, db_default=False)  # one row of a CSV export

    class Meta:
        verbose_name = "bericht"
        verbose_name_plural = "berichten"
        constraints = [models.UniqueConstraint(fields=["identity", "content"], name="message_once")]
        indexes = [models.Index(fields=["id"], condition=models.Q(rij=True), name="message_rij")]


class Occurrence(models.Model):
    """That a message arrived in a file: one row per message and upload file."""

    pk = models.CompositePrimaryKey("upload_file_id", "message_id")
    upload_file = models.ForeignKey(UploadFile, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="occurrences", db_constraint=False)


class MessageRecord(models.Model):
    """What all records share: the message, the line inside it, the client and the allocation."""

    pk = models.CompositePrimaryKey("message_id", "regel")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    regel = models.IntegerField()

    class Meta:
        abstract = True


class Toewijzing(MessageRecord):
    """One ToegewezenProduct of a 301."""

    client = models.BigIntegerField()
    toewijzing_nummer = models.BigIntegerField(null=True)
    referentie_aanbieder = models.CharField(max_length=36, blank=True)
    categorie = models.CharField(max_length=2, blank=True)
    code = models.CharField(max_length=5, blank=True)
    toewijzingsdatum = models.DateField()
    toewijzingstijd = models.CharField(max_length=15, blank=True)  # HH:MM:SS[.ffffff], sorts as text
    ingangsdatum = models.DateField()
    einddatum = models.DateField(null=True)
    reden_wijziging = models.CharField(max_length=2, blank=True)
    volume = models.BigIntegerField(null=True)
    eenheid = models.CharField(max_length=2, blank=True)
    frequentie = models.CharField(max_length=1, blank=True)
    budget = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["client"], name="toewijzing_client"),
            models.Index(fields=["toewijzing_nummer"], name="toewijzing_nummer"),
            models.Index(
                fields=["referentie_aanbieder"],
                name="toewijzing_referentie",
                condition=~models.Q(referentie_aanbieder=""),
            ),
        ]


class StartProduct(MessageRecord):
    """One StartProduct of a 305."""

    client = models.BigIntegerField()
    toewijzing_nummer = models.BigIntegerField(null=True)
    categorie = models.CharField(max_length=2, blank=True)
    code = models.CharField(max_length=5, blank=True)
    begindatum = models.DateField()
    status_aanlevering = models.CharField(max_length=1)

    class Meta:
        indexes = [
            models.Index(fields=["client"], name="start_client"),
        ]


class StopProduct(MessageRecord):
    """One StopProduct of a 307."""

    client = models.BigIntegerField()
    toewijzing_nummer = models.BigIntegerField(null=True)
    categorie = models.CharField(max_length=2, blank=True)
    code = models.CharField(max_length=5, blank=True)
    begindatum = models.DateField()
    reden_beeindiging = models.CharField(max_length=2)
    einddatum = models.DateField()
    status_aanlevering = models.CharField(max_length=1)

    class Meta:
        indexes = [
            models.Index(fields=["client"], name="stop_client"),
        ]


class Prestatie(MessageRecord):
    """One claim line of a 303 or 323; the claimed amount is positive, its sign in debet_credit."""

    client = models.BigIntegerField()
    referentie_nummer = models.CharField(max_length=20)
    vorig_referentie_nummer = models.CharField(max_length=20, blank=True)
    toewijzing_nummer = models.BigIntegerField(null=True)
    categorie = models.CharField(max_length=2)
    code = models.CharField(max_length=5, blank=True)
    begindatum = models.DateField()
    einddatum = models.DateField()
    volume = models.BigIntegerField(null=True)
    eenheid = models.CharField(max_length=2, blank=True)
    tarief = models.BigIntegerField(null=True)
    bedrag = models.BigIntegerField()
    debet_credit = models.CharField(max_length=1)

    class Meta:
        indexes = [
            models.Index(fields=["client"], name="prestatie_client"),
            models.Index(fields=["referentie_nummer"], name="prestatie_referentie"),
            models.Index(
                fields=["vorig_referentie_nummer"],
                name="prestatie_vorige",
                condition=~models.Q(vorig_referentie_nummer=""),
            ),
        ]


class Verzoek(MessageRecord):
    """One requested product of a 315, or one product of a 317 (``deel``: ongewijzigd, te_wijzigen, nieuw)."""

    client = models.BigIntegerField()
    deel = models.CharField(max_length=11, blank=True)
    referentie_aanbieder = models.CharField(max_length=36)
    toewijzing_nummer = models.BigIntegerField(null=True)
    categorie = models.CharField(max_length=2, blank=True)
    code = models.CharField(max_length=5, blank=True)
    ingangsdatum = models.DateField(null=True)
    einddatum = models.DateField(null=True)
    verwijzer_type = models.CharField(max_length=2, blank=True)
    reden_verzoek = models.CharField(max_length=2, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["client"], name="verzoek_client"),
            models.Index(fields=["referentie_aanbieder"], name="verzoek_referentie"),
        ]


class Antwoord(MessageRecord):
    """The answer of a 319 to a request; it names no client."""

    referentie_aanbieder = models.CharField(max_length=36)
    verzoek_antwoord = models.CharField(max_length=1)
    reden_afwijzing = models.CharField(max_length=2, blank=True)


class RetourRegel(MessageRecord):
    """A record class repeated in a 302, 306, 308, 316, 318 or 320, with its return codes.

    The key fields are those of the record it answers: a toewijzing by number, toewijzingsdatum (in
    ``begindatum``) and tijd (in ``sleutel``); a start by number, product, begindatum and status; a stop also by
    reden and einddatum; a requested product by its reference.
    """

    toewijzing_nummer = models.BigIntegerField(null=True)
    referentie_aanbieder = models.CharField(max_length=36, blank=True)
    categorie = models.CharField(max_length=2, blank=True)
    code = models.CharField(max_length=5, blank=True)
    begindatum = models.DateField(null=True)
    einddatum = models.DateField(null=True)
    reden_beeindiging = models.CharField(max_length=2, blank=True)
    status_aanlevering = models.CharField(max_length=1, blank=True)
    sleutel = models.CharField(max_length=15, blank=True)
    retourcodes = models.CharField(max_length=200, blank=True)


class AntwoordRegel(MessageRecord):
    """A claim line listed in a 304 or 325. ``toegekend_bedrag`` exists in a 304 only."""

    client = models.BigIntegerField(null=True)
    referentie_nummer = models.CharField(max_length=20)
    toegekend_bedrag = models.BigIntegerField(null=True)
    toegekend_debet_credit = models.CharField(max_length=1, blank=True)
    retourcodes = models.CharField(max_length=200, blank=True)
    retourcodes_client = models.CharField(max_length=200, blank=True)


class Besluit(MessageRecord):
    """A decision to give somebody a PGB; of one number the latest ``besluitdatum`` counts. Only CSV exports have it."""

    client = models.BigIntegerField()
    besluit_nummer = models.CharField(max_length=36)
    categorie = models.CharField(max_length=2, blank=True)
    code = models.CharField(max_length=5, blank=True)
    besluitdatum = models.DateField()
    ingangsdatum = models.DateField()
    einddatum = models.DateField(null=True)
    budget = models.BigIntegerField(null=True)
