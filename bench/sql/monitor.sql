-- 16: rejections, lead times and end codes, in the scopes of the message monitor.
CREATE TABLE answered AS
    SELECT h.*, l.soort AS return_type, l.datum AS return_day,
        coalesce(a.whole OR h.link IN (SELECT link FROM lines WHERE answered AND toegekend < ingediend),
            v.whole OR h.link IN (SELECT link FROM rejected_records)) AS bad
    FROM messages h JOIN latest l ON l.link = h.link
    LEFT JOIN answers a ON a.link = h.link LEFT JOIN verdicts v ON v.link = h.link
    WHERE h.soort NOT IN ('302', '304', '306', '308', '316', '318', '320', '325');
CREATE TABLE leads AS
    WITH starts_told AS (
        SELECT s.begindatum, s.dagtekening, a.* FROM live_starts s JOIN allocations a USING (row)
    ), firsts AS (
        SELECT * FROM starts_told QUALIFY row_number() OVER (PARTITION BY row ORDER BY begindatum, dagtekening) = 1
    ), claims AS (
        SELECT row, claim_day FROM lines WHERE debit AND row IS NOT NULL
    ), pairs AS (
        SELECT 'doorlooptijd_315_301' AS measure, r.wet, r.gemeente AS municipality, r.aanbieder AS provider,
            r.dagtekening AS since, min(v.dagtekening) AS until, min(v.dagtekening) AS day
        FROM requests r JOIN versions v USING (wet, aanbieder, referentie_aanbieder)
        SEMI JOIN allocations a ON (a.wet, a.municipality, a.toewijzing_nummer)
            = (v.wet, v.gemeente, v.toewijzing_nummer)
        WHERE r.referentie_aanbieder <> ''
        GROUP BY r.message_id, r.regel, r.wet, r.gemeente, r.aanbieder, r.dagtekening
        UNION ALL SELECT 'doorlooptijd_301_305', wet, municipality, provider, first_301, dagtekening, dagtekening
            FROM firsts
        UNION ALL SELECT 'wachttijd_start', wet, municipality, provider, ingangsdatum, begindatum, dagtekening FROM firsts
        UNION ALL SELECT 'meldtijd_305', wet, municipality, provider, greatest(begindatum, first_301), dagtekening,
            dagtekening FROM starts_told
        UNION ALL SELECT 'meldtijd_307', a.wet, municipality, provider, s.einddatum, dagtekening, dagtekening
            FROM live_stops s JOIN allocations a USING (row)
        UNION ALL SELECT 'doorlooptijd_305_307', wet, municipality, provider, begin, "end", stop_day
            FROM spells WHERE "end" <> $open
        UNION ALL SELECT 'doorlooptijd_301_303', wet, municipality, provider, first_301, min(claim_day), min(claim_day)
            FROM allocations a JOIN claims USING (row) GROUP BY row, wet, municipality, provider, first_301
        UNION ALL SELECT 'doorlooptijd_307_303', wet, municipality, provider, stop_day, min(claim_day), min(claim_day)
            FROM spells s JOIN claims c ON c.row = s.row AND c.claim_day > s.stop_day WHERE "end" <> $open
            GROUP BY id, wet, municipality, provider, stop_day
        UNION ALL SELECT 'reactietijd_' || return_type, wet, gemeente, aanbieder, dagtekening, return_day, return_day
            FROM answered
    )
    SELECT p.measure, label, municipality, provider, n.days AS norm, n.measure IS NOT NULL AS normed,
        CASE WHEN p.until <= p.since THEN 0 WHEN starts_with(p.measure, 'doorlooptijd_30') OR p.measure = 'wachttijd_start'
            THEN p.until - p.since ELSE b.passed - a.passed END AS days
    FROM pairs p JOIN calendar a ON a.day = p.since JOIN calendar b ON b.day = p.until
    JOIN periods q ON p.day BETWEEN q.first AND q.last LEFT JOIN norms n ON (n.measure, n.wet) = (p.measure, p.wet)
    WHERE begun;
INSERT INTO figures
    WITH added AS (
        SELECT measure, label, sum(days) AS days, count(*) AS number, quantile_cont(days, 0.5) AS median,
            count(*) FILTER (days <= norm) AS within, bool_or(normed) AS normed,
            GROUPING(municipality, provider) AS mask, municipality, provider
        FROM leads GROUP BY GROUPING SETS ($monitored(measure, label))
    ), told AS (
        SELECT '' AS detail, days AS numerator, NULL::DOUBLE AS value, * FROM added
        UNION ALL SELECT 'mediaan', NULL, median, * FROM added
        UNION ALL SELECT 'binnen_norm', within, NULL, * FROM added WHERE normed
    )
    SELECT measure, label, s.scope, '', coalesce(municipality, ''), coalesce(provider, ''), '', '', '', detail, numerator,
        number, value FROM told JOIN monitor_scopes s USING (mask);
INSERT INTO figures
    SELECT 'bericht_uitval', label, s.scope, '', coalesce(gemeente, ''), coalesce(aanbieder, ''), '', '', '', detail,
        bad, number, NULL
    FROM (
        SELECT label, detail, count(*) FILTER (bad) AS bad, count(*) AS number, GROUPING(gemeente, aanbieder) AS mask,
            gemeente, aanbieder
        FROM (SELECT *, unnest(['', soort]) AS detail FROM answered)
        JOIN periods ON return_day BETWEEN first AND last WHERE begun
        GROUP BY GROUPING SETS ($answered(label, detail))) JOIN monitor_scopes s USING (mask);
INSERT INTO figures
    SELECT 'beeindigingscodes', label, s.scope, '', coalesce(municipality, ''), coalesce(provider, ''), '', '', '', detail,
        number, sum(number) OVER (PARTITION BY label, mask, municipality, provider), NULL
    FROM (
        SELECT label, s.wet || ':' || reden_beeindiging AS detail, count(*) AS number,
            GROUPING(municipality, provider) AS mask, municipality, provider
        FROM live_stops s JOIN allocations a USING (row) JOIN periods ON dagtekening BETWEEN first AND last WHERE begun
        GROUP BY GROUPING SETS ($monitored(label, s.wet || ':' || reden_beeindiging)))
    JOIN monitor_scopes s USING (mask);
