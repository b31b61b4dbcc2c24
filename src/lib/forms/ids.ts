const shape = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a value is an id as the database writes it: a UUID in lower case. */
export function isId(value: unknown): value is string {
	return typeof value === 'string' && shape.test(value);
}
