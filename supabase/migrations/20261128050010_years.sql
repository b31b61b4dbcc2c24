-- A time in the year 999 or 12027 makes pages and calendars fail that expect four digits: no Summit and no session is held then.
-- Forms and imports refuse such a year with a sentence; these constraints are for what comes past them.

alter table public.summits
	add constraint years check (starts_on >= date '1970-01-01' and ends_on < date '2200-01-01'),
	add constraint registration_years check (registration_opens_at >= timestamptz '1970-01-01 00:00Z' and registration_closes_at < timestamptz '2200-01-01 00:00Z'),
	add constraint deadline_years check (greatest(nominations_close_at, names_freeze_at, details_due_at, refund_until) < timestamptz '2200-01-01 00:00Z'
		and least(nominations_close_at, names_freeze_at, details_due_at, refund_until) >= timestamptz '1970-01-01 00:00Z');

alter table public.slots add constraint years check (during <@ tstzrange(timestamptz '1970-01-01 00:00Z', timestamptz '2200-01-01 00:00Z'));
alter table public.release_slots add constraint years check (during <@ tstzrange(timestamptz '1970-01-01 00:00Z', timestamptz '2200-01-01 00:00Z'));
