"""Claims of any size, made of the clients of a region's own claims, every line with a number of its own."""

import re
from collections.abc import Iterator
from itertools import count, cycle
from pathlib import Path

CLIENT = re.compile(r"<Client>.*?</Client>", re.DOTALL)
INVOICE = re.compile(r"(DeclarantFactuurNummer>)[^<]+")
LINE = re.compile(r"(ReferentieNummer>)[^<]+")
KIND = "jw303"


def write_claims(messages: Path, folder: Path, *, files: int, size: int) -> None:
    """So many claims of ``size`` bytes each (or a little more) in ``folder``."""
    folder.mkdir(parents=True)
    models = [path.read_text() for path in sorted(messages.rglob(f"{KIND}_*.xml"))]
    clients = cycle([client for model in models for client in CLIENT.findall(model)])
    head, tail = models[0].split("<Client>", 1)[0], models[0].rsplit("</Client>", 1)[1]
    numbers = count(1)
    for number in range(files):
        with (folder / f"{number}.xml").open("w") as target:
            target.write(INVOICE.sub(rf"\g<1>GROOT{number}", head))
            while target.tell() < size:
                target.write(_numbered(next(clients), numbers))
            target.write(tail)


def _numbered(client: str, numbers: Iterator[int]) -> str:
    return LINE.sub(lambda found: f"{found[1]}{next(numbers)}", client)
