import type { Snippet } from 'svelte';

/** Something beside the picture: the session, questions, chat, polls. */
export interface Panel {
	/** In the address: `?panel=chat`. */
	id: string;
	title: string;
	/** How many things in it the reader has not seen. */
	fresh?: number;
	content: Snippet;
}

/** The panel that an address asks for, or the first where it asks for none that is there. */
export function chosenPanel<One extends { id: string }>(panels: readonly One[], asked: string | null): One | undefined {
	return panels.find(({ id }) => id === asked) ?? panels[0];
}
