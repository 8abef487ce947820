-- Begins a new part of the ledger, on PostgreSQL; once a month keeps each part small.
--
--     psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -f deploy/ledger-part.sql
--
-- The ledger is cut by its own numbers, which grow with time: so the key stays the number
-- alone, and the chain knows nothing of it. The first time, the table becomes the first part.
-- Writers wait while it runs: the first time as long as reading the table takes, later a
-- moment. What is old can then lie on slower disks (ALTER TABLE ... SET TABLESPACE).
BEGIN;
SET LOCAL lock_timeout = '10s';
LOCK TABLE ledger_entry IN ACCESS EXCLUSIVE MODE;

DO $$
DECLARE
    tip bigint := (SELECT coalesce(max(seq), 0) + 1 FROM ledger_entry);
    parts integer;
    part text;
    first bigint;
    defined text[];
    one text;
BEGIN
    SELECT count(*) INTO parts FROM pg_inherits WHERE inhparent = 'ledger_entry'::regclass;
    IF parts = 0 THEN
        -- Its indexes keep their names, as later releases call them so.
        defined := ARRAY(SELECT pg_get_indexdef(indexrelid) FROM pg_index
                         WHERE indrelid = 'ledger_entry'::regclass AND NOT indisprimary);
        FOR one IN SELECT relname FROM pg_index JOIN pg_class ON oid = indexrelid
                   WHERE indrelid = 'ledger_entry'::regclass LOOP
            EXECUTE format('ALTER INDEX %I RENAME TO %I', one, one || '_1');
        END LOOP;
        ALTER TABLE ledger_entry RENAME TO ledger_entry_1;
        CREATE TABLE ledger_entry (LIKE ledger_entry_1 INCLUDING DEFAULTS INCLUDING CONSTRAINTS)
            PARTITION BY RANGE (seq);
        ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_pkey PRIMARY KEY (seq);
        FOREACH one IN ARRAY defined LOOP
            EXECUTE one;
        END LOOP;
        CREATE TRIGGER ledger_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
            FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
        ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_guard;
        parts := 1;
        part := 'ledger_entry_1';
        EXECUTE format('ALTER TABLE ledger_entry ATTACH PARTITION %I'
                       ' FOR VALUES FROM (MINVALUE) TO (%s)', part, tip);
    ELSE
        part := 'ledger_entry_' || parts;
        EXECUTE format('SELECT coalesce(min(seq), 0) FROM %I', part) INTO first;
        IF first = 0 THEN
            RETURN;  -- nothing was written since the last part began
        END IF;
        EXECUTE format('ALTER TABLE ledger_entry DETACH PARTITION %I', part);
        EXECUTE format('ALTER TABLE ledger_entry ATTACH PARTITION %I'
                       ' FOR VALUES FROM (%s) TO (%s)', part, first, tip);
    END IF;
    part := 'ledger_entry_' || parts + 1;
    EXECUTE format('CREATE TABLE %I PARTITION OF ledger_entry'
                   ' FOR VALUES FROM (%s) TO (MAXVALUE)', part, tip);
    -- A part can be written past the table that holds it, so each refuses by itself.
    EXECUTE format('CREATE TRIGGER ledger_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON %I'
                   ' FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()', part);
    EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER ledger_guard', part);
END $$;
COMMIT;
