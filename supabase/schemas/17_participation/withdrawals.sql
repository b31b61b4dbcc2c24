-- Withdrawn messages and questions still count towards the pause between two messages and the limit of questions.
-- Otherwise somebody who writes, deletes and writes again would never be too fast, and would notify all viewers each
-- time.

-- Records that somebody withdrew a message or a question of an open run.
create function private.record_withdrawal(p_run uuid, p_session uuid, p_person uuid, p_author bytea, p_kind text,
	p_said timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_author bytea;
begin
	-- Holds the run, so that it cannot end and erase these rows meanwhile.
	perform from public.runs where runs.id = p_run and runs.state <> 'ended' for share;
	if not found then return; end if;
	v_author := coalesce(p_author, private.hash_participant(p_session, p_person));
	-- No pause between messages is longer than ten minutes.
	delete from private.withdrawn_items as t
	where t.run_id = p_run and t.author_hash = v_author and t.withdrawn_at < clock_timestamp() - interval '10 minutes';
	insert into private.withdrawn_items (run_id, author_hash, kind, originally_sent_at) values (p_run, v_author, p_kind,
		p_said);
end
$$;

-- Deletes these records at the end of the run.
create function private.delete_withdrawn_items() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.withdrawn_items as t where t.run_id = new.id;
	return null;
end
$$;
create trigger forget_withdrawn_items after update of state on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended') execute function private.delete_withdrawn_items();
