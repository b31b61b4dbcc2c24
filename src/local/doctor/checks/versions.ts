import { ownVersion } from '../../version.ts';
import { fault, ok, warning, type Check } from '../check.ts';

/** What runs here. */
export const versions: Check = {
	name: 'versions',
	async run({ env }) {
		const version = ownVersion();
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
