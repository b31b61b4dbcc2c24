/* Writes what the message files say as code and types to src/lib/i18n/generated: node src/lib/i18n/compiler/write.ts */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { locales, type Locale } from '../locale.ts';
import { compileMessage, compileText, parseSources, typeOf, type Source } from './messages.ts';
import { pseudo } from './pseudo.ts';

const folder = resolve(import.meta.dirname, '..');

/** Where the messages are, a folder for each noun. */
export const sourceFolder = join(folder, 'messages');

/** The one module of all messages, as it lies on the disk. */
export const messagesFile = join(folder, 'generated/messages.js');

/** What generated code imports. */
export const runtimeFile = join(folder, 'message.ts');

/** The expressions of a message, by language. */
export type Texts = Record<Locale, string>;

/** The expressions of each message, by its name. Throws when one is missing in a language. */
export function compileMessages(): Map<string, Texts> {
	return new Map(
		readSources().map(([name, sources]) => [
			name,
			Object.fromEntries(locales.map((locale, at) => [locale, compileText(name, locale, sources[at])])) as Texts
		])
	);
}

/** Writes the module of all messages and its types, each only when it changed; `isPseudo`: with accents and brackets as English. */
export function writeMessages(isPseudo = false): void {
	mkdirSync(join(folder, 'generated'), { recursive: true });
	const sources = readSources();
	if (isPseudo) for (const [, texts] of sources) if (texts[0] !== undefined) texts[0] = pseudo(texts[0]);
	write(
		messagesFile,
		`import { message, plural } from '../message.ts';\n\nexport const m = {\n${sources
			.map(([name, texts]) => `\t${name}: ${compileMessage(name, locales, texts)}`)
			.join(',\n')}\n};\n`
	);
	write(
		messagesFile.replace(/\.js$/, '.d.ts'),
		`import type { Plain, With } from '../message.ts';\n\nexport declare const m: {\n${sources
			.map(([name, [english = '']]) => `\t/** ${exampleOf(english)} */\n\t${name}: ${typeOf(english)};`)
			.join('\n')}\n};\n`
	);
}

function readSources(): [name: string, sources: (Source | undefined)[]][] {
	return readdirSync(sourceFolder).flatMap((noun) => {
		const all = locales.map((locale) => parseSources(readFileSync(join(sourceFolder, noun, `${locale}.json`), 'utf8')));
		return Object.keys(all[0] ?? {}).map((name): [string, (Source | undefined)[]] => [
			name,
			all.map((sources) => sources[name])
		]);
	});
}

// What an editor shows beside the name.
function exampleOf(source: Source): string {
	const text = typeof source === 'string' ? source : (Object.values(source[0].match).at(-1) ?? '');
	return text.replaceAll('*/', '').replace(/\s+/g, ' ');
}

function write(file: string, content: string): void {
	if (!existsSync(file) || readFileSync(file, 'utf8') !== content) writeFileSync(file, content);
}

if (import.meta.main) writeMessages();
