-- What is counted anew per scope and period, in all scopes at once.
INSERT INTO figures
    SELECT measure, label, s.scope, coalesce(domain, ''), coalesce(municipality, ''), coalesce(provider, ''),
        coalesce(product, ''), coalesce(referrer, ''), coalesce(delivery_form, ''), '', numerator, denominator, NULL
    FROM (
        SELECT label, unnest(['mutaties_per_client', '']) AS measure, count(DISTINCT client) FILTER (hit) AS numerator,
            count(DISTINCT client) AS denominator,
            GROUPING(domain, municipality, provider, product, referrer, delivery_form) AS mask, domain, municipality,
            provider, product, referrer, delivery_form
        FROM (SELECT h.*, f.of IS NOT NULL AS hit FROM herstel h LEFT JOIN followed f ON f.of = h.id)
        JOIN periods ON "end" BETWEEN first AND last WHERE begun AND "end" <> $open
        GROUP BY GROUPING SETS ($sets(label))) JOIN scopes s USING (mask) WHERE measure <> '';
INSERT INTO figures
    WITH running AS (
        SELECT label, sum(weight) FILTER (weight <> $no_number) AS weight, count(*) FILTER (weight <> $no_number) AS known,
            sum(until - begin + 1) AS days, count(*) AS number,
            GROUPING(domain, municipality, provider, product, referrer, delivery_form) AS mask, domain, municipality,
            provider, product, referrer, delivery_form
        FROM spells JOIN periods ON begin <= until AND "end" > until WHERE begun GROUP BY GROUPING SETS ($sets(label))
    ), told AS (
        SELECT 'zwaarte_gemiddeld' AS measure, weight AS numerator, known AS denominator, * FROM running WHERE known > 0
        UNION ALL SELECT 'zwaarte_duur', days, number, * FROM running
    )
    SELECT measure, label, s.scope, coalesce(domain, ''), coalesce(municipality, ''), coalesce(provider, ''),
        coalesce(product, ''), coalesce(referrer, ''), coalesce(delivery_form, ''), '', numerator, denominator, NULL
    FROM told JOIN scopes s USING (mask);
INSERT INTO figures
    SELECT 'kosten_per_client', label, s.scope, coalesce(domain, ''), coalesce(municipality, ''), coalesce(provider, ''),
        coalesce(product, ''), coalesce(referrer, ''), coalesce(delivery_form, ''), '', amount, clients, NULL
    FROM (
        SELECT label, sum(toegekend) AS amount, count(DISTINCT client) AS clients,
            GROUPING(domain, municipality, provider, product, referrer, delivery_form) AS mask, domain, municipality,
            provider, product, referrer, delivery_form
        FROM lines JOIN periods ON begindatum BETWEEN first AND last WHERE begun AND kind = 'year'
        GROUP BY GROUPING SETS ($sets(label))) JOIN scopes s USING (mask);
INSERT INTO figures
    WITH placed AS (
        SELECT l.*, coalesce(h.trajectory, f.trajectory) AS trajectory
        FROM lines l
        ASOF LEFT JOIN herstel h ON h.row = l.row AND h.begin <= l.einddatum
        LEFT JOIN (SELECT row, arg_min(trajectory, begin) AS trajectory FROM herstel GROUP BY row) f ON f.row = l.row
    ), added AS (
        SELECT label, sum(toegekend) AS granted, sum(ingediend) AS claimed, count(DISTINCT trajectory) AS number,
            GROUPING(domain, municipality, provider, product, referrer, delivery_form) AS mask, domain, municipality,
            provider, product, referrer, delivery_form
        FROM placed JOIN periods ON begindatum BETWEEN first AND last
        WHERE begun AND kind = 'year' AND trajectory IS NOT NULL GROUP BY GROUPING SETS ($sets(label))
    ), told AS (
        SELECT '' AS detail, granted AS amount, * FROM added UNION ALL SELECT 'ingediend', claimed, * FROM added
    )
    SELECT 'kosten_per_traject', label, s.scope, coalesce(domain, ''), coalesce(municipality, ''), coalesce(provider, ''),
        coalesce(product, ''), coalesce(referrer, ''), coalesce(delivery_form, ''), detail, amount, number, NULL
    FROM told JOIN scopes s USING (mask);
INSERT INTO figures
    WITH final AS (
        SELECT s.*, to_day(to_date(s."end") + INTERVAL 12 MONTH) AS until
        FROM (
            WITH marked AS (
                SELECT *, coalesce(begin - 1 > max("end") OVER (PARTITION BY municipality, client ORDER BY by_begin
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), true)::INTEGER AS opens FROM spells
            ), numbered AS (
                SELECT *, sum(opens) OVER (PARTITION BY municipality, client ORDER BY by_begin ROWS UNBOUNDED PRECEDING)
                    AS number FROM marked
            )
            SELECT * FROM numbered
            QUALIFY row_number() OVER (PARTITION BY municipality, client, number ORDER BY by_end DESC) = 1
        ) s WHERE "end" <> $open AND reason IN ('31', '35')
    ), gone AS (
        SELECT f.id, n.municipality AS destination FROM final f JOIN spells n ON n.client = f.client
            AND n.municipality <> f.municipality AND n.begin BETWEEN f."end" AND f.until
        QUALIFY row_number() OVER (PARTITION BY f.id ORDER BY n.begin, n.toewijzing_nummer, n.municipality) = 1
    )
    SELECT 'uitstroom_verhuisd', label, 'municipality', '', municipality, '', '', '', '',
        coalesce(destination, 'onbekend') AS detail, count(*), NULL, NULL
    FROM final f LEFT JOIN gone USING (id) JOIN periods ON "end" BETWEEN first AND last
    WHERE begun AND ((wet = 'jeugdwet' AND reason = '35' AND (reden_wijziging = '07' OR destination IS NOT NULL))
        OR (wet = 'wmo' AND reason = '31'))
    GROUP BY ALL;
