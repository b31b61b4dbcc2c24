-- Settings of a Summit for its speakers: deadlines, reminders, and how many questions one person may send before a
-- session.

-- The settings of a Summit, or the defaults where nobody has saved any.
create function private.speaker_settings_of(p_summit uuid) returns private.speaker_settings
language sql stable security definer set search_path = '' as $$
	select coalesce((select s from private.speaker_settings as s where s.summit_id = p_summit),
		row(p_summit, null, null, null, null, 14, 3, 3)::private.speaker_settings)
$$;

-- {profile_due_at, texts_due_at, availability_due_at, check_due_at}
create function private.speaker_deadlines(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('profile_due_at', private.iso(s.profile_due_at),
		'texts_due_at', private.iso(s.texts_due_at), 'availability_due_at', private.iso(s.availability_due_at),
		'check_due_at', private.iso(s.check_due_at))
	from private.speaker_settings_of(p_summit) as s
$$;

-- {the deadlines, first_reminder_days, last_reminder_days, questions_per_person} for programme organisers; null for
-- others.
create function public.read_speaker_settings(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.speaker_deadlines(summit)
		|| jsonb_build_object('first_reminder_days', s.first_reminder_days, 'last_reminder_days', s.last_reminder_days,
			'questions_per_person', s.questions_per_person)
	from private.speaker_settings_of(summit) as s
	where private.has_role(summit, 'programme')
$$;
grant execute on function public.read_speaker_settings(uuid) to authenticated;

-- Names of the deadlines of a Summit, as it would be saved, that are after its end.
create function private.deadlines_after_summit_end(s public.summits) returns text[]
language sql stable security definer set search_path = '' as $$
	select coalesce(array_agg(d.name order by d.name), '{}')
	from private.speaker_settings_of(s.id) as p,
		lateral (values ('registration_closes_at', s.registration_closes_at),
			('nominations_close_at', s.nominations_close_at), ('names_freeze_at', s.names_freeze_at),
			('logistics_due_at', s.logistics_due_at), ('refund_until', s.refund_until),
			('call_closes_at',
				(select greatest(c.closes_at,
						(select max(l.until)
							from private.late_links as l
							where l.summit_id = s.id and l.revoked_at is null and l.until > now()))
					from private.calls as c
					where c.summit_id = s.id)),
			('files_due_at', (select f.due_at from private.file_settings as f where f.summit_id = s.id)),
			('speakers_due_at',
				greatest(p.profile_due_at, p.texts_due_at, p.availability_due_at, p.check_due_at))) as d (name, at)
	where d.at > private.summit_end(s)
$$;

-- Saves the settings. Answers ok | not_allowed | invalid | late (a deadline is after the end of the Summit).
create function public.save_speaker_settings(summit uuid, settings jsonb) returns public.deadline_save_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'programme') then return 'not_allowed'; end if;
	if private.is_after_summit_end(summit, (settings ->> 'profile_due_at')::timestamptz,
		(settings ->> 'texts_due_at')::timestamptz, (settings ->> 'availability_due_at')::timestamptz,
		(settings ->> 'check_due_at')::timestamptz)
	then
		return 'late';
	end if;
	insert into private.speaker_settings (summit_id, profile_due_at, texts_due_at, availability_due_at, check_due_at,
		first_reminder_days, last_reminder_days, questions_per_person)
	values (summit, (settings ->> 'profile_due_at')::timestamptz, (settings ->> 'texts_due_at')::timestamptz,
		(settings ->> 'availability_due_at')::timestamptz, (settings ->> 'check_due_at')::timestamptz,
		(settings ->> 'first_reminder_days')::integer, (settings ->> 'last_reminder_days')::integer,
		(settings ->> 'questions_per_person')::integer)
	on conflict (summit_id) do update
	set profile_due_at = excluded.profile_due_at, texts_due_at = excluded.texts_due_at,
		availability_due_at = excluded.availability_due_at, check_due_at = excluded.check_due_at,
		first_reminder_days = excluded.first_reminder_days, last_reminder_days = excluded.last_reminder_days,
			questions_per_person = excluded.questions_per_person;
	perform private.publish_event('summit:' || summit, 'speaking');
	return 'ok';
exception when check_violation or not_null_violation or data_exception then return 'invalid';
end
$$;
grant execute on function public.save_speaker_settings(uuid, jsonb) to authenticated;
