/* The seat quotas of a Summit, the effects of a change, and the queue. No I/O. */
import { wholeNumber } from '#lib/forms/fields.ts';
import * as v from 'valibot';
import { sectors, type Sector } from './member.ts';
import { modes, modeWords, type Mode } from '#lib/registration/registration.ts';
import type { AllowancePreview, BalanceCeiling, Queue, QueueRow } from '#lib/database/answers/members/allowances.ts';

export type {
	AllowanceFigures,
	AllowancePreview,
	Allowances,
	Queue,
	QueueRow,
	SectorFigures
} from '#lib/database/answers/members/allowances.ts';

/** A proposed change of quotas; null removes. */
export interface AllowanceChange {
	capacities?: Partial<Record<Mode, number>>;
	policies?: Partial<Record<Sector, Partial<Record<Mode, number | null>>>>;
	ceilings?: BalanceCeiling[];
	exceptions?: {
		member_id: string;
		mode: Mode;
		ceiling: number | null;
		reserved_until?: string | null;
		reason?: string;
	}[];
}

const optionalNumber = v.pipe(
	v.optional(v.string(), ''),
	v.trim(),
	v.regex(/^\d{0,6}$/, 'A whole number, or nothing for no seats.'),
	v.transform((text) => (text === '' ? null : Number(text)))
);

/** How many rows for new ceilings the form offers. */
export const newCeilings = 3;
const ceilingRows = 40;

/** The fields of the form: capacity.MODE, policy.SECTOR.MODE, and ceiling.N.{mode, for, most}. */
export const allowanceSchema = v.looseObject(
	Object.fromEntries([
		...modes.map((mode) => [`capacity.${mode}`, wholeNumber(0, 100_000)]),
		...sectors.flatMap((sector) => modes.map((mode) => [`policy.${sector}.${mode}`, optionalNumber]))
	]) as Record<string, ReturnType<typeof wholeNumber> | typeof optionalNumber>
);

/** The proposal of a form; a path of the form where it is invalid. */
export function proposalFrom(output: Record<string, unknown>): AllowanceChange | { path: string; message: string } {
	const ceilings: BalanceCeiling[] = [];
	for (let row = 0; row < ceilingRows; row += 1) {
		const text = (part: string) => String(output[`ceiling.${row}.${part}`] ?? '').trim();
		const most = text('most');
		if (most === '') continue;
		const mode = modes.find((each) => each === text('mode'));
		const sector = sectors.find((each) => `sector:${each}` === text('for'));
		const region = text('for').startsWith('region:') ? text('for').slice(7, 87) : null;
		if (!/^\d{1,6}$/.test(most))
			return { path: `ceiling.${row}.most`, message: 'A whole number, or nothing for no ceiling.' };
		if (!mode || (!sector && !region))
			return { path: `ceiling.${row}.for`, message: 'Choose for whom this ceiling is.' };
		if (ceilings.some((each) => each.mode === mode && each.sector === (sector ?? null) && each.region === region)) {
			return { path: `ceiling.${row}.for`, message: 'This ceiling is listed twice.' };
		}
		ceilings.push({ mode, sector: sector ?? null, region, ceiling: Number(most) });
	}
	const number = (name: string) => output[name] as number | null;
	return {
		capacities: Object.fromEntries(modes.map((mode) => [mode, number(`capacity.${mode}`) ?? 0])),
		policies: Object.fromEntries(
			sectors.map((sector) => [
				sector,
				Object.fromEntries(modes.map((mode) => [mode, number(`policy.${sector}.${mode}`)]))
			])
		),
		ceilings
	};
}

/** Where seats would exceed their quota, in a sentence. */
export function strandedWords(
	{ kind, mode, name, seats, allowed }: AllowancePreview['stranded'][number],
	sectorName: (sector: string) => string
): string {
	const where = modeWords[mode].toLowerCase();
	const who = kind === 'capacity' ? 'In all' : kind === 'sector' ? sectorName(name ?? '') : (name ?? '');
	return `${who}: ${seats} seats ${where} are out, and ${allowed} would be allowed.`;
}

export const queueReasons = ['capacity', 'allocation', 'ceiling', 'standing', 'others_wait'] as const;
type QueueWhy = (typeof queueReasons)[number];

/** Reasons in a word or two. */
export const reasonWords: Record<QueueWhy, string> = {
	capacity: 'No seat is free',
	allocation: 'The member has its seats',
	ceiling: 'Sector or region is full',
	standing: 'The member may have none',
	others_wait: 'Others wait before'
};

/** What would have to change before this entry is served. */
export function whatMustChange(row: QueueRow, queue: Queue, sectorName: (sector: string) => string): string {
	const whose = row.member ?? row.pool ?? 'The organisation';
	switch (row.reason) {
		case 'allocation':
			return `${whose} uses ${row.used} of ${row.allowed}: one of its people gives a seat back, or it gets an exception.`;
		case 'ceiling':
			return row.full
				.map(
					({ name, ceiling, used }) =>
						`${sectorName(name) || name} uses ${used} of ${ceiling}: one is given back, or the ceiling is raised.`
				)
				.join(' ');
		case 'standing':
			return row.member_id
				? `${whose} becomes active or observer again.`
				: 'The registration is linked to a member or a pool.';
		case 'capacity':
			return queue.reserved > 0
				? `A seat is given back, the capacity grows, or some of the ${queue.reserved} reserved seats are released.`
				: 'A seat is given back, or the capacity grows.';
		case 'others_wait':
			return 'Those before are served.';
		default:
			return '';
	}
}

/** The query of the queue's address. */
export interface QueueQuery {
	mode: Mode;
	q: string;
	reason: QueueWhy | '';
	sector: Sector | '';
	region: string;
	state: 'waiting' | 'offered' | '';
	page: number;
}

/** Reads the queue's query from an address, ignoring invalid values. */
export function queueQuery(search: URLSearchParams): QueueQuery {
	const page = Number(search.get('page') ?? '1');
	const state = search.get('state');
	return {
		mode: search.get('mode') === 'virtual' ? 'virtual' : 'in_person',
		q: (search.get('q') ?? '').trim().slice(0, 100),
		reason: queueReasons.find((each) => each === search.get('reason')) ?? '',
		sector: sectors.find((each) => each === search.get('sector')) ?? '',
		region: (search.get('region') ?? '').slice(0, 80),
		state: state === 'waiting' || state === 'offered' ? state : '',
		page: Number.isInteger(page) && page > 0 && page < 10_000 ? page : 1
	};
}

/** The query string of a queue, shortest form. */
export function queueAddress(query: QueueQuery, change: Partial<QueueQuery> = {}): string {
	const search = new URLSearchParams();
	for (const [name, value] of Object.entries({ ...query, page: 1, ...change })) {
		if (value !== '' && !(name === 'page' && value === 1) && !(name === 'mode' && value === 'in_person'))
			search.set(name, String(value));
	}
	const text = search.toString();
	return text ? `?${text}` : '';
}

/** The parameters for the database. */
export function queueFilters({ q, reason, sector, region, state }: QueueQuery): Record<string, string> {
	return Object.fromEntries(
		Object.entries({ query: q, reason, sector, region, state }).filter(([, value]) => value !== '')
	);
}
