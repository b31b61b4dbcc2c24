/* An act that needs the passkey again waits here until the dialog of the page was answered. */

let answer = $state<((isConfirmed: boolean) => void) | null>(null);

export const confirmation = {
	/** Whether an act waits. */
	get isAsked(): boolean {
		return answer !== null;
	},
	/** Asks in the dialog; true once confirmed, false when it was closed. In the browser only. */
	ask(): Promise<boolean> {
		answer?.(false);
		return new Promise((resolve) => (answer = resolve));
	},
	/** The dialog's answer. */
	answer(isConfirmed: boolean): void {
		answer?.(isConfirmed);
		answer = null;
	}
};
