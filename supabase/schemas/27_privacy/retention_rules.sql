-- The rule of each table; 27_privacy/retention_tables.sql explains the columns.

-- The Summit and the people of rows that name neither: expressions of the rules below. They are expanded into the
-- query, so they run with the rights of the sweep.

create function private.summit_of_registration(p_registration uuid) returns uuid
language sql stable as $$ select r.summit_id from public.registrations as r where r.id = p_registration $$;

create function private.person_of_registration(p_registration uuid) returns uuid[]
language sql stable as $$ select array[r.person_id] from public.registrations as r where r.id = p_registration $$;

create function private.summit_of_session(p_session uuid) returns uuid
language sql stable as $$ select s.summit_id from public.sessions as s where s.id = p_session $$;

create function private.summit_of_run(p_run uuid) returns uuid
language sql stable as $$ select r.summit_id from public.runs as r where r.id = p_run $$;

create function private.summit_of_booth(p_booth uuid) returns uuid
language sql stable as $$
	select r.summit_id from private.booths as b join public.runs as r on r.id = b.run_id where b.id = p_booth
$$;

create function private.summit_of_announcement(p_announcement uuid) returns uuid
language sql stable as $$ select a.summit_id from private.announcements as a where a.id = p_announcement $$;

create function private.summit_of_proposal(p_proposal uuid) returns uuid
language sql stable as $$ select p.summit_id from private.proposals as p where p.id = p_proposal $$;

create function private.owner_of_proposal(p_proposal uuid) returns uuid[]
language sql stable as $$ select array[p.owner_id] from private.proposals as p where p.id = p_proposal $$;

create function private.people_of_recording(p_recording uuid) returns uuid[]
language sql stable as $$
	select array(select p.person_id from private.recording_people as p where p.recording_id = p_recording)
$$;

create function private.people_of_captions(p_run uuid) returns uuid[]
language sql stable as $$ select array(select p.person_id from private.caption_people as p where p.run_id = p_run) $$;

create function private.people_of_concern(p_concern private.concerns) returns uuid[]
language sql stable as $$
	select array[(p_concern).reporter_id]
		|| array(select s.person_id from private.concern_subjects as s where s.concern_id = (p_concern).id)
$$;

create function private.people_of_case(p_case uuid) returns uuid[]
language sql stable as $$
	select array(select person
		from private.case_concerns as j
		join private.concerns as c on c.id = j.concern_id
		cross join lateral unnest(private.people_of_concern(c)) as person
		where j.case_id = p_case)
$$;

-- Since when a Summit is closed; null while it is not.
create function private.closed_since(p_summit uuid) returns timestamptz
language sql stable as $$ select k.started_at from private.retention_clocks as k where k.summit_id = p_summit $$;

-- The conditions of single rules.

-- A concern stays as long as the case that it is in.
create function private.is_in_case(p_concern uuid) returns boolean
language sql stable as $$ select exists (select from private.case_concerns as j where j.concern_id = p_concern) $$;

-- Whether a registration was emptied since its Summit was closed.
create function private.is_emptied(p_registration uuid, p_summit uuid) returns boolean
language sql stable as $$
	select exists (
		select from private.emptied_registrations as e
		where e.registration_id = p_registration and e.emptied_at >= private.closed_since(p_summit))
$$;

create function private.became_session(p_proposal uuid) returns boolean
language sql stable as $$
	select exists (
		select from private.proposal_decisions as d where d.proposal_id = p_proposal and d.session_id is not null)
$$;

create function private.has_recordings(p_summit uuid) returns boolean
language sql stable as $$ select exists (select from private.recordings as g where g.summit_id = p_summit) $$;

-- An invitation to a role for all Summits, which no closing reaches.
create function private.is_role_invitation_due(p_invitation private.role_invitations, p_now timestamptz) returns boolean
language sql stable as $$
	select (p_invitation).summit_id is null
		and (p_invitation).state <> 'open'
		and coalesce((p_invitation).answered_at, (p_invitation).invited_at) <= p_now - interval '90 days'
$$;

-- The term that the logistics form names beside the question.
create function private.is_answer_due(p_field uuid, p_now timestamptz) returns boolean
language sql stable as $$
	select private.answers_erased_at(f) <= p_now from public.logistics_fields as f where f.id = p_field
$$;

-- The term that the page of speakers' needs names.
create function private.are_needs_due(p_summit uuid, p_now timestamptz) returns boolean
language sql stable as $$
	select (private.needs_erasure_date(s.id) + 1)::timestamp at time zone s.zone <= p_now
	from public.summits as s
	where s.id = p_summit
$$;

-- Rows that go with the closing of their Summit.
insert into private.retention_rules (table_name, class, summit, people)
values
	('private.visa_letters', 'logistics', 't.summit_id', 'private.person_of_registration(t.registration_id)'),
	('public.registration_needs', 'needs', 'private.summit_of_registration(t.registration_id)', 'array[t.person_id]'),
	('private.emergency_contacts', 'emergency_contacts', 'private.summit_of_registration(t.registration_id)',
		'private.person_of_registration(t.registration_id)'),
	('private.registration_notes', 'accreditation', 'private.summit_of_registration(t.registration_id)',
		'private.person_of_registration(t.registration_id)'),
	('private.information_requests', 'accreditation', 't.summit_id',
		'private.person_of_registration(t.registration_id)'),
	('private.name_reveals', 'accreditation', 't.summit_id', 'array[t.person_id]'),
	('private.re_reviews', 'accreditation', 't.summit_id', 'private.person_of_registration(t.registration_id)'),
	('private.decision_proposals', 'accreditation', 't.summit_id', 'private.person_of_registration(t.registration_id)'),
	('private.walk_in_forms', 'accreditation', 't.summit_id', 'private.person_of_registration(t.registration_id)'),
	('public.nomination_refusals', 'accreditation', 't.summit_id', 'private.person_of_registration(t.registration_id)'),
	('public.member_requests', 'accreditation', 't.summit_id', 'private.person_of_registration(t.registration_id)'),
	('private.guardian_claims', 'accreditation', 'private.summit_of_registration(t.registration_id)',
		'private.person_of_registration(t.registration_id)'),
	('private.declines_without_reason', 'accreditation', 'private.summit_of_registration(t.registration_id)',
		'private.person_of_registration(t.registration_id)'),
	('private.invitations', 'invitations', 't.summit_id', null),
	('private.focal_invitations', 'invitations', 't.summit_id', null),
	('private.reviewer_invitations', 'invitations', 't.summit_id', null),
	('private.co_speaker_suggestions', 'invitations', 't.summit_id', 'array[t.person_id]'),
	('private.late_links', 'invitations', 't.summit_id', null),
	('private.agenda_digests', 'preparation', 't.summit_id', 'array[t.person_id]'),
	('private.agenda_visits', 'preparation', 't.summit_id', 'array[t.person_id]'),
	('private.pending_agenda_changes', 'preparation', 't.summit_id', 'array[t.person_id]'),
	('private.calendar_update_queue', 'preparation', 't.summit_id', 'array[t.person_id]'),
	('private.device_checks', 'preparation', 't.summit_id', 'array[t.person_id]'),
	('private.speaker_reminders', 'preparation', 't.summit_id', 'array[t.person_id]'),
	('private.text_suggestions', 'preparation', 't.summit_id', 'array[t.person_id]'),
	('private.placement_steps', 'preparation', 't.summit_id', 'array[t.person_id]'),
	('private.run_hosts', 'preparation', 't.summit_id', 'array[t.person_id]'),
	('private.calendar_invitations', 'preparation', 'private.summit_of_session(t.session_id)', 'array[t.person_id]'),
	('public.agenda_marks', 'preparation', 'private.summit_of_session(t.session_id)', 'array[t.person_id]'),
	('private.session_signups', 'preparation',
		'(select x.summit_id from private.session_places as x where x.session_id = t.session_id)',
		'array[t.person_id]'),
	('public.person_availabilities', 'preparation', 't.summit_id', 'array[t.person_id]'),
	('public.interpreter_languages', 'preparation', 't.summit_id', 'array[t.person_id]'),
	('private.logistics_reminders', 'preparation', 'private.summit_of_registration(t.registration_id)',
		'private.person_of_registration(t.registration_id)'),
	('private.reviews', 'proposals', 'private.summit_of_proposal(t.proposal_id)', 'array[t.reviewer_id]'),
	('private.review_messages', 'proposals', 'private.summit_of_proposal(t.proposal_id)', 'array[t.person_id]'),
	('private.review_conflicts', 'proposals', 'private.summit_of_proposal(t.proposal_id)', 'array[t.person_id]'),
	('private.review_assignments', 'proposals', 'private.summit_of_proposal(t.proposal_id)', 'array[t.reviewer_id]'),
	('private.proposal_people', 'proposals', 't.summit_id', 'array[t.person_id]'),
	('private.proposal_answers', 'proposals', 'private.summit_of_proposal(t.proposal_id)',
		'private.owner_of_proposal(t.proposal_id)'),
	('private.door_scans', 'presence', 't.summit_id', 'array[t.person_id]'),
	('private.door_periods', 'presence', 't.summit_id', 'array[t.person_id]'),
	('private.door_conflicts', 'presence', 't.summit_id', 'array[t.person_id]'),
	('private.sealed_presence', 'presence', 't.summit_id', 'array[t.person_id]'),
	('private.desk_codes', 'presence', 't.summit_id', 'array[t.person_id]'),
	('public.presence', 'presence', 't.summit_id', 'array[t.person_id]'),
	('private.entry_notices', 'presence', 'private.summit_of_session(t.session_id)', 'array[t.person_id]'),
	('private.run_participants', 'presence', 'private.summit_of_run(t.run_id)', 'array[t.person_id]'),
	('private.desk_monitors', 'presence', 'private.summit_of_run(t.run_id)', 'array[t.person_id]'),
	('private.run_sign_ins', 'presence', 'private.summit_of_run(t.run_id)', null),
	('private.booth_seats', 'presence', 'private.summit_of_booth(t.booth_id)', 'array[t.person_id]'),
	('private.booth_heartbeats', 'presence', 'private.summit_of_booth(t.booth_id)', 'array[t.person_id]'),
	('private.run_listeners', 'presence', 'private.summit_of_run(t.run_id)', null),
	('private.chat_messages', 'participation', 'private.summit_of_run(t.run_id)', 'array[t.person_id]'),
	('private.chat_mutes', 'participation', 'private.summit_of_run(t.run_id)', null),
	('private.session_questions', 'participation', 't.summit_id', 'array[t.person_id]'),
	('private.session_salts', 'participation', 'private.summit_of_session(t.session_id)', null),
	('private.hands', 'participation', 'private.summit_of_run(t.run_id)', 'array[t.person_id]'),
	('private.withdrawn_items', 'participation', 'private.summit_of_run(t.run_id)', null),
	('private.backstage_messages', 'participation', 'private.summit_of_run(t.run_id)', 'array[t.person_id]'),
	('private.booth_messages', 'participation', 'private.summit_of_booth(t.booth_id)', 'array[t.person_id]'),
	('private.caption_lines', 'recordings', 'private.summit_of_run(t.run_id)', 'private.people_of_captions(t.run_id)'),
	('private.caption_people', 'recordings', 'private.summit_of_run(t.run_id)', 'array[t.person_id]'),
	('private.caption_tokens', 'recordings', 'private.summit_of_run(t.run_id)', null),
	('private.egresses', 'recordings', 'private.summit_of_run(t.run_id)', null),
	('private.session_files', 'files', 't.summit_id', null),
	('private.certificates', 'certificates', 't.summit_id', 'array[t.person_id]');

-- Rules with a clock, a condition or an act of their own. Consents stay as long as there is a recording of the Summit.
insert into private.retention_rules
	(table_name, class, summit, people, since, only_if, or_if, sets, remover, with_audit)
values
	('private.logistics_answers', 'logistics', 'private.summit_of_registration(t.registration_id)',
		'private.person_of_registration(t.registration_id)', null, null, 'private.is_answer_due(t.field_id, $2)',
		null, null, true),
	('private.speaker_needs', 'needs', 't.summit_id', 'array[t.person_id]', null, null,
		'private.are_needs_due(t.summit_id, $2)', null, null, true),
	('public.registration_steps', 'accreditation', 'private.summit_of_registration(t.registration_id)',
		'private.person_of_registration(t.registration_id)', null, 't.reason <> ''''', null, 'reason = ''''', null,
		true),
	('public.registrations', 'registrations', 't.summit_id', 'array[t.person_id]', null,
		't.state <> ''confirmed'' and not private.is_emptied(t.id, t.summit_id)', null, null,
		'private.remove_unconfirmed_registration', false),
	('private.role_invitations', 'invitations', 't.summit_id', null, null, null,
		'private.is_role_invitation_due(t, $2)',
		null, null, true),
	('private.personal_links', 'preparation', 't.summit_id', 'array[t.person_id]', null, 't.kind = ''calendar''',
		null, null, null, true),
	('private.proposals', 'proposals', 't.summit_id', 'array[t.owner_id]', null,
		'not private.became_session(t.id)', null, null, null, true),
	('private.recordings', 'recordings', 't.summit_id', 'private.people_of_recording(t.id)', null,
		't.state not in (''wanted'', ''running'', ''paused'')', null, null, null, true),
	('public.consents', 'consents', 'private.summit_of_registration(t.registration_id)', 'array[t.person_id]',
		null, 'not private.has_recordings($1)', null, null, null, true),
	('private.floor_consents', 'consents', 'private.summit_of_run(t.run_id)', 'array[t.person_id]', null,
		'not private.has_recordings($1)', null, null, null, true),
	('private.guardian_stage_agreements', 'consents', 'private.summit_of_registration(t.registration_id)',
		'private.person_of_registration(t.registration_id)', null, 'not private.has_recordings($1)', null, null,
		null, true),
	('private.concerns', 'concerns', 't.summit_id', 'private.people_of_concern(t)', 't.closed_at',
		'not private.is_in_case(t.id)', null, null, null, true),
	('private.cases', 'concerns', 't.summit_id', 'private.people_of_case(t.id)', 't.closed_at', null, null, null,
		null, true),
	('private.watch_list_entries', 'concerns', 't.summit_id', 'array[t.person_id]',
		'case when t.state in (''ended'', ''refused'') then coalesce(t.ended_at, t.added_at) end', null, null, null,
		null, true),
	('private.entry_bars', 'concerns', 't.summit_id', 'array[t.person_id]', 'private.closed_since(t.summit_id)',
		null, null, null, null, true),
	('private.desk_lookups', 'lookups', 't.summit_id', null, 't.at', null, null, null, null, true),
	('private.outbox', 'mails', 't.summit_id', 'array[t.person_id]', 'coalesce(t.sent_at, t.created_at)',
		't.state not in (''queued'', ''sending'')', null, null, null, true),
	('private.group_message_recipients', 'mails',
		'(select x.summit_id from public.group_messages as x where x.id = t.message_id)', 'array[t.person_id]',
		'(select x.sent_at from public.group_messages as x where x.id = t.message_id)', 't.state <> ''waiting''',
		null, null, null, true),
	('private.announcement_readers', 'mails', 'private.summit_of_announcement(t.announcement_id)',
		'array[t.person_id]',
		'(select x.shown_until from private.announcements as x where x.id = t.announcement_id)', null, null, null,
		null, true),
	('private.pushes', 'mails', 'private.summit_of_announcement(t.announcement_id)', null,
		'(select x.shown_until from private.announcements as x where x.id = t.announcement_id)', null, null, null,
		null, true),
	('public.people', 'contact', null, 'array[t.id]', 'private.last_sign_of(t.id)',
		'greatest(t.created_at, t.updated_at) <= $3 and private.has_contact_data(t) and private.is_warning_over(t.id, $2)',
		null, null,
		'private.erase_inactive_person', false),
	('audit.entries', 'audit_values', 't.summit_id', 'array[t.person_id]', 't.at', 't.personal is not null', null,
		'personal = null', null, false),
	('private.data_copies', 'unfinished', null, 'array[t.person_id]', 't.expires_at', null, null, null, null, true),
	('private.address_changes', 'unfinished', null, 'array[t.person_id]', 't.expires_at', null, null, null, null, true),
	('private.schedule_imports', 'unfinished', 't.summit_id', null, 't.created_at', null, null, null, null, true),
	('private.decision_batches', 'unfinished', 't.summit_id', null, 't.made_at', null, null, null, null, true);

-- Rows that go with the row that they belong to, or with their person.
insert into private.retention_rules (table_name, class)
values
	('private.emptied_registrations', 'registrations'),
	('private.revealed_people', 'accreditation'),
	('private.proposal_marks', 'proposals'),
	('private.proposal_decisions', 'proposals'),
	('private.run_connections', 'presence'),
	('private.message_reports', 'participation'),
	('private.question_votes', 'participation'),
	('private.recording_parts', 'recordings'),
	('private.recording_chunks', 'recordings'),
	('private.recording_copies', 'recordings'),
	('private.recorders', 'recordings'),
	('private.recording_people', 'recordings'),
	('private.recording_marks', 'recordings'),
	('private.deleted_captions', 'recordings'),
	('private.file_versions', 'files'),
	('private.concern_messages', 'concerns'),
	('private.concern_subjects', 'concerns'),
	('private.concern_alarms', 'concerns'),
	('private.alarm_calls', 'concerns'),
	('private.case_referrals', 'concerns'),
	('private.case_concerns', 'concerns'),
	('private.case_entries', 'concerns'),
	('private.watch_list_matches', 'concerns'),
	('private.on_call_phones', 'contact'),
	('private.person_addresses', 'contact'),
	('private.passkeys', 'contact'),
	('private.recovery_codes', 'contact'),
	('public.person_preferences', 'contact'),
	('private.portraits', 'contact'),
	('public.account_people', 'contact'),
	('private.assistant_addresses', 'contact'),
	('private.assistant_invitations', 'contact'),
	('private.protections', 'contact'),
	('private.reveal_contacts', 'contact'),
	('private.inactivity_warnings', 'contact'),
	('private.sealed_name_hashes', 'contact'),
	('private.alias_traces', 'contact'),
	('private.former_ids', 'contact'),
	('private.auth_session_devices', 'contact'),
	('private.push_subscriptions', 'contact'),
	('public.focal_points', 'contact'),
	('private.person_keys', 'contact'),
	('private.sample_people', 'contact'),
	('private.sign_in_addresses', 'sign_in'),
	('private.passkey_challenges', 'sign_in'),
	('private.used_sign_in_states', 'sign_in'),
	('private.session_assurances', 'sign_in'),
	('private.concern_code_tries', 'sign_in'),
	('private.sign_in_challenges', 'sign_in'),
	('private.sign_in_clients', 'sign_in'),
	('private.sign_in_shared_codes', 'sign_in'),
	('private.desk_code_failures', 'sign_in'),
	('private.concern_sources', 'sign_in'),
	('private.member_imports', 'unfinished'),
	('private.member_import_rows', 'unfinished'),
	('private.schedule_import_rows', 'unfinished'),
	('private.door_device_states', 'unfinished');

-- Tables in no class, and why.
insert into private.retention_rules (table_name, exemption)
values
	('public.orders', 'money'),
	('public.order_lines', 'money'),
	('public.order_adjustments', 'money'),
	('public.checkouts', 'money'),
	('public.refunds', 'money'),
	('public.invoices', 'money'),
	('private.invoice_contents', 'money'),
	('private.invoice_number_series', 'money'),
	('private.invoice_reminders', 'money'),
	('public.waiver_requests', 'money'),
	('public.waiver_budgets', 'money'),
	('private.bank_rows', 'money'),
	('private.provider_events', 'money'),
	('private.reconciliations', 'money'),
	('public.seats', 'numbers'),
	('public.queue_entries', 'numbers'),
	('public.badges', 'numbers'),
	('public.badge_prints', 'numbers'),
	('public.delegation_places', 'numbers'),
	('private.polls', 'numbers'),
	('private.poll_options', 'numbers'),
	('private.poll_votes', 'numbers'),
	('public.figure_releases', 'numbers'),
	('private.erasure_requests', 'numbers'),
	('public.role_grants', 'decisions'),
	('private.role_proposals', 'decisions'),
	('public.merge_requests', 'decisions'),
	('private.concern_deputies', 'decisions'),
	('private.reviewers', 'decisions'),
	('private.host_lists', 'decisions'),
	('private.legal_holds', 'decisions'),
	('private.retention_periods', 'decisions'),
	('private.on_call_shifts', 'agenda'),
	('private.on_call_settings', 'technical'),
	('private.reporting_duties', 'settings'),
	('public.sessions', 'agenda'),
	('public.session_people', 'agenda'),
	('public.session_audiences', 'agenda'),
	('public.session_needs', 'agenda'),
	('public.slots', 'agenda'),
	('public.slot_rooms', 'agenda'),
	('public.runs', 'agenda'),
	('public.releases', 'agenda'),
	('public.release_sessions', 'agenda'),
	('public.release_slots', 'agenda'),
	('public.release_people', 'agenda'),
	('private.release_events', 'agenda'),
	('private.announcements', 'agenda'),
	('public.group_messages', 'agenda'),
	('private.session_places', 'agenda'),
	('private.imported_events', 'agenda'),
	('private.audited_tables', 'technical'),
	('private.copied_tables', 'technical'),
	('private.not_copied_tables', 'technical'),
	('private.booths', 'technical'),
	('private.country_regions', 'technical'),
	('private.door_devices', 'technical'),
	('private.free_text_columns', 'technical'),
	('private.hall_devices', 'technical'),
	('private.large_audiences', 'technical'),
	('private.last_write_probe', 'technical'),
	('private.write_probes', 'technical'),
	('private.livekit_rooms', 'technical'),
	('private.merged_members', 'technical'),
	('private.reading_events', 'technical'),
	('private.retained_tables', 'technical'),
	('private.room_screens', 'technical'),
	('private.run_halls', 'technical'),
	('private.run_slides', 'technical'),
	('private.run_stage_settings', 'technical'),
	('private.stored_objects', 'technical'),
	('private.time_zones', 'technical'),
	('private.retention_classes', 'technical'),
	('private.retention_rules', 'technical'),
	('private.retention_clocks', 'technical'),
	('private.retention_reports', 'technical'),
	('private.last_retention_round', 'technical'),
	('private.sign_in_policy', 'settings'),
	('public.accreditation_settings', 'settings'),
	('public.allocation_exceptions', 'settings'),
	('public.allocation_policies', 'settings'),
	('public.certificate_settings', 'settings'),
	('public.check_limits', 'settings'),
	('public.check_settings', 'settings'),
	('public.checkpoints', 'settings'),
	('public.consent_items', 'settings'),
	('public.fees', 'settings'),
	('public.figure_settings', 'settings'),
	('public.formats', 'settings'),
	('public.logistics_fields', 'settings'),
	('public.mail_settings', 'settings'),
	('public.mail_texts', 'settings'),
	('public.members', 'settings'),
	('public.mode_capacities', 'settings'),
	('public.money_settings', 'settings'),
	('public.pools', 'settings'),
	('public.room_equipment', 'settings'),
	('public.rooms', 'settings'),
	('public.seat_ceilings', 'settings'),
	('public.summit_contacts', 'settings'),
	('public.summit_members', 'settings'),
	('public.summit_texts', 'settings'),
	('public.summits', 'settings'),
	('public.tracks', 'settings'),
	('public.visa_letter_settings', 'settings'),
	('public.walking_times', 'settings'),
	('private.call_questions', 'settings'),
	('private.calls', 'settings'),
	('private.embed_origins', 'settings'),
	('private.file_settings', 'settings'),
	('private.participation_defaults', 'settings'),
	('private.review_criteria', 'settings'),
	('private.schedule_settings', 'settings'),
	('private.session_participation_settings', 'settings'),
	('private.session_timers', 'settings'),
	('private.no_photo_areas', 'settings'),
	('private.speaker_settings', 'settings');
