-- Clients of the Jeugdwet in care per referrer group over all of them, for one scope without referrers.
INSERT INTO figures
    WITH youth AS (
        SELECT '' AS detail, * FROM spells WHERE wet = 'jeugdwet'
        UNION ALL SELECT referrer AS detail, * FROM spells WHERE wet = 'jeugdwet'
    ), marked AS (
        SELECT $columns detail, client, begin, "end", by_begin, coalesce(begin - 1 > max("end") OVER (
            PARTITION BY $columns detail, client ORDER BY by_begin
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), true)::INTEGER AS opens
        FROM youth
    ), numbered AS (
        SELECT *, sum(opens) OVER (PARTITION BY $columns detail, client ORDER BY by_begin ROWS UNBOUNDED PRECEDING)
            AS number FROM marked
    ), merged AS (
        SELECT $columns detail, min(begin) AS begin, max("end") AS "end" FROM numbered
        GROUP BY $columns detail, client, number
    ), counted AS (
        SELECT $columns detail, label, count(*) AS number
        FROM merged JOIN periods ON begin <= until AND "end" > until WHERE begun GROUP BY $columns detail, label
    ), told AS (
        SELECT *, sum(number) FILTER (detail = '') OVER (PARTITION BY $columns label) AS whole FROM counted
    )
    SELECT 'verwijzers', label, $place, detail, number, whole, NULL FROM told WHERE detail <> '';
