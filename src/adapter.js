import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

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
			await compress(`${out}/client`);
		},
		supports: { read: () => true }
	};
}

const [brotli, zip] = [promisify(brotliCompress), promisify(gzip)];

/**
 * Puts the compressed forms of each file beside it. Scripts of languages other than English take a third of the time: there are many, and
 * they become 2 % larger.
 * @param {string} folder
 */
async function compress(folder) {
	if (!existsSync(folder)) return;
	const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
	await Promise.all(
		files
			.filter((file) => /\.(?:html|js|json|css|svg|xml|wasm)$/.test(file))
			.map(async (file) => {
				const path = join(folder, file);
				const content = await readFile(path);
				const quality = /immutable[\\/][a-z]{2}[\\/]/.test(file) ? 10 : constants.BROTLI_MAX_QUALITY;
				const params = {
					[constants.BROTLI_PARAM_QUALITY]: quality,
					[constants.BROTLI_PARAM_SIZE_HINT]: content.length
				};
				await writeFile(`${path}.br`, await brotli(content, { params }));
				await writeFile(`${path}.gz`, await zip(content, { level: constants.Z_BEST_COMPRESSION }));
			})
	);
}
