import { loaders, type LazyPanels, type LazyPanelName } from './lazy-panels.ts';
import { retryDelay } from './waiting.ts';

// Code alone, the same for every reader. An opened panel stays mounted, with its typed text.
let there = $state.raw<Partial<LazyPanels>>({});
let failures = $state.raw<Partial<Record<LazyPanelName, number>>>({});
const again: Partial<Record<LazyPanelName, ReturnType<typeof setTimeout>>> = {};
const coming: { [Each in LazyPanelName]?: Promise<void> | undefined } = {};

/** A panel's component, once it is loaded. */
export function loadedPanel<Each extends LazyPanelName>(name: Each): LazyPanels[Each] | undefined {
	return there[name];
}

/** How often in a row a panel failed to load. */
export function loadFailures(name: LazyPanelName): number {
	return failures[name] ?? 0;
}

/** Loads panels. Resolves when each is loaded or has failed; in a browser, failed ones are retried until they load. */
export async function loadPanels(names: readonly LazyPanelName[]): Promise<void> {
	await Promise.all(names.map((name) => loadPanel(name)));
}

function loadPanel(name: LazyPanelName): Promise<void> {
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
			const before = loadFailures(name);
			failures = { ...failures, [name]: before + 1 };
			again[name] = setTimeout(() => void loadPanel(name), 500 + retryDelay(before, Math.random()));
		})
		.finally(() => (coming[name] = undefined));
	coming[name] = attempt;
	return attempt;
}
