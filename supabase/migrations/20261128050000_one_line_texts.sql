-- Texts of one line: names, titles, labels. A line break or a sign that turns the reading direction in one of them would write lines of
-- its own into calendars, mails and headers, or show a name as another. Forms fold such signs into a space (private.one_line does the
-- same here); what comes past the forms is refused. tests/database/one-line.test.ts asks of every text column which kind it is.

-- No control characters, no line or paragraph separators, none of the signs that open or close a run of another direction. Marks of one
-- direction and joiners are part of how people write, and stay.
create function private.is_one_line(p_text text) returns boolean
language sql immutable parallel safe
return p_text !~ '[\u0001-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]';

create function private.are_one_line(p_texts text[]) returns boolean
language sql immutable parallel safe
return not exists (select from unnest(p_texts) as text where not private.is_one_line(text));

-- Every text in it, at whatever depth: a text by language, a list of links, choices with their labels.
create function private.are_one_line(p_texts jsonb) returns boolean
language sql immutable parallel safe
return not exists (select from jsonb_path_query(p_texts, 'strict $.** ? (@.type() == "string")') as text where not private.is_one_line(text #>> '{}'));

-- Constraints are checked with the rights of the person who writes.
grant execute on function private.is_one_line(text), private.are_one_line(text[]), private.are_one_line(jsonb) to public;

do $$
declare
	v record;
begin
	for v in select * from (values
		('private.announcements', array['page']),
		('private.call_questions', array['label', 'choices']),
		('private.caption_lines', array['words', 'key']),
		('private.co_speaker_suggestions', array['display_name']),
		('private.concerns', array['about']),
		('private.door_devices', array['name']),
		('private.door_device_states', array['version']),
		('private.focal_invitations', array['hint']),
		('private.host_lists', array['recipient']),
		('private.imported_events', array['source', 'guid', 'number', 'code']),
		('private.invitations', array['address_mask']),
		('private.late_links', array['note']),
		('private.member_import_rows', array['member_name']),
		('private.merged_members', array['name']),
		('private.poll_options', array['label']),
		('private.polls', array['question']),
		('private.proposal_people', array['written_name', 'address_mask']),
		('private.proposals', array['title', 'spoken']),
		('private.push_subscriptions', array['endpoint', 'p256dh', 'auth']),
		('private.review_criteria', array['name']),
		('private.reviewer_invitations', array['display_name']),
		('private.role_invitations', array['display_name']),
		('private.role_proposals', array['display_name']),
		('private.room_screens', array['name']),
		('private.run_connections', array['sid']),
		('private.run_halls', array['sid']),
		('private.run_listeners', array['language']),
		('private.sample_people', array['about']),
		('private.schedule_import_rows', array['title']),
		('private.sign_ins', array['device']),
		('private.taken_captions', array['key']),
		('public.badge_prints', array['layout']),
		('public.certificate_settings', array['issuer_name', 'signatory_name', 'signatory_office']),
		('public.checkpoints', array['name', 'place']),
		('public.consent_items', array['label']),
		('public.detail_fields', array['label', 'choices']),
		('public.formats', array['name']),
		('public.letter_settings', array['issuer_name', 'signatory_name', 'signatory_office']),
		('public.member_requests', array['name']),
		('public.members', array['name', 'region', 'website']),
		('public.money_settings', array['issuer_name', 'issuer_tax_number', 'iban', 'bank_name']),
		('public.order_adjustments', array['provider_ref']),
		('public.people', array['display_name', 'office', 'affiliation', 'links']),
		('public.person_availabilities', array['zone']),
		('public.person_preferences', array['time_zone']),
		('public.pools', array['name']),
		('public.refunds', array['provider_ref']),
		('public.registrations', array['languages']),
		('public.release_sessions', array['title', 'links', 'format', 'track', 'spoken', 'interpreted']),
		('public.room_facts', array['building', 'floor', 'equipment']),
		('public.rooms', array['name']),
		('public.session_needs', array['equipment']),
		('public.sessions', array['title', 'links', 'spoken', 'interpreted']),
		('public.slots', array['blocks']),
		('public.summit_contacts', array['label', 'hours', 'mail', 'telephone']),
		('public.summit_members', array['region']),
		('public.seat_ceilings', array['region']),
		('public.summits', array['name', 'zone', 'venue_name', 'city', 'address', 'languages']),
		('public.tracks', array['name'])
	) as t (name, columns) loop
		execute (
			select format('alter table %s %s', v.name, string_agg(format('add constraint %I check (private.%s(%I))', c.name || '_one_line',
				case when a.atttypid = 'text'::regtype then 'is_one_line' else 'are_one_line' end, c.name), ', '))
			from unnest(v.columns) as c (name) left join pg_catalog.pg_attribute as a on a.attrelid = v.name::regclass and a.attname = c.name);
	end loop;
	-- Texts by language of which one is a line: the title of an announcement, the subject of a message.
	alter table private.announcements add constraint title_one_line check (private.are_one_line(jsonb_path_query_array(texts, '$.*.title')));
	alter table public.group_messages add constraint subject_one_line check (private.are_one_line(jsonb_path_query_array(texts, '$.*.subject')));
	alter table private.text_suggestions add constraint title_one_line check (private.are_one_line(texts -> 'title'));
end
$$;
