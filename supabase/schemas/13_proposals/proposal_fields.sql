-- The fields of a proposal: which are missing, which are faulty, and how they are read from what the author typed.

-- What a proposal lacks before it can be submitted: names of fields, and answer:<id> of required questions.
create function private.missing_proposal_fields(p private.proposals) returns text[]
language sql stable security definer set search_path = '' as $$
	select array_remove(
		array[
			case when p.title = '{}'::jsonb then 'title' end,
			case when p.abstract = '{}'::jsonb then 'abstract' end,
			case
				when p.format_id is null
					and exists (select from public.formats as f where f.summit_id = p.summit_id) then 'format'
			end,
			case
				when p.track_id is null
					and exists (select from public.tracks as t where t.summit_id = p.summit_id) then 'track'
			end],
		null
	) || coalesce(
		(
			select array_agg('answer:' || q.id order by q.position, q.id)
			from private.call_questions as q
			where q.summit_id = p.summit_id
				and q.retired_at is null
				and q.is_required
				and not exists (
					select
					from private.proposal_answers as a
					left join private.proposal_people as e on e.id = a.entry_id
					where a.proposal_id = p.id
						and a.question_id = q.id
						and (q.subject = 'proposal' or e.person_id = p.owner_id)
				)
		),
		'{}'
	)
$$;

-- Whether each text has at most `p_most` characters, of any script, in at most 12 languages.
create function private.is_within_length(p_text public.text_map, p_most integer) returns boolean
language sql immutable set search_path = '' as $$
	select p_text is not null
		and (select count(*) from jsonb_object_keys(p_text)) <= 12
		and not exists (select from jsonb_each_text(p_text) as t (tag, words) where length(t.words) > p_most)
$$;

-- The fields of a proposal as somebody typed it that are not valid. A format or track that the call no longer offers
-- stays valid where it was chosen.
create function private.proposal_field_faults(p_old private.proposals, p_typed private.proposals) returns text[]
language sql stable security definer set search_path = '' as $$
	select array_remove(
		array[
			case
				when not coalesce(
					private.is_within_length(p_typed.title, 200) and private.are_one_line(p_typed.title), false
				) then 'title'
			end,
			case when not coalesce(private.is_within_length(p_typed.abstract, 5000), false) then 'abstract' end,
			case when not coalesce(private.is_within_length(p_typed.content_note, 500), false) then 'content_note' end,
			case when coalesce(length(p_typed.notes), 9999) > 4000 then 'notes' end,
			case
				when p_typed.format_id is not null
					and not exists (
						select
						from public.formats as f
						where f.id = p_typed.format_id
							and f.summit_id = p_old.summit_id
							and (
								c.format_ids = '{}'
								or f.id = any (c.format_ids)
								or f.id = p_old.format_id
							)
					) then 'format'
			end,
			case
				when p_typed.track_id is not null
					and not exists (
						select
						from public.tracks as t
						where t.id = p_typed.track_id
							and t.summit_id = p_old.summit_id
							and (
								c.track_ids = '{}'
								or t.id = any (c.track_ids)
								or t.id = p_old.track_id
							)
					) then 'track'
			end,
			case
				when p_typed.spoken is null
					or cardinality(p_typed.spoken) not between 1 and 10
					or exists (
						select
						from unnest(p_typed.spoken) as tag
						where tag is null or tag !~ '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$'
					) then 'spoken'
			end,
			case when p_typed.attendance is null then 'attendance' end,
			case when p_typed.level is null then 'level' end],
		null
	)
	from (select) as one
	left join private.calls as c on c.summit_id = p_old.summit_id
$$;

-- The proposal with the fields that somebody typed, and the names of the fields that are not valid; `form` when they
-- cannot be read at all.
create function private.parse_proposal_fields(
	p_old private.proposals,
	p_fields jsonb,
	out typed private.proposals,
	out faults text[]
)
language plpgsql stable security definer set search_path = '' as $$
declare
	v_known constant text[] := array['title', 'abstract', 'content_note', 'notes', 'format_id', 'track_id', 'spoken',
		'attendance', 'level'];
begin
	begin
		typed := jsonb_populate_record(
			p_old,
			(select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(p_fields) where key = any (v_known))
		);
	exception when data_exception or integrity_constraint_violation then
		typed := p_old;
		faults := array['form'];
		return;
	end;
	faults := private.proposal_field_faults(p_old, typed);
end
$$;
