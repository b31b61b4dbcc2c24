-- Bounces: mail that a server accepted and that did not arrive, as a mail provider or a mailbox of bounces reports it later.

-- Whether a mail that ended with this error came back for good, or was reported as spam.
create function private.was_returned(p_error text) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(p_error ~ '^(BOUNCED|COMPLAINED)', false)
$$;

-- Records that a sent mail bounced for good (`p_kind` bounced) or that its reader reported it as spam (complained): it is
-- dead, and its reader unreachable for messages of organisers until they have another address, or an organiser sends it
-- again. The address remembers it, because the mail is deleted earlier. `p_code` is the status of the reporting server,
-- "5.1.1", or ''. Answers ok, also for the same report again, and unknown for a mail that is not there or was not sent in
-- the last 30 days.
create function private.save_mail_bounce(p_id uuid, p_kind text, p_code text default '') returns public.mail_bounce_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_mail private.outbox;
	v_error text := btrim(upper(p_kind) || ' ' || p_code);
begin
	if p_kind not in ('bounced', 'complained') or p_code !~ '^(5\.[0-9]{1,3}\.[0-9]{1,3})?$' then return 'unknown'; end if;
	select * into v_mail from private.outbox where id = p_id for update;
	if not found or v_mail.sent_at is null or v_mail.sent_at < now() - interval '30 days' then return 'unknown'; end if;
	if v_mail.state = 'dead' then return 'ok'; end if;
	if v_mail.state <> 'sent' then return 'unknown'; end if;
	update private.outbox set state = 'dead', last_error = v_error where id = p_id;
	-- One that is newer than the mail is another address.
	update private.person_addresses as a set unreachable_since = now()
	where a.person_id = v_mail.person_id
		and a.is_primary
		and a.created_at < v_mail.created_at
		and a.unreachable_since is null;
	if v_mail.summit_id is not null then
		perform private.publish_event('organise:' || v_mail.summit_id, 'mail', p_id);
	end if;
	return 'ok';
end
$$;
grant execute on function private.save_mail_bounce(uuid, text, text) to app_server;
