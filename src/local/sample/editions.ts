import { AgendaMaker, type Cast } from './agenda.ts';
import type { SamplePerson } from './people.ts';
import type { Random } from './prng.ts';
import { Registrar, type RegistrationPlan } from './registrations.ts';
import { makeSettings } from './settings.ts';
import { sampleSlugs, type SampleSummit } from './summits.ts';
import { texts } from './texts.ts';
import { makeTimetable } from './timetable.ts';

const day = 86_400_000;

interface Plan {
	slug: keyof typeof texts.editions;
	state: 'open' | 'closed' | 'archived';
	zone: string;
	country: string;
	/** Days from now to its first day. */
	starts: number;
	/** Days from its first day to when registration opens and closes. */
	registration: { opens: number; closes: number };
	/** Days from now to its release. */
	released: number;
	people: number;
	states: readonly RegistrationPlan['state'][];
}

const years = 2 * 364;

/** The editions beside the live one, the oldest first. */
export const editions: readonly Plan[] = [
	{
		slug: sampleSlugs.previous,
		state: 'archived',
		zone: 'Europe/Tallinn',
		country: 'EE',
		starts: -years,
		registration: { opens: -120, closes: -5 },
		released: -years - 3,
		people: 160,
		states: ['confirmed']
	},
	{
		slug: sampleSlugs.recent,
		state: 'closed',
		zone: 'Europe/Malta',
		country: 'MT',
		starts: -42,
		registration: { opens: -120, closes: -5 },
		released: -45,
		people: 90,
		states: ['confirmed']
	},
	{
		slug: sampleSlugs.next,
		state: 'open',
		zone: 'Africa/Kigali',
		country: 'RW',
		starts: 154,
		registration: { opens: -175, closes: -30 },
		released: -2,
		people: 60,
		states: ['confirmed', 'confirmed', 'submitted', 'nominated', 'draft', 'confirmed', 'submitted', 'declined']
	}
];

/** An edition with some of the sample's people. */
export interface SampleEdition extends SampleSummit {
	registrations: Registrar;
	releasedAt: Date;
}

/** Makes an edition; `now` is the sample's moment. */
export function makeEdition(random: Random, plan: Plan, cast: Cast, people: SamplePerson[], now: Date): SampleEdition {
	const midday = new Date(Math.floor(now.getTime() / day + plan.starts) * day + 12 * 3_600_000);
	const fromStart = (days: number) => new Date(midday.getTime() + days * day).toISOString();
	const timetable = makeTimetable(midday, plan.zone);
	const { name, venue, city } = texts.editions[plan.slug];
	const settings = makeSettings(
		random,
		{
			slug: plan.slug,
			name,
			summary: texts.summary,
			zone: plan.zone,
			starts_on: timetable.startsOn,
			ends_on: timetable.endsOn,
			state: plan.state,
			venue_name: venue,
			city,
			country: plan.country,
			languages: ['en', 'fr', 'es', 'ar'],
			currency: 'USD',
			registration_opens_at: fromStart(plan.registration.opens),
			registration_closes_at: fromStart(plan.registration.closes)
		},
		{ in_person: 300, virtual: 500 }
	);
	const registrations = new Registrar(random, settings.ids, plan.state === 'open' ? now : midday);
	registerSome(random, registrations, people, plan);
	return {
		settings,
		timetable,
		registrations,
		releasedAt: new Date(now.getTime() + plan.released * day),
		agenda: new AgendaMaker(random, settings.ids, cast).make(timetable.blocks)
	};
}

// Nobody who has a fee to pay, and nobody under an alias.
function registerSome(random: Random, registrar: Registrar, people: SamplePerson[], plan: Plan): void {
	for (const person of random.shuffle(people)) {
		const count = registrar.rows.registrations.length;
		if (count === plan.people) return;
		const mode = random.chance(0.6) ? 'in_person' : 'virtual';
		if (
			person.member &&
			person.realName === undefined &&
			person.member.sector !== 'private_sector' &&
			registrar.hasRoom(person.member, mode)
		)
			registrar.add(person, {
				state: plan.states[count % plan.states.length] ?? 'confirmed',
				mode,
				...(plan.state === 'open' && { ago: random.between(2, 18) })
			});
	}
}
