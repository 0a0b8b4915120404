"""What a new norm would do to the lights of the last whole period: who changes colour, and how many by chance alone."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from accounts.scope import Scope
from kpi import selectors
from kpi.calc.definition import Measure
from kpi.calc.false_alarms import NONE, Before, FalseAlarms, false_alarms
from kpi.calc.indicators import MEASURES
from kpi.calc.light import State, Z
from kpi.calc.periods import up_to
from kpi.filters import default_label, period_of
from kpi.lights import Shown, kind_of
from kpi.models import Basis, Norm, Run
from kpi.norms import own_period
from kpi.pages import View, query, view_of
from kpi.selection import Selection
from kpi.selectors import Figure
from kpi.wording import number, period_name

PARTIES = {"provider": ("aanbieder", "aanbieders"), "municipality": ("gemeente", "gemeenten")}
TRIED = 8  # quarters; the costs of a year are known in the year after it
COLOURED = (State.ON_NORM, State.ATTENTION, State.OFF_NORM)


@dataclass(frozen=True)
class Trial:
    """A figure with its light before and after."""

    place: Selection
    figure: Figure
    before: Shown
    after: Shown


def preview(scope: Scope, fields: dict[str, Any]) -> dict[str, Any] | None:
    """What a version with these fields would change; None without figures."""
    run = selectors.current_run()
    if run is None:
        return None
    measure, norm = MEASURES[fields["measure"]], Norm(**fields)
    labels = selectors.labels_of(run)
    old, new = _views(scope, run, norm)
    latest = Selection(period_of(default_label(labels, run)), norm.domain, norm.municipality, norm_of_now=True)
    selection = fit(new, measure, latest, labels)
    parties = [_party(old, new, selection, measure, party) for party in PARTIES if not selection.chosen.get(party)]
    return {
        "period": period_name(own_period(selection, measure).period),
        "parties": [party for party in parties if party],
    }


def fit(view: View, measure: Measure, latest: Selection, labels: Collection[str]) -> Selection:
    """The latest period with figures whose data allow a judgement of the measure, else the latest of all."""
    places = [latest.at(period=period) for period in reversed(up_to(latest.period, TRIED)) if period.label in labels]
    sound = (place for place in places if not view.gate.reason(measure, own_period(place, measure)))
    return next(sound, latest)


def _views(scope: Scope, run: Run, norm: Norm) -> tuple[View, View]:
    """The norms on the day that the new one starts, without and with it."""
    stored = selectors.norms()
    return tuple(view_of(scope, run, now=norm.valid_from, norms=norms) for norms in (stored, [*stored, norm]))  # type: ignore[return-value]


def _party(old: View, new: View, selection: Selection, measure: Measure, party: str) -> dict[str, Any] | None:
    own = own_period(selection, measure)
    found = selectors.figures_by(
        new.scope, new.run, own, party, [measure.code], [own.period.label], measure.headline_detail
    )
    if not found:
        return None
    asked = [(measure, figure, own.at(**{party: code})) for code, figure in found]
    lights = zip(old.lights(asked), new.lights(asked), strict=True)
    trials = [Trial(place, figure, *pair) for (_, figure, place), pair in zip(asked, lights, strict=True)]
    coloured = [trial for trial in trials if trial.after.state in COLOURED]
    return {
        "name": PARTIES[party][1],
        "count": len(trials),
        "coloured": len(coloured),
        "changes": list(_changes(new, trials, party)),
        "false_alarms": _sentence(new, measure, coloured, party),
    }


def _changes(view: View, trials: Sequence[Trial], party: str) -> Iterator[dict[str, Any]]:
    """One per pair of lights, those that change first, the largest first; names only where something changes."""
    pairs: dict[tuple[str, str], list[Trial]] = {}
    for trial in trials:
        pairs.setdefault((_word(trial.before), _word(trial.after)), []).append(trial)
    for (before, after), alike in sorted(pairs.items(), key=lambda item: (item[0][0] == item[0][1], -len(item[1]))):
        names = sorted(
            (
                {"name": view.name(party, code), "url": _address(trial.place, party, code)}
                for trial, code in _codes(alike, party)
            ),
            key=lambda link: link["name"].casefold(),
        )
        word = PARTIES[party][len(alike) != 1]
        yield {
            "before": before,
            "after": after,
            "count": len(alike),
            "word": word,
            "names": [] if before == after else names,
        }


def _codes(trials: Sequence[Trial], party: str) -> list[tuple[Trial, str]]:
    return [(trial, trial.place.chosen[party]) for trial in trials]


def _address(own: Selection, party: str, code: str) -> str:
    place = own.at(norm_of_now=False)
    if party == "provider":
        return reverse("kpi:provider", args=[code]) + query(place, without=["provider"])
    return reverse("kpi:overview") + query(place)


def _word(light: Shown) -> str:
    return f"{light.word} (kan toeval zijn)" if light.doubt and light.state == State.ATTENTION else light.word


def _sentence(view: View, measure: Measure, coloured: Sequence[Trial], party: str) -> str:
    one, many = PARTIES[party]
    if not coloured:
        return f"Geen enkele {one} krijgt een kleur, dus er is ook geen vals alarm te verwachten."
    total = sum((_chance(view, measure, trial) for trial in coloured), NONE)
    who = f"alle {len(coloured)} {many} met een kleur" if len(coloured) > 1 else f"de ene {one} met een kleur"
    verb = "Zouden" if len(coloured) > 1 else "Zou"
    filled, red = number(total.filled, 1), number(total.red, 1)
    return (
        f"{verb} {who} in werkelijkheid precies op de groene grens zitten, dan is er per periode door toeval bij "
        f"{filled} van hen een dicht oranje of rood licht te verwachten; bij {red} is dat rood."
    )


def _chance(view: View, measure: Measure, trial: Trial) -> FalseAlarms:
    """The chance of a false alarm at this number of cases."""
    applied = view.applied(measure, trial.place)
    if applied is None or applied.norm is None:
        return NONE
    figure = trial.figure
    error = (trial.after.high - trial.after.low) / (2 * Z) if trial.after.high and trial.after.low is not None else None
    before = None
    if applied.version.basis == Basis.YEAR_BEFORE:
        compared = view.resolver.compared(measure, own_period(trial.place, measure), applied.version)
        before = Before(compared.value, compared.denominator or 0) if compared else None
    return false_alarms(kind_of(measure, figure), figure.denominator or 0, applied.norm, error=error, before=before)
