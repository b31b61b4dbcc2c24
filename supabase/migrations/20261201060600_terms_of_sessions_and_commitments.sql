-- A misspelt word of the search is corrected to words of the titles of released sessions and announced commitments too, of
-- those that the reader sees.

set check_function_bodies = off;

create table private.session_terms (
	release_id uuid not null,
	session_id uuid not null,
	word text not null check (length(word) between 4 and 40),
	primary key (release_id, session_id, word),
	foreign key (release_id, session_id) references private.session_words (release_id, session_id) on delete cascade
);
create index on private.session_terms using gin (word extensions.gin_trgm_ops);
alter table private.session_terms enable row level security;

create table private.commitment_terms (
	commitment_id uuid not null,
	number integer not null,
	word text not null check (length(word) between 4 and 40),
	primary key (commitment_id, number, word),
	foreign key (commitment_id, number) references private.commitment_words (commitment_id, number) on delete cascade
);
create index on private.commitment_terms using gin (word extensions.gin_trgm_ops);
alter table private.commitment_terms enable row level security;

insert into private.retention_rules (table_name, exemption)
values ('private.session_terms', 'technical'), ('private.commitment_terms', 'technical');

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
create or replace function private.index_released_session() returns trigger
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

-- The words and terms of a version of a commitment.
create or replace function private.index_commitment_version() returns trigger
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

-- The terms of a document, when its index is made.
create or replace function private.index_publication_terms() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into private.search_terms (item_id, number, word)
	select v.item_id, v.number, term
	from private.library_versions as v
	cross join lateral private.terms_of(private.texts_in(v.title) || v.authors) as term
	where v.item_id = new.item_id and v.number = new.number
	on conflict do nothing;
	return null;
end
$$;

insert into private.session_terms (release_id, session_id, word)
select r.release_id, r.session_id, term
from private.session_words as w
join public.release_sessions as r on r.release_id = w.release_id and r.session_id = w.session_id
cross join lateral private.terms_of(private.texts_in(r.title)) as term;

insert into private.commitment_terms (commitment_id, number, word)
select v.commitment_id, v.number, term
from private.commitment_words as w
join private.commitment_versions as v on v.commitment_id = w.commitment_id and v.number = w.number
cross join lateral private.terms_of(private.texts_in(v.title)) as term;

drop function private.corrected_question(uuid, text);

-- The query with each word replaced by the most similar term of the documents, released sessions and commitments that the
-- person reads; null where nothing is replaced. Each branch reads visibility as the search itself does. Terms are found by
-- their trigrams: to compare a word with each of them would take longer than the planner expects.
create function private.corrected_question(p_person uuid, p_question text, p_sessions uuid[]) returns text
language plpgsql stable security definer set search_path = '' set enable_seqscan = off as $$
declare
	v_words text[] := '{}';
	v_word text;
	v_found text;
	v_releases uuid[] := array(select private.current_releases());
	v_commitments uuid[] := array(select private.visible_commitments(p_person));
begin
	for v_word in
		select word
		from regexp_split_to_table(lower(extensions.unaccent('extensions.unaccent', left(p_question, 200))), '\s+') as word
		where word <> ''
		limit 8
	loop
		v_found := null;
		if length(v_word) between 4 and 40 then
			select near.word into v_found
			from (
				select t.word
				from private.search_terms as t
				join private.readable_publications(p_person) as p on p.item_id = t.item_id and p.number = t.number
				where t.word operator(extensions.%) v_word and p.shown_until > now()
				union
				select t.word
				from private.session_terms as t
				join public.release_sessions as r on r.release_id = t.release_id and r.session_id = t.session_id
				where t.word operator(extensions.%) v_word
					and t.release_id = any (v_releases)
					and t.session_id = any (p_sessions)
					and not r.is_cancelled
				union
				select t.word
				from private.commitment_terms as t
				where t.word operator(extensions.%) v_word
					and t.commitment_id = any (v_commitments)
					and t.number = private.shown_commitment_version(t.commitment_id)
			) as near
			where extensions.similarity(near.word, v_word) >= 0.35
			order by extensions.similarity(near.word, v_word) desc, near.word
			limit 1;
		end if;
		v_words := v_words || coalesce(v_found, v_word);
	end loop;
	return nullif(array_to_string(v_words, ' '), lower(extensions.unaccent('extensions.unaccent', btrim(p_question))));
end
$$;

-- The search: {total, corrected (the words that were searched instead, where the query itself finds nothing but speakers,
-- and the corrected one more), results: [{source, …}], facets: {source, kind, theme, year, language, group: [{value,
-- count}]}}. `choice` narrows the results: source, kind, theme (slug), year, language, group (code; documents alone are
-- of groups, of those that the reader sees). The counts of a facet are those of the other
-- choices together, of what the reader sees and of nothing else. `page` begins with 1; twenty results each. `shown_in`
-- is the language of the page. `replays`: the Summits of which the reader may watch recordings, [{slug, name}].
create or replace function public.search_library(question text, choice jsonb default '{}', shown_in text default 'en',
	page integer default 1) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	-- Nobody asks for more, and each name is compared with all of it.
	v_question text := left(coalesce(search_library.question, ''), 200);
	v_query tsquery := private.search_query(v_question);
	v_sessions uuid[] := array(select private.my_visible_sessions());
	v_recordings uuid[] := array(select private.library_recordings(private.me(), v_sessions));
	v_files uuid[] := array(select private.library_session_files(v_sessions));
	v_corrected text;
	v_found jsonb;
	v_other jsonb;
begin
	v_found := private.find_in_library(private.me(), v_query, v_question, v_sessions, v_recordings, v_files, choice,
		shown_in, page);
	if v_query is not null and (v_found ->> 'matches')::bigint = 0 then
		v_corrected := private.corrected_question(private.me(), v_question, v_sessions);
		v_query := private.search_query(v_corrected);
		if v_query is not null then
			v_other := private.find_in_library(private.me(), v_query, v_corrected, v_sessions, v_recordings, v_files, choice,
				shown_in, page);
		end if;
		if (v_other ->> 'matches')::bigint > 0 then v_found := v_other;
		else v_corrected := null;
		end if;
	end if;
	return v_found - 'matches' || jsonb_build_object(
		'corrected', v_corrected,
		'replays', private.library_replays(v_recordings));
end
$$;

