import { basename, dirname, join } from 'node:path';
import type { Plugin } from 'vite';
import { compileMessages, head, messagesFile, sourceFolder, writeMessages } from './write.ts';

const moduleFolder = join(dirname(messagesFile), 'messages');
const isModule = /[\\/]i18n[\\/]generated[\\/]messages[\\/]\w+\.js$/;

/**
 * Compiles the messages. The server and tests read one module of all of them; the build for browsers gets a module for each, so
 * that a page brings no others than its own.
 */
export function messages(): Plugin {
	let compiled = new Map<string, string>();
	let builds = false;
	return {
		name: 'messages',
		configResolved({ command }) {
			builds = command === 'build';
			writeMessages();
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
		configureServer({ watcher }) {
			watcher.on('change', (file) => {
				if (file.startsWith(sourceFolder)) writeMessages();
			});
		}
	};

	function codeOf(id: string): string {
		if (!isModule.test(id)) return `export * as m from ${JSON.stringify(join(moduleFolder, 'index.js'))};`;
		const name = basename(id, '.js');
		if (name !== 'index') return `${head}export const ${name} = ${compiled.get(name)};`;
		return Array.from(
			compiled.keys(),
			(one) => `export * from ${JSON.stringify(join(moduleFolder, `${one}.js`))};`
		).join('\n');
	}
}
