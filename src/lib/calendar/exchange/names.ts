import type { KnownSession } from './draft.ts';
import type { FilePerson } from './file.ts';

const folded = (text: string) => text.normalize('NFKC').replaceAll(/\s+/g, ' ').trim().toLowerCase();

/** Who somebody in a file is: known by a code of ours or a name that only one has, made anew, or left out. */
export type Found = { code: string } | { key: string } | { left: 'person_left_out' | 'person_unclear' };

/** The people whom the organiser sees in the sessions of the draft; nobody else is ever found by name. */
export class Names {
	readonly made: { key: string; display_name: string }[] = [];
	readonly #byName = new Map<string, Set<string>>();
	readonly #codes = new Set<string>();
	readonly #byKey = new Set<string>();
	readonly #makes: boolean;

	constructor(sessions: readonly KnownSession[], makes: boolean) {
		this.#makes = makes;
		for (const { person, display_name: name } of sessions.flatMap(({ people }) => people)) {
			this.#codes.add(person);
			this.#byName.set(folded(name), (this.#byName.get(folded(name)) ?? new Set()).add(person));
		}
	}

	find({ name, code }: FilePerson): Found {
		if (code !== null && this.#codes.has(code)) return { code };
		const known = this.#byName.get(folded(name));
		const [only] = known ?? [];
		if (known && known.size > 1) return { left: 'person_unclear' };
		if (only !== undefined) return { code: only };
		if (!this.#makes) return { left: 'person_left_out' };
		// Two who share a name are two when the other system says so.
		const key = `${folded(name)} ${code ?? ''}`.slice(0, 260);
		if (!this.#byKey.has(key)) {
			this.#byKey.add(key);
			this.made.push({ key, display_name: name.slice(0, 200) });
		}
		return { key };
	}
}
