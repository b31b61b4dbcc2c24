-- Planned while the tables are empty, in the morning, and kept for the day: what is found by an index then is found by it in the evening. So
-- are the functions that take what devices bring.
alter function private.scan_badge(uuid, uuid, bytea, jsonb) set enable_seqscan = off;
