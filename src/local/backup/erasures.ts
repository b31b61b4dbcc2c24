/* The erasures that a restored database does not know. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Backup } from './opening.ts';
import { newestErasures } from './opening.ts';
import type { RestoreFindings } from './restoring.ts';
import { readErasures } from './source.ts';

/** Adds them to the log, from which the next start carries them out. A log that is there already knows more than the backup. */
export async function keepErasures(
	file: string,
	backup: Pick<Backup, 'place' | 'manifest' | 'identities'>,
	findings: RestoreFindings
): Promise<void> {
	const text = readErasures(file);
	const known = new Set(text.split('\n'));
	const lacking = (await newestErasures(backup)).filter((line) => !known.has(line));
	if (lacking.length === 0) return;
	mkdirSync(dirname(file), { recursive: true });
	const separator = text !== '' && !text.endsWith('\n') ? '\n' : '';
	appendFileSync(file, `${separator}${lacking.join('\n')}\n`, { mode: 0o600, flush: true });
	findings.ok(`${lacking.length} erasures are in the log ${file}`);
}
