/* Runs checks and says what they found, one line each; no secret is ever in it. */
import { setTimeout as pause } from 'node:timers/promises';
import { fault, reasonOf, type Check, type Context, type Diagnosis } from './check.ts';

/** A finding with the name of its check. */
export interface ReportLine extends Diagnosis {
	check: string;
}

const atOnce = 6;
const usualLimitMs = 20_000;

/** Runs all checks, a few at a time, each within its limit; in the order in which they were given. */
export async function runChecks(checks: readonly Check[], context: Context): Promise<ReportLine[]> {
	const found: Diagnosis[][] = checks.map(() => []);
	let next = 0;
	async function work(): Promise<void> {
		for (let at = next++; at < checks.length; at = next++) {
			const check = checks[at];
			if (check) found[at] = await runOne(check, context);
		}
	}
	await Promise.all(Array.from({ length: atOnce }, work));
	const hidden = secretsOf(context.env);
	return found.flatMap((findings, at) =>
		findings.map((finding) => ({
			check: checks[at]?.name ?? '',
			...finding,
			found: without(hidden, finding.found),
			...(finding.remedy !== undefined && { remedy: without(hidden, finding.remedy) })
		}))
	);
}

async function runOne({ name, limitMs = usualLimitMs, run }: Check, context: Context): Promise<Diagnosis[]> {
	const late = new AbortController();
	const limit = pause(limitMs, null, { signal: late.signal }).then(
		() => [
			fault(
				`no result within ${limitMs / 1000} s`,
				`Look at what ${name} needs: its address, a firewall, a name server.`
			)
		],
		() => []
	);
	try {
		return await Promise.race([run(context), limit]);
	} catch (error) {
		return [
			fault(`could not be checked (${reasonOf(error)})`, 'Run it again; if it stays, look at the log of this service.')
		];
	} finally {
		late.abort();
	}
}

/** The values that are secrets, longest first: passwords within addresses too. */
function secretsOf(env: Context['env']): string[] {
	const values = Object.entries(env).flatMap(([name, value]) => {
		if (!value) return [];
		const own =
			/KEY|SECRET|PASSWORD|AUTHORIZATION|IDENTITY/.test(name) && !/^LIVEKIT_API_KEY$/.test(name) ? [value] : [];
		const password = URL.canParse(value) ? new URL(value).password : '';
		return password ? [...own, password, decodeURIComponent(password)] : own;
	});
	return [...new Set(values)].filter((value) => value.length >= 6).sort((one, other) => other.length - one.length);
}

const without = (hidden: string[], text: string) => hidden.reduce((rest, secret) => rest.replaceAll(secret, '…'), text);

const signs: Record<Diagnosis['level'], string> = { ok: 'ok', warning: 'warning', fault: 'FAULT', 'not asked': '–' };

/** The report for people. */
export function asText(lines: readonly ReportLine[]): string {
	const width = Math.max(...lines.map(({ check }) => check.length));
	const rows = lines.map(
		({ level, check, found, remedy }) =>
			`${signs[level].padEnd(7)}  ${check.padEnd(width)}  ${found}${remedy === undefined ? '.' : `. ${remedy}`}`
	);
	const count = (level: Diagnosis['level']) => lines.filter((line) => line.level === level).length;
	return `${rows.join('\n')}\n\n${count('fault')} faults, ${count('warning')} warnings, ${count('ok')} ok`;
}
