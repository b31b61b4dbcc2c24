-- Fees of an earlier edition are copied at their new dates, so that early and late ones never overlap on the way.

-- Copies the chosen parts of an edition to a new one. Never copied: registrations, sessions, contacts, devices at the
-- door, safeguarding, bank details, letterheads with a signatory's name, and what was sent.
create or replace function private.copy_edition_parts(p_from public.summits, p_to public.summits, p_parts text[]) returns void
language plpgsql volatile set search_path = '' as $$
declare
	v_table regclass;
	v_tables jsonb := jsonb_build_object(
		'rooms', array['public.rooms'],
		'programme', array['public.tracks', 'public.formats', 'public.check_settings', 'public.check_limits',
			'private.participation_defaults', 'private.schedule_settings', 'private.speaker_settings',
			'private.file_settings', 'private.review_criteria'],
		'seats', array['public.mode_capacities', 'public.allocation_policies', 'public.seat_ceilings', 'public.pools',
			'public.accreditation_settings', 'public.figure_settings'],
		'fees', array['public.vat_rates'],
		'forms', array['public.consent_items'],
		'wordings', array['public.mail_settings']);
begin
	for v_table in
		select t.name::regclass
		from jsonb_each(v_tables) as part, jsonb_array_elements_text(part.value) as t (name)
		where part.key = any (p_parts)
	loop
		-- Rates of tax that ended are those of what the earlier edition charged.
		perform private.copy_summit_rows(
			v_table, p_from.id, p_to.id,
			case v_table when 'public.vat_rates'::regclass then 't.ended_at is null' else 'true' end
		);
	end loop;
	if 'rooms' = any (p_parts) then perform private.copy_room_facts(p_from.id, p_to.id); end if;
	if 'programme' = any (p_parts) then
		perform private.copy_summit_rows('public.summit_texts', p_from.id, p_to.id, 't.kind = ''debrief''');
		perform private.copy_summit_rows('private.call_questions', p_from.id, p_to.id, 't.retired_at is null');
		perform private.copy_call(p_from, p_to);
	end if;
	if 'forms' = any (p_parts) then
		perform private.copy_summit_rows('public.logistics_fields', p_from.id, p_to.id, 't.retired_at is null');
	end if;
	if 'fees' = any (p_parts) then
		-- At their new dates at once, because fees never overlap. Without those that would never apply.
		insert into public.fees (summit_id, mode, category, sector, amount, currency, valid_from, valid_until)
		select p_to.id, f.mode, f.category, f.sector, f.amount, f.currency, w.valid_from, w.valid_until
		from public.fees as f
		cross join lateral (
			select private.shift_deadline(f.valid_from, p_from, p_to) as valid_from,
				private.shift_deadline(f.valid_until, p_from, p_to) as valid_until
		) as w
		where f.summit_id = p_from.id
			and coalesce(w.valid_from < least(w.valid_until, private.summit_end(p_to)), true);
		-- Of the settings about money only whether nobody pays.
		insert into public.money_settings (summit_id, has_no_fees)
		select p_to.id, true from public.money_settings as o where o.summit_id = p_from.id and o.has_no_fees;
	end if;
	if 'surveys' = any (p_parts) then perform private.copy_surveys(p_from, p_to); end if;
	if 'wordings' = any (p_parts) then perform private.copy_mail_texts(p_from.id, p_to.id); end if;
	if 'pages' = any (p_parts) then perform private.copy_pages(p_from.id, p_to.id); end if;
	if 'checkpoints' = any (p_parts) then perform private.copy_checkpoints(p_from, p_to); end if;
	if 'members' = any (p_parts) then perform private.copy_members(p_from.id, p_to.id); end if;
	if 'roles' = any (p_parts) then perform private.copy_roles(p_from.id, p_to.id); end if;
	perform private.shift_copied_deadlines(p_from, p_to);
end
$$;

-- Moves the deadlines that have tables of their own.
create or replace function private.shift_copied_deadlines(p_from public.summits, p_to public.summits) returns void
language plpgsql volatile set search_path = '' as $$
begin
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

