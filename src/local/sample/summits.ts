import { AgendaMaker, type Cast, type SampleAgenda } from './agenda.ts';
import type { SampleMember } from './members.ts';
import type { Crowd, SamplePerson } from './people.ts';
import type { Random } from './prng.ts';
import type { Registrar } from './registrations.ts';
import type { Row } from './rows.ts';
import { makeSettings, type SampleSettings } from './settings.ts';
import { texts } from './texts.ts';
import { makeTimetable, zone, type Timetable } from './timetable.ts';

/** The addresses of the sample's Summits: live, open for registration, closed and archived. */
export const sampleSlugs = { current: 'montevideo', next: 'kigali', recent: 'valletta', previous: 'tallinn' } as const;

const day = 86_400_000;

/** One Summit of the sample, before it is written. */
export interface SampleSummit {
	settings: SampleSettings;
	agenda: SampleAgenda;
	timetable: Timetable;
}

/** Who speaks and interprets. */
export function makeCast(random: Random, crowd: Crowd, members: SampleMember[], live: SamplePerson): Cast {
	const shuffled = random.shuffle(members);
	const speakers = shuffled
		.slice(0, 96)
		.map((member) => crowd.of(member, { biography: random.pick(texts.biographies) }));
	const interpreters = shuffled
		.slice(96, 108)
		.map((member) => crowd.of(member, { office: 'Conference interpreter', affiliation: '' }));
	const council = shuffled.find((member) => member.name.includes('Survivors')) ?? members[0];
	if (!council) throw new Error('the sample has no members');
	return { speakers, interpreters, live, protected: crowd.protectedOf(council, 'Linnet') };
}

/** The current Summit: live today. */
export function makeSummit(random: Random, cast: Cast, now: Date): SampleSummit {
	const timetable = makeTimetable(now, zone);
	const at = (days: number) => new Date(now.getTime() + days * day).toISOString();
	const settings = makeSettings(
		random,
		{
			slug: sampleSlugs.current,
			name: texts.name,
			summary: texts.summary,
			zone,
			starts_on: timetable.startsOn,
			ends_on: timetable.endsOn,
			state: 'live',
			venue_name: texts.venue,
			city: texts.city,
			country: 'UY',
			address: 'Rambla del Faro 1200',
			languages: ['en', 'fr', 'es', 'ar', 'ru', 'zh', 'pt'],
			currency: 'USD',
			registration_opens_at: at(-120),
			registration_closes_at: `${timetable.endsOn}T18:00:00-03:00`,
			refund_until: at(-7),
			refund_percent: 100
		},
		{ in_person: 0, virtual: 800 }
	);
	return { settings, timetable, agenda: new AgendaMaker(random, settings.ids, cast).make(timetable.blocks) };
}

/** Registers them: most in the hall. */
export function registerCast(random: Random, registrar: Registrar, cast: Cast): void {
	registrar.add(cast.live, { state: 'confirmed', mode: 'in_person', pool: 'speaker', ago: 50 });
	registrar.add(cast.protected, { state: 'confirmed', mode: 'in_person', pool: 'speaker', ago: 48 });
	for (const person of cast.speakers.slice(0, 92))
		registrar.add(person, { state: 'confirmed', mode: random.chance(0.72) ? 'in_person' : 'virtual', pool: 'speaker' });
	for (const person of cast.interpreters)
		registrar.add(person, { state: 'confirmed', mode: 'in_person', pool: 'interpreter' });
}

/** The government with most registrations. */
export function largestDelegation(members: SampleMember[], registrar: Registrar): SampleMember {
	const count = (member: SampleMember) =>
		registrar.rows.registrations.filter((row) => row.member_id === member.id).length;
	const ranked = members.filter((member) => member.sector === 'government').sort((a, b) => count(b) - count(a));
	if (!ranked[0]) throw new Error('the sample has no government');
	return ranked[0];
}

/** Sets the seats of the hall. */
export function setCapacity(settings: SampleSettings, inPerson: number): void {
	const capacities = settings.tables.find(([table]) => table === 'public.mode_capacities')?.[1] ?? [];
	for (const row of capacities) if (row.mode === 'in_person') row.capacity = inPerson;
}

/** The columns of a member. */
export function memberRow({ id, code, name, sector, country, region }: SampleMember): Row {
	return { id, code, name, sector, country, region };
}
