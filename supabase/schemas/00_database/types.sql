-- Types that several nouns share.

create type public.attendance_mode as enum ('in_person', 'virtual');

create type public.sector as enum ('government', 'intergovernmental', 'civil_society', 'private_sector');

-- Who may see a session, from open to strict: comparisons use this order.
create type public.confidentiality as enum ('public', 'members', 'chatham_house', 'closed');

-- What functions answer about an act, where several nouns answer the same. The types of TypeScript are made from these
-- lists, so a status that is not in one does not compile.

-- An act for those who may.
create domain public.ok_or_not_allowed as text check (value in ('ok', 'not_allowed'));

-- An act on an object: one that is not there and one that the reader may not change give the same answer.
create domain public.ok_or_not_found as text check (value in ('ok', 'not_found'));

-- The same, of rows that only the reader knows.
create domain public.ok_or_unknown as text check (value in ('ok', 'unknown'));

-- Already: there was nothing to do.
create domain public.ok_or_already as text check (value in ('ok', 'already'));

-- None: the reader has nothing to which this applies.
create domain public.ok_or_none as text check (value in ('ok', 'none'));

-- Saving what somebody entered, for those who may.
create domain public.save_status as text check (value in ('ok', 'not_allowed', 'invalid'));

-- Saving an object, which is not found for those who may not change it.
create domain public.edit_status as text check (value in ('ok', 'not_found', 'invalid'));

-- Bringing an object into a state in which it may be already.
create domain public.change_status as text check (value in ('ok', 'already', 'not_found'));

-- The same of an object that is no secret to those who may not change it.
create domain public.switch_status as text check (value in ('ok', 'already', 'not_allowed'));

-- Moving something on. Wrong state: it has moved on already.
create domain public.step_status as text check (value in ('ok', 'wrong_state', 'not_allowed'));

-- A decision by a second person. Own: the reader asked for it, or it is about the reader.
create domain public.second_person_status as text check (value in ('ok', 'own', 'wrong_state', 'not_found'));

-- Saving settings with deadlines. Late: one is after the end of the Summit.
create domain public.deadline_save_status as text check (value in ('ok', 'not_allowed', 'invalid', 'late'));

-- Inviting an address, whether or not somebody has it. Limited: too many invitations in a day.
create domain public.invitation_status as text check (value in ('ok', 'not_allowed', 'invalid', 'limited'));
