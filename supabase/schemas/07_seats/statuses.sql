-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Removing a pool. In use: somebody is or was in it.
create domain public.pool_removal_status as text check (value in ('ok', 'not_found', 'in_use'));

-- Transferring a seat to a colleague. Not waiting: the colleague is not in the queue.
create domain public.seat_transfer_status as text check (value in (
	'ok', 'not_found', 'closed', 'wrong_state', 'not_waiting'
));
