import { version } from '$app/environment';
import { page } from '$app/state';
import { reportFault } from '#lib/faults/reporting.ts';
import { m } from '#lib/i18n/messages.ts';
import type { HandleClientError } from '@sveltejs/kit';

/** A page that could not be shown: its reader gets the reference that is reported. */
export const handleError: HandleClientError = ({ error, event, status, message }) => {
	if (status === 404) return { message: m.ui_not_found() };
	const reference = reportFault(error, event.route.id, version);
	return reference === null ? { message } : { message: m.ui_failed(), reference };
};

// What fails later, on a page that stays as it is.
addEventListener('error', ({ error }) => void reportFault(error, page.route.id, version));
addEventListener('unhandledrejection', ({ reason }) => void reportFault(reason, page.route.id, version));
