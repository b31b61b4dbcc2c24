import type { TextMap } from '#lib/i18n/locale.ts';

/** The states of a Summit. */
export type SummitState = 'draft' | 'open' | 'live' | 'closed' | 'archived';

/** A contact. */
export interface Contact {
	kind: 'wellbeing' | 'safeguarding' | 'registration' | 'technical' | 'general' | 'emergency';
	label: TextMap;
	note: TextMap;
	mail: string | null;
	telephone: string | null;
	hours: TextMap;
}

/** A room, with its position among the Summit's rooms. */
export interface Room {
	id: string;
	slug: string;
	name: TextMap;
	kind: 'hall' | 'overflow' | 'online';
	capacity: number | null;
}

/** A track or a format: a filter of the agenda. */
export interface Heading {
	id: string;
	slug: string;
	name: TextMap;
}

/** One edition, as `read_summit` returns it: its public data. */
export interface Summit {
	id: string;
	slug: string;
	name: TextMap;
	summary: TextMap;
	zone: string;
	starts_on: string;
	ends_on: string;
	state: SummitState;
	venue_name: TextMap;
	city: TextMap;
	country: string | null;
	address: string;
	languages: string[];
	currency: string;
	registration_opens_at: string | null;
	registration_closes_at: string | null;
	/** After it only organisers nominate; null: while registration is open. */
	nominations_close_at: string | null;
	/** From then on the accredited keep their displayed names. */
	names_freeze_at: string | null;
	registration: 'before' | 'open' | 'closed';
	rooms: Room[];
	tracks: Heading[];
	formats: (Heading & { minutes: number })[];
	payment_days: number;
	texts: Partial<Record<string, TextMap>>;
	contacts: Contact[];
	consents: { id: string; key: string; label: TextMap; detail: TextMap; is_required: boolean }[];
	release: { id: string; number: number; released_at: string } | null;
}

/** Words that start an address and so can be no Summit's slug. */
const reservedSlugs = [
	'en',
	'fr',
	'es',
	'ar',
	'sign-in',
	'sign-out',
	'account',
	'calendar',
	'webhooks',
	'api',
	'healthz',
	'readyz',
	'sample',
	'privacy',
	'accessibility',
	'invitation',
	'organise',
	'new',
	'files',
	'offline',
	'talk',
	'live'
] as const;

/** Whether a text can be the slug of a Summit. */
export function isSlug(value: string): boolean {
	return /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(value) && !reservedSlugs.some((word) => word === value);
}

/** Whether registration is open at a moment (milliseconds): within its own hours, in a Summit that is open or live. */
export function registrationOpen(
	summit: Pick<Summit, 'state' | 'registration_opens_at' | 'registration_closes_at'>,
	now: number
): boolean {
	const after = summit.registration_opens_at !== null && Date.parse(summit.registration_opens_at) <= now;
	const before = summit.registration_closes_at === null || now < Date.parse(summit.registration_closes_at);
	return (summit.state === 'open' || summit.state === 'live') && after && before;
}

/** The part of a Summit that every page has; a page's own load adds the rest. */
const slimKeys = [
	'id',
	'slug',
	'name',
	'zone',
	'city',
	'starts_on',
	'ends_on',
	'state',
	'registration',
	'registration_opens_at',
	'registration_closes_at'
] as const satisfies readonly (keyof Summit)[];
export type SlimSummit = Pick<Summit, (typeof slimKeys)[number]>;

/** The Summit as every page has it. */
export function slim(summit: Summit): SlimSummit {
	return Object.fromEntries(slimKeys.map((key) => [key, summit[key]])) as unknown as SlimSummit;
}

/** A Summit in the list of its organisers. */
export type OwnSummit = Pick<Summit, 'id' | 'slug' | 'name' | 'state' | 'starts_on' | 'ends_on'>;
