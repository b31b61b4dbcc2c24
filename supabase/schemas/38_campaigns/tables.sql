-- Campaigns: messages of the secretariat to the people of members, across Summits. Nothing here is readable through the
-- API: everything is read and written by functions of this folder, which ask private.runs_community.

-- service: about duties that members have. news: the reader may unsubscribe.
create type public.campaign_kind as enum ('service', 'news');

-- scheduled: waits for its time. sending: a round is on its way, or a reminder may follow. sent: nothing follows.
create type public.campaign_state as enum ('draft', 'scheduled', 'sending', 'sent', 'cancelled');

create table private.campaigns (
	id uuid primary key default gen_random_uuid(),
	title text not null check (length(btrim(title)) between 1 and 200),
	kind public.campaign_kind not null default 'service',
	-- The Summit that it is about, by whose clock its times are shown; null: none, and UTC.
	summit_id uuid references public.summits (id) on delete set null,
	-- Whom it means (private.is_campaign_segment).
	segment jsonb not null check (jsonb_typeof(segment) = 'object'),
	-- {language: {subject, body}}, and the language for readers whose own is missing.
	texts jsonb not null check (jsonb_typeof(texts) = 'object'),
	original text not null default 'en' check (private.is_interface_language(original)),
	-- The page that its button opens; '': no button.
	page text not null default '' check (page in ('', 'delegation', 'agenda', 'commitments', 'groups', 'library')),
	state public.campaign_state not null default 'draft',
	version integer not null default 1,
	send_at timestamptz,
	-- How many rounds follow the first, how many days apart, and until when.
	reminders integer not null default 0 check (reminders between 0 and 10),
	remind_days integer not null default 7 check (remind_days between 1 and 90),
	deadline timestamptz,
	-- The last round that began, and when; 0: none.
	round integer not null default 0,
	round_at timestamptz,
	created_by uuid references public.people (id) on update cascade on delete set null,
	created_at timestamptz not null default now(),
	started_by uuid references public.people (id) on update cascade on delete set null,
	-- When nothing was left to send, or when it was cancelled; also when its deadline came before its first mail.
	ended_at timestamptz,
	check ((state = 'draft') <= (send_at is null)),
	check ((round = 0) = (round_at is null)),
	check ((state in ('sent', 'cancelled')) = (ended_at is not null)),
	constraint title_one_line check (private.is_one_line(title)),
	constraint subject_one_line check (private.are_one_line(jsonb_path_query_array(texts, '$.*.subject')))
);
create index on private.campaigns (summit_id);
create index on private.campaigns (created_by);
create index on private.campaigns (started_by);
create index campaigns_due on private.campaigns (send_at) where state in ('scheduled', 'sending');
alter table private.campaigns enable row level security;
select audit.watch('private.campaigns');

-- The people of each round, frozen when it begins, each once. Their addresses are opened only where the mail is sent.
create table private.campaign_recipients (
	campaign_id uuid not null references private.campaigns (id) on delete cascade,
	round integer not null check (round > 0),
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	-- The members of the segment for which the person gets it, by name; merged ones are followed where they are read.
	member_ids uuid[] not null,
	locale text not null,
	-- queued: in the outbox. sent, failed: what came of it, kept longer than the mail. unreachable: there is no address,
	-- or a server refused it for good. left: not in the segment any more when their turn came, or too late.
	state text not null check (
		state in ('waiting', 'queued', 'sent', 'failed', 'unreachable', 'unsubscribed', 'left', 'cancelled')),
	outbox_id uuid references private.outbox (id) on delete set null,
	queued_at timestamptz,
	added_at timestamptz not null default now(),
	primary key (campaign_id, round, person_id)
);
create index on private.campaign_recipients (person_id);
create index on private.campaign_recipients (outbox_id);
create index campaign_recipients_waiting on private.campaign_recipients (campaign_id, round) where state = 'waiting';
create index campaign_recipients_queued on private.campaign_recipients (queued_at) where queued_at is not null;
alter table private.campaign_recipients enable row level security;

-- People who want no news of the Alliance, and by which campaign they unsubscribed; null: in their settings.
create table private.mail_opt_outs (
	person_id uuid primary key references public.people (id) on update cascade on delete cascade,
	campaign_id uuid references private.campaigns (id) on delete set null,
	since timestamptz not null default now()
);
create index on private.mail_opt_outs (campaign_id);
alter table private.mail_opt_outs enable row level security;
select audit.watch('private.mail_opt_outs', 'person_id');

-- The links in mails by which their reader unsubscribes. The token is only in the mail, and signs nobody in.
create table private.unsubscribe_links (
	token_hash bytea primary key check (length(token_hash) = 32),
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	campaign_id uuid references private.campaigns (id) on delete set null,
	made_at timestamptz not null default now()
);
create index on private.unsubscribe_links (person_id);
create index on private.unsubscribe_links (campaign_id);
alter table private.unsubscribe_links enable row level security;
