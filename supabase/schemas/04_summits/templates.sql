-- Creating a Summit from an earlier edition: its settings, lists and texts are copied, and nothing of what happened
-- there.

-- A deadline of an earlier edition at a new one: as many days from the first day, at the same time on the clock of the
-- venue, and no later than the end.
create function private.shift_deadline(p_at timestamptz, p_from public.summits, p_to public.summits)
	returns timestamptz
language sql stable set search_path = '' as $$
	select case when p_at is not null then least(
		((p_at at time zone p_from.zone) + (p_to.starts_on - p_from.starts_on) * interval '1 day') at time zone p_to.zone,
		private.summit_end(p_to)) end
$$;

-- The settings that a new edition takes over from an earlier one, deadlines moved to its dates. The place is not among
-- them. `p_new` has the dates and the zone.
create function private.template_settings(p_from public.summits, p_new public.summits) returns jsonb
language plpgsql stable set search_path = '' as $$
declare
	v_opens timestamptz := private.shift_deadline(p_from.registration_opens_at, p_from, p_new);
	v_closes timestamptz := private.shift_deadline(p_from.registration_closes_at, p_from, p_new);
begin
	return jsonb_build_object(
		'summary', p_from.summary,
		'languages', p_from.languages,
		'currency', p_from.currency,
		'registration_opens_at', v_opens,
		-- A shorter edition may end before the old deadline.
		'registration_closes_at', case when v_opens is null or v_closes > v_opens then v_closes end,
		'nominations_close_at', private.shift_deadline(p_from.nominations_close_at, p_from, p_new),
		'names_freeze_at', private.shift_deadline(p_from.names_freeze_at, p_from, p_new),
		'logistics_due_at', private.shift_deadline(p_from.logistics_due_at, p_from, p_new),
		'refund_until', private.shift_deadline(p_from.refund_until, p_from, p_new),
		'refund_percent', p_from.refund_percent,
		'review_days', p_from.review_days,
		'payment_days', p_from.payment_days,
		'offer_hours', p_from.offer_hours);
end
$$;

-- Copies the rows that a table has for one Summit to another, in place of what is there; `p_only` is a condition on
-- them. The statements are dynamic because the table is an argument; only private.copy_summit_lists calls it.
create function private.copy_summit_rows(p_table regclass, p_from uuid, p_to uuid, p_only text default 'true')
	returns void
language plpgsql volatile set search_path = '' as $$
begin
	execute format('delete from %s where summit_id = $1', p_table) using p_to;
	execute format('insert into %1$s
		select (jsonb_populate_record(t, jsonb_build_object(''id'', gen_random_uuid(), ''summit_id'', $2))).*
		from %1$s as t
		where t.summit_id = $1 and %2$s', p_table, p_only) using p_from, p_to;
end
$$;

-- Copies the lists, texts and rules of an edition to a new one. Never copied: people, members, registrations, sessions,
-- contacts, doors, safeguarding, bank details, letterheads with a signatory's name, and what was sent.
create function private.copy_summit_lists(p_from public.summits, p_to public.summits) returns void
language plpgsql volatile set search_path = '' as $$
declare
	v_table regclass;
begin
	foreach v_table in array array[
		'public.rooms', 'public.tracks', 'public.formats', 'public.consent_items',
		'public.mode_capacities', 'public.allocation_policies', 'public.seat_ceilings', 'public.pools', 'public.fees',
		'public.accreditation_settings', 'public.figure_settings', 'public.mail_settings', 'public.check_settings',
		'public.check_limits', 'private.participation_defaults', 'private.schedule_settings',
		'private.speaker_settings', 'private.file_settings', 'private.review_criteria']::regclass[]
	loop
		perform private.copy_summit_rows(v_table, p_from.id, p_to.id);
	end loop;
	perform private.copy_summit_rows('public.summit_texts', p_from.id, p_to.id, 't.kind = ''debrief''');
	perform private.copy_summit_rows('public.logistics_fields', p_from.id, p_to.id, 't.retired_at is null');
	perform private.copy_summit_rows('private.call_questions', p_from.id, p_to.id, 't.retired_at is null');
	perform private.copy_room_facts(p_from.id, p_to.id);
	perform private.copy_mail_texts(p_from.id, p_to.id);
	perform private.copy_call(p_from, p_to);
	perform private.copy_pages(p_from.id, p_to.id);
	-- Of the settings about money only whether nobody pays.
	insert into public.money_settings (summit_id, has_no_fees)
	select p_to.id, true from public.money_settings as o where o.summit_id = p_from.id and o.has_no_fees;
	-- Deadlines that have tables of their own.
	update public.fees as f
	set valid_from = private.shift_deadline(f.valid_from, p_from, p_to),
		valid_until = private.shift_deadline(f.valid_until, p_from, p_to)
	where f.summit_id = p_to.id and coalesce(f.valid_from, f.valid_until) is not null;
	update private.speaker_settings as s
	set profile_due_at = private.shift_deadline(s.profile_due_at, p_from, p_to),
		texts_due_at = private.shift_deadline(s.texts_due_at, p_from, p_to),
		availability_due_at = private.shift_deadline(s.availability_due_at, p_from, p_to),
		check_due_at = private.shift_deadline(s.check_due_at, p_from, p_to)
	where s.summit_id = p_to.id;
	update private.file_settings as f
	set due_at = private.shift_deadline(f.due_at, p_from, p_to)
	where f.summit_id = p_to.id;
end
$$;

-- What rooms have, and the walking times between them; rooms of two editions are the same by their slug.
create function private.copy_room_facts(p_from uuid, p_to uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
	insert into public.room_equipment
	select (jsonb_populate_record(e, jsonb_build_object('room_id', new.id, 'summit_id', p_to))).*
	from public.room_equipment as e
	join public.rooms as old on old.id = e.room_id
	join public.rooms as new on new.summit_id = p_to and new.slug = old.slug
	where e.summit_id = p_from;
	insert into public.walking_times (summit_id, first_room_id, second_room_id, minutes)
	select p_to, least(one.id, other.id), greatest(one.id, other.id), w.minutes
	from public.walking_times as w
	join public.rooms as old_one on old_one.id = w.first_room_id
	join public.rooms as old_other on old_other.id = w.second_room_id
	join public.rooms as one on one.summit_id = p_to and one.slug = old_one.slug
	join public.rooms as other on other.summit_id = p_to and other.slug = old_other.slug
	where w.summit_id = p_from;
end
$$;

-- The newest wording of each mail that is not the default, as the first version.
create function private.copy_mail_texts(p_from uuid, p_to uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
	insert into public.mail_texts (summit_id, template, locale, version, subject, body, saved_by)
	select p_to, newest.template, newest.locale, 1, newest.subject, newest.body, private.actor()
	from (
		select distinct on (t.template, t.locale) t.*
		from public.mail_texts as t
		where t.summit_id = p_from
		order by t.template, t.locale, t.version desc) as newest
	where newest.body is not null;
end
$$;

-- The call for proposals with the formats and tracks of the new edition; none when it would close before it opens.
create function private.copy_call(p_from public.summits, p_to public.summits) returns void
language plpgsql volatile set search_path = '' as $$
begin
	insert into private.calls (
		summit_id, opens_at, closes_at, text, format_ids, track_ids, max_per_person, is_anonymous)
	select p_to.id, private.shift_deadline(c.opens_at, p_from, p_to), private.shift_deadline(c.closes_at, p_from, p_to),
		c.text,
		array(select new.id
			from public.formats as old
			join public.formats as new on new.summit_id = p_to.id and new.slug = old.slug
			where old.id = any (c.format_ids)),
		array(select new.id
			from public.tracks as old
			join public.tracks as new on new.summit_id = p_to.id and new.slug = old.slug
			where old.id = any (c.track_ids)),
		c.max_per_person, c.is_anonymous
	from private.calls as c
	where c.summit_id = p_from.id
		and private.shift_deadline(c.opens_at, p_from, p_to) < private.shift_deadline(c.closes_at, p_from, p_to);
end
$$;

-- Creates a Summit as a draft from an earlier edition, with the given settings before its own. For owners of all
-- Summits. Answers as `create_summit`: {status: ok | not_allowed | slug_taken | invalid, faults, slug}.
create function public.create_summit_from(template uuid, settings jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_from public.summits;
	v_new public.summits;
	v_faults text[] := private.invalid_summit_settings(settings);
	v_made jsonb;
begin
	if not private.has_role(null, 'owner') or not private.has_role(template, 'owner') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	select * into v_from from public.summits where id = template;
	if not found then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_faults <> '{}' then return jsonb_build_object('status', 'invalid', 'faults', v_faults); end if;
	begin
		v_new := jsonb_populate_record(v_from, settings);
	exception when data_exception or check_violation then
		return jsonb_build_object('status', 'invalid', 'faults', array['starts_on', 'ends_on']);
	end;
	v_made := public.create_summit(private.template_settings(v_from, v_new) || settings);
	if v_made ->> 'status' <> 'ok' then return v_made; end if;
	select * into v_new from public.summits where slug = settings ->> 'slug';
	perform private.copy_summit_lists(v_from, v_new);
	return v_made;
end
$$;
grant execute on function public.create_summit_from(uuid, jsonb) to authenticated;
