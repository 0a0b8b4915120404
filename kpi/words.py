"""The words of the portal as its page Begrippen explains them; the definitions of indicators stand with these."""

OF_CARE = (
    ("Cliënt", "Iemand met zorg uit de Jeugdwet of de Wmo. Het portaal kent alleen een pseudoniem, geen naam of BSN."),
    ("Toewijzing", "Wat een gemeente een aanbieder opdraagt voor één cliënt: welke zorg, vanaf wanneer en hoeveel."),
    ("Zorgperiode", "De zorg op één toewijzing, van de start die de aanbieder meldt tot de definitieve stop."),
    ("Traject", "Zorgperioden gericht op herstel van één cliënt die elkaar overlappen of op elkaar aansluiten."),
    ("Mutatie", "Een zorgperiode gericht op herstel die direct volgt op een andere van dezelfde cliënt."),
    ("Herleving", "Nieuwe zorg gericht op herstel, nadat een traject was geëindigd en er een tijd geen zorg was."),
    ("Uitval", "Zorg die voortijdig eindigt: door de cliënt, door de aanbieder of in overleg."),
    ("Instroom en uitstroom", "Cliënten die in de periode in zorg kwamen, en cliënten die uit zorg gingen."),
    ("Verwijzer", "Wie de cliënt naar de zorg leidde: het wijkteam, een arts of een gecertificeerde instelling (GI)."),
    ("Zorgdomein", "Een soort zorg, zoals jeugd-ggz of begeleiding Wmo. Elk product hoort bij één zorgdomein."),
    (
        "Profiel, intensiteit en perceel",
        "Hoe de contracten producten indelen: wat voor hulp, hoe zwaar en welk deel van de inkoop.",
    ),
    ("Zwaarte", "Een getal per product: hoe hoger, hoe intensiever de zorg."),
    ("Leveringsvorm", "Zorg in natura (ZIN), geleverd door een aanbieder, of een persoonsgebonden budget (PGB)."),
)
OF_MESSAGES = (
    ("Bericht", "Een standaardbericht (iJw of iWmo) tussen gemeente en aanbieder. Het nummer zegt wat erin staat."),
    ("301, 305 en 307", "De toewijzing van de gemeente, en de start en de stop die de aanbieder meldt."),
    ("303, 323 en hun antwoord", "De declaratie van de aanbieder. De gemeente antwoordt met een 304 of een 325."),
    ("315, 317 en 319", "Het verzoek om een toewijzing, het verzoek om een wijziging, en het antwoord op een verzoek."),
    ("Retourbericht", "Het antwoord op een bericht: goedgekeurd of afgekeurd, met een code als reden."),
    ("Bevinding", "Iets wat in de berichten niet klopt of ontbreekt, met wie het kan herstellen."),
    ("AGB-code", "Het landelijke nummer van een aanbieder."),
    ("Peildatum", "De dag waarop de cijfers bekend waren. Berichten van na die dag tellen niet mee."),
    (
        "Maandcijfers",
        "De cijfers van een vaste werkdag, bewaard onder de naam van de maand ervoor. Ze veranderen niet meer.",
    ),
)
OF_FIGURES = (
    ("Teller en noemer", "De twee getallen achter een percentage: 6 / 22 is 6 van de 22, dus 27,3%."),
    ("Norm", "De grens die beleid vaststelt: tot waar het goed is, en vanaf waar een licht rood wordt."),
    (
        "Kan toeval zijn",
        "Bij weinig gevallen verschilt een cijfer ook zonder oorzaak. Dan krijgt het licht een open vorm.",
    ),
    ("Bandbreedte van toeval", "Waartussen een cijfer van maand tot maand schommelt zonder dat er iets is veranderd."),
    (
        "Trechter",
        "Een grafiek met alle aanbieders. Hoe meer gevallen, hoe smaller de ruimte voor toeval. Buiten "
        "de grens van 2,5% is toeval onwaarschijnlijk, buiten die van 0,1% zo goed als uitgesloten.",
    ),
    ("Mediaan", "De middelste waarde: de helft ligt eronder en de helft erboven."),
    (
        "Kwartiel, P10 en P90",
        "Onder het eerste kwartiel ligt een kwart, onder het derde driekwart; onder P10 een tiende en "
        "onder P90 negen tiende.",
    ),
    (
        "Uitschieter",
        "Een geval dat veel hoger ligt dan de meeste: boven het derde kwartiel plus anderhalf keer de "
        "afstand tussen de kwartielen.",
    ),
    ("Werklijst", "Aanbieders die herhaaldelijk en zeker voorbij de norm zijn: daar is een gesprek nodig."),
    (
        "Kraljic",
        "Een indeling van aanbieders: strategisch (duur en moeilijk te vervangen), hefboom (duur, wel te "
        "vervangen), knelpunt (niet duur, moeilijk te vervangen) en routine (geen van beide).",
    ),
    ("Leveringsrisico", "Hoe moeilijk een aanbieder te vervangen is, van 0 tot 1."),
)
GROUPS = (("Zorg", OF_CARE), ("Berichten", OF_MESSAGES), ("Cijfers", OF_FIGURES))
