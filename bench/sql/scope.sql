-- What counts distinct clients or looks at all cases of a cell at once: for one scope, whose columns are $columns.
CREATE OR REPLACE TABLE care AS
    WITH marked AS (
        SELECT $columns client, begin, "end", id, domain AS own_domain, by_begin, by_end,
            coalesce(begin - 1 > max("end") OVER (PARTITION BY $columns client ORDER BY by_begin
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), true)::INTEGER AS opens
        FROM spells
    ), numbered AS (
        SELECT *, sum(opens) OVER (PARTITION BY $columns client ORDER BY by_begin ROWS UNBOUNDED PRECEDING) AS number
        FROM marked
    )
    SELECT $columns client, min(begin) AS begin, max("end") AS "end", arg_min(own_domain, by_begin) AS first_domain,
        arg_max(id, by_end) AS final FROM numbered GROUP BY $columns client, number;
INSERT INTO figures
    SELECT 'clienten_in_zorg', label, $place, '', count(*), NULL, NULL
    FROM care JOIN periods ON begin <= until AND "end" > until WHERE begun GROUP BY $columns label;
INSERT INTO figures
    WITH new AS (
        SELECT $prefixed label, count(*) AS number, count(*) FILTER (f.begin >= c.begin) AS fresh
        FROM care c JOIN first_ever f ON f.client = c.client AND f.domain = c.first_domain
        JOIN periods ON c.begin BETWEEN first AND last WHERE begun GROUP BY $prefixed label
    ), told AS (
        SELECT 'instroom' AS measure, number, * EXCLUDE (number, fresh) FROM new
        UNION ALL SELECT 'instroom_nieuw', fresh, * EXCLUDE (number, fresh) FROM new
        UNION ALL SELECT 'instroom_herindicatie', number - fresh, * EXCLUDE (number, fresh) FROM new
    )
    SELECT measure, label, $place, '', number, NULL, NULL FROM told WHERE number > 0;
INSERT INTO figures
    SELECT 'uitstroom', label, $place, '', count(*), NULL, NULL
    FROM care JOIN periods ON "end" BETWEEN first AND last WHERE begun AND "end" <> $open GROUP BY $columns label;
INSERT INTO figures
    WITH cases AS (
        SELECT $columns label, days FROM durations JOIN periods ON day BETWEEN first AND last WHERE begun
    ), cells AS (
        SELECT $columns label, count(*) AS n, quantile_cont(days, [0.25, 0.5, 0.75, 0.9]) AS q FROM cases
        GROUP BY $columns label
    ), beyond AS (
        SELECT $columns label, count(*) FILTER (days > q[3] + 1.5 * (q[3] - q[1])) AS number
        FROM cases JOIN cells USING ($columns label) GROUP BY $columns label
    ), told AS (
        SELECT 'duur_mediaan' AS measure, NULL::BIGINT AS numerator, q[2] AS value, * EXCLUDE (q) FROM cells
        UNION ALL SELECT 'duur_p90', NULL, q[4], * EXCLUDE (q) FROM cells
        UNION ALL SELECT 'duur_uitschieters', number, NULL, * EXCLUDE (q, number)
            FROM cells JOIN beyond USING ($columns label)
    )
    SELECT measure, label, $place, '', numerator, n, value FROM told;
