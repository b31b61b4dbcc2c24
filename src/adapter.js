import { fileURLToPath } from 'node:url';

const files = fileURLToPath(new URL('./files', import.meta.resolve('@sveltejs/adapter-node')));

/**
 * Puts the build where src/server.ts reads it. As @sveltejs/adapter-node does, by its own handler, but without bundling
 * the server a second time: the packages lie beside it wherever it runs.
 * @param {string} out
 * @returns {import('@sveltejs/kit').Adapter}
 */
export function adapter(out) {
	return {
		name: 'summit',
		async adapt(builder) {
			const { base } = builder.config.kit.paths;
			builder.rimraf(out);
			builder.writeClient(`${out}/client${base}`);
			builder.writePrerendered(`${out}/prerendered${base}`);
			builder.writeServer(`${out}/server`);
			builder.copy(files, out, {
				replace: {
					SERVER: './server/index.js',
					MANIFEST: './server/manifest.js',
					BASE: JSON.stringify(base),
					ENV_PREFIX: JSON.stringify(''),
					PRECOMPRESS: 'true',
					PRERENDERED: `new Set(${JSON.stringify(builder.prerendered.paths)})`
				}
			});
			await Promise.all([builder.compress(`${out}/client`), builder.compress(`${out}/prerendered`)]);
		},
		supports: { read: () => true }
	};
}
