/* Writes what the message files say as code and types to src/lib/i18n/generated: node src/lib/i18n/compiler/write.ts */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { locales } from '../locale.ts';
import { compileMessage, typeOf, type Source, type Sources } from './messages.ts';

const folder = resolve(import.meta.dirname, '..');

/** Where the messages are, a folder for each noun. */
export const sourceFolder = join(folder, 'messages');

/** The one module of all messages, as it lies on the disk. */
export const messagesFile = join(folder, 'generated/messages.js');

/** What every module of messages begins with. */
export const head = `import { message, plural } from '${join(folder, 'message.ts')}';\n`;

/** The expression of each message, by its name. Throws when one is missing in a language. */
export function compileMessages(): Map<string, string> {
	return new Map(readSources().map(([name, sources]) => [name, compileMessage(name, locales, sources)]));
}

/** Writes the module of all messages and its types, each only when it changed. */
export function writeMessages(): void {
	mkdirSync(join(folder, 'generated'), { recursive: true });
	const sources = readSources();
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
		const all = locales.map(
			(locale) => JSON.parse(readFileSync(join(sourceFolder, noun, `${locale}.json`), 'utf8')) as Sources
		);
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
