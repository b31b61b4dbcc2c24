-- Tables that belong to no noun: the names of time zones, and what the write probe of /readyz writes.

-- The names of the time zones that a person or a Summit may choose: those that JavaScript knows too. A table, because
-- pg_timezone_names reads the file system at each query.
create table private.time_zones (name text primary key);
alter table private.time_zones enable row level security;
insert into private.time_zones
	select name from pg_catalog.pg_timezone_names
	where name ~ '^[A-Z]' and name !~ '^(posix|right)/' and name <> 'Factory'
	on conflict do nothing;

-- One row: when the last write probe reached the disk.
create table private.last_write_probe (
	id boolean primary key default true check (id),
	probed_at timestamptz not null default now()
);
alter table private.last_write_probe enable row level security;
insert into private.last_write_probe default values;

-- Always empty: the statement that writes a row also removes it. Unlogged, so that a probe costs only the disk write.
create unlogged table private.write_probes (filler bytea not null);
alter table private.write_probes enable row level security;
alter table private.write_probes alter column filler set storage external;
