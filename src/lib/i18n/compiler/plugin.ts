import { basename, dirname, join } from 'node:path';
import type { Plugin } from 'vite';
import { dependents, filledIn, inLanguage, nameOf, placeholderOf, type Chunk } from './languages.ts';
import { locales } from '../locale.ts';
import { compileMessages, messagesFile, runtimeFile, sourceFolder, writeMessages, type Texts } from './write.ts';

const moduleFolder = join(dirname(messagesFile), 'messages');
const isModule = /[\\/]i18n[\\/]generated[\\/]messages[\\/]\w+\.js$/;

/**
 * Compiles the messages. The server and tests read one module of all of them, in all languages. The build for browsers gets a
 * module for each, so that a page brings no others than its own, and makes its scripts once for each language.
 */
export function messages(): Plugin {
	let compiled = new Map<string, Texts>();
	let builds = false;
	let isPseudo = false;
	return {
		name: 'messages',
		configResolved({ command, mode }) {
			builds = command === 'build';
			isPseudo = mode === 'development' && !builds && process.env['PSEUDO'] === 'yes';
			writeMessages(isPseudo);
			if (builds) compiled = compileMessages();
		},
		resolveId: { filter: { id: isModule }, handler: (id) => id },
		load: {
			filter: { id: /[\\/]i18n[\\/]generated[\\/]messages(?:[\\/]\w+)?\.js$/ },
			handler(id) {
				if (!builds || this.environment.config.consumer !== 'client') return null;
				return { code: codeOf(id), moduleSideEffects: false };
			}
		},
		// The name of a file changes with a text in it.
		augmentChunkHash({ moduleIds }) {
			return JSON.stringify(moduleIds.filter((id) => isModule.test(id)).map((id) => compiled.get(basename(id, '.js'))));
		},
		generateBundle: {
			order: 'post',
			handler(_, bundle) {
				if (this.environment.config.consumer !== 'client') return;
				const chunks = new Map<string, Chunk>();
				for (const file of Object.values(bundle)) if (file.type === 'chunk') chunks.set(file.fileName, file);
				const own = dependents(chunks);
				for (const language of locales.slice(1))
					for (const name of own) {
						const source = filledIn(inLanguage(chunks, own, name, language), language, compiled);
						this.emitFile({ type: 'asset', fileName: nameOf(name, language), source });
					}
				for (const name of own) {
					const chunk = chunks.get(name);
					if (chunk) chunk.code = filledIn(chunk.code, 'en', compiled);
				}
			}
		},
		configureServer({ watcher }) {
			watcher.on('change', (file) => {
				if (file.startsWith(sourceFolder)) writeMessages(isPseudo);
			});
		}
	};

	function codeOf(id: string): string {
		if (!isModule.test(id)) return `export * as m from ${JSON.stringify(join(moduleFolder, 'index.js'))};`;
		const name = basename(id, '.js');
		const texts = compiled.get(name);
		if (texts) return placeholderOf(name, texts, runtimeFile);
		return Array.from(
			compiled.keys(),
			(one) => `export * from ${JSON.stringify(join(moduleFolder, `${one}.js`))};`
		).join('\n');
	}
}
