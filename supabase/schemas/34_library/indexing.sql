-- Keeps the words of sessions, commitments and documents that the search compares.

-- The terms of a text by language, or of several: their words without accents, each once, of those that may be corrected.
create function private.terms_of(p_texts text[]) returns setof text
language sql immutable set search_path = '' as $$
	select distinct term
	from unnest(p_texts) as written (text)
	cross join lateral unnest(tsvector_to_array(
		to_tsvector('private.search_simple', private.part_words(written.text)))) as term
	where length(term) between 4 and 40
$$;

-- The texts of a map by language.
create function private.texts_in(p_texts jsonb) returns text[]
language sql immutable set search_path = '' as $$
	select coalesce(array_agg(each.text), '{}') from jsonb_each_text(p_texts) as each (tag, text) where each.tag <> 'original'
$$;

-- The words and terms of a session as it is released.
create function private.index_released_session() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into private.session_words as w (release_id, session_id, words)
	values (new.release_id, new.session_id,
		private.search_vector(new.title, 'A') || private.search_vector(new.abstract, 'B'))
	on conflict (release_id, session_id) do update set words = excluded.words;
	delete from private.session_terms as t where t.release_id = new.release_id and t.session_id = new.session_id;
	insert into private.session_terms (release_id, session_id, word)
	select new.release_id, new.session_id, term from private.terms_of(private.texts_in(new.title)) as term;
	return null;
end
$$;
create trigger index_words after insert or update of title, abstract on public.release_sessions for each row
	when (not new.is_break)
	execute function private.index_released_session();

-- The words and terms of a version of a commitment.
create function private.index_commitment_version() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into private.commitment_words as w (commitment_id, number, words)
	values (new.commitment_id, new.number,
		private.search_vector(new.title, 'A') || private.search_vector(new.summary, 'B'))
	on conflict (commitment_id, number) do update set words = excluded.words;
	delete from private.commitment_terms as t where t.commitment_id = new.commitment_id and t.number = new.number;
	insert into private.commitment_terms (commitment_id, number, word)
	select new.commitment_id, new.number, term from private.terms_of(private.texts_in(new.title)) as term;
	return null;
end
$$;
create trigger index_words after insert or update of title, summary on private.commitment_versions for each row
	execute function private.index_commitment_version();

-- The terms of a document, when its index is made.
create function private.index_publication_terms() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into private.search_terms (item_id, number, needs, shown_from, shown_until, words)
	select v.item_id, v.number, new.needs, case when new.shown_from <= now() then '-infinity' else new.shown_from end,
		new.shown_until,
		array(select private.terms_of(private.texts_in(v.title) || private.texts_in(v.summary) || v.authors))
	from private.library_versions as v
	where v.item_id = new.item_id and v.number = new.number and new.shown_until > now();
	return null;
end
$$;
create trigger index_terms after insert on private.library_publications for each row
	execute function private.index_publication_terms();

-- Counts the words of documents that come and go. Two at a time would wait for each other's words, so each waits for the
-- other; who indexes has locked the item before.
create function private.count_search_words() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform pg_advisory_xact_lock(hashtextextended('search_words', 0));
	if tg_op = 'INSERT' then
		insert into private.search_words as w (needs, shown_from, shown_until, word, documents)
		select t.needs, t.shown_from, t.shown_until, each.word, count(*)
		from changed as t, unnest(t.words) as each (word)
		group by t.needs, t.shown_from, t.shown_until, each.word
		on conflict (word, needs, shown_from, shown_until) do update set documents = w.documents + excluded.documents;
	else
		update private.search_words as w
		set documents = w.documents - gone.documents
		from (
			select t.needs, t.shown_from, t.shown_until, each.word, count(*) as documents
			from changed as t, unnest(t.words) as each (word)
			group by t.needs, t.shown_from, t.shown_until, each.word) as gone
		where w.word = gone.word
			and w.needs = gone.needs
			and w.shown_from = gone.shown_from
			and w.shown_until = gone.shown_until;
		delete from private.search_words as w
		where w.documents = 0 and w.word in (select unnest(t.words) from changed as t);
	end if;
	return null;
end
$$;
create trigger count_words after insert on private.search_terms referencing new table as changed
	for each statement execute function private.count_search_words();
create trigger count_gone_words after delete on private.search_terms referencing old table as changed
	for each statement execute function private.count_search_words();
