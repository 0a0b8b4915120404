"""Reference data: municipalities, providers, care domains, the product catalogue, end reasons.

Loaded with ``manage.py load_reference`` (see ``reference``); amounts are whole eurocents, and
tariffs eurocents with four decimals.
"""

from django.db import models


class Wet(models.TextChoices):
    JEUGDWET = "jeugdwet", "Jeugdwet"
    WMO = "wmo", "Wmo"


class Municipality(models.Model):
    code = models.CharField("CBS-code", max_length=4, primary_key=True)
    name = models.CharField("naam", max_length=100)

    class Meta:
        verbose_name = "gemeente"
        verbose_name_plural = "gemeenten"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ProviderType(models.TextChoices):
    SYSTEM = "systeem", "Systeemaanbieder"
    FLEX = "flex", "Flexaanbieder"
    PERFORMANCE = "prestatie", "Prestatieaanbieder"
    OTHER = "overig", "Overig"


class Provider(models.Model):
    agb = models.CharField("AGB-code", max_length=8, primary_key=True)
    name = models.CharField("naam", max_length=150)
    type = models.CharField("type", max_length=10, choices=ProviderType, default=ProviderType.OTHER)
    contract_manager = models.CharField("contractmanager", max_length=100, blank=True)

    class Meta:
        verbose_name = "aanbieder"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CareDomain(models.Model):
    code = models.CharField("code", max_length=40, primary_key=True)
    name = models.CharField("naam", max_length=100)
    wet = models.CharField("wet", max_length=9, choices=Wet)

    class Meta:
        verbose_name = "zorgdomein"
        verbose_name_plural = "zorgdomeinen"
        ordering = ["wet", "name"]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """A catalogue row: one law, category and code, valid from ``valid_from`` up to and including ``valid_to``."""

    wet = models.CharField("wet", max_length=9, choices=Wet)
    category = models.CharField("categorie", max_length=2)
    code = models.CharField("code", max_length=5, blank=True)
    name = models.CharField("naam", max_length=200)
    domain = models.CharField("zorgdomein", max_length=40)
    segment = models.CharField("segment", max_length=40, blank=True)
    profile = models.CharField("profiel", max_length=40, blank=True)
    intensity = models.CharField("intensiteit", max_length=40, blank=True)
    parcel = models.CharField("perceel", max_length=40, blank=True)
    package = models.CharField("pakket", max_length=40, blank=True)
    weight = models.DecimalField("zwaarte", max_digits=8, decimal_places=2, null=True)
    kind = models.CharField("soort", max_length=10)  # herstel | duurzaam | overig
    delivery_form = models.CharField("leveringsvorm", max_length=20, blank=True)
    unit = models.CharField("eenheid", max_length=2, blank=True)
    tariff = models.DecimalField("tarief (eurocent)", max_digits=16, decimal_places=4, null=True)  # per minute: 57,83
    arrangement_price = models.BigIntegerField("arrangementsprijs (eurocent)", null=True)
    valid_from = models.DateField("geldig van", null=True)
    valid_to = models.DateField("geldig tot en met", null=True)

    class Meta:
        verbose_name = "product"
        verbose_name_plural = "producten"
        ordering = ["wet", "category", "code", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["wet", "category", "code", "valid_from"], name="product_once", nulls_distinct=False
            )
        ]


class EndReason(models.Model):
    """An override of the outcome class of an end reason, from a reference date on (empty: always); the defaults are
    in ``kpi.calc``."""

    wet = models.CharField("wet", max_length=9, choices=Wet)
    code = models.CharField("code", max_length=2)
    description = models.CharField("omschrijving", max_length=200)
    outcome = models.CharField("klasse", max_length=10)  # succes | uitval | tijdelijk | overleden | overig
    valid_from = models.DateField("geldig vanaf", null=True)

    class Meta:
        verbose_name = "reden van beëindiging"
        verbose_name_plural = "redenen van beëindiging"
        constraints = [
            models.UniqueConstraint(fields=["wet", "code", "valid_from"], name="end_reason_once", nulls_distinct=False)
        ]


class ReferenceChange(models.Model):
    """One row of reference data that was added or changed: by whom, when, from which file. Never changed itself.

    ``before`` and ``after`` hold the fields as text; ``before`` is empty for a new row.
    """

    table = models.CharField("bestand", max_length=40)
    key = models.CharField("sleutel", max_length=200)
    before = models.JSONField("was", default=dict)
    after = models.JSONField("werd")
    source = models.CharField("bron", max_length=200)
    changed_by = models.CharField("door", max_length=150)
    changed_at = models.DateTimeField("op", auto_now_add=True)

    class Meta:
        verbose_name = "wijziging van referentiegegevens"
        ordering = ["-id"]
        indexes = [models.Index(fields=["table", "key"], name="reference_change_of_row")]
