-- A run of a backup keeps a digest of where it went, so that an empty folder in the place of a disk is noticed.

alter table private.backup_runs add column place text check (place ~ '^[0-9a-f]{16}$');
