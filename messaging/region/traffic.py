"""Messages on their way: returns, refusals and what is sent again."""

from dataclasses import replace
from random import Random

from messaging.region.days import after_workdays
from messaging.region.model import Message
from messaging.region.streams import skewed_days
from messaging.region.world import World

RETURNS = {"301": "302", "305": "306", "307": "308", "315": "316", "317": "318", "319": "320"}
# Rejecting codes per type: (level, code); those of 2.3 that 3.2 lacks are left out.
FAULTS = {
    "301": (("header", "0001"), ("record", "S329"), ("header", "9056")),
    "305": (("record", "9019"), ("record", "9074"), ("header", "0001"), ("record", "9326")),
    "307": (("record", "9069"), ("record", "9019"), ("header", "0001")),
    "315": (("record", "S329"), ("header", "0001")),
    "317": (("record", "9349"), ("header", "0001")),
    "319": (("record", "9355"),),
}


class Post:
    """Collects the messages of the region up to its last day."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.messages: list[Message] = []

    def add(self, message: Message) -> None:
        """Puts a message on its way, unless its day has not come."""
        if message.day <= self.world.until:
            message.order = len(self.messages)
            self.messages.append(message)

    def send(self, rng: Random, message: Message) -> int:
        """Sends a heen message with its return; a refused one goes again. The day on which it was accepted."""
        self.add(message)
        provider = self.world.provider_of[message.provider].character
        place = self.world.municipalities[message.municipality]
        ours = message.from_municipality
        faults, silent = (place.faults, provider.forgets) if ours else (provider.faults, place.silent)
        answer_days = skewed_days(rng, 1.6 if ours else place.answers_in)
        refused = rng.random() < faults
        if not refused and rng.random() < silent:
            return message.day
        level, code = rng.choice(FAULTS[message.soort]) if refused else ("", "")
        answer = self.answer(message, after_workdays(message.day, answer_days), level, code)
        if not refused:
            return message.day
        again = replace(message, day=after_workdays(answer.day, 1 + skewed_days(rng, 2)))
        self.add(again)
        self.answer(again, after_workdays(again.day, answer_days), "", "")
        return again.day

    def answer(self, message: Message, day: int, level: str, code: str) -> Message:
        """The return on ``message``."""
        answer = Message(
            *(RETURNS[message.soort], message.wet, message.municipality, message.provider, day),
            person=message.person,
            answers=message,
            level=level,
            code=code,
        )
        self.add(answer)
        return answer
