/*
 * What is kept of an error: its kind, its code, where it happened, and its message only where that is one of the few that repeat no
 * value. A message may repeat what somebody typed, their name or their address: everything that is not known is dropped. Pure.
 */

export type FaultOrigin = 'server' | 'browser';

/** What is kept of an error. */
export interface FaultFacts {
	kind: string;
	code: string | null;
	/** The message, where it repeats no value. */
	words: string | null;
	/** Lines of the stack: a function, a file of the app and the place in it. */
	stack: string[];
}

// Names that a browser gives its errors: anything else counts as an Error.
const browserKind =
	/^(?:(?:Type|Reference|Range|Syntax|URI|Eval|Aggregate|Internal|Abort|DataClone|InvalidState|Network|NotAllowed|NotFound|NotReadable|NotSupported|Overconstrained|QuotaExceeded|Security|Timeout|Connection)?Error|DOMException)$/;

/** A name in code begins with a small letter, and has no sign of an address or an id. */
const name = String.raw`[a-z_$][A-Za-z_$]{0,39}(?:\.[a-z_$][A-Za-z_$]{0,39}){0,3}`;

// Messages of engines and of our own code. What is in brackets of the pattern is a name in code.
const known: readonly RegExp[] = [
	new RegExp(
		String.raw`^Cannot (?:read|set) properties of (?:undefined|null)(?: \((?:reading|setting) '(${name})'\))?$`
	),
	new RegExp(String.raw`^(?:can't access property "(${name})", )?(${name}) is (?:undefined|null)$`),
	new RegExp(String.raw`^(${name}) is not (?:a function|defined|iterable|a constructor|an object)$`),
	new RegExp(String.raw`^(?:undefined|null) is not (?:a function|an object)$`),
	/^Assignment to constant variable\.$/,
	/^(?:Maximum call stack size exceeded|too much recursion)$/,
	/^Invalid (?:array length|string length|time value|date|Date)$/,
	/^Converting circular structure to JSON$/,
	/^Unexpected end of (?:JSON )?input$/,
	/^The operation was aborted(?: due to timeout)?\.?$/,
	/^(?:fetch failed|Failed to fetch|Load failed|Network request failed|terminated)$/,
	/^A function of the database answered something else than its schema says\.$/,
	/^([a-z_]{1,60}) was refused \((?:[A-Z0-9]{3,8}|no answer)\)\.$/
];

/** The message, where it is known to repeat no value; `hidesNames`: without names in code, which a browser could have sent. */
export function knownWords(message: string, hidesNames = false): string | null {
	for (const pattern of known) {
		const found = pattern.exec(message);
		if (!found) continue;
		const names = found.slice(1).filter((each) => each !== undefined);
		const words = hidesNames ? names.reduce((text, each) => text.replace(each, '…'), message) : message;
		return words.replace(/["']/g, '’');
	}
	return null;
}

const most = 8;

/** What is kept of an error of this process. */
export function serverFacts(thrown: unknown): FaultFacts {
	if (!(thrown instanceof Error)) return { kind: typeof thrown, code: null, words: null, stack: [] };
	const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
	return {
		kind: /^[A-Z][A-Za-z]{0,59}$/.test(thrown.name) ? thrown.name : 'Error',
		code: /^[A-Z0-9_]{1,40}$/.test(code) ? code : null,
		words: knownWords(thrown.message),
		stack: stackLines(thrown.stack ?? '', serverFile)
	};
}

/** What is kept of an error in a browser, of what it sends: anybody can send anything. */
export function browserFacts(kind: string, message: string, stack: string): FaultFacts {
	return {
		kind: browserKind.test(kind) ? kind : 'Error',
		code: null,
		words: knownWords(message, true),
		stack: stackLines(stack, browserFile).map((line) => line.replace(/^\S+ /, ''))
	};
}

// Of a path only what is inside the app: above it are names of machines and people.
const serverFile =
	/(?:^|\/)((?:build|src|node_modules)\/(?:@?[\w.-]+\/){0,12}[\w.-]+\.(?:js|ts|mjs|cjs|svelte)):(\d{1,7})(?::(\d{1,7}))?\)?$/;
const browserFile =
	/\/(_app\/immutable\/(?:entry|chunks|nodes|assets)\/[\w-]{1,40}(?:\.[\w-]{6,12})?\.js):(\d{1,7})(?::(\d{1,7}))?\)?$/;

function stackLines(stack: string, files: RegExp): string[] {
	return stack
		.split('\n')
		.slice(0, 100)
		.flatMap((line) => {
			const plain = line.trim().slice(0, 500);
			const [, file, row, column] = files.exec(plain) ?? [];
			if (file === undefined || row === undefined) return [];
			const path = file.replaceAll('@', '').slice(-120);
			const [, called] = /^at (?:async )?([\w$.<>]{1,60}) \(/.exec(plain) ?? [];
			const named = called && /^[A-Za-z_$][\w$.<>]*$/.test(called) ? `${called} ` : '';
			return [`${named}${path}:${row}${column === undefined ? '' : `:${column}`}`];
		})
		.slice(0, most);
}
