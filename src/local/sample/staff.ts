import type { Cast, SampleAgenda } from './agenda.ts';
import { interpreterLanguage } from './facts.ts';
import type { SampleMember } from './members.ts';
import type { Crowd, SamplePerson } from './people.ts';
import type { Registrar } from './registrations.ts';

/** Somebody whom the sign-in page of the sample offers. */
export interface OneClick {
	person: SamplePerson;
	description: string;
	role?: 'programme' | 'registration' | 'finance' | 'stage' | 'door' | 'safeguarding' | 'owner';
}

const organisers: [name: string, office: string, role: NonNullable<OneClick['role']>, description: string][] = [
	['Lucía Ferrer', 'Secretary of the Summit', 'owner', 'Owner: creates Summits, sets everything, grants roles'],
	['Ana Petrović', 'Head of Programme', 'programme', 'Programme: builds and releases the agenda'],
	['Emeka Nwosu', 'Head of Registration', 'registration', 'Registration: accredits delegates, gives out seats'],
	[
		'Mirela Kovač',
		'Registration Officer',
		'registration',
		'Registration: the second person who confirms what one proposed'
	],
	['Katarzyna Wójcik', 'Finance Officer', 'finance', 'Finance: fees, orders and refunds'],
	['Sione Latu', 'Stage Director', 'stage', 'Stage: runs the sessions that are live'],
	['Ileana Duarte', 'Safeguarding Lead', 'safeguarding', 'Safeguarding: protected participants and concerns'],
	['Joaquín Montiel', 'Door Team', 'door', 'Door: checks badges']
];

/** The secretariat, one for each role. */
export function makeOrganisers(crowd: Crowd): OneClick[] {
	return organisers.map(([display_name, office, role, description]) => ({
		person: crowd.of(null, { display_name, office, affiliation: 'Summit Secretariat', country: 'UY' }),
		description,
		role
	}));
}

/** The speaker of the session that is live. */
export function makeLiveSpeaker(crowd: Crowd, members: SampleMember[]): OneClick {
	const member = withRoom(members, 'civil_society', 'NL');
	const person = crowd.of(member, { display_name: 'Noor van Dalen', office: 'Director of a child helpline' });
	return { person, description: 'Speaker: on the session that is live now' };
}

/** Who interprets and captions the session that is live. The captioner is put on it. */
export function makeLiveCrew(crowd: Crowd, cast: Cast, agenda: SampleAgenda): OneClick[] {
	const session_id = agenda.live.session;
	const interpreter = cast.interpreters.find(
		({ id }, index) =>
			interpreterLanguage(index) === 'fr' &&
			agenda.people.some((row) => row['session_id'] === session_id && row['person_id'] === id)
	);
	const captioner = crowd.of(null, {
		display_name: 'Hana Kimura',
		office: 'Captioner',
		affiliation: 'Clear Lines (fictional)',
		country: 'JP'
	});
	const like = agenda.people.find((row) => row['session_id'] === session_id && row['role'] === 'interpreter');
	agenda.people.push({ ...like, session_id, person_id: captioner.id, role: 'captioner', position: 30 });
	return [
		...(interpreter
			? [{ person: interpreter, description: 'Interpreter: has the French booth of the session that is live now' }]
			: []),
		{ person: captioner, description: 'Captioner: writes along with the session that is live now' }
	];
}

/** Delegates in the states that a visitor will want to see. Registers them. */
export function makeDelegates(crowd: Crowd, members: SampleMember[], registrar: Registrar): OneClick[] {
	const kenya = withRoom(members, 'civil_society', 'KE');
	const jordan = withRoom(members, 'civil_society', 'JO');
	const company = withRoom(members, 'private_sector', 'GB');
	const ministry = withRoom(members, 'government', 'PE');
	const senegal = withRoom(members, 'civil_society', 'SN');
	const hall = crowd.of(kenya, { display_name: 'Grace Wanjiru' });
	const online = crowd.of(jordan, { display_name: 'Farid Haddad' });
	const paying = crowd.of(company, { display_name: 'Priya Raghunathan' });
	const waiting = crowd.of(ministry, { display_name: 'Óscar Belmonte' });
	const newcomer = crowd.of(senegal, { display_name: 'Awa Diop' });
	registrar.add(hall, { state: 'confirmed', mode: 'in_person', ago: 41 });
	registrar.add(online, { state: 'confirmed', mode: 'virtual', ago: 33 });
	registrar.add(paying, { state: 'awaiting_payment', mode: 'in_person', ago: 9 });
	registrar.add(waiting, { state: 'submitted', mode: 'in_person', queue: 'capacity', ago: 62 });
	return [
		{ person: hall, description: 'Delegate in the hall: confirmed, with a badge' },
		{ person: online, description: 'Delegate online: confirmed' },
		{ person: paying, description: 'Delegate of a company: accredited, has to pay' },
		{ person: waiting, description: 'Delegate of a government: waits for a seat in the hall' },
		{ person: newcomer, description: 'Delegate of a member: has not registered yet' }
	];
}

// Who comes without a member, and waits to be accredited.
const others: [name: string, office: string, affiliation: string, country: string, pool: 'press' | 'guest'][] = [
	['Tomás Varela', 'Correspondent', 'Harbour Daily (fictional)', 'UY', 'press'],
	['Ingrid Solheim', 'Photographer', 'Northern Wire (fictional)', 'NO', 'press'],
	['Kwabena Ofori', 'Radio producer', 'Coast Radio (fictional)', 'GH', 'press'],
	['Leila Benali', 'Podcast editor', 'Lantern Audio (fictional)', 'MA', 'press'],
	['Duarte Meireles', 'Adviser to the host', 'City of the Quay (fictional)', 'PT', 'guest']
];

/** Press and guests, sent and undecided. */
export function registerOthers(crowd: Crowd, registrar: Registrar): void {
	for (const [at, [display_name, office, affiliation, country, pool]] of others.entries()) {
		const person = crowd.of(null, { display_name, office, affiliation, country });
		registrar.add(person, { state: 'submitted', mode: 'in_person', pool, ago: 5 + 2 * at });
	}
}

/** The focal point of the government whose delegation is largest. */
export function makeFocalPoint(crowd: Crowd, delegation: SampleMember): OneClick {
	const person = crowd.of(delegation, { display_name: 'Marguerite Lefèvre', office: 'Counsellor' });
	return { person, description: `Focal point of ${delegation.name}: its seats and people` };
}

/** A member of the sector in that country, else the first of the sector. */
function withRoom(members: SampleMember[], sector: SampleMember['sector'], country: string): SampleMember {
	const ofSector = members.filter((member) => member.sector === sector);
	const found = ofSector.find((member) => member.country === country) ?? ofSector[0];
	if (!found) throw new Error(`the sample has no member of ${sector}`);
	return found;
}
