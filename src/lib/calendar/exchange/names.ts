import type { KnownSession } from './draft.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import type { FilePerson } from './file.ts';

const folded = (text: string) => text.normalize('NFKC').replaceAll(/\s+/g, ' ').trim().toLowerCase();

/** The limits of a person's name and biography. */
export const personLimits = { name: 120, biography: 4000 };

/** The person for a name in a file: found by our code or by a unique name, newly created, or left out. */
type PersonMatch = { code: string } | { key: string } | { left: 'person_left_out' | 'person_unclear' };

/** The people whom the organiser sees in the sessions of the draft; nobody else is found by name. */
export class PersonMatcher {
	readonly made: { key: string; display_name: string; biography?: TextMap }[] = [];
	readonly #byName = new Map<string, Set<string>>();
	readonly #codes = new Set<string>();
	readonly #byKey = new Set<string>();
	readonly #mayAdd: boolean;
	readonly #language: string;

	constructor(sessions: readonly KnownSession[], mayAdd: boolean, language: string) {
		this.#mayAdd = mayAdd;
		this.#language = language;
		for (const { person, display_name: name } of sessions.flatMap(({ people }) => people)) {
			this.#codes.add(person);
			this.#byName.set(folded(name), (this.#byName.get(folded(name)) ?? new Set()).add(person));
		}
	}

	find({ name, code, biography }: FilePerson): PersonMatch {
		if (code !== null && this.#codes.has(code)) return { code };
		const known = this.#byName.get(folded(name));
		const [only] = known ?? [];
		if (known && known.size > 1) return { left: 'person_unclear' };
		if (only !== undefined) return { code: only };
		if (!this.#mayAdd) return { left: 'person_left_out' };
		// Two people who share a name are different people when the other system has different codes.
		const key = `${folded(name)} ${code ?? ''}`;
		if (!this.#byKey.has(key)) {
			this.#byKey.add(key);
			const written = { original: this.#language, [this.#language]: biography };
			this.made.push({ key, display_name: name, ...(biography && { biography: written }) });
		}
		return { key };
	}
}
