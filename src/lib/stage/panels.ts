import type { Snippet } from 'svelte';

/** A panel beside the video: the session, questions, chat, polls. */
export interface Panel {
	/** In the address: `?panel=chat`. */
	id: string;
	title: string;
	/** How many new items the reader has not seen in it. */
	fresh?: number;
	content: Snippet;
}

/** Parts of a panel that have an address of their own. */
const parts: Readonly<Record<string, string>> = { hands: 'questions', languages: 'session' };

/** The panel of an address, or the first where it names none that exists. */
export function chosenPanel<One extends { id: string }>(panels: readonly One[], asked: string | null): One | undefined {
	return panels.find(({ id }) => id === (parts[asked ?? ''] ?? asked)) ?? panels[0];
}
