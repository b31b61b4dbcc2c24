-- Whether the database accepts writes. /readyz asks, because a database with a full disk or in read-only mode still
-- answers every query.

-- Updates one row, which needs a commit that reaches the disk, and makes a table grow, which needs space on it. Answers
-- when; raises the error of the database when it cannot write.
create function private.probe_write() returns timestamptz
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_at timestamptz := clock_timestamp();
begin
	insert into private.write_probes (filler) values (convert_to(repeat('0', 65536), 'UTF8'));
	delete from private.write_probes;
	update private.last_write_probe set probed_at = v_at;
	return v_at;
end
$$;
grant execute on function private.probe_write() to app_server;
