-- Of several processes that claim the backup of a night at once, two could get it.

create or replace function private.claim_backup(p_now timestamptz) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_settings private.backup_settings;
	v_due timestamptz;
	v_night date;
	v_attempts integer;
	v_id uuid;
begin
	select * into v_settings from private.backup_settings for no key update;
	if v_settings.is_nightly is not true then return null; end if;
	perform private.clean_backup_runs(p_now);
	v_due := private.last_backup_due(v_settings.nightly_at, p_now);
	v_night := (v_due at time zone 'UTC')::date;
	if v_due < v_settings.nightly_since
		or exists (
			select from private.backup_runs as r
			where r.outcome = 'running' or r.outcome = 'good' and r.begun_at >= v_due
				or r.night = v_night and r.ended_at > p_now - interval '30 minutes')
	then
		return null;
	end if;
	select count(*) into v_attempts from private.backup_runs as r where r.night = v_night;
	if v_attempts >= 3 then return null; end if;
	insert into private.backup_runs (night, attempt, begun_at) values (v_night, v_attempts + 1, p_now)
		on conflict (night, attempt) do nothing
		returning id into v_id;
	return v_id;
end
$$;
