import { postAction } from '#lib/forms/post-action.ts';

/** Reports that announcements are visible to the reader; an urgent one counts as read when they confirm it. */
export function reportSeen(): void {
	if (document.hidden) return;
	const unseen = [...document.querySelectorAll<HTMLElement>('.announcements [data-unseen]')];
	const address = unseen[0]?.querySelector('form')?.action;
	if (!address) return;
	const body = new FormData();
	for (const one of unseen) {
		body.append('id', one.dataset['unseen'] ?? '');
		delete one.dataset['unseen'];
	}
	// If the request is lost, the next page reports it.
	postAction(address.replace('?/close', '?/see'), body).catch(() => undefined);
}
