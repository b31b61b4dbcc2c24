import { makeRandom } from '#lib/agenda/solver/random.ts';

/** A small seeded generator: the sample is the same for the same seed. Never for secrets. */
export class Random {
	/** A number in [0, 1). */
	readonly next: () => number;

	constructor(seed: number) {
		this.next = makeRandom(seed);
	}

	/** A whole number from `low` to `high`, both included. */
	between(low: number, high: number): number {
		return low + Math.floor(this.next() * (high - low + 1));
	}

	/** True with the given probability. */
	chance(probability: number): boolean {
		return this.next() < probability;
	}

	/** One of a list that is not empty. */
	pick<T>(list: readonly T[]): T {
		const one = list[Math.floor(this.next() * list.length)];
		if (one === undefined) throw new Error('nothing to pick from');
		return one;
	}

	/** A copy in another order. */
	shuffle<T>(list: readonly T[]): T[] {
		const keyed = list.map((item) => ({ item, key: this.next() }));
		return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
	}

	/** An id in the form of a version 4 UUID. */
	uuid(): string {
		const hex = Array.from({ length: 32 }, () => Math.floor(this.next() * 16).toString(16));
		hex[12] = '4';
		hex[16] = '89ab'[Math.floor(this.next() * 4)] ?? '8';
		return hex.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
	}

	/** Letters and figures as the database's own codes have them. */
	code(length: number): string {
		return Array.from({ length }, () => this.pick([...'ABCDEFGHJKMNPQRSTVWXYZ23456789'])).join('');
	}
}
