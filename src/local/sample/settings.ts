import { makePages } from './pages.ts';
import { Random } from './prng.ts';
import type { Row } from './rows.ts';
import { texts } from './texts.ts';

/** The ids by which other rows refer to a Summit's settings. */
export interface SummitIds {
	id: string;
	rooms: Record<string, string>;
	tracks: Record<string, string>;
	formats: Record<string, string>;
	consents: { id: string; key: string; isRequired: boolean }[];
	pools: Record<'speaker' | 'interpreter' | 'press' | 'guest', string>;
}

/** The rows of a Summit's settings by table, in an order that their references allow. */
export interface SampleSettings {
	ids: SummitIds;
	tables: [table: string, rows: Row[]][];
}

const ceilings = {
	government: { in_person: 5, virtual: 3 },
	intergovernmental: { in_person: 3, virtual: 3 },
	civil_society: { in_person: 1, virtual: 3 },
	private_sector: { in_person: 1, virtual: 3 }
} as const;

/** How many seats each member of a sector may have. */
export const memberCeilings: Record<keyof typeof ceilings, { in_person: number; virtual: number }> = ceilings;

// Rows of one table have the same columns.
const completed = (room: (typeof texts.rooms)[number]) => ({
	is_quiet_room: false,
	directions: {},
	hours: {},
	...room
});

/** What a seat in the hall costs a company, in cents. */
export const companyFee = 45_000;

/** Settings as an owner would have entered them; `summit` has the columns of the Summit itself. */
export function makeSettings(
	random: Random,
	summit: Row,
	capacity: { in_person: number; virtual: number }
): SampleSettings {
	const id = random.uuid();
	const withIds = <T extends { slug: string }>(list: T[]) =>
		list.map((item, position) => ({ id: random.uuid(), summit_id: id, position, ...item }));
	const [rooms, tracks, formats] = [withIds(texts.rooms.map(completed)), withIds(texts.tracks), withIds(texts.formats)];
	const consents = texts.consents.map((item, position) => ({ id: random.uuid(), summit_id: id, position, ...item }));
	const pools = { speaker: random.uuid(), interpreter: random.uuid(), press: random.uuid(), guest: random.uuid() };
	const pool = (category: keyof typeof pools, name: string, places: number) => ({
		id: pools[category],
		summit_id: id,
		category,
		name,
		in_person_ceiling: places,
		virtual_ceiling: places
	});
	const modes = ['in_person', 'virtual'] as const;
	const others = [
		['press', 'Local press', 6],
		['security', 'Security', 12]
	] as const;
	const opens = Date.parse(String(summit['registration_opens_at']));
	const late = `${new Date(opens + 60 * 86_400_000).toISOString().slice(0, 10)}T03:00:00Z`;
	const { debrief, ...written } = texts.texts;
	return {
		ids: {
			id,
			rooms: bySlug(rooms),
			tracks: bySlug(tracks),
			formats: bySlug(formats),
			pools,
			consents: consents.map((item) => ({ id: item.id, key: item.key, isRequired: item.is_required }))
		},
		tables: [
			['public.summits', [{ id, ...summit }]],
			['public.rooms', rooms],
			['public.tracks', tracks],
			['public.formats', formats],
			['public.summit_texts', debrief ? [{ summit_id: id, kind: 'debrief', body: debrief }] : []],
			// With numbers of its own, so that the rows of other tables stay the same.
			...makePages(new Random(Number.parseInt(id.slice(0, 8), 16)), id, written),
			['public.summit_contacts', texts.contacts.map((contact, position) => ({ summit_id: id, position, ...contact }))],
			['public.consent_items', consents],
			[
				'public.pools',
				[
					pool('speaker', 'Speakers', 110),
					pool('interpreter', 'Interpreters', 12),
					pool('press', 'News agencies', 8),
					pool('guest', 'Guests of the host', 20)
				]
			],
			[
				'public.pools',
				others.map(([category, name, places]) => ({
					summit_id: id,
					category,
					name,
					in_person_ceiling: places,
					virtual_ceiling: places
				}))
			],
			['public.mode_capacities', modes.map((mode) => ({ summit_id: id, mode, capacity: capacity[mode] }))],
			[
				'public.allocation_policies',
				Object.entries(ceilings).flatMap(([sector, seats]) =>
					modes.map((mode) => ({ summit_id: id, sector, mode, ceiling: seats[mode] }))
				)
			],
			[
				'public.fees',
				// Early and regular, in two currencies.
				[
					{ amount: 36_000, currency: 'USD', valid_until: late },
					{ amount: companyFee, currency: 'USD', valid_from: late },
					{ amount: 33_000, currency: 'EUR', valid_until: late },
					{ amount: 41_000, currency: 'EUR', valid_from: late }
				].map((fee) => ({
					summit_id: id,
					mode: 'in_person',
					sector: 'private_sector',
					valid_from: null,
					valid_until: null,
					...fee
				}))
			],
			[
				'public.seat_ceilings',
				[{ summit_id: id, mode: 'in_person', sector: 'civil_society', region: null, ceiling: 120 }]
			]
		]
	};
}

function bySlug(rows: { slug: string; id: string }[]): Record<string, string> {
	return Object.fromEntries(rows.map((row) => [row.slug, row.id]));
}
