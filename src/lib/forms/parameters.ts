import { isId } from './ids.ts';

// By the name of a route's parameter: what is an id of a row, or `new` where a row is made.
const ids = new Set([
	'batch',
	'certificate',
	'field',
	'id',
	'import',
	'invoice',
	'message',
	'order',
	'participation',
	'person',
	'proposal',
	'question',
	'recording',
	'registration',
	'run',
	'session',
	'version'
]);

// Slugs, codes, tokens, languages, numbers and names of files: no sign in them that an address or a database could take for another.
const words = new Set([
	'code',
	'file',
	'key',
	'kind',
	'language',
	'list',
	'number',
	'page',
	'part',
	'participant',
	'portrait',
	'room',
	'row',
	'status',
	'step',
	'summit',
	'template',
	'token',
	'what'
]);
const word = /^[\w.~-]{1,200}$/;

/** Whether a route's parameter can be what its name says. One that is not stated here never is. */
export function hasShape(name: string, value: string): boolean {
	return ids.has(name) ? isId(value) || value === 'new' : words.has(name) && word.test(value);
}

/**
 * Whether an address names a form action that a page may have. Kit looks it up in a plain object, where `__proto__` and `constructor` are
 * something, and takes the name of the default action for a fault of ours.
 */
export function mayNameAction(search: URLSearchParams): boolean {
	const name = [...search.keys()].find((key) => key.startsWith('/'))?.slice(1);
	return name === undefined || (name !== 'default' && !(name in Object.prototype));
}
