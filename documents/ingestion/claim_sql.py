"""The statement that claims documents: the one whose turn it is, and small ones beside it."""

TAKE = """
WITH RECURSIVE users AS (
    SELECT min(coalesce(uploaded_by_id, 0)) AS who FROM documents_document
    WHERE %(in_turn)s AND state = 'queued' AND deleted_at IS NULL AND attempts = 0
    UNION ALL
    SELECT (
        SELECT min(coalesce(uploaded_by_id, 0)) FROM documents_document
        WHERE state = 'queued' AND deleted_at IS NULL AND attempts = 0
        AND coalesce(uploaded_by_id, 0) > users.who
    ) FROM users WHERE who IS NOT NULL
), busy AS (
    SELECT coalesce(uploaded_by_id, 0) AS who, count(*) AS documents FROM documents_document
    WHERE state IN ('extracting', 'embedding') GROUP BY 1
), line AS (
    SELECT near.id, who FROM users CROSS JOIN LATERAL (
        SELECT id FROM documents_document
        WHERE state = 'queued' AND deleted_at IS NULL AND attempts = 0 AND size <= %(quick)s
        AND coalesce(uploaded_by_id, 0) = users.who
        ORDER BY queued_at LIMIT %(few)s
    ) near
), turn AS (
    SELECT d.id FROM documents_document d JOIN line USING (id) LEFT JOIN busy USING (who)
    WHERE d.state = 'queued' AND d.deleted_at IS NULL
    ORDER BY coalesce(documents, 0), d.queued_at, d.id
    LIMIT 1 FOR UPDATE OF d SKIP LOCKED
), asked AS (
    UPDATE documents_document
    SET lease_id = %(lease_id)s, state = 'extracting', lease_until = %(until)s
    WHERE id = coalesce((SELECT id FROM turn), %(id)s) AND state = 'queued' AND deleted_at IS NULL
    RETURNING id, size, attempts, uploaded_by_id
), waiting AS (
    SELECT id, size, queued_at FROM documents_document
    WHERE EXISTS (SELECT FROM asked WHERE attempts = 0 AND size <= %(small)s)
    AND state = 'queued' AND deleted_at IS NULL AND attempts = 0 AND size <= %(small)s
    AND id NOT IN (SELECT id FROM asked)
    AND coalesce(uploaded_by_id, 0) = (SELECT coalesce(uploaded_by_id, 0) FROM asked)
    ORDER BY queued_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED
), near AS (SELECT id, sum(size) OVER (ORDER BY queued_at, id) AS bytes FROM waiting), taken AS (
    UPDATE documents_document d
    SET lease_id = %(lease_id)s, state = 'extracting', lease_until = %(until)s
    FROM near WHERE d.id = near.id AND near.bytes <= %(together)s RETURNING d.id
)
SELECT id FROM asked UNION ALL SELECT id FROM taken
"""
