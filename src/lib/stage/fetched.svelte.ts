import { loaders, type PartCode, type PartName } from './parts.ts';
import { pause } from './waiting.ts';

// Code alone, the same for everybody. What was opened once stays, with what was written in it.
let there = $state.raw<Partial<PartCode>>({});
let failures = $state.raw<Partial<Record<PartName, number>>>({});
const again: Partial<Record<PartName, ReturnType<typeof setTimeout>>> = {};
const coming: { [Each in PartName]?: Promise<void> | undefined } = {};

/** A part's component, once it is there. */
export function partCode<Each extends PartName>(name: Each): PartCode[Each] | undefined {
	return there[name];
}

/** How often in a row a part could not be fetched. */
export function failuresOf(name: PartName): number {
	return failures[name] ?? 0;
}

/** Fetches parts. It ends when each is there or has failed; in a browser, what failed is asked for again until it comes. */
export async function fetchParts(names: readonly PartName[]): Promise<void> {
	await Promise.all(names.map((name) => fetchPart(name)));
}

function fetchPart(name: PartName): Promise<void> {
	if (there[name]) return Promise.resolve();
	const under = coming[name];
	if (under) return under;
	clearTimeout(again[name]);
	const attempt = loaders[name]()
		.then((found) => {
			there = { ...there, [name]: found.default };
			failures = { ...failures, [name]: 0 };
		})
		.catch((error: unknown) => {
			if (typeof window === 'undefined') throw error;
			const before = failuresOf(name);
			failures = { ...failures, [name]: before + 1 };
			again[name] = setTimeout(() => void fetchPart(name), 500 + pause(before, Math.random()));
		})
		.finally(() => (coming[name] = undefined));
	coming[name] = attempt;
	return attempt;
}
