import type { ReadingSettings } from './settings.ts';
import { swap } from './swap.ts';

/** Submits a form of the page and shows the answer in place. If the answer is no page, the browser submits it itself. */
async function send(form: HTMLFormElement, button: HTMLElement | null): Promise<boolean> {
	try {
		const answer = await fetch(form.action, {
			method: 'POST',
			headers: { accept: 'text/html' },
			body: new URLSearchParams(fieldsOf(form, button))
		});
		return answer.ok && swap(await answer.text());
	} catch {
		return false;
	}
}

function fieldsOf(form: HTMLFormElement, button: HTMLElement | null): [string, string][] {
	return [...new FormData(form, button)].map(([name, value]) => [name, String(value)]);
}

/** The address of a GET form, without its empty fields. */
function addressOf(form: HTMLFormElement): string {
	const filled = fieldsOf(form, null).filter(([, value]) => value !== '');
	const query = new URLSearchParams(filled).toString().replaceAll('%2F', '/');
	return form.action.split('?')[0] + (query === '' ? '' : `?${query}`);
}

/** Choosing is enough: filters need no button, bookmarks no new page, the print button prints. `done` follows each swap. */
export function easeForms(done: () => void): void {
	document.addEventListener('change', (event) => {
		const form = event.target instanceof HTMLSelectElement ? event.target.form : null;
		if (form?.matches('[data-auto]')) location.assign(addressOf(form));
	});
	document.addEventListener('submit', (event) => {
		const form = event.target as HTMLFormElement;
		if (form.matches('[data-auto]')) {
			event.preventDefault();
			location.assign(addressOf(form));
		} else if (form.matches('[data-swap]')) {
			event.preventDefault();
			const button = event.submitter;
			void send(form, button).then((sent) => (sent ? done() : location.reload()));
		}
	});
	document.addEventListener('click', (event) => {
		if (event.target instanceof Element && event.target.closest('[data-print]')) print();
	});
}

/** Offers every zone that the browser knows; the page itself lists the common ones. */
export function offerZones({ words, zone, asked }: ReadingSettings): void {
	const select = document.querySelector<HTMLSelectElement>('select[name="zone"]');
	if (!select) return;
	const first = select.options[0];
	if (first && asked === '')
		first.textContent = words.device.replace('{place}', (zone.split('/').at(-1) ?? zone).replaceAll('_', ' '));
	const offer = () => {
		const known = new Set([...select.options].map((option) => option.value));
		const others = Intl.supportedValuesOf('timeZone').filter((name) => !known.has(name));
		select.append(...others.map((name) => new Option(name.replaceAll('_', ' '), name)));
	};
	select.addEventListener('pointerdown', offer, { once: true });
	select.addEventListener('keydown', offer, { once: true });
}
