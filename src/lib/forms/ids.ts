const shape = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a value is an id as the database writes it: a UUID in lower case. */
export function isId(value: unknown): value is string {
	return typeof value === 'string' && shape.test(value);
}

const formShape = /^[0-9a-f]{32}$/;

/** A random name for one form on one page, by which a form that is sent twice is known. Works without a secure context. */
export function formId(): string {
	return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Whether a value is the name of a form as `formId` makes it. */
export function isFormId(value: unknown): value is string {
	return typeof value === 'string' && formShape.test(value);
}
