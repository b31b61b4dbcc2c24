-- Sign-in at an issuer of a ministry (docs/decisions/0014-single-sign-on.md): each state is used once.

-- Sign-ins at an issuer of a ministry that came back: each state is used once, whatever becomes of it. The state itself
-- lies in a sealed cookie of the browser that began.
create table private.used_sign_in_states (
	state_hash bytea primary key check (length(state_hash) = 32),
	used_at timestamptz not null default now()
);
create index on private.used_sign_in_states (used_at);
alter table private.used_sign_in_states enable row level security;

insert into private.retention_rules (table_name, class) values ('private.used_sign_in_states', 'sign_in');

-- Uses up the state of a sign-in at an issuer: true for the first who brings it. Of two at once only one gets it, as the
-- other waits for the row.
create function private.use_sign_in_state(p_state_hash bytea) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into private.used_sign_in_states (state_hash) values (p_state_hash) on conflict do nothing;
	return found;
end
$$;
grant execute on function private.use_sign_in_state(bytea) to app_server;

-- Deletes codes that expired a day ago, challenges of passkeys that expired (each visit of the sign-in page makes one),
-- what passkeys confirmed two days ago, states of sign-ins that no cookie holds any more, and counters whose window is
-- over. Answers how many codes were deleted.
create or replace function private.delete_expired_challenges() returns integer
language sql volatile security definer set search_path = '' as $$
	with addresses as (
		delete from private.sign_in_addresses
		where failed_attempts_since < now() - interval '2 days' and mails_since < now() - interval '2 hours'
	), clients as (
		delete from private.sign_in_clients where mails_since < now() - interval '2 hours'
	), passkeys as (
		delete from private.passkey_challenges where expires_at < now()
	), assurances as (
		delete from private.session_assurances where confirmed_at < now() - interval '2 days'
	), states as (
		delete from private.used_sign_in_states where used_at < now() - interval '1 hour'
	), gone as (
		delete from private.sign_in_challenges where expires_at < now() - interval '1 day' returning 1
	)
	select count(*)::integer from gone
$$;
