-- From records to the state on the reference date (definitions, section 2).
CREATE MACRO rejects(codes) AS CASE WHEN codes IN ('', '0200') THEN false ELSE
    len(list_filter(string_split(codes, ' '), lambda code: code NOT IN ('', '0200', '0233', '8001'))) > 0 END;
CREATE MACRO to_date(day) AS DATE '1970-01-01' + day::INTEGER;
CREATE MACRO to_day(date) AS (date::DATE - DATE '1970-01-01')::INTEGER;
CREATE MACRO month_of(day) AS to_day(date_trunc('month', to_date(day)));

CREATE TABLE messages AS SELECT * FROM sent_messages WHERE datum <= $as_of;
CREATE TABLE latest AS
    SELECT * FROM messages WHERE soort IN ('302', '304', '306', '308', '316', '318', '320', '325')
    QUALIFY row_number() OVER (PARTITION BY link ORDER BY datum DESC, retour_identificatie DESC, rowid DESC) = 1;
CREATE TABLE judged_records AS
    SELECT r.*, l.link, l.release LIKE '2.%' AS single, rejects(r.retourcodes) AS bad,
        contains(r.retourcodes, '0233') AS skipped
    FROM retour_regels r JOIN latest l USING (message_id) WHERE l.soort NOT IN ('304', '325');
CREATE TABLE verdicts AS
    SELECT link, soort, datum, rejects(retourcodes_header) OR rejects(retourcodes_overig)
        OR link IN (SELECT link FROM judged_records WHERE bad AND NOT single) AS whole
    FROM latest WHERE soort NOT IN ('304', '325');
CREATE TABLE rejected AS SELECT link FROM verdicts WHERE whole;
CREATE TABLE rejected_records AS
    SELECT * FROM judged_records WHERE single AND (bad OR skipped) AND link NOT IN (FROM rejected);
CREATE TABLE answers AS
    SELECT link, datum, soort, message_id AS answer, rejects(retourcodes_header) OR rejects(retourcodes_antwoord) AS whole
    FROM latest WHERE soort IN ('304', '325');

CREATE TABLE pieces AS
    WITH rows AS (
        SELECT *, valid_from::BIGINT AS since, CASE valid_to WHEN $no_day THEN $open ELSE valid_to END::BIGINT AS until,
            rowid AS number FROM catalogue
    ), bounds AS (
        SELECT wet, categorie, code, since AS first FROM rows UNION SELECT wet, categorie, code, until + 1 FROM rows
    ), spans AS (
        SELECT *, coalesce(lead(first) OVER (PARTITION BY wet, categorie, code ORDER BY first), first) - 1 AS last
        FROM bounds
    )
    SELECT s.first, s.last, r.* EXCLUDE (since, until)
    FROM spans s JOIN rows r ON (r.wet, r.categorie, r.code) = (s.wet, s.categorie, s.code)
        AND s.first BETWEEN r.since AND r.until
    QUALIFY row_number() OVER (
        PARTITION BY s.wet, s.categorie, s.code, s.first ORDER BY r.since DESC, r.number DESC) = 1;

CREATE TABLE versions AS
    SELECT t.*, m.wet, m.gemeente, m.aanbieder, m.identificatie, m.dagtekening, m.release
    FROM toewijzingen t JOIN messages m USING (message_id)
    WHERE t.toewijzing_nummer <> $no_number AND m.link NOT IN (FROM rejected) AND NOT EXISTS (
        FROM rejected_records r WHERE r.link = m.link AND r.toewijzing_nummer = t.toewijzing_nummer
            AND r.begindatum = t.toewijzingsdatum AND r.sleutel = t.toewijzingstijd);
CREATE TABLE requests AS
    SELECT v.*, m.wet, m.gemeente, m.aanbieder, m.dagtekening
    FROM verzoeken v JOIN messages m USING (message_id)
    WHERE m.soort = '315' AND m.link NOT IN (FROM rejected) AND NOT EXISTS (
        FROM rejected_records r WHERE r.link = m.link AND r.referentie_aanbieder = v.referentie_aanbieder)
    QUALIFY row_number() OVER (PARTITION BY m.wet, m.aanbieder, v.referentie_aanbieder
        ORDER BY m.dagtekening, m.identificatie, v.regel) = 1;
CREATE TABLE allocations AS
    WITH last AS (
        SELECT *, min(dagtekening) OVER (PARTITION BY wet, gemeente, toewijzing_nummer) AS first_301
        FROM versions
        QUALIFY row_number() OVER (PARTITION BY wet, gemeente, toewijzing_nummer ORDER BY toewijzingsdatum DESC,
            toewijzingstijd DESC, dagtekening DESC, identificatie DESC, regel DESC) = 1
    ), origins AS (
        SELECT wet, gemeente, toewijzing_nummer, referentie_aanbieder FROM versions WHERE referentie_aanbieder <> ''
        QUALIFY row_number() OVER (PARTITION BY wet, gemeente, toewijzing_nummer
            ORDER BY toewijzingsdatum, toewijzingstijd, dagtekening, identificatie, regel) = 1
    )
    SELECT row_number() OVER (ORDER BY l.wet, l.gemeente, l.toewijzing_nummer) AS row,
        l.wet, l.gemeente AS municipality, l.aanbieder AS provider, l.toewijzing_nummer, l.client, l.ingangsdatum,
        CASE l.einddatum WHEN $no_day THEN $open ELSE l.einddatum END AS einddatum,
        l.reden_wijziging, l.volume, l.eenheid, l.frequentie, l.budget, l.first_301,
        l.wet || ':' || l.categorie || ':' || l.code AS product,
        coalesce(nullif(c.domain, ''), 'onbekend') AS domain, coalesce(nullif(c.kind, ''), 'onbekend') AS kind,
        coalesce(nullif(c.delivery_form, ''), 'onbekend') AS delivery_form, coalesce(c.unit, '') AS unit,
        coalesce(c.weight, $no_number) AS weight, coalesce(c.tariff, $no_number) AS tariff,
        coalesce(c.arrangement_price, $no_number) AS arrangement_price,
        CASE WHEN o.referentie_aanbieder IS NULL THEN 'gemeente' ELSE CASE r.verwijzer_type
            WHEN '01' THEN 'gemeente' WHEN '02' THEN 'huisarts' WHEN '03' THEN 'huisarts' WHEN '04' THEN 'gi'
            WHEN '05' THEN 'overig' WHEN '06' THEN 'overig' WHEN '08' THEN 'overig' ELSE 'onbekend' END END AS referrer
    FROM last l
    LEFT JOIN origins o USING (wet, gemeente, toewijzing_nummer)
    LEFT JOIN requests r
        ON (r.wet, r.aanbieder, r.referentie_aanbieder) = (l.wet, l.aanbieder, o.referentie_aanbieder)
    LEFT JOIN pieces c ON (c.wet, c.categorie, c.code) = (l.wet, l.categorie, l.code)
        AND l.ingangsdatum BETWEEN c.first AND c.last
    WHERE NOT (l.reden_wijziging = '13' OR (
        (l.release LIKE '2.%' OR l.release = '3.0') AND l.reden_wijziging = '01' AND l.einddatum = l.ingangsdatum));

CREATE TABLE live_starts AS
    WITH sent AS (
        SELECT s.*, m.wet, m.gemeente, m.dagtekening FROM starts s JOIN messages m USING (message_id)
        WHERE m.link NOT IN (FROM rejected) AND NOT EXISTS (
            FROM rejected_records r WHERE r.link = m.link AND r.toewijzing_nummer = s.toewijzing_nummer
                AND r.categorie = s.categorie AND r.code = s.code AND r.begindatum = s.begindatum
                AND r.status_aanlevering = s.status_aanlevering)
    ), taken AS (
        SELECT wet, gemeente, client, toewijzing_nummer, categorie, code, begindatum, count(*) AS taken
        FROM sent WHERE status_aanlevering = '3' GROUP BY ALL
    ), ranked AS (
        SELECT *, row_number() OVER (PARTITION BY wet, gemeente, client, toewijzing_nummer, categorie, code, begindatum
            ORDER BY dagtekening, message_id) AS rank
        FROM sent WHERE status_aanlevering = '1'
    )
    SELECT a.row, s.begindatum, s.dagtekening
    FROM ranked s
    LEFT JOIN taken t USING (wet, gemeente, client, toewijzing_nummer, categorie, code, begindatum)
    JOIN allocations a ON (a.wet, a.municipality, a.toewijzing_nummer, a.client)
        = (s.wet, s.gemeente, s.toewijzing_nummer, s.client)
    WHERE rank = coalesce(taken, 0) + 1;
CREATE TABLE live_stops AS
    WITH sent AS (
        SELECT s.*, m.wet, m.gemeente, m.dagtekening FROM stops s JOIN messages m USING (message_id)
        WHERE m.link NOT IN (FROM rejected) AND NOT EXISTS (
            FROM rejected_records r WHERE r.link = m.link AND r.toewijzing_nummer = s.toewijzing_nummer
                AND r.categorie = s.categorie AND r.code = s.code AND r.begindatum = s.begindatum
                AND r.status_aanlevering = s.status_aanlevering AND r.reden_beeindiging = s.reden_beeindiging
                AND r.einddatum = s.einddatum)
    ), taken AS (
        SELECT wet, gemeente, client, toewijzing_nummer, categorie, code, begindatum, reden_beeindiging, einddatum,
            count(*) AS taken
        FROM sent WHERE status_aanlevering = '3' GROUP BY ALL
    ), ranked AS (
        SELECT *, row_number() OVER (PARTITION BY wet, gemeente, client, toewijzing_nummer, categorie, code, begindatum,
            reden_beeindiging, einddatum ORDER BY dagtekening, message_id) AS rank
        FROM sent WHERE status_aanlevering = '1'
    )
    SELECT a.row, s.wet, s.begindatum, s.einddatum, s.dagtekening, s.reden_beeindiging,
        coalesce(o.outcome, 'overig') AS outcome
    FROM ranked s
    LEFT JOIN taken t
        USING (wet, gemeente, client, toewijzing_nummer, categorie, code, begindatum, reden_beeindiging, einddatum)
    JOIN allocations a ON (a.wet, a.municipality, a.toewijzing_nummer, a.client)
        = (s.wet, s.gemeente, s.toewijzing_nummer, s.client)
    SEMI JOIN live_starts b ON (b.row, b.begindatum) = (a.row, s.begindatum)
    LEFT JOIN outcomes o ON (o.wet, o.code) = (s.wet, s.reden_beeindiging)
    WHERE rank = coalesce(taken, 0) + 1;

CREATE TABLE deliveries AS
    WITH best AS (
        SELECT * FROM live_stops WHERE einddatum <= $as_of AND outcome <> 'tijdelijk'
        QUALIFY row_number() OVER (
            PARTITION BY row, begindatum ORDER BY einddatum DESC, dagtekening DESC, reden_beeindiging DESC) = 1
    )
    SELECT s.row, s.begindatum AS begin, coalesce(b.einddatum, $open) AS "end", b.dagtekening AS stop_day,
        b.reden_beeindiging AS reason, b.outcome,
        row_number() OVER (PARTITION BY s.row ORDER BY s.begindatum) AS number, count(*) OVER (PARTITION BY s.row) AS many
    FROM (SELECT DISTINCT row, begindatum FROM live_starts WHERE begindatum <= $as_of) s
    LEFT JOIN best b USING (row, begindatum);
CREATE TABLE chained AS
    WITH RECURSIVE chain AS (
        SELECT row, number, 1 AS spell, "end" AS known_end FROM deliveries WHERE number = 1 AND many > 1
        UNION ALL
        SELECT d.row, d.number, c.spell + (c.known_end <= d.begin)::INTEGER,
            CASE WHEN c.known_end <= d.begin OR c.known_end = $open THEN d."end" WHEN d."end" = $open THEN c.known_end
                ELSE greatest(c.known_end, d."end") END
        FROM chain c JOIN deliveries d ON d.row = c.row AND d.number = c.number + 1
    )
    SELECT d.*, coalesce(c.spell, 1) AS spell FROM deliveries d LEFT JOIN chain c USING (row, number);
CREATE TABLE spells AS
    WITH whole AS (
        SELECT row, spell, min(begin) AS begin FROM chained GROUP BY ALL
    ), ends AS (
        SELECT * FROM chained WHERE "end" <> $open
        QUALIFY row_number() OVER (PARTITION BY row, spell ORDER BY "end" DESC, stop_day DESC, reason DESC) = 1
    )
    SELECT row_number() OVER (ORDER BY w.row, w.spell) AS id, w.begin, coalesce(e."end", $open) AS "end", e.stop_day,
        coalesce(e.reason, '') AS reason, coalesce(e.outcome, '') AS outcome, a.*,
        row_number() OVER (ORDER BY w.begin, a.toewijzing_nummer, a.municipality, w.row) AS by_begin,
        row_number() OVER (
            ORDER BY coalesce(e."end", $open), a.toewijzing_nummer, a.municipality, w.begin, w.row) AS by_end
    FROM whole w LEFT JOIN ends e USING (row, spell) JOIN allocations a USING (row);
CREATE TABLE herstel AS
    WITH marked AS (
        SELECT *, coalesce(begin - 1 > max("end") OVER (PARTITION BY client, wet ORDER BY by_begin
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), true) AS opens
        FROM spells WHERE kind = 'herstel'
    ), numbered AS (
        SELECT *, sum(opens::INTEGER) OVER (PARTITION BY client, wet ORDER BY by_begin ROWS UNBOUNDED PRECEDING) AS chain
        FROM marked
    )
    SELECT *, min(id) OVER (PARTITION BY client, wet, chain) AS trajectory FROM numbered;
CREATE TABLE trajectories AS
    SELECT * REPLACE (min(begin) OVER trajectory AS begin, max("end") OVER trajectory AS "end") FROM herstel
    WINDOW trajectory AS (PARTITION BY trajectory)
    QUALIFY row_number() OVER (PARTITION BY trajectory ORDER BY by_end DESC) = 1;

CREATE TABLE first_ever AS SELECT client, domain, min(begin) AS begin FROM spells GROUP BY ALL;

CREATE TABLE sent_lines AS
    SELECT p.* RENAME (rowid AS line), m.wet, m.gemeente AS municipality, m.aanbieder AS provider,
        m.dagtekening AS claim_day, m.link, p.debet_credit = 'D' AS debit,
        CASE WHEN p.debet_credit = 'D' THEN p.bedrag ELSE -p.bedrag END AS ingediend,
        a.answer, a.soort AS answer_type, coalesce(a.whole, false) AS whole
    FROM (SELECT rowid, * FROM prestaties) p JOIN messages m USING (message_id) LEFT JOIN answers a USING (link);
CREATE TABLE granted_lines AS
    WITH listed AS (
        SELECT message_id AS answer, referentie_nummer,
            CASE toegekend_debet_credit WHEN 'C' THEN -1 ELSE 1 END
                * CASE toegekend_bedrag WHEN $no_number THEN 0 ELSE toegekend_bedrag END AS own,
            len(list_filter(string_split(retourcodes || ' ' || retourcodes_client, ' '),
                lambda code: code NOT IN ('', '0200', '8001'))) = 0 AS clean
        FROM antwoord_regels
        QUALIFY row_number() OVER (PARTITION BY message_id, referentie_nummer ORDER BY regel) = 1
    )
    SELECT l.*, CASE WHEN l.answer IS NULL THEN 0 WHEN g.answer IS NULL THEN l.ingediend
        WHEN l.answer_type <> '325' THEN g.own WHEN g.clean THEN l.ingediend ELSE 0 END AS toegekend
    FROM sent_lines l LEFT JOIN listed g USING (answer, referentie_nummer) WHERE NOT l.whole;
CREATE TABLE lines AS
    WITH debits AS (
        SELECT wet, provider, referentie_nummer, sum(toegekend) AS room FROM granted_lines WHERE debit GROUP BY ALL
    ), known AS (
        FROM debits UNION ALL
        SELECT DISTINCT wet, provider, referentie_nummer, 0 FROM sent_lines WHERE whole
            AND (wet, provider, referentie_nummer) NOT IN (SELECT (wet, provider, referentie_nummer) FROM debits)
    ), asked AS (
        SELECT c.line, -c.toegekend AS asked, k.room, sum(-c.toegekend) OVER (
            PARTITION BY c.wet, c.provider, c.vorig_referentie_nummer
            ORDER BY c.claim_day, c.referentie_nummer, c.line ROWS UNBOUNDED PRECEDING) + c.toegekend AS before
        FROM granted_lines c JOIN known k ON (k.wet, k.provider, k.referentie_nummer)
            = (c.wet, c.provider, c.vorig_referentie_nummer)
        WHERE NOT c.debit AND c.toegekend <> 0
    ), capped AS (
        SELECT g.* REPLACE (CASE WHEN q.line IS NULL THEN g.toegekend
            ELSE -least(q.asked, greatest(q.room - q.before, 0)) END::BIGINT AS toegekend)
        FROM granted_lines g LEFT JOIN asked q USING (line)
    )
    SELECT l.* EXCLUDE (categorie, code, answer_type, whole), l.answer IS NOT NULL AS answered,
        l.answer IS NOT NULL AND l.toegekend = 0 AND l.ingediend <> 0 AS refused, a.row,
        l.wet || ':' || l.categorie || ':' || l.code AS product,
        coalesce(nullif(c.domain, ''), 'onbekend') AS domain,
        coalesce(nullif(c.delivery_form, ''), 'onbekend') AS delivery_form, coalesce(a.referrer, 'onbekend') AS referrer
    FROM capped l
    LEFT JOIN allocations a ON (a.wet, a.municipality, a.toewijzing_nummer, a.client)
        = (l.wet, l.municipality, l.toewijzing_nummer, l.client)
    LEFT JOIN pieces c ON (c.wet, c.categorie, c.code) = (l.wet, l.categorie, l.code)
        AND l.begindatum BETWEEN c.first AND c.last;
