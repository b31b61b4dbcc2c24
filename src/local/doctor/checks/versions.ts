import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fault, ok, warning, type Check } from '../check.ts';

const root = join(import.meta.dirname, '../../../..');

/** What runs here. */
export const versions: Check = {
	name: 'versions',
	async run({ env }) {
		const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
		const [major = 0] = process.versions.node.split('.').map(Number);
		const found = [
			major >= 24
				? ok(`Global Summit ${version}, Node ${process.versions.node}`)
				: warning(`Global Summit ${version}, Node ${process.versions.node}`, 'Node 24 is the one that is tested.')
		];
		if (env['SUMMIT_VERSION'] && env['SUMMIT_VERSION'] !== version)
			found.push(
				fault(`SUMMIT_VERSION is ${env['SUMMIT_VERSION']}`, `Set it to ${version} in .env, and build the image.`)
			);
		return found;
	}
};
