/* The seat quotas of a Summit, the effects of a change, and the queue. No I/O. */
import { wholeNumber } from '#lib/forms/fields.ts';
import * as v from 'valibot';
import { isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { number as formatted } from '#lib/i18n/time.ts';
import { regionName } from './regions.ts';
import { sectors, type Sector } from './member.ts';
import { modes, type Mode } from '#lib/registration/registration.ts';
import type { AllowancePreview, BalanceCeiling, Queue, QueueRow } from '#lib/database/answers/members/allowances.ts';

export type {
	AllowanceFigures,
	AllowancePreview,
	Allowances,
	Queue,
	QueueRow,
	SectorFigures
} from '#lib/database/answers/members/allowances.ts';
import { pageNumber } from '#lib/ui/page-number.ts';

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
	v.regex(/^\d{0,6}$/, m.members_number_or_none),
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
		if (!/^\d{1,6}$/.test(most)) return { path: `ceiling.${row}.most`, message: m.members_ceiling_number() };
		if (!mode || (!sector && !region)) return { path: `ceiling.${row}.for`, message: m.members_ceiling_whom_missing() };
		if (ceilings.some((each) => each.mode === mode && each.sector === (sector ?? null) && each.region === region)) {
			return { path: `ceiling.${row}.for`, message: m.members_ceiling_twice() };
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
	const who =
		kind === 'capacity' ? m.members_stranded_all() : kind === 'sector' ? sectorName(name ?? '') : (name ?? '');
	const words = mode === 'in_person' ? m.members_stranded_in_person : m.members_stranded_virtual;
	return words({ who: isolated(who), seats: formatted(seats), allowed: formatted(allowed) });
}

/** A mode inside a sentence: "in the hall". */
export function modePhrase(mode: Mode): string {
	return mode === 'in_person' ? m.members_mode_in_person() : m.members_mode_virtual();
}

export const queueReasons = ['capacity', 'allocation', 'ceiling', 'standing', 'others_wait'] as const;
type QueueWhy = (typeof queueReasons)[number];

const reasonWords: Record<QueueWhy, () => string> = {
	capacity: m.members_queue_capacity,
	allocation: m.members_queue_allocation,
	ceiling: m.members_queue_ceiling,
	standing: m.members_queue_standing,
	others_wait: m.members_queue_others_wait
};

/** A reason in a word or two. */
export const queueReasonWord = (reason: QueueWhy) => reasonWords[reason]();

/** What would have to change before this entry is served. */
export function whatMustChange(row: QueueRow, queue: Queue, sectorName: (sector: string) => string): string {
	const whose = isolated(row.member ?? row.pool ?? m.members_must_organisation());
	switch (row.reason) {
		case 'allocation':
			return m.members_must_allocation({ whose, used: row.used ?? 0, allowed: row.allowed ?? 0 });
		case 'ceiling':
			return row.full
				.map(({ name, ceiling, used }) =>
					m.members_must_ceiling({ who: isolated(sectorName(name) || regionName(name)), used, ceiling })
				)
				.join(' ');
		case 'standing':
			return row.member_id ? m.members_must_standing({ whose }) : m.members_must_link();
		case 'capacity':
			return queue.reserved > 0
				? m.members_must_capacity_reserved({ reserved: formatted(queue.reserved) })
				: m.members_must_capacity();
		case 'others_wait':
			return m.members_must_others();
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
	const state = search.get('state');
	return {
		mode: search.get('mode') === 'virtual' ? 'virtual' : 'in_person',
		q: (search.get('q') ?? '').trim().slice(0, 100),
		reason: queueReasons.find((each) => each === search.get('reason')) ?? '',
		sector: sectors.find((each) => each === search.get('sector')) ?? '',
		region: (search.get('region') ?? '').slice(0, 80),
		state: state === 'waiting' || state === 'offered' ? state : '',
		page: pageNumber(search)
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
