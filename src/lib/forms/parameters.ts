import { isId } from './ids.ts';

// By the name of a route's parameter: the id of a row, or `new` for a new one.
const ids = new Set([
	'badge',
	'batch',
	'campaign',
	'certificate',
	'collection',
	'endpoint',
	'field',
	'id',
	'import',
	'invoice',
	'message',
	'need',
	'order',
	'paper',
	'participation',
	'person',
	'proposal',
	'question',
	'recording',
	'registration',
	'run',
	'session',
	'survey',
	'version'
]);

// Slugs, codes, tokens, languages, numbers and file names: no character that has a meaning in an address or a database.
const words = new Set([
	'code',
	'device',
	'file',
	'group',
	'issuer',
	'key',
	'kind',
	'language',
	'list',
	'meeting',
	'number',
	'page',
	'part',
	'participant',
	'passtype',
	'place',
	'period',
	'poll',
	'portrait',
	'reference',
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

/**
 * Whether the value of a route's parameter has the shape of its name. An unknown name never does; `rest` is any address of
 * the API that does not exist, of which nothing is read.
 */
export function hasShape(name: string, value: string): boolean {
	if (name === 'rest') return true;
	return ids.has(name) ? isId(value) || value === 'new' : words.has(name) && word.test(value);
}

/**
 * Whether an address names a form action that a page may have. Kit looks it up in a plain object, where `__proto__` and
 * `constructor` exist, and reports the name of the default action as an error in our code.
 */
export function mayNameAction(search: URLSearchParams): boolean {
	const name = [...search.keys()].find((key) => key.startsWith('/'))?.slice(1);
	return name === undefined || (name !== 'default' && !(name in Object.prototype));
}
