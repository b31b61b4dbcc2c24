// The focus is kept: a control is found again by its id, or by its form, name and value.
function matching(element: Element | null, page: ParentNode): HTMLElement | null {
	if (!(element instanceof HTMLElement)) return null;
	if (element.id) return page.querySelector(`#${CSS.escape(element.id)}`);
	if (element instanceof HTMLButtonElement && element.value)
		return page.querySelector(`button[value="${CSS.escape(element.value)}"]`);
	if (element instanceof HTMLAnchorElement)
		return page.querySelector(`a[href="${CSS.escape(element.getAttribute('href') ?? '')}"]`);
	return null;
}

/** Replaces the main part of the page by that of another rendering. False when it has none. */
export function swap(html: string): boolean {
	const whole = new DOMParser().parseFromString(html, 'text/html');
	const fresh = whole.querySelector('main');
	const present = document.querySelector('main');
	for (const place of ['.announcements', '.banners']) {
		const announced = whole.querySelector(place);
		if (announced) document.querySelector(place)?.replaceChildren(...announced.childNodes);
	}
	if (!fresh || !present) return false;
	const open = [...present.querySelectorAll('details')].map((details) => details.open);
	const scrolled = present.querySelector('.frame')?.scrollLeft ?? 0;
	const held = present.contains(document.activeElement) ? document.activeElement : null;
	const again = matching(held, fresh);
	present.replaceChildren(...fresh.childNodes);
	[...present.querySelectorAll('details')].forEach((details, index) => (details.open = open[index] ?? details.open));
	present.querySelector('.frame')?.scrollTo({ left: scrolled });
	again?.focus({ preventScroll: true });
	return true;
}

/**
 * Whether a person is typing or choosing, or reads what is shown only once, such as the address of a calendar: then the
 * page is not replaced.
 */
export function isBusy(): boolean {
	const field = document.activeElement;
	return (
		field instanceof HTMLInputElement ||
		field instanceof HTMLSelectElement ||
		document.querySelector('main :is(:popover-open, [data-once])') !== null
	);
}

/**
 * Requests this page again and shows it: `failed` when the answer was incomplete, `busy` when the person has become busy
 * meanwhile. Then the present one stays.
 */
export async function refresh(): Promise<'shown' | 'failed' | 'busy'> {
	try {
		const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
		const html = await answer.text();
		if (isBusy()) return 'busy';
		return answer.ok && swap(html) ? 'shown' : 'failed';
	} catch {
		return 'failed';
	}
}
