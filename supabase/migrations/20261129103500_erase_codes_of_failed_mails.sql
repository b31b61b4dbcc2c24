-- Notes a failure. Answers when the mail is tried again, or null when it is dead: at once when the refusal is final,
-- else after twelve tries (about half a day). Waits double from half a minute; for a code from five seconds. `p_error`
-- is a code of ours or the number of the server's answer, never its sentence, which repeats the address.
create or replace function private.mark_mail_failed(
	p_id uuid, p_claim uuid, p_error text, p_is_final boolean default false
) returns timestamptz
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_mail private.outbox;
	v_next timestamptz;
begin
	select * into v_mail from private.outbox where id = p_id and claim_id = p_claim and state = 'sending' for update;
	if not found then return null; end if;
	v_next := now() + least(interval '6 hours',
		case when private.mail_lifetime(v_mail.template) is null then interval '30 seconds' else interval '5 seconds' end
		* power(2, least(v_mail.attempts, 20) - 1) * (1 + random() / 5));
	if p_is_final or v_mail.attempts >= 12 or v_next > v_mail.created_at + private.mail_lifetime(v_mail.template) then
		v_next := null;
	end if;
	update private.outbox
	set state = case when v_next is null then 'dead'::public.mail_state else 'queued' end,
		claim_id = null,
		claimed_until = null,
		last_error = left(p_error, 80),
		send_after = coalesce(v_next, send_after),
		secret = case when v_next is null and private.mail_lifetime(v_mail.template) is not null then null else secret end
	where id = p_id;
	if v_next is null and v_mail.summit_id is not null then
		perform private.publish_event('organise:' || v_mail.summit_id, 'mail', p_id);
	end if;
	return v_next;
end
$$;
