/*
 * `npm run rehearse`: a whole Summit in half an hour against one's own deployment, and a readiness report (docs/rehearsal.md). Without a
 * deployment it starts one on this machine, which makes it the load test of the project.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { ensureBuild } from '#local/build.ts';
import { chromiumPath } from '../fixtures/media-browser.ts';
import { startStack, waitForLiveKit, type TestSummit } from '../fixtures/summit.ts';
import { changeAgenda } from './acts/agenda.ts';
import { openDoors } from './acts/door.ts';
import { failProvider, killApp } from './acts/faults.ts';
import { plenary } from './acts/plenary.ts';
import { accredit, pay, rush } from './acts/registration.ts';
import { deleteRehearsal, findRehearsals } from './cleaning.ts';
import { Rehearsal } from './rehearsal.ts';
import { asHtml } from './report.ts';
import { makeRehearsedSummit, newSlug } from './summit.ts';
import { busySummits, missingVariables, targetOf, type Target } from './target.ts';

const usage = `npm run rehearse [-- OPTIONS]   (docs/rehearsal.md)
  --delegates N       how many people take part (1000)
  --minutes N         how long it takes, but for what takes as long as it takes (30)
  --target URL        the deployment whose variables are in the environment or in .env; else one is started here
  --viewers N         how many receive picture and sound (8)
  --mail-domain NAME  send mail to addresses of this domain, whose mailbox is yours
  --kill COMMAND      kills one process of the app of another machine
  --fail COMMAND      makes LiveKit of another machine fail
  --report FILE       where the report is written (rehearsal.html)
  --clean             delete what an interrupted rehearsal left, and end
  --beside-registrations  rehearse although people register or take part at this moment`;

/** Says why it does not go on, and ends. */
function refuse(reason: string): never {
	console.error(`\n${reason}\n`);
	process.exit(2);
}

function wholeNumber(name: string, value: string, least: number, most: number): number {
	const number = Number(value);
	if (!Number.isInteger(number) || number < least || number > most)
		refuse(`--${name} is “${value}”: give a number from ${least} to ${most}.`);
	return number;
}

const { values } = parseArgs({
	options: {
		delegates: { type: 'string', default: '1000' },
		minutes: { type: 'string', default: '30' },
		viewers: { type: 'string', default: '8' },
		target: { type: 'string' },
		'mail-domain': { type: 'string' },
		kill: { type: 'string' },
		fail: { type: 'string' },
		report: { type: 'string', default: 'rehearsal.html' },
		clean: { type: 'boolean', default: false },
		'beside-registrations': { type: 'boolean', default: false },
		help: { type: 'boolean', default: false }
	}
});
if (values.help) {
	console.log(usage);
	process.exit(0);
}
const delegates = wholeNumber('delegates', values.delegates, 10, 20_000);
const minutes = wholeNumber('minutes', values.minutes, 1, 240);
const viewers = wholeNumber('viewers', values.viewers, 1, Math.min(delegates, 200));

/** The variables of the deployment: of the environment and .env, or those beside the data of a local one. */
function givenVariables(): Record<string, string> {
	if (existsSync('.env')) process.loadEnvFile('.env');
	const file = join(process.env.DATA_DIR || '.data', 'variables.json');
	const local =
		!process.env.SUPABASE_URL && existsSync(file)
			? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>)
			: {};
	const own = Object.entries(process.env).flatMap(([name, value]) => (value ? [[name, value] as const] : []));
	return { ...Object.fromEntries(own), ...local };
}

let started: TestSummit | undefined;
async function chooseTarget(): Promise<Target> {
	if (values.target) {
		if (!URL.canParse(values.target)) refuse(`--target is “${values.target}”: give the address of the deployment.`);
		const variables = givenVariables();
		const missing = missingVariables(variables);
		if (missing.length > 0)
			refuse(
				`The variables of the deployment are missing here: ${missing.join(', ')}. Give them in the environment or in .env.`
			);
		const { origin } = new URL(values.target);
		if (origin !== new URL(variables.ORIGIN ?? '').origin)
			refuse(`The variables here are those of ${variables.ORIGIN}, not of ${origin}.`);
		return targetOf(variables);
	}
	if (values.clean) return targetOf(givenVariables());
	await ensureBuild({ say: console.log });
	console.log('Starting a deployment on this machine…');
	process.env.CHECK_ANSWERS = 'no';
	process.env.CHROMIUM_PATH ??= chromiumPath;
	started = await startStack({ sample: true });
	await waitForLiveKit(started);
	return targetOf(started.variables);
}

const target = await chooseTarget();
const client = new pg.Client({ connectionString: target.variables.DATABASE_URL });
// A database that ends under it is what the next query says.
client.on('error', () => undefined);
await client.connect();

async function end(code: number): Promise<never> {
	await client.end().catch(() => undefined);
	await started?.stop();
	process.exit(code);
}

async function cleanAll(): Promise<void> {
	for (const slug of await findRehearsals(client)) {
		const rows = await deleteRehearsal(target, client, slug);
		console.log(`${slug}: ${rows} rows deleted.`);
	}
}

if (values.clean) {
	await cleanAll();
	await end(0);
}
const busy = values['beside-registrations'] ? [] : await busySummits(client, target.variables);
if (busy.length > 0) {
	const named = busy.map(({ slug, registrations }) => `${slug} (${registrations} registrations)`).join(', ');
	console.error(
		`\nPeople register or take part at this moment: ${named}. A rehearsal would make the site slow for them. Rehearse before registration opens, or on a copy (docs/rehearsal.md).\n`
	);
	await end(2);
}
if ((await findRehearsals(client)).length > 0) {
	console.error('\nAn earlier rehearsal was interrupted: npm run rehearse -- --clean deletes what it left.\n');
	await end(2);
}

const slug = newSlug();
const interruption = new AbortController();
let making: Promise<unknown> = Promise.resolve();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
	process.on(signal, () => {
		if (interruption.signal.aborted) return;
		interruption.abort();
		console.error('\nInterrupted: deleting what was made…');
		const cleaner = new pg.Client({ connectionString: target.variables.DATABASE_URL });
		// Accounts that are being made are made before what is there is deleted.
		void Promise.allSettled([making])
			.then(() => cleaner.connect())
			.then(() => deleteRehearsal(target, cleaner, slug))
			.then(
				() => end(130),
				(error: unknown) => {
					console.error(error);
					return end(1);
				}
			);
	});

console.log(`Rehearsing with ${delegates} delegates at ${target.origin}.`);
let isClean = false;
let failed = 1;
let rehearsal: Rehearsal | undefined;
try {
	console.log('Making the Summit and its people…');
	const size = { delegates, mailDomain: values['mail-domain'] };
	const made = makeRehearsedSummit(target, client, slug, size, interruption.signal);
	making = made;
	const summit = await made;
	rehearsal = new Rehearsal({ target, client, summit, minutes, say: (line) => console.log(line) });
	const here = rehearsal;
	await here.run('rush', 'Registration opens', () => rush(here));
	await here.run('accreditation', 'Accreditation', () => accredit(here));
	await here.run('payment', 'Payment', () => pay(here));
	await here.run('agenda', 'The agenda is changed', () => changeAgenda(here));
	await client.query(`update public.summits set state = 'live' where id = $1`, [summit.id]);
	await here.run('door', 'The doors open', () => openDoors(here));
	await here.run('plenary', 'The plenary', () => plenary(here, viewers));
	await client.query(`update public.summits set state = 'open' where id = $1`, [summit.id]);
	await here.run('kill', 'A process of the app is killed', () => killApp(here, values.kill));
	await here.run('provider', 'A provider fails', () => failProvider(here, values.fail));
	failed = here.checks.filter(({ isPassed }) => !isPassed).length;
} catch (error) {
	if (!interruption.signal.aborted) console.error(error);
} finally {
	if (!interruption.signal.aborted) {
		console.log('Deleting what was made…');
		isClean = await deleteRehearsal(target, client, slug).then(
			() => true,
			(error: unknown) => {
				console.error(error);
				return false;
			}
		);
	}
}
// What handles the signal ends the process.
if (interruption.signal.aborted) await new Promise(() => undefined);
if (rehearsal) {
	writeFileSync(values.report, asHtml(rehearsal, isClean));
	const { checks } = rehearsal;
	for (const { what, found, wanted, advice } of checks.filter(({ isPassed }) => !isPassed))
		console.log(`did not pass: ${what}: ${found} (wanted: ${wanted}). ${advice}`);
	console.log(`${checks.length - failed} of ${checks.length} checks passed. The report: ${values.report}`);
}
await end(failed === 0 && isClean ? 0 : 1);
