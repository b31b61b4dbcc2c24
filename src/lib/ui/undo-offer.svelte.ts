import type { Snippet } from 'svelte';

/** How the act that has just succeeded is undone. */
export interface UndoOffer {
	/** Until when. */
	words: Snippet;
	buttons: Snippet;
	/** The reader does not want it any more. */
	close: () => void;
}

/**
 * Brings the success of an act and its undo into one toast: the page writes the success (`Done`), the organisers' layout knows what can
 * be undone. It is set in effects, so only in the browser; without JavaScript each is shown where it is written.
 */
class SuccessOfAct {
	offer = $state.raw<UndoOffer | null>(null);
	/** Whether the page writes a success, which shows the offer. */
	isWritten = $state(false);
}
export const successOfAct = new SuccessOfAct();
