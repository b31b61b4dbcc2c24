import { contexts, type Sealer } from '../../lib/people/sealing.ts';
import { nameSet } from './countries.ts';
import type { SampleMember } from './members.ts';
import type { Random } from './prng.ts';
import { bytea, type Row } from './rows.ts';
import { type TextMap } from '#lib/i18n/locale.ts';
import { texts } from './texts.ts';

/** An invented person, as the display record shows them. */
export interface SamplePerson {
	id: string;
	code: string;
	display_name: string;
	office: string;
	affiliation: string;
	country: string | null;
	biography: TextMap;
	address: string;
	member: SampleMember | null;
	/** Set for a person who takes part under another name. */
	realName?: string;
}

/** Makes people, no two with one name. */
export class Crowd {
	readonly people: SamplePerson[] = [];
	readonly #random: Random;
	readonly #used = new Set<string>();

	constructor(random: Random) {
		this.#random = random;
	}

	/** Somebody of a member, with a name of its country; `fixed` overrides. */
	of(member: SampleMember | null, fixed: Partial<SamplePerson> = {}): SamplePerson {
		const random = this.#random;
		const name = fixed.display_name ?? this.#newName(member?.names ?? 'english');
		this.#used.add(name);
		const person: SamplePerson = {
			id: random.uuid(),
			code: random.code(8),
			display_name: name,
			office: member ? random.pick(texts.offices[member.sector] ?? ['Adviser']) : '',
			affiliation: member?.name ?? '',
			country: member?.country ?? null,
			biography: {},
			address: `${plain(fixed.realName ?? name)}.${this.people.length + 1}@people.example`,
			member,
			...fixed
		};
		this.people.push(person);
		return person;
	}

	/** Somebody who takes part under another name: the whole display record is replaced. */
	protectedOf(member: SampleMember, alias: string): SamplePerson {
		const hidden = { office: '', affiliation: '', country: null };
		return this.of(member, { ...hidden, display_name: alias, realName: this.#newName(member.names) });
	}

	#newName(set: string): string {
		const { given, family } = nameSet(set);
		for (let tries = 0; ; tries += 1) {
			const second = tries > 20 ? ` ${this.#random.pick(family)}` : '';
			const name = `${this.#random.pick(given)}${second} ${this.#random.pick(family)}`;
			if (!this.#used.has(name)) return name;
		}
	}
}

function plain(name: string): string {
	const letters = name
		.normalize('NFKD')
		.toLowerCase()
		.replace(/[^a-z]+/g, '.');
	return letters.replace(/^\.+|\.+$/g, '') || 'person';
}

/** The rows of people, their sealed addresses and protections. */
export function peopleRows(people: SamplePerson[], random: Random, sealer: Sealer, at: string) {
	const rows: Row[] = people.map(({ id, code, display_name, office, affiliation, country, biography }) => ({
		id,
		code,
		display_name,
		office,
		affiliation,
		country,
		biography
	}));
	const addresses: Row[] = people.map((person) => {
		const { sealed, keyId } = sealer.seal(person.address, contexts.address);
		const address_hash = bytea(sealer.hashAddress(person.address));
		return {
			person_id: person.id,
			address_hash,
			address_sealed: bytea(sealed),
			key_id: keyId,
			is_primary: true,
			verified_at: at
		};
	});
	const protections: Row[] = people.flatMap((person) => {
		if (person.realName === undefined) return [];
		const { sealed, keyId } = sealer.seal(person.realName, contexts.realName);
		return [
			{ person_id: person.id, kind: 'alias', real_name_sealed: bytea(sealed), key_id: keyId, no_photographs: true }
		];
	});
	const preferences: Row[] = people.map((person, index) => ({
		person_id: person.id,
		locale: localeOf(person, random),
		no_photographs: index % 23 === 7
	}));
	return { rows, addresses, protections, preferences };
}

const french = 'SN CI CM BJ TG ML BF MG GA CD FR BE CH LU'.split(' ');
const spanish = 'UY AR CL PE CO EC BO PY MX GT HN CR PA DO SV ES'.split(' ');
const arabic = 'EG MA TN DZ LY MR JO LB IQ AE QA OM KW BH SA'.split(' ');
const russian = 'KZ KG UZ'.split(' ');
const portuguese = 'MZ AO CV BR PT'.split(' ');

function localeOf(person: SamplePerson, random: Random): string {
	const country = person.member?.country ?? '';
	const own = french.includes(country)
		? 'fr'
		: spanish.includes(country)
			? 'es'
			: arabic.includes(country)
				? 'ar'
				: russian.includes(country)
					? 'ru'
					: portuguese.includes(country)
						? 'pt'
						: 'en';
	return random.chance(0.8) ? own : 'en';
}
