-- The texts of a Summit that the site shows become pages of their kind, each published as its first version. The rows from
-- before stay, and nothing reads them.

set check_function_bodies = off;

-- Nobody changed anything.
alter table private.pages disable trigger audit_record;
alter table private.page_versions disable trigger audit_record;
insert into private.pages (summit_id, kind, slug, place, position, blocks, published)
select t.summit_id, t.kind, replace(t.kind, '_', '-'),
	case when t.kind in ('privacy', 'accessibility') then 'none' when t.kind = 'code_of_conduct' then 'footer' else 'menu' end,
	coalesce((select max(p.position) from private.pages as p where p.summit_id = t.summit_id), 0)
		+ row_number() over (partition by t.summit_id order by array_position(array['about', 'attending_in_person',
			'attending_virtually', 'code_of_conduct', 'privacy', 'accessibility'], t.kind)),
	jsonb_build_array(jsonb_build_object('id', 'text', 'kind', 'text', 'text', t.body)), 1
from public.summit_texts as t
where t.kind <> 'debrief' and not private.is_empty_text(t.body)
	and not exists (select from private.pages as p
		where p.summit_id = t.summit_id and (p.kind = t.kind or p.slug = replace(t.kind, '_', '-')));
insert into private.page_versions (page_id, number, title, summary, blocks)
select p.id, 1, p.title, p.summary, p.blocks
from private.pages as p
where p.published = 1 and not exists (select from private.page_versions as v where v.page_id = p.id);
alter table private.pages enable trigger audit_record;
alter table private.page_versions enable trigger audit_record;

create or replace function public.read_summit(slug text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select to_jsonb(s) - 'created_at' - 'updated_at' || jsonb_build_object(
		'registration', case
			when s.state not in ('open', 'live') or s.registration_closes_at <= now() then 'closed'
			when s.registration_opens_at is null or s.registration_opens_at > now() then 'before'
			else 'open'
		end,
		'rooms', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', id, 'slug', r.slug, 'name', name, 'kind', kind, 'capacity', capacity,
				'is_quiet_room', is_quiet_room, 'directions', directions, 'hours', hours)
				order by position, r.slug), '[]')
			from public.rooms as r
			where summit_id = s.id),
		'tracks', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'slug', t.slug, 'name', name)
				order by position, t.slug), '[]')
			from public.tracks as t
			where summit_id = s.id),
		'formats', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', id, 'slug', f.slug, 'name', name, 'minutes', minutes) order by position, f.slug), '[]')
			from public.formats as f
			where summit_id = s.id),
		'texts', (select coalesce(jsonb_object_agg(kind, body), '{}')
			from public.summit_texts
			where summit_id = s.id
				and kind = 'debrief' and s.id in (select private.summits_with_role('owner'))),
		'contacts', (select coalesce(jsonb_agg(jsonb_build_object(
				'kind', kind, 'label', label, 'note', note, 'mail', mail, 'telephone', telephone, 'hours', hours)
				order by position), '[]')
			from public.summit_contacts
			where summit_id = s.id),
		'consents', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', id, 'key', key, 'label', label, 'detail', detail, 'is_required', is_required)
				order by position), '[]')
			from public.consent_items
			where summit_id = s.id),
		'release', (select jsonb_build_object('id', id, 'number', number, 'released_at', released_at)
			from public.releases
			where id = private.newest_release(s.id)))
	from public.summits as s
	where s.slug = read_summit.slug and s.id in (select private.readable_summits())
$$;

create or replace function private.copy_summit_lists(p_from public.summits, p_to public.summits) returns void
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

-- The languages of a Summit in which a text that everybody has to read is missing, as `text:language`: its name, and the
-- published pages to which registrants agree.
create or replace function private.missing_texts(p_summit uuid) returns text[]
language sql stable security definer set search_path = '' as $$
	select array_agg(required.kind || ':' || language.tag order by language.position, required.position)
	from public.summits as s
	cross join unnest(s.languages) with ordinality as language (tag, position)
	cross join (values (1, 'name'), (2, 'privacy'), (3, 'code_of_conduct')) as required (position, kind)
	left join private.pages as p on p.summit_id = s.id and p.kind = required.kind
	left join private.page_versions as v on v.page_id = p.id and v.number = p.published
	where s.id = p_summit
		and case required.kind when 'name' then btrim(coalesce(s.name ->> language.tag, '')) = ''
			else v.id is null or not private.is_page_in('{}', v.blocks, language.tag) end
$$;

-- The page of a kind that the site shows, as one text that is published at once: the guided set-up asks for it so. An
-- empty text takes it away from readers. Answers ok | not_allowed | invalid. A page with other blocks than one text is
-- left to its editor (invalid). Locks the pages of the Summit.
create function public.save_page_text(summit uuid, kind text, body jsonb) returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_page private.pages;
	v_made jsonb;
begin
	if not coalesce(private.may_write_page(summit, kind), false) then return 'not_allowed'; end if;
	if not private.is_page_of_site(kind) or not private.is_text_map(body) then return 'invalid'; end if;
	perform pg_advisory_xact_lock(hashtextextended('pages:' || summit, 0));
	select * into v_page from private.pages as p
		where p.summit_id = save_page_text.summit and p.kind = save_page_text.kind for update;
	if not found then
		if private.is_empty_text(body) then return 'ok'; end if;
		v_made := public.add_page(summit, kind, replace(kind, '_', '-'), '{}', '[]');
		if v_made ->> 'status' <> 'ok' then return 'invalid'; end if;
		select * into v_page from private.pages as p where p.id = (v_made ->> 'page')::uuid for update;
	end if;
	if jsonb_array_length(v_page.blocks) > 1 or v_page.blocks -> 0 ->> 'kind' <> 'text' then return 'invalid'; end if;
	if private.is_empty_text(body) then
		update private.pages as p set published = null where p.id = v_page.id;
		return 'ok';
	end if;
	if v_page.blocks -> 0 -> 'text' = body and v_page.published is not null then return 'ok'; end if;
	update private.pages as p
	set blocks = jsonb_build_array(jsonb_build_object('id', coalesce(v_page.blocks -> 0 ->> 'id', 'text'), 'kind', 'text',
			'text', body)),
		revision = p.revision + 1, saved_at = now(), saved_by = private.me()
	where p.id = v_page.id
	returning * into v_page;
	perform private.publish_page_draft(v_page);
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;
grant execute on function public.save_page_text(uuid, text, jsonb) to authenticated;

reset check_function_bodies;
