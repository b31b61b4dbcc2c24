-- A scheduled announcement is typed and shown by the clock of the commitment's Summit.

-- One commitment as those who work on it read it: the newest version, its state, who agreed, and what happened. Null for
-- everybody else.
create or replace function private.commitment_work_json(c private.commitments) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.commitment_text_json(c, c.version) || jsonb_build_object(
		'id', c.id,
		'summit_id', c.summit_id,
		'zone', (select s.zone from public.summits as s where s.id = c.summit_id),
		'version', c.version,
		'state', c.state,
		'note', v.note,
		'shown', private.shown_commitment_version(c.id),
		'scheduled_at', (
			select private.iso(s.effective_at)
			from private.commitment_announcements() as s
			where s.commitment_id = c.id and c.state = 'announced' and s.number = c.version and s.effective_at > now()),
		'drafted_by', (select p.display_name from public.people as p where p.id = v.written_by),
		'is_lead', c.member_id in (select private.my_current_members()),
		'members', (
			select jsonb_agg(jsonb_build_object(
				'id', m.id,
				'name', m.name,
				'agreed', private.has_agreed(c, m.id),
				'may_ask', c.member_id in (select private.my_current_members())
					or m.id in (select private.my_current_members()),
				'asked', (
					select l.hint
					from private.commitment_links as l
					where l.commitment_id = c.id
						and l.member_id = m.id
						and private.is_commitment_link_open(l, c)
					order by l.made_at desc
					limit 1)) order by m.id <> c.member_id, m.name, m.id)
			from private.commitment_members as x
			join public.members as m on m.id = x.member_id
			where x.commitment_id = c.id and x.number = c.version),
		'steps', (
			select coalesce(jsonb_agg(jsonb_build_object('number', s.number, 'step', s.step,
				'member', (select m.name from public.members as m where m.id = s.member_id),
				'reason', s.reason, 'effective_at', private.iso(s.effective_at),
				'made_at', private.iso(s.made_at)) order by s.id desc), '[]')
			from private.commitment_steps as s
			where s.commitment_id = c.id))
	from private.commitment_versions as v
	where v.commitment_id = c.id and v.number = c.version
$$;
