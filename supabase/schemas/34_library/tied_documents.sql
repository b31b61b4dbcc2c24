-- The documents that are tied to a thing, on its page: to a group, a session, a commitment or a member. Ties that the
-- reader does not see leave no trace there.

-- The documents that are tied to the thing that is given, that the reader may read today, the newest first and at most 50:
-- {documents: [{code, title, kind, issued_on}], has_more: whether the library has more of them}. Of a group also those that
-- are for it. The caller has asked whether the reader sees the thing.
create function private.tied_documents_json(p_group uuid, p_session uuid, p_commitment uuid, p_member uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'documents', coalesce(jsonb_agg(d.document order by d.place) filter (where d.place <= 50), '[]'),
		'has_more', count(*) > 50)
	from (
		select jsonb_build_object('code', i.code, 'title', v.title, 'kind', v.kind, 'issued_on', v.issued_on) as document,
			row_number() over (order by v.issued_on desc, i.code) as place
		from private.readable_publications((select private.me())) as p
		join private.library_items as i on i.id = p.item_id
		join private.library_versions as v on v.item_id = p.item_id and v.number = p.number
		where p.shown_until > now()
			-- By the indexes on ties; of these, the versions that are shown.
			and (p.item_id, p.number) in (
				select x.item_id, x.number from private.library_versions as x where x.group_id = p_group
				union
				select t.item_id, t.number
				from private.library_ties as t
				where t.group_id = p_group
					or t.session_id = p_session
					or t.commitment_id = p_commitment
					or t.member_id = p_member)
		order by place
		limit 51
	) as d
$$;

-- Whether the reader finds a page of a member: it has a commitment in the register or a document that they see.
create function private.has_member_page(p_member uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.tied_documents_json(null, null, null, p_member) -> 'documents' <> '[]'
		or exists (
			select from private.visible_commitments_among((select private.me()), array(
				select x.commitment_id
				from private.commitment_members as x
				where x.member_id = p_member and x.number = private.shown_commitment_version(x.commitment_id))))
$$;

-- The documents that are tied to a thing (`kind`: group, session (of the Summit with the slug `summit`), commitment or
-- member), for those who see it: as private.tied_documents_json has them, and adds: whether the reader, who leads the group
-- and may submit, adds some. Null for others. What is for the people of a group is listed to them, and as everywhere in
-- the library to those who run the community (private.readable_publications).
create function public.list_tied_documents(kind text, code text, summit text default null) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_group private.groups;
	v_session uuid;
	v_commitment uuid;
	v_member uuid;
begin
	case list_tied_documents.kind
		when 'group' then
			select g.* into v_group
			from private.groups as g
			where g.code = list_tied_documents.code and g.id in (select private.visible_groups(v_me));
		when 'session' then
			select s.id into v_session
			from public.sessions as s
			join public.summits as u on u.id = s.summit_id
			where u.slug = list_tied_documents.summit
				and s.code = list_tied_documents.code
				and private.is_session_tie_seen(s.id);
		when 'commitment' then
			select c.id into v_commitment
			from private.commitments as c
			where c.code = list_tied_documents.code and private.is_commitment_tie_seen(c.id);
		when 'member' then
			select m.id into v_member
			from public.members as m
			where m.code = list_tied_documents.code and private.has_member_page(m.id);
		else null;
	end case;
	if num_nonnulls(v_group.id, v_session, v_commitment, v_member) = 0 then return null; end if;
	return private.tied_documents_json(v_group.id, v_session, v_commitment, v_member) || jsonb_build_object(
		'adds', v_group.id is not null
			and v_group.ended_at is null
			and private.chairs_group(v_me, v_group.id)
			and private.submits_to_library());
end
$$;
grant execute on function public.list_tied_documents(text, text, text) to anon, authenticated;

-- A member by its code, {code, name, sector, country, region}, for readers who find a page of it; null for others.
create function public.read_member_page(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.commitment_member_json(m.id, null)
	from public.members as m
	where m.code = read_member_page.code and private.has_member_page(m.id)
$$;
grant execute on function public.read_member_page(text) to anon, authenticated;

-- The commitments that name a session in the version that is shown, for those who see the session in the newest release,
-- and of which the reader finds each in the register: [{code, title, member (name), status}], by title.
create function public.list_session_commitments(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'code', c.code,
			'title', v.title,
			'member', m.name,
			'status', private.commitment_status(c, v.number, (select private.reads_as_member())))
		order by m.name, c.code), '[]')
	from private.visible_commitments_among((select private.me()), array(
		select x.commitment_id
		from private.commitment_versions as x
		where x.session_id = list_session_commitments.session
			and x.number = private.shown_commitment_version(x.commitment_id))) as seen
	join private.commitments as c on c.id = seen
	join private.commitment_versions as v
		on v.commitment_id = c.id and v.number = private.shown_commitment_version(c.id)
	join public.members as m on m.id = c.member_id
	where private.is_session_tie_seen(list_session_commitments.session)
$$;
grant execute on function public.list_session_commitments(uuid) to anon, authenticated;
