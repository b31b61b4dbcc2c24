/* `npm run doctor`: checks a deployment from inside and outside, and says what to do (docs/deployment.md). */
import { existsSync, readFileSync } from 'node:fs';
import { Resolver } from 'node:dns/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isLoopback, readEnvironment } from '../environment.ts';
import type { Check, Context } from './check.ts';
import { backups } from './checks/backups.ts';
import { database } from './checks/database.ts';
import { environment } from './checks/environment.ts';
import { clamd, disks, recording } from './checks/files.ts';
import { keys, push, sms, wallets } from './checks/keys.ts';
import { egress, livekit } from './checks/livekit.ts';
import { mailDomain, smtp } from './checks/mail.ts';
import { certificate, clocks, health, https, names, webhooks } from './checks/site.ts';
import { supabase } from './checks/supabase.ts';
import { versions } from './checks/versions.ts';
import { asText, runChecks } from './report.ts';

/** Every check, in the order of the report. */
export const allChecks: readonly Check[] = [
	...[versions, environment, keys, names, certificate, https, health, webhooks, clocks, database, supabase],
	...[livekit, egress, smtp, mailDomain, push, sms, wallets, clamd, disks, recording, backups]
];

const usage = `npm run doctor [-- --json] [--only NAME,NAME] [--dkim SELECTOR] [--send-to ADDRESS]   (docs/deployment.md)`;

/** The variables of a deployment; those of local engines are beside their data while they run. */
export function variablesOf(env: NodeJS.ProcessEnv): { env: Context['env']; isLocal: boolean } {
	if (env.SUPABASE_URL) return { env, isLocal: env.LOCAL_STATE !== undefined };
	const file = join(env.DATA_DIR || '.data', 'variables.json');
	if (!existsSync(file)) return { env, isLocal: false };
	return { env: { ...env, ...(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) }, isLocal: true };
}

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			json: { type: 'boolean', default: false },
			only: { type: 'string' },
			dkim: { type: 'string' },
			'send-to': { type: 'string' },
			help: { type: 'boolean', default: false }
		}
	});
	if (values.help) return console.log(usage);
	if (existsSync('.env')) process.loadEnvFile('.env');
	const { env, isLocal } = variablesOf(process.env);
	// What the app's own modules look up themselves.
	Object.assign(process.env, env);
	const origin = new URL(readEnvironment(env).origin);
	const context: Context = {
		env,
		origin,
		isLocal: isLocal && isLoopback(origin.hostname),
		dns: new Resolver({ timeout: 4000, tries: 2 }),
		now: Date.now,
		dkimSelector: values.dkim,
		sendTo: values['send-to']
	};
	const wanted = values.only?.split(',');
	const unknown = wanted?.find((name) => !allChecks.some((check) => check.name === name));
	if (unknown) throw new Error(`There is no check "${unknown}": ${allChecks.map(({ name }) => name).join(', ')}.`);
	const lines = await runChecks(wanted ? allChecks.filter(({ name }) => wanted.includes(name)) : allChecks, context);
	console.log(
		values.json
			? JSON.stringify({ at: new Date().toISOString(), origin: origin.origin, lines }, null, '\t')
			: asText(lines)
	);
	// A check that came too late may still hold a connection.
	process.exit(lines.some(({ level }) => level === 'fault') ? 1 : 0);
}

if (import.meta.main) {
	main().catch((error: unknown) => {
		console.error(error instanceof Error ? `${error.message}\n${usage}` : usage);
		process.exit(1);
	});
}
