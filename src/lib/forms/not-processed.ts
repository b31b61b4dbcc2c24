import { m } from '#lib/i18n/messages.ts';
import type { ActionResult } from '@sveltejs/kit';

/**
 * Why a form was never processed, for pages that must stay as they are; null: the answer itself, or the page's own
 * error, shows the result.
 */
export function whyNotProcessed(answer: ActionResult): string | null {
	if (answer.type !== 'error') return null;
	const { status, error } = answer as { status?: number; error: App.Error };
	if (status === undefined) return m.ui_form_not_sent();
	if (status === 401) return m.ui_form_signed_out();
	// 423: the Summit is closed.
	return status >= 429 || status === 423 ? error.message : null;
}

/** Whether the act needs the reader's passkey first. */
export function needsConfirmation(answer: ActionResult): boolean {
	return answer.type === 'error' && (answer as { status?: number }).status === 428;
}
