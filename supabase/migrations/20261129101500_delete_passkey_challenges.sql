-- Deletes codes that expired a day ago, challenges of passkeys that expired (each visit of the sign-in page makes one),
-- what passkeys confirmed two days ago, and counters whose window is over. Answers how many codes were deleted.
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
	), gone as (
		delete from private.sign_in_challenges where expires_at < now() - interval '1 day' returning 1
	)
	select count(*)::integer from gone
$$;
