import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version of this software. */
export const ownVersion = (): string =>
	(JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string }).version;

/** Whether a version such as 1.2.0 is older than another one. */
export function isOlder(version: string, than: string): boolean {
	const [one, other] = [version, than].map((each) => each.split(/[.+-]/).slice(0, 3).map(Number));
	const at = (one ?? []).findIndex((part, index) => part !== other?.[index]);
	return at >= 0 && (one?.[at] ?? 0) < (other?.[at] ?? 0);
}
