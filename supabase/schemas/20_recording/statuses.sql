-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Turning the stream for a large audience on or off. Level: only for public sessions.
create domain public.large_audience_status as text check (value in ('ok', 'already', 'not_found', 'level', 'ended'));

-- Storing a piece of a recording. Gap: one before it is missing. Over: the recording is.
create domain private.recording_chunk_status as text check (value in ('ok', 'already', 'gap', 'over'));

-- Publishing a recording. Consent: somebody in it does not want to be seen. Trimming: it is still to be cut. Trimmed: what
-- was cut off would be deleted, and the caller has not said so.
create domain public.recording_publication_status as text
	check (value in ('ok', 'not_found', 'refused', 'consent', 'trimming', 'trimmed'));

-- Deleting a recording. Refused: it is still being made.
create domain public.recording_deletion_status as text check (value in ('ok', 'not_found', 'refused', 'held'));

-- Trimming a recording. Published: it must be withdrawn first. Range: nothing would be cut, or less than a second left.
create domain public.recording_trim_status as text
	check (value in ('ok', 'not_found', 'refused', 'held', 'published', 'range'));

-- Undoing a trim. Already: there is nothing to undo.
create domain public.recording_trim_undo_status as text
	check (value in ('ok', 'already', 'not_found', 'refused', 'held', 'published'));
