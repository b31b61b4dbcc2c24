/** A decoded form: Stripe's API is spoken in nested form fields, `line_items[0][price_data][currency]=eur`. */
export type FormValue = string | FormValue[] | { [key: string]: FormValue };
export type Form = Record<string, FormValue>;

/** Decodes a form-encoded body or query. */
export function decodeForm(text: string): Form {
	const root: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
	for (const [name, value] of new URLSearchParams(text)) {
		const [head = '', ...rest] = name.split('[').map((part) => part.replace(/\]$/, ''));
		put(root, [head, ...rest], value);
	}
	return asLists(root) as Form;
}

function put(target: Record<string, unknown>, path: string[], value: string): void {
	const [head = '', ...rest] = path;
	// `expand[]=a&expand[]=b` counts up by itself.
	const key = head === '' ? String(Object.keys(target).length) : head;
	if (rest.length === 0) {
		target[key] = value;
		return;
	}
	target[key] ??= Object.create(null) as Record<string, unknown>;
	if (typeof target[key] === 'object' && target[key] !== null) put(target[key] as Record<string, unknown>, rest, value);
}

function asLists(value: unknown): unknown {
	if (typeof value !== 'object' || value === null) return value;
	const entries = Object.entries(value).map(([key, inner]) => [key, asLists(inner)] as const);
	const isList = entries.length > 0 && entries.every(([key], index) => key === String(index));
	return isList ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}

/** A field as text, or undefined when it is absent or no text. */
export function textOf(value: FormValue | undefined): string | undefined {
	return typeof value === 'string' ? value : undefined;
}

/** A field as an object of text values, such as `metadata`. */
export function mapOf(value: FormValue | undefined): Record<string, string> {
	if (typeof value !== 'object' || Array.isArray(value)) return {};
	return Object.fromEntries(
		Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
	);
}
