/* The mails whose texts organisers may change: the default text of each in their syntax, and its required parts. No I/O. */
import { roleDoes, staffRoleWord } from '#lib/accounts/role-words.ts';
import { joinFacts, joinLabel } from '#lib/i18n/list.ts';
import { m } from '#lib/i18n/messages.ts';
import { dateRange, money, utcDate } from '#lib/i18n/time.ts';
import { blocks, conditions, requiredVariables, variables } from './conditions.ts';
import { momentWords, type MailContext, type MailSummit } from './context.ts';
import type { Letter, MailPart } from './letter.ts';
import {
	formFaults,
	isFor,
	paragraphsOf,
	referencedNames,
	subjectLines,
	type Wording,
	type WordingFault
} from './wording.ts';

/** Conditions of each mail of a Summit. A mail that is not listed here is not editable. */
export const editable: Record<string, readonly string[]> = {
	registration_received: ['hall', 'until'],
	registration_queued: ['hall', 'entitlement', 'position'],
	registration_declined: ['reason'],
	registration_confirmed: ['hall'],
	registration_withdrawn: ['reason', 'refund'],
	registration_expired: [],
	offer_made: ['hall', 'until'],
	offer_lapsed: ['hall'],
	information_asked: ['until'],
	information_reminder: ['until'],
	guardian_asked: [],
	logistics_requested: ['until'],
	logistics_reminder: ['until'],
	need_closed: [],
	safeguarding_needed: [],
	concern_raised: [],
	concern_message: [],
	concern_waiting: [],
	invitation: ['member', 'hall', 'note', 'elsewhere', 'until'],
	focal_invited: ['until'],
	role_invited: [],
	role_granted: [],
	session_invited: [],
	payment_due: ['until', 'amount'],
	payment_received: ['amount', 'delegation'],
	payment_refunded: ['late', 'amount'],
	payment_moved: [],
	invoice_issued: ['due'],
	credit_note_issued: [],
	invoice_reminder: ['overdue', 'until'],
	waiver_approved: ['owed', 'reason', 'delegation'],
	waiver_refused: ['reason', 'delegation'],
	books_differ: [],
	proposal_received: [],
	proposal_invited: ['until'],
	reviewer_invited: ['until'],
	review_reminder: [],
	proposal_accepted: [],
	proposal_waitlisted: [],
	proposal_declined: [],
	side_event_accepted: ['reason'],
	side_event_declined: [],
	side_event_change_asked: [],
	commitment_agreement: [],
	commitment_announced: [],
	commitment_reminder: []
};

const until = '2031-03-04T05:06:00.000Z';
const starts = '2031-10-11T12:13:00.000Z';
const [amount, owed, currency, due] = [987_654_301, 123_456_701, 'EUR', '2031-07-08'];
const named = (name: string) => ({ original: 'en', en: `{${name}}` });

// Placeholders for the variables: a plain value is its token, a formatted value is one that occurs nowhere else.
const summit: MailSummit = {
	slug: 'summit',
	name: named('summit'),
	zone: 'UTC',
	starts_on: '2031-10-11',
	ends_on: '2031-10-12',
	venue_name: named('venue'),
	city: {},
	reply_to: null
};
const tokens = ['reference', 'position', 'reason', 'note', 'question', 'member', 'order', 'invoice', 'code', 'count'];
const params: Record<string, unknown> = {
	...Object.fromEntries(tokens.map((name) => [name, `{${name}}`])),
	...{
		until,
		due_at: until,
		starts_at: starts,
		amount,
		owed,
		currency,
		due_on: due,
		invoice_id: 'i',
		token: 't',
		mode: 'in_person',
		title: named('title')
	}
};
// A role's single word is not a unique placeholder.
const ofRoles = ['role_invited', 'role_granted', 'session_invited'];

type Combination = Record<string, boolean>;

/** Every combination of the conditions. */
function combinations(names: readonly string[]): Combination[] {
	return names.reduce<Combination[]>(
		(all, name) => all.flatMap((one) => [true, false].map((is) => ({ ...one, [name]: is }))),
		[{}]
	);
}

function contextFor(template: string, combination: Combination): MailContext {
	const own = Object.entries(combination).map(([name, is]) => conditions[name]?.[is ? 'yes' : 'no'] ?? {});
	const role = ofRoles.includes(template) ? { role: 'stage' } : {};
	return { params: Object.assign({}, params, role, ...own) as MailContext['params'], summit, zone: null, origin: '' };
}

/** A text with the formatted values replaced by their names. */
function unformatted(text: string, context: MailContext): string {
	const bare = (value: string) => value.replace(/[\u2066-\u2069]/g, '');
	const formatted: [string, string][] = [
		...(context.params['role'] === undefined
			? []
			: ([
					[roleDoes('stage'), '{does}'],
					[staffRoleWord('stage'), '{role}']
				] as [string, string][])),
		[momentWords(context, until), '{until}'],
		[momentWords(context, starts), '{starts}'],
		[money(amount, currency), '{amount}'],
		[money(owed, currency), '{owed}'],
		[utcDate(due), '{due}'],
		[dateRange(summit.starts_on, summit.ends_on), '{dates}']
	];
	return formatted.reduce((found, [value, name]) => found.replaceAll(bare(value), name), bare(text));
}

function written(part: MailPart): string {
	switch (part.kind) {
		case 'text':
		case 'quote':
			return part.text;
		case 'code':
			return part.code;
		case 'facts':
			return part.facts.map(({ label, value }) => joinLabel(label, value)).join('\n');
		case 'action':
			return `{button: ${part.label}}`;
	}
}

type Compose = (context: MailContext) => Letter;

// The union of the combinations' paragraphs in one order, each with the combinations that have it.
function merged(cases: readonly { combination: Combination; paragraphs: string[] }[]) {
	const union: { text: string; has: Combination[] }[] = [];
	for (const { combination, paragraphs } of cases) {
		let place = 0;
		for (const text of paragraphs) {
			const found = union.findIndex((each, at) => at >= place && each.text === text);
			if (found >= 0) {
				union[found]?.has.push(combination);
				place = found + 1;
			} else union.splice(place++, 0, { text, has: [combination] });
		}
	}
	return union;
}

/** The default text of a mail as organisers would write it, in the present language. */
export function composeDefaultWording(template: string, compose: Compose): Wording {
	const names = editable[template] ?? [];
	const cases = combinations(names).map((combination) => {
		const context = contextFor(template, combination);
		const letter = compose(context);
		return {
			combination,
			subject: unformatted(letter.subject, context),
			paragraphs: letter.parts.map((part) => unformatted(written(part), context))
		};
	});
	const marked = ({ text, has }: { text: string; has: Combination[] }, between: string) => {
		const marks = names.flatMap((name) => {
			const [first] = has;
			if (!first || has.some((each) => each[name] !== first[name])) return [];
			return [first[name] ? `{if ${name}}` : `{if not ${name}}`];
		});
		return `${marks.join('')}${marks.length > 0 ? between : ''}${text}`;
	};
	const subjects = merged(cases.map(({ combination, subject }) => ({ combination, paragraphs: [subject] })));
	return {
		subject: subjects.map((each) => marked(each, ' ')).join('\n'),
		body: merged(cases)
			.map((each) => marked(each, '\n'))
			.join('\n\n')
	};
}

/** The variables of a mail and its required parts. */
export interface MailRules {
	variables: ReadonlySet<string>;
	conditions: ReadonlySet<string>;
	/** For each combination of the conditions: the facts in the default text. */
	cases: { combination: Combination; required: string[] }[];
}

const always = ['summit', 'dates', 'venue'];

/** The rules of a mail, from its default text. */
export function rulesOf(template: string, own: Wording): MailRules {
	const names = editable[template] ?? [];
	const paragraphs = paragraphsOf(own.body);
	const all = [own.subject, own.body]
		.flatMap((text) => [...text.matchAll(/\{([a-z_]+)[^{}]*\}/g)])
		.map(([, name = '']) => name);
	const known = all.filter(
		(name) => name === 'button' || Object.hasOwn(variables, name) || Object.hasOwn(blocks, name)
	);
	return {
		variables: new Set([...always, ...known]),
		conditions: new Set(names),
		cases: combinations(names).map((combination) => ({ combination, required: factsIn(paragraphs, combination) }))
	};
}

function factsIn(paragraphs: ReturnType<typeof paragraphsOf>, combination: Combination): string[] {
	const shown = paragraphs
		.filter((paragraph) => isFor(paragraph, (name) => combination[name] ?? false))
		.flatMap(referencedNames);
	return [...new Set(shown)].filter((name) => requiredVariables.has(name));
}

/** The errors of a wording: unknown names, and missing facts of the default text. */
export function faultsOf(wording: Wording, rules: MailRules): WordingFault[] {
	const faults = formFaults(wording, rules);
	const subjects = subjectLines(wording.subject);
	if (
		rules.cases.some(({ combination }) => !subjects.some((line) => isFor(line, (name) => combination[name] ?? false)))
	)
		faults.push({ code: 'no_subject', paragraph: 0, name: '' });
	const paragraphs = paragraphsOf(wording.body);
	const missing = new Map<string, Combination[]>();
	for (const { combination, required } of rules.cases) {
		const present = factsIn(paragraphs, combination);
		for (const name of required.filter((each) => !present.includes(each)))
			missing.set(name, [...(missing.get(name) ?? []), combination]);
	}
	for (const [name, cases] of missing) {
		const needed = rules.cases.filter(({ required }) => required.includes(name)).length;
		faults.push({ code: 'missing', paragraph: 0, name, when: cases.length < needed ? whenWords(cases) : '' });
	}
	return faults;
}

// The common part of the combinations in which something is missing.
function whenWords(cases: readonly Combination[]): string {
	const [first = {}] = cases;
	return joinFacts(
		Object.keys(first)
			.filter((name) => cases.every((way) => way[name] === first[name]))
			.map((name) => {
				const condition = conditions[name]?.word() ?? name;
				return first[name] ? m.mail_when({ condition }) : m.mail_unless({ condition });
			})
	);
}
