import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';

const readers = ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text'] as const;
const form = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)\s*(?:;|$)/i;

/**
 * Makes each way to read a request's body refuse one that is cut off or malformed (400), or is no form at all (415).
 */
export function guardBody(request: Request): void {
	for (const name of readers) {
		const read = request[name].bind(request) as () => Promise<unknown>;
		const guarded = async () => {
			if (name === 'formData' && !form.test(request.headers.get('content-type') ?? '')) error(415, m.ui_form_wrong());
			try {
				return await read();
			} catch {
				error(400, m.ui_form_wrong());
			}
		};
		Object.defineProperty(request, name, { value: guarded });
	}
}
