-- What adds up: one row per case of each indicator, added per month before it is added per scope and period.
CREATE TABLE mutations AS
    SELECT s.id, s.trajectory, p.id AS of FROM herstel s JOIN herstel p ON p.client = s.client AND p.wet = s.wet
        AND s.begin - p."end" BETWEEN 0 AND 1 AND p.id <> s.id AND p."end" <> $open AND p.by_begin < s.by_begin
    QUALIFY row_number() OVER (PARTITION BY s.id ORDER BY p.by_end DESC) = 1;
CREATE TABLE followed AS SELECT of, count(*) AS mutations FROM mutations GROUP BY ALL;
CREATE TABLE ended_trajectories AS
    WITH inside AS (SELECT trajectory, count(*) AS mutations FROM mutations GROUP BY ALL)
    SELECT t.*, coalesce(mutations, 0) AS mutations FROM trajectories t LEFT JOIN inside USING (trajectory)
    WHERE "end" <> $open;
CREATE TABLE relapses AS
    SELECT t.id, min(s.begin) AS begin, to_day(to_date(t."end") + INTERVAL 4 MONTH) AS four,
        to_day(to_date(t."end") + INTERVAL 8 MONTH) AS eight
    FROM ended_trajectories t
    LEFT JOIN herstel s ON (s.client, s.wet) = (t.client, t.wet) AND s.begin > t."end" + 1
    WHERE t.outcome IN ('succes', 'uitval') GROUP BY t.id, t."end";
CREATE TABLE bands AS
    SELECT id, '0_4' AS band, four <= $as_of AS ripe, begin <= four AS inside FROM relapses UNION ALL
    SELECT id, '4_8', eight <= $as_of, begin > four AND begin <= eight FROM relapses UNION ALL
    SELECT id, '8_plus', eight <= $as_of, begin > eight FROM relapses;

CREATE TABLE expected AS
    WITH timed AS (
        SELECT *, CASE einddatum WHEN $open THEN to_day(date_trunc('year', to_date($as_of)) + INTERVAL 1 YEAR) - 1
            ELSE einddatum END AS last FROM allocations
    ), spans AS (
        SELECT *, to_day(date_trunc('month', to_date(ingangsdatum))) AS m1,
            to_day(date_trunc('month', to_date(ingangsdatum)) + INTERVAL 1 MONTH) AS m2,
            to_day(date_trunc('month', to_date(last))) AS n1,
            to_day(date_trunc('month', to_date(last)) + INTERVAL 1 MONTH) AS n2,
            date_diff('month', to_date(ingangsdatum), to_date(last)) AS months,
            to_day(date_trunc('year', to_date(ingangsdatum))) AS y1,
            to_day(date_trunc('year', to_date(ingangsdatum)) + INTERVAL 1 YEAR) AS y2,
            to_day(date_trunc('year', to_date(last))) AS z1,
            to_day(date_trunc('year', to_date(last)) + INTERVAL 1 YEAR) AS z2,
            date_diff('year', to_date(ingangsdatum), to_date(last)) AS years
        FROM timed WHERE last >= ingangsdatum
    ), rated AS (
        SELECT row, volume::HUGEINT * rate * times AS top, per::HUGEINT * parts AS bottom FROM (
            SELECT row, volume,
                CASE WHEN eenheid = '83' THEN 1 WHEN tariff = $no_number THEN NULL WHEN eenheid = unit THEN tariff
                    WHEN own.minutes > 0 AND priced.minutes > 0 THEN tariff::HUGEINT * own.minutes END AS rate,
                CASE WHEN eenheid = '83' OR eenheid = unit THEN 1 ELSE coalesce(priced.minutes, 1) END AS per,
                CASE frequentie WHEN '1' THEN last - ingangsdatum + 1 WHEN '2' THEN last - ingangsdatum + 1
                    WHEN '3' THEN last - ingangsdatum + 1 WHEN '6' THEN 1
                    WHEN '4' THEN (months + 1) * 377580 - (ingangsdatum - m1) * (377580 // (m2 - m1))
                        - (n2 - 1 - last) * (377580 // (n2 - n1))
                    WHEN '5' THEN (years + 1) * 133590 - (ingangsdatum - y1) * (133590 // (y2 - y1))
                        - (z2 - 1 - last) * (133590 // (z2 - z1)) END AS times,
                CASE frequentie WHEN '2' THEN 7 WHEN '3' THEN 28 WHEN '4' THEN 377580 WHEN '5' THEN 133590
                    ELSE 1 END AS parts
            FROM spans LEFT JOIN minutes own ON own.unit_code = eenheid
            LEFT JOIN minutes priced ON priced.unit_code = unit WHERE volume <> $no_number)
        WHERE rate IS NOT NULL AND times IS NOT NULL
    )
    SELECT t.*, CASE WHEN budget NOT IN (0, $no_number) THEN budget
        WHEN kind = 'herstel' AND arrangement_price NOT IN (0, $no_number) THEN arrangement_price
        WHEN (2 * top + bottom) // (2 * bottom) <= 100000000000 THEN ((2 * top + bottom) // (2 * bottom))::BIGINT
        END AS total
    FROM timed t LEFT JOIN rated USING (row);
CREATE TABLE expected_months AS
    WITH spread AS (
        SELECT row, ingangsdatum, last, total, last - ingangsdatum + 1 AS days, domain, municipality, provider, product,
            referrer, delivery_form,
            unnest(generate_series(date_trunc('month', to_date(ingangsdatum)), to_date(last), INTERVAL 1 MONTH)) AS month
        FROM expected WHERE total IS NOT NULL AND last >= ingangsdatum
    ), parts AS (
        SELECT *, to_day(month) AS day, to_day(month + INTERVAL 1 MONTH) - 1 AS month_end,
            (2 * total * (least(month_end, last) - greatest(day, ingangsdatum) + 1) + days) // (2 * days) AS part
        FROM spread
    )
    SELECT domain, municipality, provider, product, referrer, delivery_form, day, CASE WHEN month_end < last THEN part
        ELSE total - coalesce(sum(part) FILTER (month_end < last) OVER (PARTITION BY row), 0) END::BIGINT AS amount
    FROM parts;

CREATE TABLE first_lines AS
    WITH cancelled AS (
        SELECT DISTINCT wet, provider, vorig_referentie_nummer AS referentie_nummer FROM lines
        WHERE NOT debit AND NOT refused AND vorig_referentie_nummer <> '' AND toewijzing_nummer <> $no_number
    ), standing AS (
        SELECT * FROM lines l ANTI JOIN cancelled c USING (wet, provider, referentie_nummer)
        WHERE debit AND NOT refused AND row IS NOT NULL
    )
    SELECT row, begindatum, ingediend FROM standing QUALIFY row_number() OVER (
        PARTITION BY row ORDER BY begindatum, claim_day, referentie_nummer, message_id, regel) = 1;
CREATE TABLE first_claims AS
    WITH final AS (SELECT * FROM spells QUALIFY row_number() OVER (PARTITION BY row ORDER BY by_end DESC) = 1)
    SELECT e.*, f.begindatum AS day, f.ingediend * 100 > e.total * 70 AS high,
        coalesce(s."end" <> $open AND s.outcome = 'uitval', false) AS dropped
    FROM expected e JOIN first_lines f USING (row) LEFT JOIN final s USING (row)
    WHERE e.kind = 'herstel' AND e.total > 0;
CREATE TABLE durations AS
    SELECT "end" - begin + 1 AS days, "end" AS day, domain, municipality, provider, product, referrer, delivery_form
    FROM (FROM trajectories UNION ALL BY NAME FROM spells
        WHERE kind = 'duurzaam' AND domain IN ('beschermd-wonen', 'thuisplus')) WHERE "end" <> $open;

CREATE TABLE cells AS
    WITH cases AS (
        SELECT 'mutaties_pct' AS measure, '' AS detail, "end" AS day, (f.of IS NOT NULL)::BIGINT AS numerator,
            1 AS denominator, domain, municipality, provider, product, referrer, delivery_form
        FROM herstel h LEFT JOIN followed f ON f.of = h.id WHERE "end" <> $open
        UNION ALL SELECT 'mutaties_aantal', '', "end", mutations, NULL, domain, municipality, provider, product, referrer,
            delivery_form FROM herstel h JOIN followed f ON f.of = h.id
        UNION ALL SELECT 'mutaties_per_traject', '', "end", mutations, 1, domain, municipality, provider, product,
            referrer, delivery_form FROM ended_trajectories
        UNION ALL SELECT 'recidive_' || outcome || '_' || band, CASE WHEN part THEN '' ELSE 'nog_niet_rijp' END, "end",
            (CASE WHEN part THEN coalesce(inside, false) ELSE NOT ripe END)::BIGINT, 1, domain, municipality, provider, product, referrer,
            delivery_form
            FROM ended_trajectories JOIN bands USING (id), (VALUES (true), (false)) parts (part) WHERE ripe OR NOT part
        UNION ALL SELECT 'startdeclaratie_hoog', '', day, high::BIGINT, 1, domain, municipality, provider, product,
            referrer, delivery_form FROM first_claims
        UNION ALL SELECT 'startdeclaratie_hoog_uitval', '', day, dropped::BIGINT, 1, domain, municipality, provider,
            product, referrer, delivery_form FROM first_claims WHERE high
        UNION ALL SELECT 'duur_gemiddeld', '', day, days, 1, domain, municipality, provider, product, referrer,
            delivery_form FROM durations
        UNION ALL SELECT 'uitval_pct', '', "end", (outcome = 'uitval')::BIGINT, 1, domain, municipality, provider, product,
            referrer, delivery_form FROM spells WHERE "end" <> $open
        UNION ALL SELECT 'herindicaties', '', begin, 1, NULL, domain, municipality, provider, product, referrer,
            delivery_form FROM (
                SELECT *, max("end") OVER (PARTITION BY client, domain ORDER BY begin
                    RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach FROM spells)
            WHERE reach >= begin - 1
        UNION ALL SELECT 'gefactureerd', '', begindatum, ingediend, NULL, domain, municipality, provider, product,
            referrer, delivery_form FROM lines
        UNION ALL SELECT 'toegekend', '', begindatum, toegekend, NULL, domain, municipality, provider, product, referrer,
            delivery_form FROM lines
        UNION ALL SELECT 'verwachte_kosten', '', day, amount, NULL, domain, municipality, provider, product, referrer,
            delivery_form FROM expected_months
        UNION ALL SELECT 'declaratiegraad', '', day, 0, amount, domain, municipality, provider, product, referrer,
            delivery_form FROM expected_months
        UNION ALL SELECT 'declaratiegraad', '', begindatum, ingediend, 0, domain, municipality, provider, product,
            referrer, delivery_form FROM lines
    )
    SELECT measure, detail, month_of(day) AS month, sum(numerator) AS numerator, sum(denominator) AS denominator, domain,
        municipality, provider, product, referrer, delivery_form
    FROM cases GROUP BY ALL;
CREATE TABLE parts AS
    SELECT 'mutaties_per_traject' AS measure, CASE WHEN mutations < 3 THEN mutations::VARCHAR ELSE '3+' END AS detail,
        month_of("end") AS month, count(*) AS number, domain, municipality, provider, product, referrer, delivery_form
    FROM ended_trajectories GROUP BY ALL
    UNION ALL SELECT 'uitval_code', wet || ':' || reason, month_of("end"), count(*), domain, municipality, provider,
        product, referrer, delivery_form
    FROM spells WHERE "end" <> $open GROUP BY ALL;

INSERT INTO figures
    SELECT measure, p.label, s.scope, coalesce(domain, ''), coalesce(municipality, ''), coalesce(provider, ''),
        coalesce(product, ''), coalesce(referrer, ''), coalesce(delivery_form, ''), detail, numerator, denominator, NULL
    FROM (
        SELECT measure, detail, label, begun, sum(numerator) AS numerator, sum(denominator) AS denominator,
            GROUPING(domain, municipality, provider, product, referrer, delivery_form) AS mask, domain, municipality,
            provider, product, referrer, delivery_form
        FROM cells JOIN periods ON month BETWEEN first AND last
        GROUP BY GROUPING SETS ($sets(measure, detail, label, begun))) p
    JOIN scopes s USING (mask)
    WHERE (begun OR measure = 'verwachte_kosten') AND CASE WHEN denominator IS NULL THEN numerator <> 0
        ELSE denominator > 0 AND (detail = '' OR numerator > 0) END;
INSERT INTO figures
    SELECT measure, p.label, s.scope, coalesce(domain, ''), coalesce(municipality, ''), coalesce(provider, ''),
        coalesce(product, ''), coalesce(referrer, ''), coalesce(delivery_form, ''), detail, number,
        sum(number) OVER (PARTITION BY measure, label, mask, domain, municipality, provider, product, referrer,
            delivery_form), NULL
    FROM (
        SELECT measure, detail, label, sum(number) AS number,
            GROUPING(domain, municipality, provider, product, referrer, delivery_form) AS mask, domain, municipality,
            provider, product, referrer, delivery_form
        FROM parts JOIN periods ON month BETWEEN first AND last WHERE begun
        GROUP BY GROUPING SETS ($sets(measure, detail, label))) p
    JOIN scopes s USING (mask);
