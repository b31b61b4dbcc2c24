/* The conditions of a mail's text, and its variables. No I/O. */
import { roleDoes, staffRoleWord } from '#lib/accounts/role-words.ts';
import { text } from '#lib/i18n/locale.ts';
import { dateRange, day, money } from '#lib/i18n/time.ts';
import { inHall, momentParam, moneyParam, proposalTitle, summitName, textParam, type MailContext } from './context.ts';

const untilNames = ['until', 'held_until', 'deadline', 'due_at'];
const none = Object.fromEntries(untilNames.map((name) => [name, undefined]));

interface Condition {
	/** The condition, in organisers' words: "the seat is in the hall". */
	word: string;
	holds: (context: MailContext) => boolean;
	/** Parameters under which it holds, and under which it does not. */
	yes: Record<string, unknown>;
	no: Record<string, unknown>;
}

const given = (name: string, word: string): Condition => ({
	word,
	holds: (context) => textParam(context, name) !== '',
	yes: {},
	no: { [name]: undefined }
});

/** Every condition, by the name that follows "if". */
export const conditions: Record<string, Condition> = {
	hall: {
		word: 'the seat is in the hall',
		holds: inHall,
		yes: { mode: 'in_person' },
		no: { mode: 'virtual' }
	},
	entitlement: {
		word: 'the member’s own seats are used up',
		holds: (context) => textParam(context, 'queue_reason', 'reason') === 'allocation',
		yes: { queue_reason: 'allocation' },
		no: { queue_reason: 'capacity' }
	},
	position: {
		word: 'the place in the queue is known',
		holds: (context) => textParam(context, 'position', 'queue_position') !== '',
		yes: {},
		no: { position: undefined }
	},
	until: {
		word: 'there is a deadline',
		holds: (context) => momentParam(context, ...untilNames) !== null,
		yes: {},
		no: none
	},
	due: {
		word: 'there is a due date',
		holds: (context) => dayValue(context) !== '',
		yes: {},
		no: { due_on: undefined }
	},
	amount: {
		word: 'the amount is known',
		holds: (context) => moneyParam(context) !== null,
		yes: {},
		no: { amount: undefined }
	},
	owed: {
		word: 'something is still to be paid',
		holds: (context) => typeof context.params['owed'] === 'number' && context.params['owed'] > 0,
		yes: {},
		no: { owed: 0 }
	},
	reason: given('reason', 'a reason was written'),
	note: given('note', 'a note was written'),
	member: given('member', 'a member invites'),
	order: given('order', 'there is an order'),
	reference: given('reference', 'there is a reference'),
	refund: {
		word: 'a refund may be owed',
		holds: ({ params }) => params['refund'] !== 0,
		yes: { refund: 1 },
		no: { refund: 0 }
	},
	late: {
		word: 'the payment came too late',
		holds: (context) => ['late', 'no_seat'].includes(textParam(context, 'cause', 'reason')),
		yes: { cause: 'late' },
		no: { cause: undefined }
	},
	overdue: {
		word: 'the due date has passed',
		holds: (context) => textParam(context, 'stage') === 'after',
		yes: { stage: 'after' },
		no: { stage: 'before' }
	},
	delegation: {
		word: 'the member pays',
		holds: (context) => textParam(context, 'payer') === 'member',
		yes: { payer: 'member' },
		no: { payer: 'person' }
	},
	elsewhere: {
		word: 'the person is registered already',
		holds: ({ params }) => params['elsewhere'] === true,
		yes: { elsewhere: true },
		no: { elsewhere: false }
	}
};

function dayValue(context: MailContext): string {
	const date = textParam(context, 'due_on');
	return /^\d{4}-\d\d-\d\d$/.test(date) ? day(`${date}T12:00:00Z`, 'UTC', { weekday: 'none', year: true }) : '';
}

function owedValue({ params }: MailContext): string {
	const { owed, currency } = params;
	return typeof owed === 'number' && owed > 0 && typeof currency === 'string' ? money(owed, currency) : '';
}

function venueValue({ summit }: MailContext): string {
	if (!summit) return '';
	return [text(summit.venue_name).text, text(summit.city).text].filter((name) => name !== '').join(', ');
}

// Values are isolated where they are inserted into a sentence.
const bare = (value: string | null) => (value ?? '').replace(/[\u2066-\u2069]/g, '');

/** The variables of a text, by name; '' when there is no value. */
export const variables: Record<string, { word: string; value: (context: MailContext) => string }> = {
	summit: { word: 'name of the Summit', value: summitName },
	dates: {
		word: 'days of the Summit',
		value: ({ summit }) => (summit ? dateRange(summit.starts_on, summit.ends_on) : '')
	},
	venue: { word: 'venue and city', value: venueValue },
	reference: { word: 'reference of the registration', value: (context) => textParam(context, 'reference') },
	order: {
		word: 'number of the order',
		value: (context) => textParam(context, 'order', 'order_reference', 'reference')
	},
	position: { word: 'place in the queue', value: (context) => textParam(context, 'position', 'queue_position') },
	until: { word: 'deadline, by both clocks', value: (context) => momentParam(context, ...untilNames) ?? '' },
	due: { word: 'due date', value: dayValue },
	amount: { word: 'amount of money', value: (context) => moneyParam(context) ?? '' },
	owed: { word: 'amount still to be paid', value: owedValue },
	invoice: { word: 'number of the invoice', value: (context) => textParam(context, 'invoice') },
	member: { word: 'name of the member', value: (context) => textParam(context, 'member') },
	role: { word: 'role that is offered', value: (context) => staffRoleWord(textParam(context, 'role')) },
	does: {
		word: 'what the role does and reads',
		value: (context) => roleDoes(textParam(context, 'role'))
	},
	title: { word: 'title of the proposal', value: (context) => bare(proposalTitle(context)) },
	count: { word: 'how many', value: (context) => textParam(context, 'count') }
};

/** Variables that take a whole paragraph. */
export const blocks: Record<string, { word: string; value: (context: MailContext) => string }> = {
	reason: { word: 'what the organisers wrote, as a quotation', value: (context) => textParam(context, 'reason') },
	note: { word: 'what the one who invites wrote, as a quotation', value: (context) => textParam(context, 'note') },
	question: {
		word: 'what the organisers ask, as a quotation',
		value: (context) => textParam(context, 'question')
	},
	code: { word: 'the code', value: (context) => textParam(context, 'code') }
};

/** A variable's value in a context, without bidi marks. */
export function valueOf(name: string, context: MailContext): string {
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
