/** Tells that what was announced is before the reader's eyes; an urgent one they read when they say so. */
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
	const headers = { 'x-sveltekit-action': 'true' };
	// Should it be lost, the next page tells it.
	fetch(address.replace('?/close', '?/see'), { method: 'POST', headers, body }).catch(() => undefined);
}
