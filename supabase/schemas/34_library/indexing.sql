-- Keeps the words of sessions, commitments and documents that the search compares.

-- The words of a session as it is released.
create function private.index_released_session() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into private.session_words as w (release_id, session_id, words)
	values (new.release_id, new.session_id,
		private.search_vector(new.title, 'A') || private.search_vector(new.abstract, 'B'))
	on conflict (release_id, session_id) do update set words = excluded.words;
	return null;
end
$$;
create trigger index_words after insert or update of title, abstract on public.release_sessions for each row
	when (not new.is_break)
	execute function private.index_released_session();

-- The words of a version of a commitment.
create function private.index_commitment_version() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into private.commitment_words as w (commitment_id, number, words)
	values (new.commitment_id, new.number,
		private.search_vector(new.title, 'A') || private.search_vector(new.summary, 'B'))
	on conflict (commitment_id, number) do update set words = excluded.words;
	return null;
end
$$;
create trigger index_words after insert or update of title, summary on private.commitment_versions for each row
	execute function private.index_commitment_version();

-- The terms of a document, when its index is made.
create function private.index_publication_terms() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into private.search_terms (item_id, number, word)
	select distinct v.item_id, v.number, term
	from private.library_versions as v
	cross join lateral (
		select each.text
		from jsonb_each_text(v.title) as each (tag, text)
		where each.tag <> 'original'
		union all
		select unnest(v.authors)) as written
	cross join lateral unnest(tsvector_to_array(
		to_tsvector('private.search_simple', private.part_words(written.text)))) as term
	where v.item_id = new.item_id and v.number = new.number and length(term) between 4 and 40
	on conflict do nothing;
	return null;
end
$$;
create trigger index_terms after insert on private.library_publications for each row
	execute function private.index_publication_terms();
