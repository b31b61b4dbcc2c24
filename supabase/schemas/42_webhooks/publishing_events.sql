-- Events of what is published: announcements, pages, files, documents, commitments, surveys, figures and reports, and the
-- states of the Summit.

-- One for a room or a session tells of that session.
create function private.webhook_of_announcement() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(new.summit_id, 'announcement.sent',
		jsonb_build_object('announcement', new.id), new.session_id);
	return null;
end
$$;
create trigger webhook_sent after insert on private.announcements for each row
	execute function private.webhook_of_announcement();

create function private.webhook_of_page() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(p.summit_id, 'page.published',
		jsonb_build_object('page', p.slug, 'version', new.number))
	from private.pages as p
	where p.id = new.page_id;
	return null;
end
$$;
create trigger webhook_published after insert on private.page_versions for each row
	execute function private.webhook_of_page();

create function private.webhook_of_session_file() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_session_event(new.session_id, 'session_file.published', jsonb_build_object('file', new.id));
	return null;
end
$$;
create trigger webhook_added after insert on private.session_files for each row
	when (new.publication = 'session' and new.level <> 'closed') execute function private.webhook_of_session_file();
create trigger webhook_published after update on private.session_files for each row
	when (new.publication = 'session' and old.publication <> 'session' and new.level <> 'closed')
	execute function private.webhook_of_session_file();

-- A public document belongs to the Summits of the sessions and commitments that it is tied to; a tie to a closed session
-- is none. Under an embargo it is told when that ends.
create function private.webhook_of_document() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(
		tied.summit_id, 'document.published',
		jsonb_build_object('document', i.code, 'version', new.number), null, coalesce(new.embargo_until, now()))
	from private.library_items as i
	cross join lateral (
		select s.summit_id
		from private.library_ties as t
		join public.sessions as s on s.id = t.session_id and private.level_in_force(s.id) <> 'closed'
		where t.item_id = new.item_id and t.number = new.number
		union
		select c.summit_id
		from private.library_ties as t
		join private.commitments as c on c.id = t.commitment_id
		where t.item_id = new.item_id and t.number = new.number
	) as tied
	where i.id = new.item_id;
	return null;
end
$$;
create trigger webhook_published after update on private.library_versions for each row
	when (old.published_at is null and new.published_at is not null and new.level = 'public')
	execute function private.webhook_of_document();

-- A version that is not public closes the earlier ones too: what is under an embargo is announced no more.
create function private.webhook_of_closed_document() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.take_back_webhook_event('document.published', jsonb_build_object('document', i.code))
	from private.library_items as i
	where i.id = new.item_id;
	return null;
end
$$;
create trigger webhook_closed after update on private.library_versions for each row
	when (old.published_at is null and new.published_at is not null and new.level <> 'public')
	execute function private.webhook_of_closed_document();

create function private.webhook_of_withdrawn_document() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.take_back_webhook_event('document.published', jsonb_build_object('document', new.code));
	return null;
end
$$;
create trigger webhook_withdrawn after update on private.library_items for each row
	when (new.state = 'withdrawn' and old.state <> 'withdrawn')
	execute function private.webhook_of_withdrawn_document();

-- Public commitments that were announced, when the announcement takes effect.
create function private.webhook_of_commitment_step() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_summit uuid;
	v_data jsonb;
begin
	select c.summit_id, jsonb_build_object('commitment', c.code)
	into v_summit, v_data
	from private.commitments as c
	where c.id = new.commitment_id;
	if new.step = 'announced' then
		perform private.write_webhook_event(v_summit, 'commitment.announced', v_data, null, new.effective_at)
		from private.commitment_versions as v
		where v.commitment_id = new.commitment_id and v.number = new.number and v.audience = 'public';
	else
		perform private.take_back_webhook_event('commitment.announced', v_data);
		if new.step = 'withdrawn' then
			perform private.write_webhook_event(v_summit, 'commitment.withdrawn', v_data)
			from private.commitment_versions as v
			where v.commitment_id = new.commitment_id
				and v.number = private.shown_commitment_version(new.commitment_id)
				and v.audience = 'public';
		end if;
	end if;
	return null;
end
$$;
create trigger webhook_step after insert on private.commitment_steps for each row
	when (new.step in ('announced', 'unscheduled', 'withdrawn')) execute function private.webhook_of_commitment_step();

create function private.webhook_of_report() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(c.summit_id, 'commitment.reported',
		jsonb_build_object('commitment', c.code, 'report', new.id))
	from private.commitments as c
	where c.id = new.commitment_id and private.shown_commitment_version(c.id) is not null;
	return null;
end
$$;
create trigger webhook_reported after insert on private.commitment_reports for each row
	when (new.audience = 'public') execute function private.webhook_of_report();

create function private.webhook_of_survey() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(new.summit_id, 'survey.published', jsonb_build_object('survey', new.id));
	return null;
end
$$;
create trigger webhook_published after update on private.surveys for each row
	when (old.published_at is null and new.published_at is not null) execute function private.webhook_of_survey();

-- Figures and reports have their number. The argument: the kind.
create function private.webhook_of_numbered_release() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(new.summit_id, tg_argv[0]::public.webhook_kind,
		jsonb_build_object('release', new.number));
	return null;
end
$$;
create trigger webhook_released after insert on public.figure_releases for each row
	execute function private.webhook_of_numbered_release('figures.released');
create trigger webhook_released after update on private.impact_releases for each row
	when (old.content is null and new.content is not null)
	execute function private.webhook_of_numbered_release('impact_report.released');

create function private.webhook_of_summit() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(new.id,
		case new.state when 'open' then 'summit.opened' else 'summit.' || new.state end::public.webhook_kind, '{}');
	return null;
end
$$;
create trigger webhook_state after update on public.summits for each row
	when (new.state <> old.state and new.state <> 'draft') execute function private.webhook_of_summit();
