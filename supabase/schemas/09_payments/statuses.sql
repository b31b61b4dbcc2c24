-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Dividing a bank payment: which parts are wrong, or their sum, order or currency.
create domain public.bank_split_status as text check (value in (
	'ok', 'not_allowed', 'already', 'parts', 'sum', 'unknown_order', 'same_order', 'currency'
));

-- Setting a bank payment aside, or opening it again.
create domain public.bank_ignore_status as text check (value in ('ok', 'not_allowed', 'already', 'reason_needed'));

-- Letting an order wait longer. Too soon: not later than now planned.
create domain public.order_extension_status as text check (value in (
	'ok', 'not_allowed', 'own', 'wrong_state', 'too_soon'
));

-- Writing off what a closed order owes.
create domain public.write_off_status as text check (value in (
	'ok', 'not_allowed', 'own', 'wrong_state', 'reason_needed'
));

-- Sending a failed refund again, or by bank.
create domain public.refund_status as text check (value in ('ok', 'not_allowed', 'own', 'wrong_state'));

-- Recording a refund that was sent by bank.
create domain public.manual_refund_status as text check (value in (
	'ok', 'not_allowed', 'own', 'wrong_state', 'invalid'
));

-- What a provider's report does to a refund. Stale: a later state is known.
create domain private.refund_effect as text check (value in (
	'refund_sent', 'refund_done', 'refund_failed', 'stale', 'duplicate', 'not_found'
));

-- Setting a budget of waivers. Below: more is waived already.
create domain public.waiver_budget_status as text check (value in ('ok', 'not_allowed', 'invalid', 'below'));

-- Removing a rate of value added tax. Needed: the general rate, while the tax is on.
create domain public.vat_rate_status as text check (value in ('ok', 'not_allowed', 'needed'));
