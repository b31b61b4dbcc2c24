import { m } from '#lib/i18n/messages.ts';
import { error, isHttpError } from '@sveltejs/kit';

const readers = ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text'] as const;
const form = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)\s*(?:;|$)/i;
const jsonType = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;
// What may be read as what; the rest is bytes.
const types: Partial<Record<(typeof readers)[number], RegExp>> = { formData: form, json: jsonType };

/**
 * Makes each way to read a request's body refuse one that is cut off or malformed (400), or is read as a form or as JSON and says
 * to be something else (415): a page of another site can send text without asking, but no JSON.
 */
export function guardBody(request: Request): void {
	for (const name of readers) {
		const read = request[name].bind(request) as () => Promise<unknown>;
		const guarded = async () => {
			if (types[name]?.test(request.headers.get('content-type') ?? '') === false) error(415, m.ui_form_wrong());
			try {
				return await read();
			} catch {
				error(400, m.ui_form_wrong());
			}
		};
		Object.defineProperty(request, name, { value: guarded });
	}
}

/** The bytes of a request's body; null where there are more than `most`, which is not read when the head says so. */
export async function bodyWithin(request: Request, most: number): Promise<Buffer | null> {
	if (Number(request.headers.get('content-length') ?? 0) > most) return null;
	const body = Buffer.from(await request.arrayBuffer());
	return body.length > most ? null : body;
}

/** Whether a request says that its body is JSON. */
export const isJson = (request: Request): boolean => jsonType.test(request.headers.get('content-type') ?? '');

/** The JSON of a request's body, still to be checked; null where it is malformed. Anything but JSON is refused with 415. */
export async function jsonBody(request: Request): Promise<unknown> {
	try {
		return (await request.json()) as unknown;
	} catch (thrown) {
		if (isHttpError(thrown, 415)) throw thrown;
		return null;
	}
}
