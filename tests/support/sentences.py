"""What every refusal must be: a Dutch sentence that says what to do, and tells nothing about a person."""

import re

from messaging.batches import OWN_FAULT, Outcome
from messaging.berichten.persons import without_bsn

ADVICE = re.compile(r"\. (Laat de afzender|Exporteer|Lever|Controleer|Vraag|Maak|Verdeel|Pak) |; .*Lever .* aan")
LONGEST = 250


def assert_helpful(sentence: str, *secrets: str) -> None:
    """A whole sentence with an advice, short enough to read, without the ``secrets`` and without any BSN."""
    assert sentence[0].isupper(), sentence
    assert sentence.endswith("."), sentence
    assert len(sentence) <= LONGEST, sentence
    assert "\n" not in sentence
    assert ADVICE.search(sentence), sentence
    assert OWN_FAULT not in sentence, sentence
    assert_discreet(sentence, *secrets)


def assert_discreet(told: str, *secrets: str) -> None:
    """No BSN and none of the ``secrets`` in what somebody will read."""
    assert without_bsn(told) == told
    assert [secret for secret in secrets if secret in told] == []


def assert_sound(outcomes: list[Outcome], *secrets: str) -> None:
    """Each file came to one thing: a message, or a helpful reason why not."""
    for outcome in outcomes:
        assert (outcome.parsed is None) == bool(outcome.reason)
        if outcome.parsed is None:
            assert_helpful(outcome.reason, *secrets)
        else:
            for remark in outcome.parsed.remarks:
                assert_discreet(remark, *secrets)
