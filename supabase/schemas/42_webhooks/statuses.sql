-- Adding an endpoint. Already: one with this id was added before. Too many: a Summit has at most twenty.
create domain public.webhook_adding as text check (value in ('ok', 'already', 'not_allowed', 'invalid', 'too_many'));
