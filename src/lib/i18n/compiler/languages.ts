/*
 * Makes the scripts of the build once for each language, so that a browser gets the texts of one. Until then a call stands in the place of
 * each message: `$message_ui_close()`. English has the names of the build, another language a folder: `_app/immutable/fr/chunks/x.js`.
 * A file is made for each language when it has messages or imports one that has; the others are shared.
 */
import { posix } from 'node:path';
import type { Locale } from '../locale.ts';
import type { Texts } from './write.ts';

/** What this file needs of a chunk. */
export interface Chunk {
	code: string;
	imports: string[];
	dynamicImports: string[];
}

const calls = /\$message_(\w+)\(([\w$]*)\)/g;
const folder = /^(?:.*\/)?immutable\//;

/** The module of a message, without its text. */
export function placeholderOf(name: string, texts: Texts, runtime: string): string {
	// The minifier renames the function for plurals, so that it is an argument.
	const counts = Object.values(texts).some((text) => text.includes('plural('));
	const line = `export const ${name} = /*#__PURE__*/ $message_${name}(${counts ? 'plural' : ''});`;
	return counts ? `import { plural } from ${JSON.stringify(runtime)};\n${line}` : line;
}

/** A script with the texts of one language. */
export function filledIn(code: string, language: Locale, compiled: ReadonlyMap<string, Texts>): string {
	return code.replace(calls, (_, name: string, plural: string) => {
		const text = compiled.get(name)?.[language];
		if (text === undefined) throw new Error(`There is no message ${name}.`);
		const made = text.startsWith('(') ? text : `() => ${text}`;
		return plural === '' ? `(${made})` : `((plural) => ${made})(${plural})`;
	});
}

/** The names of the chunks that have messages, or import one that has. */
export function dependents(chunks: ReadonlyMap<string, Chunk>): Set<string> {
	const found = new Set([...chunks].filter(([, { code }]) => code.search(calls) >= 0).map(([name]) => name));
	for (let size = -1; size !== found.size;) {
		size = found.size;
		for (const [name, { imports, dynamicImports }] of chunks)
			if ([...imports, ...dynamicImports].some((other) => found.has(other))) found.add(name);
	}
	return found;
}

/** The file of a chunk in a language other than English. */
export function nameOf(name: string, language: Locale): string {
	return name.replace(folder, (start) => `${start}${language}/`);
}

/** The code of a chunk that imports the files of a language, where they are made for each, and else those that all share. */
export function inLanguage(
	chunks: ReadonlyMap<string, Chunk>,
	own: ReadonlySet<string>,
	name: string,
	language: Locale
): string {
	const from = posix.dirname(name);
	const to = posix.dirname(nameOf(name, language));
	const root = posix.dirname(folder.exec(name)?.[0] ?? '');
	return (chunks.get(name)?.code ?? '')
		.replace(/(?<=(["'`]))\.{1,2}\/[\w./-]+\.js(?=\1)/g, (path) => {
			const file = posix.join(from, path);
			if (!chunks.has(file) || own.has(file)) return path;
			return posix.relative(to, file);
		})
		.replace(/(?<=["'`]\/?)[\w-]+\/immutable\/[\w./-]+\.js(?=["'`])/g, (path) =>
			own.has(path) && path.startsWith(root) ? nameOf(path, language) : path
		);
}
