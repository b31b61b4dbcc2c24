-- Everything about me: which tables a person gets a copy of, and the copies that they asked for.

-- The parts of a copy, in their order.
create domain private.copy_section as text check (value in ('profile', 'roles', 'registration', 'money', 'agenda',
	'speaking', 'participation', 'attendance', 'mail', 'concerns'));

-- Whose rows are given: those that refer to the person, their registrations, the orders that they pay, their own
-- proposals, their account, or the assistants who act for them.
create domain private.copy_owner as text
	check (value in ('person', 'registration', 'order', 'proposal', 'account', 'assistant'));

-- The tables in a copy. Only the listed columns are given: a column that leads to somebody else is never one of them.
create table private.copied_tables (
	name text primary key,
	section private.copy_section not null,
	owner private.copy_owner not null,
	-- The column that refers to the owner.
	owner_column text not null,
	-- The rows are sorted by the first one.
	columns text[] not null,
	-- The place under which each sealed column was sealed: {column: [word, column, …]} (src/lib/people/sealing.ts).
	sealed jsonb not null default '{}'
);
alter table private.copied_tables enable row level security;

-- Why a table that refers to people is not in a copy. technical: work of the machine, or a second copy of what is given.
-- safety: it protects others. staff: what organisers write for each other. others: it is about somebody else.
create domain private.not_copied_reason as text check (value in ('technical', 'safety', 'staff', 'others'));

create table private.not_copied_tables (
	name text primary key,
	reason private.not_copied_reason not null
);
alter table private.not_copied_tables enable row level security;

-- The copies that people asked for. Nothing is stored but who and when: a copy is written when it is downloaded, once.
create table private.data_copies (
	id uuid primary key default gen_random_uuid(),
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	asked_at timestamptz not null default now(),
	expires_at timestamptz not null,
	downloaded_at timestamptz
);
create index on private.data_copies (person_id, asked_at);
alter table private.data_copies enable row level security;
select audit.watch('private.data_copies', 'person_id');

insert into private.copied_tables (name, section, owner, owner_column, columns, sealed)
values
	('public.people', 'profile', 'person', 'id', '{display_name,office,affiliation,country,biography,links,code,
		created_at,updated_at}', default),
	('private.person_addresses', 'profile', 'person', 'person_id', '{created_at,address_sealed,is_primary,verified_at}',
		'{"address_sealed": ["address"]}'),
	('private.protections', 'profile', 'person', 'person_id', '{created_at,kind,real_name_sealed,no_photographs}',
		'{"real_name_sealed": ["real name"]}'),
	('public.person_preferences', 'profile', 'person', 'person_id', '{updated_at,locale,time_zone,no_photographs,
		agenda_changes,calendar_invitations}', default),
	('private.portraits', 'profile', 'person', 'person_id', '{created_at}', default),
	('private.passkeys', 'profile', 'person', 'person_id', '{created_at,name,is_backed_up,last_used_at}', default),
	('private.recovery_codes', 'profile', 'person', 'person_id', '{created_at,used_at}', default),
	('private.auth_session_devices', 'profile', 'account', 'account_id', '{device}', default),
	('private.push_subscriptions', 'profile', 'person', 'person_id', '{created_at,endpoint}', default),
	('private.personal_links', 'profile', 'person', 'person_id', '{created_at,kind,summit_id,expires_at,used_at,
		revoked_at}', default),
	('public.account_people', 'profile', 'person', 'person_id', '{created_at,relation,scope,until}', default),
	('private.assistant_addresses', 'profile', 'assistant', 'account_people_id', '{address_sealed}',
		'{"address_sealed": ["address"]}'),
	('private.assistant_invitations', 'profile', 'person', 'person_id', '{created_at,address_sealed,scope,until}',
		'{"address_sealed": ["address"]}'),
	('private.erasure_requests', 'profile', 'person', 'person_id', '{requested_at,due_at,stopped_at}', default),
	('private.data_copies', 'profile', 'person', 'person_id', '{asked_at,expires_at,downloaded_at}', default),
	('public.role_grants', 'roles', 'person', 'person_id', '{granted_at,role,summit_id,ended_at}', default),
	('private.concern_deputies', 'roles', 'person', 'person_id', '{granted_at,summit_id,ended_at}', default),
	('public.focal_points', 'roles', 'person', 'person_id', '{since,member_id,summit_id,until}', default),
	('private.reviewers', 'roles', 'person', 'person_id', '{added_at,summit_id,until,ended_at}', default),
	('public.registrations', 'registration', 'person', 'person_id', '{created_at,summit_id,reference,category,member_id,
		pool_id,mode,state,state_since,submitted_at,languages,is_minor,guardian_consent_at,code_of_conduct_at,
		updated_at}', default),
	('public.registration_steps', 'registration', 'registration', 'registration_id', '{at,from_state,to_state,mode,
		category,reason}', default),
	('public.consents', 'registration', 'person', 'person_id', '{given_at,agreed_label,agreed_detail,withdrawn_at}',
		default),
	('public.registration_needs', 'registration', 'person', 'person_id', '{updated_at,access_needs,note}', default),
	('private.emergency_contacts', 'registration', 'registration', 'registration_id', '{updated_at,contact_sealed}',
		'{"contact_sealed": ["emergency contact", "registration_id"]}'),
	('private.logistics_answers', 'registration', 'registration', 'registration_id', '{answered_at,field_id,
		answer_sealed}', '{"answer_sealed": ["logistics answer", "field_id"]}'),
	('private.visa_letters', 'registration', 'registration', 'registration_id', '{issued_at,summit_id,reference,
		content_sealed,replaced_at,withdrawn_at}', '{"content_sealed": ["visa letter"]}'),
	('private.information_requests', 'registration', 'registration', 'registration_id', '{asked_at,summit_id,question,
		deadline,state,answer,answered_at,closed_at}', default),
	('private.guardian_claims', 'registration', 'registration', 'registration_id', '{named_at,reference,asked_at,
		refused_at}', default),
	('private.guardian_stage_agreements', 'registration', 'registration', 'registration_id', '{agreed_at,on_stage,
		recorded}', default),
	('public.member_requests', 'registration', 'registration', 'registration_id', '{created_at,name,sector,country,
		state}', default),
	('public.delegation_places', 'registration', 'registration', 'registration_id', '{summit_id,member_id,position,
		is_head}', default),
	('public.nomination_refusals', 'registration', 'registration', 'registration_id', '{refused_at,summit_id,reason}',
		default),
	('public.seats', 'registration', 'registration', 'registration_id', '{created_at,summit_id,mode,state,held_until,
		released_at,release_reason}', default),
	('public.queue_entries', 'registration', 'registration', 'registration_id', '{created_at,summit_id,mode,reason,
		state,offered_at,deadline,closed_at}', default),
	('public.badges', 'registration', 'registration', 'registration_id', '{issued_at,summit_id,badge_code,revoked_at,
		revoked_reason}', default),
	('public.badge_prints', 'registration', 'registration', 'registration_id', '{printed_at,summit_id,layout}', default),
	('private.desk_codes', 'registration', 'person', 'person_id', '{issued_at,summit_id,checked,expires_at,used_at,
		ended_at}', default),
	('public.orders', 'money', 'order', 'id', '{created_at,summit_id,reference,currency,due_at,closed_at}', default),
	('public.order_lines', 'money', 'registration', 'registration_id', '{created_at,summit_id,mode,amount,currency,priced_at}',
		default),
	('public.order_adjustments', 'money', 'order', 'order_id', '{at,order_id,kind,amount,currency,provider,reason,
		booked_on}', default),
	('public.checkouts', 'money', 'order', 'order_id', '{created_at,order_id,amount,currency,state,
		expires_at}', default),
	('public.refunds', 'money', 'order', 'order_id', '{created_at,order_id,amount,currency,state,reason}', default),
	('public.invoices', 'money', 'order', 'order_id', '{issued_on,summit_id,kind,reference,amount,currency,due_on}',
		default),
	('private.bank_rows', 'money', 'order', 'order_id', '{booked_on,summit_id,amount,currency,words,state}', default),
	('public.waiver_requests', 'money', 'person', 'person_id', '{created_at,summit_id,grounds,explanation,state,amount,
		currency,answer,decided_at}', default),
	('public.agenda_marks', 'agenda', 'person', 'person_id', '{created_at,session_id}', default),
	('private.agenda_visits', 'agenda', 'person', 'person_id', '{visited_at,summit_id}', default),
	('private.session_signups', 'agenda', 'person', 'person_id', '{signed_up_at,session_id,channel,state}', default),
	('public.session_audiences', 'agenda', 'person', 'person_id', '{session_id,summit_id}', default),
	('private.entry_notices', 'agenda', 'person', 'person_id', '{confirmed_at,session_id,level}', default),
	('private.calendar_invitations', 'agenda', 'person', 'person_id', '{session_id,during,sequence}', default),
	('public.session_people', 'speaking', 'person', 'person_id', '{session_id,summit_id,role,state,consent_live,
		consent_record,consent_publish,consent_photo,consents_answered_at}', default),
	('public.person_availabilities', 'speaking', 'person', 'person_id', '{summit_id,zone,during}', default),
	('public.interpreter_languages', 'speaking', 'person', 'person_id', '{summit_id,source,target}', default),
	('private.speaker_needs', 'speaking', 'person', 'person_id', '{saved_at,summit_id,kind,need_sealed}',
		'{"need_sealed": ["speaker need", "person_id", "kind"]}'),
	('private.device_checks', 'speaking', 'person', 'person_id', '{checked_at,summit_id,device,camera,microphone,
		loudspeaker,line}', default),
	('private.speaker_reminders', 'speaking', 'person', 'person_id', '{at,summit_id,task,stage,due_at}', default),
	('private.text_suggestions', 'speaking', 'person', 'person_id', '{suggested_at,session_id,texts,state,reason,
		closed_at}', default),
	('private.co_speaker_suggestions', 'speaking', 'person', 'person_id', '{suggested_at,session_id,part,note,state,
		closed_at}', default),
	('private.file_versions', 'speaking', 'person', 'uploaded_by', '{uploaded_at,shown_name,language,number,chosen_at,
		withdrawn_at}', default),
	('private.proposals', 'speaking', 'person', 'owner_id', '{created_at,summit_id,code,state,title,abstract,
		content_note,notes,format_id,track_id,spoken,attendance,level,submitted_at,updated_at}', default),
	('private.proposal_answers', 'speaking', 'proposal', 'proposal_id', '{proposal_id,question_id,answer}', default),
	('private.proposal_decisions', 'speaking', 'proposal', 'proposal_id', '{decision_released_at,proposal_id,
		released_decision}', default),
	('private.proposal_people', 'speaking', 'person', 'person_id', '{summit_id,role,is_author,state,written_name,
		answered_at}', default),
	('private.reviews', 'speaking', 'person', 'reviewer_id', '{updated_at,scores,comment,sent_at}', default),
	('private.review_messages', 'speaking', 'person', 'person_id', '{written_at,body}', default),
	('private.review_conflicts', 'speaking', 'person', 'person_id', '{declared_at,reason}', default),
	('private.review_assignments', 'speaking', 'person', 'reviewer_id', '{assigned_at}', default),
	('private.chat_messages', 'participation', 'person', 'person_id', '{sent_at,session_id,body,level}', default),
	('private.session_questions', 'participation', 'person', 'person_id', '{asked_at,session_id,body,shown_as,state,
		votes,answered_at}', default),
	('private.hands', 'participation', 'person', 'person_id', '{raised_at,run_id,place,with_camera,state,called_at}',
		default),
	('private.floor_consents', 'participation', 'person', 'person_id', '{given_at,run_id}', default),
	('private.run_participants', 'participation', 'person', 'person_id', '{joined_at,run_id,role,is_on_stage,left_at}', default),
	('private.run_hosts', 'participation', 'person', 'person_id', '{created_at,run_id}', default),
	('private.recording_people', 'participation', 'person', 'person_id', '{recording_id}', default),
	('private.caption_people', 'participation', 'person', 'person_id', '{run_id}', default),
	('private.backstage_messages', 'participation', 'person', 'person_id', '{written_at,run_id,words}', default),
	('private.booth_messages', 'participation', 'person', 'person_id', '{said_at,booth_id,words}', default),
	('private.booth_seats', 'participation', 'person', 'person_id', '{booth_id,is_seated}', default),
	('public.presence', 'attendance', 'person', 'person_id', '{entered_at,session_id,summit_id,kind,checkpoint,left_at,
		source}', default),
	('private.sealed_presence', 'attendance', 'person', 'person_id', '{entered_at,session_id,summit_id,kind,checkpoint,
		left_at,source}', default),
	('private.door_periods', 'attendance', 'person', 'person_id', '{entered_at,summit_id,place,checkpoint_id,day,
		left_at}', default),
	('private.door_scans', 'attendance', 'person', 'person_id', '{scanned_at,summit_id,checkpoint_id,place,direction,
		is_counted,is_offline,undone_at}', default),
	('private.certificates', 'attendance', 'person', 'person_id', '{issued_at,summit_id,kind,content_sealed,ended_at,
		end_reason}', '{"content_sealed": ["certificate"]}'),
	('private.outbox', 'mail', 'person', 'person_id', '{created_at,summit_id,template,locale,state,sent_at}', default),
	('private.announcement_readers', 'mail', 'person', 'person_id', '{delivered_at,locale,seen_at,closed_at}', default),
	('private.group_message_recipients', 'mail', 'person', 'person_id', '{queued_at,locale,state}', default),
	('private.concerns', 'concerns', 'person', 'reporter_id', '{created_at,summit_id,session_id,subject,text_sealed,
		closed_at}', '{"text_sealed": ["concern"]}');

insert into private.not_copied_tables (name, reason)
values
	('private.agenda_digests', 'technical'),
	('private.booth_heartbeats', 'technical'),
	('private.calendar_update_queue', 'technical'),
	('private.desk_monitors', 'technical'),
	('private.former_ids', 'technical'),
	('private.logistics_reminders', 'technical'),
	('private.pending_agenda_changes', 'technical'),
	('private.placement_steps', 'technical'),
	('private.sample_people', 'technical'),
	('private.walk_in_forms', 'technical'),
	('public.release_people', 'technical'),
	('private.alias_traces', 'safety'),
	('private.concern_subjects', 'safety'),
	('private.declines_without_reason', 'safety'),
	('private.entry_bars', 'safety'),
	('private.sealed_name_hashes', 'safety'),
	('private.watch_list_entries', 'safety'),
	('private.watch_list_matches', 'safety'),
	('private.decision_batches', 'staff'),
	('private.decision_proposals', 'staff'),
	('private.desk_lookups', 'staff'),
	('private.door_conflicts', 'staff'),
	('private.member_imports', 'staff'),
	('private.role_proposals', 'staff'),
	('private.re_reviews', 'staff'),
	('private.registration_notes', 'staff'),
	('private.schedule_imports', 'staff'),
	('public.merge_requests', 'staff'),
	('private.proposal_marks', 'others'),
	('private.recording_marks', 'technical'),
	('private.role_invitations', 'others'),
	('private.invitations', 'others'),
	('private.late_links', 'others');
