"""Runs, the stored indicator values and the norms.

Views read values of the current run only; a run is written whole and then made current in one
transaction (see ``storing``).
"""

from django.conf import settings
from django.db import models

from kpi.calc.scopes import DIMENSIONS


class RunState(models.TextChoices):
    BUILDING = "bouwen", "Wordt berekend"
    CURRENT = "actueel", "Actueel"
    OLD = "oud", "Eerdere berekening"
    FAILED = "mislukt", "Mislukt"
    WAITING = "wacht", "Aangevraagd"
    KEPT = "bewaard", "Bewaard"


class Run(models.Model):
    """One computation of all values as known on ``as_of``.

    ``one_date``: made to look back at that date; its figures stay and it is never current. ``kept_as``: the name of
    the monthly edition that it is.
    """

    as_of = models.DateField("peildatum")
    started_at = models.DateTimeField("begonnen", auto_now_add=True)
    finished_at = models.DateTimeField("klaar", null=True)
    state = models.CharField("stand", max_length=10, choices=RunState, default=RunState.BUILDING)
    code_version = models.CharField("versie", max_length=40)
    last_message_id = models.BigIntegerField("laatste bericht", default=0)
    values_count = models.IntegerField("waarden", default=0)
    remark = models.CharField("opmerking", max_length=500, blank=True)
    # With these a run knows whether new messages can simply be added to what it has.
    messages_count = models.BigIntegerField("berichten", default=0)
    reference_digest = models.CharField(max_length=64, blank=True)
    first_month = models.CharField("eerste maand", max_length=7, blank=True)
    last_month = models.CharField("laatste maand", max_length=7, blank=True)
    version = models.PositiveIntegerField("keer bijgewerkt", default=0)
    one_date = models.BooleanField("voor één peildatum", default=False)
    kept_as = models.CharField("bewaard als", max_length=80, blank=True)
    kept_at = models.DateTimeField("bewaard op", null=True)

    class Meta:
        verbose_name = "berekening"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state=RunState.CURRENT), name="one_current_run"
            )
        ]

    @property
    def key(self) -> str:
        """Changes whenever the figures do; part of every cache key."""
        return f"{self.pk}.{self.version}"


class RunRest(models.Model):
    """What a run keeps beside its values so that new messages can be added: a packed part without its sums."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, primary_key=True, related_name="rest")
    content = models.BinaryField()


class RunPart(models.Model):
    """One of the parts in which the clients of a run are counted; ``content`` once a worker has done it.

    A worker holds the lock of its row while it counts: one that is killed lets go of it, and the part is free again.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField("nummer")
    content = models.BinaryField(null=True)

    class Meta:
        verbose_name = "deel van een berekening"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="run_part_once")]


class ShownManager(models.Manager["Value"]):
    """The figures that pages show; the others exist only to be added to."""

    def get_queryset(self) -> models.QuerySet["Value"]:
        return super().get_queryset().filter(shown=True)


class Value(models.Model):
    """One figure of a run: a measure in a period and a scope.

    ``period`` is written 2025-03, 2025-Q1 or 2025. ``numerator`` and ``denominator`` are whole numbers
    (amounts in eurocents, durations in days); counts have no denominator. ``squares`` is the sum of the squared cases
    of a mean, from which its interval follows. Only the columns that ``scope`` names are filled.

    The table is partitioned by run (see ``storing``): a run is loaded before it is indexed, and goes as a whole.
    """

    pk = models.CompositePrimaryKey(*("run_id", "measure", "period", "scope", *DIMENSIONS, "detail"))
    run = models.ForeignKey(Run, on_delete=models.DO_NOTHING, db_index=False, db_constraint=False)
    measure = models.CharField(max_length=40)
    period = models.CharField(max_length=7)
    scope = models.CharField(max_length=30)
    domain = models.CharField(max_length=40, blank=True)
    municipality = models.CharField(max_length=4, blank=True)
    provider = models.CharField(max_length=8, blank=True)
    product = models.CharField(max_length=20, blank=True)
    referrer = models.CharField(max_length=10, blank=True)
    delivery_form = models.CharField(max_length=20, blank=True)
    detail = models.CharField(max_length=40, blank=True)
    numerator = models.BigIntegerField(null=True)
    denominator = models.BigIntegerField(null=True)
    squares = models.BigIntegerField(null=True)
    value = models.DecimalField(max_digits=24, decimal_places=6)
    fraction = models.SmallIntegerField(default=0)
    raw_squares = models.BigIntegerField(default=0)
    unfit = models.BigIntegerField(default=0)
    shown = models.BooleanField(default=True)

    objects = ShownManager()
    every = models.Manager["Value"]()

    class Meta:
        managed = False
        base_manager_name = "every"
        db_table = "kpi_value"
        verbose_name = "waarde"
        verbose_name_plural = "waarden"


class Finding(models.Model):
    """What one data-quality check of a run examined in a month, and how much of it was wrong.

    ``kind`` is the code of a check; ``by_municipality`` and ``by_provider`` count what was wrong by who can repair it.
    """

    pk = models.CompositePrimaryKey("run_id", "month", "municipality", "provider", "kind")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, db_index=False)
    month = models.CharField(max_length=7)
    municipality = models.CharField(max_length=4)
    provider = models.CharField(max_length=8)
    kind = models.CharField(max_length=40)
    examined = models.IntegerField("gecontroleerd")
    by_municipality = models.IntegerField("te herstellen door de gemeente")
    by_provider = models.IntegerField("te herstellen door de aanbieder")

    class Meta:
        verbose_name = "bevinding"
        verbose_name_plural = "bevindingen"


class Direction(models.TextChoices):
    LOWER = "lager", "Lager is beter"
    HIGHER = "hoger", "Hoger is beter"
    BAND = "band", "Binnen de band"


class Basis(models.TextChoices):
    ABSOLUTE = "absoluut", "Vaste waarde"
    REGION = "regio", "Verschil met de regio"
    YEAR_BEFORE = "vorig_jaar", "Verschil met een jaar eerder"


class Norm(models.Model):
    """A version of a norm; never overwritten, a new version starts on a later date."""

    measure = models.CharField("maat", max_length=40)
    domain = models.CharField("zorgdomein", max_length=40, blank=True)
    municipality = models.CharField("gemeente", max_length=4, blank=True)
    direction = models.CharField("richting", max_length=10, choices=Direction)
    green = models.DecimalField("grens groen", max_digits=14, decimal_places=4)
    red = models.DecimalField("grens rood", max_digits=14, decimal_places=4)
    basis = models.CharField("basis", max_length=10, choices=Basis, default=Basis.ABSOLUTE)
    valid_from = models.DateField("geldig vanaf")
    decided_by = models.CharField("vastgesteld door", max_length=150)
    reason = models.CharField("toelichting", max_length=500, blank=True)
    created_at = models.DateTimeField("ingevoerd", auto_now_add=True)

    class Meta:
        verbose_name = "norm"
        verbose_name_plural = "normen"
        ordering = ["measure", "domain", "municipality", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "domain", "municipality", "valid_from"], name="norm_version_once"
            )
        ]


class Quadrant(models.TextChoices):
    STRATEGIC = "strategisch", "Strategisch"
    LEVERAGE = "hefboom", "Hefboom"
    BOTTLENECK = "knelpunt", "Knelpunt"
    ROUTINE = "routine", "Routine"


class KraljicPosition(models.Model):
    """Where a run places a provider, in the region (``domain`` empty) or in one care domain.

    ``spend`` is in eurocents, the shares and the risk in millionths; ``earlier`` holds the classes at the ends of the
    four quarters before, the latest first.
    """

    pk = models.CompositePrimaryKey("run_id", "domain", "provider")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, db_index=False)
    domain = models.CharField("zorgdomein", max_length=40, blank=True)
    provider = models.CharField("aanbieder", max_length=8)
    spend = models.BigIntegerField("uitgaven (eurocent)")
    share = models.IntegerField()
    cumulative_share = models.IntegerField()
    supply_risk = models.IntegerField()
    cost_effect_high = models.BooleanField()
    supply_risk_high = models.BooleanField()
    proposed = models.CharField("voorstel", max_length=11, choices=Quadrant)
    near_border = models.BooleanField()
    remark = models.CharField("opmerking", max_length=40, blank=True)
    earlier = models.JSONField(default=list)

    class Meta:
        verbose_name = "plaats in de Kraljic-matrix"


class KraljicDecision(models.Model):
    """The class that a person decided on; a later decision replaces it and the earlier ones stay."""

    provider = models.CharField("aanbieder", max_length=8, db_index=True)
    domain = models.CharField("zorgdomein", max_length=40, blank=True)
    quadrant = models.CharField("klasse", max_length=11, choices=Quadrant)
    reason = models.CharField("reden", max_length=500)
    review_on = models.DateField("opnieuw bekijken op")
    transformation = models.PositiveSmallIntegerField("bijdrage aan de transformatie", default=0)
    niche = models.PositiveSmallIntegerField("nichepositie", default=0)
    market_risk = models.PositiveSmallIntegerField("marktaandeel of risico bij uitval", default=0)
    financial_influence = models.PositiveSmallIntegerField("invloed op het financiële proces", default=0)
    decided_by = models.CharField("besloten door", max_length=150)
    decided_at = models.DateTimeField("besloten op", auto_now_add=True)

    class Meta:
        verbose_name = "besluit over de Kraljic-klasse"
        verbose_name_plural = "besluiten over de Kraljic-klasse"
        ordering = ["-decided_at", "-id"]


class ExportState(models.TextChoices):
    WAITING = "wacht", "Wacht"
    RUNNING = "bezig", "Bezig"
    DONE = "klaar", "Klaar"
    CANCELLED = "afgebroken", "Afgebroken"
    FAILED = "mislukt", "Mislukt"
    EXPIRED = "verlopen", "Verlopen"


class ExportWhat(models.TextChoices):
    FIGURES = "cijfers", "Alle cijfers"
    PROVIDERS = "aanbieders", "Lijst van aanbieders"
    FINDINGS = "bevindingen", "Lijst van bevindingen"


class ExportJob(models.Model):
    """A long export that the worker makes: what was asked, by whom, and how far it is.

    ``kind`` is the format of the file, and its extension. The list of providers tells its progress in pages, the others
    in rows. ``region`` and ``municipality`` are the scope of the asker at that moment; ``filters`` is what else was
    chosen, by name. The file itself is in the data directory, under ``stored_name``.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports", verbose_name="gebruiker"
    )
    region = models.BooleanField(default=False)
    municipality = models.CharField("gemeente", max_length=4, blank=True)
    what = models.CharField("inhoud", max_length=12, choices=ExportWhat, default=ExportWhat.FIGURES)
    kind = models.CharField("bestand", max_length=4, choices={"csv": "CSV", "xlsx": "XLSX", "pdf": "PDF"})
    period = models.CharField("periode", max_length=7)
    with_parts = models.BooleanField("ook de maanden en kwartalen in deze periode", default=False)
    filters = models.JSONField(default=dict)
    state = models.CharField("stand", max_length=10, choices=ExportState, default=ExportState.WAITING)
    attempts = models.PositiveSmallIntegerField("pogingen", default=0)
    rows_done = models.IntegerField("regels klaar", default=0)
    rows_total = models.IntegerField("regels", default=0)
    size = models.BigIntegerField("grootte (bytes)", default=0)
    stored_name = models.CharField(max_length=60, blank=True)
    remark = models.CharField("opmerking", max_length=300, blank=True)
    created_at = models.DateTimeField("aangevraagd", auto_now_add=True)
    finished_at = models.DateTimeField("klaar op", null=True)

    class Meta:
        verbose_name = "export"
        verbose_name_plural = "exports"
        ordering = ["-id"]


class ParameterVersion(models.Model):
    """A version of a parameter of the definitions; never overwritten, a new one counts from a later reference date.

    ``value`` is written as ``kpi.parameters`` reads it; ``wet`` is empty for a parameter of both laws.
    """

    name = models.CharField("parameter", max_length=40)
    wet = models.CharField("wet", max_length=9, blank=True)
    value = models.CharField("waarde", max_length=200)
    valid_from = models.DateField("geldig vanaf")
    decided_by = models.CharField("vastgesteld door", max_length=150)
    reason = models.CharField("reden", max_length=500)
    created_at = models.DateTimeField("ingevoerd", auto_now_add=True)

    class Meta:
        verbose_name = "parameter"
        ordering = ["name", "wet", "-valid_from"]
        constraints = [models.UniqueConstraint(fields=["name", "wet", "valid_from"], name="parameter_version_once")]


class ComparisonState(models.TextChoices):
    WAITING = "wacht", "Wacht"
    DONE = "klaar", "Klaar"
    FAILED = "mislukt", "Mislukt"


class Comparison(models.Model):
    """Why figures of one selection differ between two runs: the steps from the one to the other, once worked out.

    ``municipality`` is chosen by the scope of who asked where that is one municipality. ``result`` holds per measure
    the figure after each step, and for ``measure`` how many cases came, went and changed.
    """

    earlier = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    later = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+")
    measure = models.CharField("maat", max_length=40)
    period = models.CharField("periode", max_length=7)
    domain = models.CharField("zorgdomein", max_length=40, blank=True)
    municipality = models.CharField("gemeente", max_length=4, blank=True)
    provider = models.CharField("aanbieder", max_length=8, blank=True)
    state = models.CharField("stand", max_length=10, choices=ComparisonState, default=ComparisonState.WAITING)
    result = models.JSONField(default=dict)
    remark = models.CharField("opmerking", max_length=300, blank=True)
    asked_at = models.DateTimeField("aangevraagd", auto_now_add=True)

    class Meta:
        verbose_name = "vergelijking van peildata"
        constraints = [
            models.UniqueConstraint(
                fields=["earlier", "later", "measure", "period", "domain", "municipality", "provider"],
                name="comparison_once",
            )
        ]


class JobRun(models.Model):
    """One time that a planned job ran: what, when, with what result."""

    name = models.CharField("taak", max_length=60, db_index=True)
    started_at = models.DateTimeField("begonnen", auto_now_add=True)
    finished_at = models.DateTimeField("klaar", null=True)
    failed = models.BooleanField("mislukt", default=False)
    retries = models.PositiveSmallIntegerField("herhalingen", default=0)
    remark = models.CharField("opmerking", max_length=300, blank=True)

    class Meta:
        verbose_name = "uitvoering van een taak"
        ordering = ["-id"]
