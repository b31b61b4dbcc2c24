import { minorDigits } from '#lib/i18n/currency.ts';
import type { TextMap } from '#lib/i18n/locale.ts';

/** The field type of a list's column. */
type ListFieldKind = 'texts' | 'long-texts' | 'slug' | 'key' | 'number' | 'money' | 'choice' | 'yes' | 'mail' | 'word';

/** One column of a list that an owner keeps. */
export interface ListField {
	name: string;
	label: string;
	kind: ListFieldKind;
	hint?: string;
	required?: boolean;
	options?: readonly { value: string; label: string }[];
	/** The largest number. */
	most?: number;
}

/** A list that an owner keeps: rooms, fees, contacts and so on. */
export interface List {
	table: 'rooms' | 'tracks' | 'formats' | 'fees' | 'consent_items' | 'summit_contacts';
	title: string;
	/** One of it, as in "Add a room". */
	one: string;
	about: string;
	/** The columns shown in the list. */
	shown: readonly string[];
	fields: readonly ListField[];
	isOrdered: boolean;
}

/** A row as it is stored. */
export type ListRow = { id: string } & Record<string, string | number | boolean | null | TextMap>;

const name: ListField = { name: 'name', label: 'Name', kind: 'texts', required: true };
const slug: ListField = {
	name: 'slug',
	label: 'In addresses',
	kind: 'slug',
	hint: 'Small letters, figures and hyphens. Left empty, it is made from the name.'
};
const modes = [
	{ value: 'in_person', label: 'In the hall' },
	{ value: 'virtual', label: 'Online' }
];

/** The sectors with the texts of the form. */
export const sectorOptions = [
	{ value: 'government', label: 'Government' },
	{ value: 'intergovernmental', label: 'Intergovernmental' },
	{ value: 'civil_society', label: 'Civil society' },
	{ value: 'private_sector', label: 'Private sector' }
] as const;

/** The categories of registration with the texts of the form. */
export const categoryOptions = [
	{ value: 'delegate', label: 'Delegate' },
	{ value: 'speaker', label: 'Speaker' },
	{ value: 'guest', label: 'Guest' },
	{ value: 'staff', label: 'Staff' },
	{ value: 'crew', label: 'Crew' },
	{ value: 'interpreter', label: 'Interpreter' },
	{ value: 'press', label: 'Press' },
	{ value: 'security', label: 'Security' },
	{ value: 'guardian', label: 'Guardian' }
] as const;

/** The lists by the last part of their address. */
export const lists = {
	rooms: {
		table: 'rooms',
		title: 'Rooms',
		one: 'room',
		about: 'Where sessions are held. An online room has no door.',
		shown: ['kind', 'capacity', 'is_quiet_room', 'slug'],
		isOrdered: true,
		fields: [
			name,
			slug,
			{
				name: 'kind',
				label: 'Kind',
				kind: 'choice',
				required: true,
				options: [
					{ value: 'hall', label: 'Room at the venue' },
					{ value: 'overflow', label: 'Overflow room' },
					{ value: 'online', label: 'Online only' }
				]
			},
			{
				name: 'capacity',
				label: 'Places',
				kind: 'number',
				hint: 'Leave empty when it does not matter.',
				most: 100_000
			},
			{
				name: 'is_quiet_room',
				label: 'Quiet room',
				kind: 'yes',
				hint: 'For rest, without sessions. It is shown on the agenda, on the pages of support and to people who leave a stage.'
			},
			{
				name: 'directions',
				label: 'How to find it',
				kind: 'texts',
				hint: 'For example “Level 2, beside the library”.'
			},
			{ name: 'hours', label: 'When it is open', kind: 'texts', hint: 'For example “Open all day”.' }
		]
	},
	tracks: {
		table: 'tracks',
		title: 'Tracks',
		one: 'track',
		about: 'What the agenda can be filtered by. Usually one for each objective.',
		shown: ['slug'],
		isOrdered: true,
		fields: [name, slug]
	},
	formats: {
		table: 'formats',
		title: 'Formats',
		one: 'format',
		about: 'Kinds of session, with their usual length.',
		shown: ['minutes', 'slug'],
		isOrdered: true,
		fields: [name, slug, { name: 'minutes', label: 'Minutes', kind: 'number', required: true, most: 1440 }]
	},
	fees: {
		table: 'fees',
		title: 'Fees',
		one: 'fee',
		about: 'Where no fee fits, the seat is free. Of several, the most exact counts: category and sector, then sector.',
		shown: ['sector', 'category', 'amount'],
		isOrdered: false,
		fields: [
			{ name: 'mode', label: 'How they attend', kind: 'choice', required: true, options: modes },
			{ name: 'sector', label: 'Only for the sector', kind: 'choice', options: sectorOptions },
			{ name: 'category', label: 'Only for the category', kind: 'choice', options: categoryOptions },
			{ name: 'amount', label: 'Amount', kind: 'money', required: true, hint: 'For example 450 or 450.00' }
		]
	},
	consents: {
		table: 'consent_items',
		title: 'Consents',
		one: 'consent',
		about: 'What each registrant is asked, one by one. The code of conduct is asked in addition.',
		shown: ['is_required', 'key'],
		isOrdered: true,
		fields: [
			{ name: 'label', label: 'Sentence', kind: 'texts', required: true },
			{ name: 'detail', label: 'Explanation', kind: 'long-texts' },
			{
				name: 'key',
				label: 'Short name',
				kind: 'key',
				required: true,
				hint: 'Small letters and underscores. “photographs” also decides the sign that photographers respect.'
			},
			{ name: 'is_required', label: 'Nobody can register without it', kind: 'yes' }
		]
	},
	contacts: {
		table: 'summit_contacts',
		title: 'Contacts',
		one: 'contact',
		about: 'The page “Talk to someone”, in this order.',
		shown: ['kind', 'mail', 'telephone'],
		isOrdered: true,
		fields: [
			{ name: 'label', label: 'Who answers', kind: 'texts', required: true },
			{
				name: 'kind',
				label: 'About what',
				kind: 'choice',
				required: true,
				options: [
					{ value: 'wellbeing', label: 'Somebody to talk to' },
					{ value: 'safeguarding', label: 'Safeguarding' },
					{ value: 'registration', label: 'Registration' },
					{ value: 'technical', label: 'Streams and devices' },
					{ value: 'privacy', label: 'Personal data' },
					{ value: 'general', label: 'Anything else' },
					{ value: 'emergency', label: 'Emergency' }
				]
			},
			{ name: 'note', label: 'What to expect', kind: 'long-texts' },
			{ name: 'hours', label: 'When', kind: 'texts' },
			{ name: 'mail', label: 'Mail', kind: 'mail' },
			{ name: 'telephone', label: 'Telephone', kind: 'word' }
		]
	}
} as const satisfies Record<string, List>;

/** The last part of a list's address. */
type ListName = keyof typeof lists;

/** The list of an address, or null. */
export function listOf(value: string | undefined): List | null {
	return value !== undefined && Object.hasOwn(lists, value) ? lists[value as ListName] : null;
}

/** A number of minor units from a typed amount: "450", "450.5", "450,00"; null when it is invalid. */
export function minorUnits(typed: string, currency: string): number | null {
	const digits = minorDigits(currency);
	const match = /^(\d{1,7})(?:[.,](\d+))?$/.exec(typed.trim().replace(/\s/g, ''));
	if (!match || (match[2] ?? '').length > digits) return null;
	return Number(match[1]) * 10 ** digits + Number((match[2] ?? '').padEnd(digits, '0') || 0);
}

/** The value of an amount's field: 45000 → "450.00". */
export function majorUnits(amount: number, currency: string): string {
	const digits = minorDigits(currency);
	return (amount / 10 ** digits).toFixed(digits);
}
