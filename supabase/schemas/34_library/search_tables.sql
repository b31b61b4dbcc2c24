-- What the search keeps of things whose texts are elsewhere, so that it does not read them anew for each question.

-- The words of released sessions.
create table private.session_words (
	release_id uuid not null,
	session_id uuid not null,
	words tsvector not null,
	primary key (release_id, session_id),
	foreign key (release_id, session_id)
		references public.release_sessions (release_id, session_id) on delete cascade
);
alter table private.session_words enable row level security;

-- The words of the versions of commitments.
create table private.commitment_words (
	commitment_id uuid not null,
	number integer not null,
	words tsvector not null,
	primary key (commitment_id, number),
	foreign key (commitment_id, number)
		references private.commitment_versions (commitment_id, number) on delete cascade
);
alter table private.commitment_words enable row level security;

-- The words of titles and authors of documents, with the scopes that their reader needs: from these a misspelt word is
-- corrected. Words of what was withdrawn may remain; none is suggested unless its reader finds something by it.
create table private.search_terms (
	word text not null check (length(word) between 4 and 40),
	needs text[] not null,
	primary key (word, needs)
);
create index on private.search_terms using gin (word extensions.gin_trgm_ops);
alter table private.search_terms enable row level security;

create index caption_lines_words on private.caption_lines
	using gin (to_tsvector(private.search_configuration(language), private.part_words(words)))
	where is_kept and is_final;
