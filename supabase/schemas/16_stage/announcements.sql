-- Announcements from a stage: a short text of those who run the session, which everybody who watches the run sees at
-- once, beside the picture, at the desk and on the screen of the room.

-- The announcement that a run shows at this moment: {id, words, until}; null: none.
create function private.shown_announcement(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', a.id, 'words', a.words, 'until', private.iso(a.shown_until))
	from private.stage_announcements as a
	where a.run_id = p_run and a.withdrawn_at is null and a.shown_until > clock_timestamp()
	order by a.announced_at desc
	limit 1
$$;

-- Announces to everybody who watches a run, for so many minutes, in place of what was announced before. Hosts of the
-- session and stage organisers may. Locks the staging of the run, so that of two at the same moment one replaces the
-- other and the limit holds. Answers ok, already (the same words are shown), invalid (no words, several lines, or not 1
-- to 60 minutes), too_long, too_often (more than four in a minute), not_found.
create function public.announce_on_stage(run uuid, words text, minutes integer)
	returns public.stage_announcement_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.find_managed_run(run);
	v_words text := btrim(words);
begin
	if v_run.id is null then return 'not_found'; end if;
	if coalesce(v_words, '') = '' or not private.is_one_line(v_words) or coalesce(minutes, 0) not between 1 and 60 then
		return 'invalid';
	end if;
	if length(v_words) > 280 then return 'too_long'; end if;
	-- The run may have ended since.
	if (private.lock_stage_settings(run)).run_id is null then return 'not_found'; end if;
	if private.shown_announcement(run) ->> 'words' = v_words then return 'already'; end if;
	if (select count(*) from private.stage_announcements as a
		where a.run_id = run and a.announced_at > clock_timestamp() - interval '1 minute') >= 4 then
		return 'too_often';
	end if;
	update private.stage_announcements as a set withdrawn_at = clock_timestamp()
	where a.run_id = run and a.withdrawn_at is null and a.shown_until > clock_timestamp();
	insert into private.stage_announcements (run_id, summit_id, person_id, words, shown_until)
	values (run, v_run.summit_id, private.me(), v_words, clock_timestamp() + make_interval(mins => minutes));
	perform private.publish_event('session:' || v_run.session_id, 'stage', run),
		-- Pages of a workshop follow the topic of its room.
		case when v_run.stage_format = 'meeting' then private.publish_event('meeting:' || run, 'room') end;
	return 'ok';
end
$$;
grant execute on function public.announce_on_stage(uuid, text, integer) to authenticated;

-- Takes back what a run announces. Those who may announce may take back what another announced. Answers ok, already,
-- not_found.
create function public.withdraw_stage_announcement(run uuid) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.find_managed_run(run);
begin
	if v_run.id is null then return 'not_found'; end if;
	perform private.lock_stage_settings(run);
	update private.stage_announcements as a set withdrawn_at = clock_timestamp()
	where a.run_id = run and a.withdrawn_at is null and a.shown_until > clock_timestamp();
	if not found then return 'already'; end if;
	perform private.publish_event('session:' || v_run.session_id, 'stage', run),
		-- Pages of a workshop follow the topic of its room.
		case when v_run.stage_format = 'meeting' then private.publish_event('meeting:' || run, 'room') end;
	return 'ok';
end
$$;
grant execute on function public.withdraw_stage_announcement(uuid) to authenticated;

-- Deletes the announcements when the run ends.
create function private.erase_stage_announcements() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.stage_announcements where run_id = new.id;
	return null;
end
$$;

create trigger forget_announcements after update of state on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended') execute function private.erase_stage_announcements();
