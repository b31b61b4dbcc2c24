/* The conditions of a mail's text, and its variables. No I/O. */
import { roleDoes, staffRoleWord } from '#lib/accounts/role-words.ts';
import { joinFacts, joinList } from '#lib/i18n/list.ts';
import { text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { answerWords, type FieldChoice, type FieldKind } from '#lib/logistics/logistics.ts';
import { countryName } from '#lib/members/countries.ts';
import { dateRange, money, number, utcDate } from '#lib/i18n/time.ts';
import { inHall, momentParam, moneyParam, proposalTitle, summitName, textParam, type MailContext } from './context.ts';

const untilNames = ['until', 'held_until', 'deadline', 'due_at'];
const none = Object.fromEntries(untilNames.map((name) => [name, undefined]));

interface Condition {
	/** The condition, in organisers' words: "the seat is in the hall". */
	word: () => string;
	holds: (context: MailContext) => boolean;
	/** Parameters under which it holds, and under which it does not. */
	yes: Record<string, unknown>;
	no: Record<string, unknown>;
}

const given = (name: string, word: () => string): Condition => ({
	word,
	holds: (context) => textParam(context, name) !== '',
	yes: {},
	no: { [name]: undefined }
});

/** Every condition, by the name that follows "if". */
export const conditions: Record<string, Condition> = {
	hall: {
		word: m.mail_condition_hall,
		holds: inHall,
		yes: { mode: 'in_person' },
		no: { mode: 'virtual' }
	},
	entitlement: {
		word: m.mail_condition_entitlement,
		holds: (context) => textParam(context, 'queue_reason', 'reason') === 'allocation',
		yes: { queue_reason: 'allocation' },
		no: { queue_reason: 'capacity' }
	},
	position: {
		word: m.mail_condition_position,
		holds: (context) => textParam(context, 'position', 'queue_position') !== '',
		yes: {},
		no: { position: undefined }
	},
	until: {
		word: m.mail_condition_until,
		holds: (context) => momentParam(context, ...untilNames) !== null,
		yes: {},
		no: none
	},
	due: {
		word: m.mail_condition_due,
		holds: (context) => dayValue(context) !== '',
		yes: {},
		no: { due_on: undefined }
	},
	amount: {
		word: m.mail_condition_amount,
		holds: (context) => moneyParam(context) !== null,
		yes: {},
		no: { amount: undefined }
	},
	owed: {
		word: m.mail_condition_owed,
		holds: (context) => typeof context.params['owed'] === 'number' && context.params['owed'] > 0,
		yes: {},
		no: { owed: 0 }
	},
	reason: given('reason', m.mail_condition_reason),
	note: given('note', m.mail_condition_note),
	member: given('member', m.mail_condition_member),
	order: given('order', m.mail_condition_order),
	reference: given('reference', m.mail_condition_reference),
	refund: {
		word: m.mail_condition_refund,
		holds: ({ params }) => params['refund'] !== 0,
		yes: { refund: 1 },
		no: { refund: 0 }
	},
	late: {
		word: m.mail_condition_late,
		holds: (context) => ['late', 'no_seat'].includes(textParam(context, 'cause', 'reason')),
		yes: { cause: 'late' },
		no: { cause: undefined }
	},
	overdue: {
		word: m.mail_condition_overdue,
		holds: (context) => textParam(context, 'stage') === 'after',
		yes: { stage: 'after' },
		no: { stage: 'before' }
	},
	delegation: {
		word: m.mail_condition_delegation,
		holds: (context) => textParam(context, 'payer') === 'member',
		yes: { payer: 'member' },
		no: { payer: 'person' }
	},
	elsewhere: {
		word: m.mail_condition_elsewhere,
		holds: ({ params }) => params['elsewhere'] === true,
		yes: { elsewhere: true },
		no: { elsewhere: false }
	}
};

function dayValue(context: MailContext): string {
	const date = textParam(context, 'due_on');
	return /^\d{4}-\d\d-\d\d$/.test(date) ? utcDate(date) : '';
}

// How many members a mail names before it counts the others.
const mostNamed = 4;

// A campaign names the members for which its reader gets it.
function memberValue(context: MailContext): string {
	const { members } = context.params;
	if (!Array.isArray(members)) return textParam(context, 'member');
	const names = members.map(String);
	if (names.length <= mostNamed) return joinList(names);
	const named = names.slice(0, mostNamed - 1);
	return m.mail_members_and_others({ named: joinList(named), count: number(names.length - named.length) });
}

function owedValue({ params }: MailContext): string {
	const { owed, currency } = params;
	return typeof owed === 'number' && owed > 0 && typeof currency === 'string' ? money(owed, currency) : '';
}

function venueValue({ summit }: MailContext): string {
	if (!summit) return '';
	return joinFacts([text(summit.venue_name).text, text(summit.city).text]);
}

// Values are isolated where they are inserted into a sentence.
const bare = (value: string | null) => (value ?? '').replace(/[\u2066-\u2069]/g, '');

/** The variables of a text, by name; '' when there is no value. */
export const variables: Record<string, { word: () => string; value: (context: MailContext) => string }> = {
	summit: { word: m.mail_variable_summit, value: summitName },
	dates: {
		word: m.mail_variable_dates,
		value: ({ summit }) => (summit ? dateRange(summit.starts_on, summit.ends_on) : '')
	},
	venue: { word: m.mail_variable_venue, value: venueValue },
	reference: { word: m.mail_variable_reference, value: (context) => textParam(context, 'reference') },
	order: {
		word: m.mail_variable_order,
		value: (context) => textParam(context, 'order', 'order_reference', 'reference')
	},
	position: { word: m.mail_variable_position, value: (context) => textParam(context, 'position', 'queue_position') },
	until: { word: m.mail_variable_until, value: (context) => momentParam(context, ...untilNames) ?? '' },
	starts: { word: m.mail_variable_starts, value: (context) => momentParam(context, 'starts_at') ?? '' },
	due: { word: m.mail_variable_due, value: dayValue },
	amount: { word: m.mail_variable_amount, value: (context) => moneyParam(context) ?? '' },
	owed: { word: m.mail_variable_owed, value: owedValue },
	invoice: { word: m.mail_variable_invoice, value: (context) => textParam(context, 'invoice') },
	member: { word: m.mail_variable_member, value: memberValue },
	role: { word: m.mail_variable_role, value: (context) => staffRoleWord(textParam(context, 'role')) },
	does: {
		word: m.mail_variable_does,
		value: (context) => roleDoes(textParam(context, 'role'))
	},
	title: { word: m.mail_variable_title, value: (context) => bare(proposalTitle(context)) },
	count: { word: m.mail_variable_count, value: (context) => textParam(context, 'count') }
};

/** Variables that take a whole paragraph. */
export const blocks: Record<string, { word: () => string; value: (context: MailContext) => string }> = {
	reason: { word: m.mail_block_reason, value: (context) => textParam(context, 'reason') },
	note: { word: m.mail_block_note, value: (context) => textParam(context, 'note') },
	question: {
		word: m.mail_block_question,
		value: (context) => textParam(context, 'question')
	},
	code: { word: m.mail_block_code, value: (context) => textParam(context, 'code') }
};

/** The reader's own answer to a question, which a message to a group may insert. */
interface MailAnswer {
	kind: FieldKind;
	choices: FieldChoice[];
	value: string[];
}

/** The key of the question whose answer a variable inserts: of `answer:hotel`, "hotel"; null for another variable. */
export const answerKey = (name: string): string | null => /^answer:([a-z][a-z0-9_]{1,40})$/.exec(name)?.[1] ?? null;

function answerValue(key: string, { params }: MailContext): string {
	const answer = (params['answers'] as Record<string, MailAnswer> | undefined)?.[key];
	return answer ? answerWords(answer, answer.value.join(','), countryName) : '';
}

/** A variable's value in a context, without bidi marks. */
export function valueOf(name: string, context: MailContext): string {
	const key = answerKey(name);
	if (key !== null) return bare(answerValue(key, context));
	return bare((variables[name] ?? blocks[name])?.value(context) ?? '');
}

/** Facts that no wording may omit where the default text has them: codes, money, deadlines, quotations, the link. */
export const requiredVariables: ReadonlySet<string> = new Set([
	'code',
	'amount',
	'owed',
	'until',
	'due',
	'invoice',
	'role',
	'reason',
	'note',
	'question',
	'button'
]);
