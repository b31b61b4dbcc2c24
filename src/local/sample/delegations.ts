import type { SampleMember } from './members.ts';
import type { Crowd } from './people.ts';
import type { Random } from './prng.ts';
import type { RegistrationPlan, Registrar } from './registrations.ts';

type Sector = SampleMember['sector'];

interface Plan extends RegistrationPlan {
	count: number;
	sectors: Sector[];
}

const free: Sector[] = ['government', 'intergovernmental', 'civil_society'];
const all: Sector[] = [...free, 'private_sector'];

// How many of each kind, beside the speakers and the people of the one-click sign-in. Seats first: a queue follows from them.
const plans: Plan[] = [
	{ count: 108, state: 'confirmed', mode: 'in_person', sectors: free },
	{ count: 24, state: 'confirmed', mode: 'in_person', sectors: ['private_sector'] },
	{ count: 84, state: 'confirmed', mode: 'virtual', sectors: all },
	{ count: 13, state: 'awaiting_payment', mode: 'in_person', sectors: ['private_sector'] },
	{ count: 27, state: 'submitted', mode: 'in_person', sectors: free },
	{ count: 23, state: 'submitted', mode: 'virtual', sectors: all },
	{ count: 6, state: 'nominated', mode: 'in_person', sectors: ['government'] },
	{ count: 1, state: 'confirmed', mode: 'virtual', queue: 'capacity', isOffered: true, sectors: ['government'] },
	{ count: 11, state: 'submitted', mode: 'in_person', queue: 'capacity', sectors: free },
	{ count: 4, state: 'accredited', mode: 'in_person', queue: 'capacity', sectors: ['government'] },
	{ count: 5, state: 'confirmed', mode: 'virtual', queue: 'capacity', sectors: free },
	{ count: 4, state: 'submitted', mode: 'in_person', queue: 'allocation', sectors: ['civil_society'] },
	{ count: 12, state: 'declined', mode: 'in_person', sectors: all },
	{ count: 14, state: 'withdrawn', mode: 'in_person', sectors: free },
	{ count: 5, state: 'expired', mode: 'in_person', sectors: ['private_sector'] },
	{ count: 12, state: 'draft', mode: 'virtual', sectors: all }
];

const aliases = ['Wren', 'Lieutenant K.', 'M. Alder', 'Robin Vale', 'Analyst 7', 'S. Marlowe'];

const aliased: RegistrationPlan['state'][] = ['confirmed', 'submitted'];

/** Every fortieth of those who may. */
function aliasFor(state: RegistrationPlan['state'], number: number): string | undefined {
	return aliased.includes(state) && number % 40 === 20 ? aliases[Math.floor(number / 40)] : undefined;
}

/** Registers delegates of many members in every state; six of them under another name. */
export function registerDelegates(random: Random, crowd: Crowd, members: SampleMember[], registrar: Registrar): void {
	let eligible = 0;
	for (const { count, sectors, ...plan } of plans) {
		const candidates = random.shuffle(members.filter((member) => sectors.includes(member.sector)));
		let at = 0;
		for (let made = 0; made < count; made += 1) {
			const fits = (member: SampleMember) =>
				plan.queue === 'allocation'
					? !registrar.hasRoom(member, 'in_person')
					: ['declined', 'withdrawn', 'expired', 'draft'].includes(plan.state) ||
						(registrar.hasRoom(member, plan.mode) && (!plan.queue || registrar.hasRoom(member, 'in_person')));
			while (at < candidates.length * 5 && !fits(pick(candidates, at))) at += 1;
			const member = pick(candidates, at++);
			if (!fits(member)) throw new Error(`no member of the sample has a seat left for ${plan.state} ${plan.mode}`);
			const alias = plan.queue ? undefined : aliasFor(plan.state, eligible);
			if (!plan.queue && aliased.includes(plan.state)) eligible += 1;
			const person = alias === undefined ? crowd.of(member) : crowd.protectedOf(member, alias);
			registrar.add(person, plan);
		}
	}
}

function pick(list: SampleMember[], at: number): SampleMember {
	const member = list[at % list.length];
	if (!member) throw new Error('no members of the sector');
	return member;
}
