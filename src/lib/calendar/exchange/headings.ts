import { slugFrom } from '#lib/summits/written.ts';
import type { ExchangeHeading } from './draft.ts';

const folded = (text: string) => text.normalize('NFKC').trim().toLowerCase();

/** Finds the rooms, tracks or formats of a Summit by any of their names; creates missing ones where that was chosen. */
export class HeadingMatcher {
	readonly made: ExchangeHeading[] = [];
	readonly #bySlug = new Map<string, ExchangeHeading>();
	readonly #byName = new Map<string, ExchangeHeading>();
	readonly #mayAdd: boolean;
	readonly #language: string;

	constructor(known: readonly ExchangeHeading[], mayAdd: boolean, language: string) {
		this.#mayAdd = mayAdd;
		this.#language = language;
		for (const heading of known) this.#add(heading);
	}

	#add(heading: ExchangeHeading): void {
		this.#bySlug.set(heading.slug, heading);
		for (const [tag, name] of Object.entries(heading.name))
			if (tag !== 'original' && !this.#byName.has(folded(name))) this.#byName.set(folded(name), heading);
	}

	/** How long a name may be. */
	static readonly most = 120;

	/** The slug for this name (or slug); null when there is none and none is created. */
	slug(name: string): string | null {
		const found = this.#byName.get(folded(name)) ?? this.#bySlug.get(name.trim());
		if (found) return found.slug;
		if (!this.#mayAdd || name.trim() === '' || name.trim().length > HeadingMatcher.most) return null;
		// Short enough to append a number.
		const wanted = slugFrom(name).slice(0, 36).replace(/-+$/, '') || 'place';
		let slug = wanted;
		for (let n = 2; this.#bySlug.has(slug); n += 1) slug = `${wanted}-${n}`;
		const heading = { slug, name: { original: this.#language, [this.#language]: name.trim() } };
		this.#add(heading);
		this.made.push(heading);
		return slug;
	}
}
