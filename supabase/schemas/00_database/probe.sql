-- Whether the database takes writes, asked by /readyz: a full disk or a read-only database still answers every
-- question.

insert into private.heartbeat default values;

-- Holds nothing: its rows are removed by the statement that writes them. Unlogged, so that it costs no more than the
-- disk.
create unlogged table private.write_probes (filler bytea not null);
alter table private.write_probes alter column filler set storage external;

-- Writes one row over, which needs a commit that reaches the disk, and has a table grow, which needs space on it.
-- Raises what the database raises when it cannot.
create function private.probe_write() returns timestamptz
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_at timestamptz := clock_timestamp();
begin
	insert into private.write_probes (filler) values (convert_to(repeat('0', 65536), 'UTF8'));
	delete from private.write_probes;
	update private.heartbeat set beat_at = v_at;
	return v_at;
end
$$;
grant execute on function private.probe_write() to app_server;
