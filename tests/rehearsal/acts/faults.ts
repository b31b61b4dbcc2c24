/* A process of the app is killed while people register, and a provider fails. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ms } from '../../bench/report.ts';
import { readValue } from '../../fixtures/registering.ts';
import { atOnce, until, type Rehearsal } from '../rehearsal.ts';
import { processOf } from '../target.ts';
import { draft, lateOf } from './registration.ts';

/** Kills an engine of a local deployment, or runs the command that was given. False where neither can be done. */
async function fail(rehearsal: Rehearsal, engine: 'app' | 'livekit', command: string | undefined): Promise<boolean> {
	const pid = processOf(rehearsal.target, engine);
	if (!command && pid === undefined) return false;
	if (!command) process.kill(pid ?? 0, 'SIGKILL');
	else {
		const [code] = (await once(spawn(command, { shell: true, stdio: 'inherit' }), 'exit')) as [number | null];
		if (code !== 0) throw new Error(`“${command}” ended with ${code}`);
	}
	return true;
}

/** Whether an address answers without an error. */
const answers = (address: string) =>
	fetch(address).then(
		({ ok }) => ok,
		() => false
	);

/** The last delegates register while a process of the app dies. Who gets no answer presses again, as people do. */
export async function killApp(rehearsal: Rehearsal, command: string | undefined): Promise<string | undefined> {
	const { client, summit } = rehearsal;
	const late = summit.delegates.slice(-lateOf(summit.delegates.length));
	await draft(rehearsal, late, () => false);
	const acknowledged: string[] = [];
	const waits: number[] = [];
	let killed: Promise<boolean> | undefined;
	await atOnce(late, 2, async ({ person, cookie }) => {
		const began = performance.now();
		const isDone = await until(
			async () => {
				const path = `/${summit.slug}/register/5`;
				const form = { version: '1', code_of_conduct: 'on' };
				return (await rehearsal.visit('register while a process dies', path, cookie, form, true)).status === 303;
			},
			60_000,
			500
		);
		waits.push(performance.now() - began);
		if (isDone) acknowledged.push(person);
		await (killed ??= fail(rehearsal, 'app', command));
	});
	if (!(await killed)) return 'not tried: give the command that kills one process of the app (--kill)';
	const isBack = await until(() => answers(`${rehearsal.target.origin}/healthz`), 60_000);
	rehearsal.check(
		'the site is back',
		isBack,
		isBack ? 'back' : 'not back',
		'back',
		'Let the system restart the app (docs/deployment.md).'
	);
	const kept = await readValue<number>(
		client,
		`select count(*)::integer from public.registrations where summit_id = $1 and person_id = any ($2) and state <> 'draft'`,
		[summit.id, acknowledged]
	);
	rehearsal.check(
		'all late delegates are registered',
		acknowledged.length === late.length,
		acknowledged.length,
		late.length,
		'Run several processes of the app behind a proxy (docs/deployment.md).'
	);
	rehearsal.check(
		'each acknowledged registration is kept',
		kept === acknowledged.length,
		kept,
		acknowledged.length,
		'Report this: what was acknowledged must never be lost.'
	);
	rehearsal.check(
		'the longest wait',
		Math.max(...waits) < 30_000,
		ms(Math.max(...waits)),
		'within 30 s',
		'Run several processes of the app behind a proxy (docs/deployment.md).'
	);
	return undefined;
}

/** LiveKit dies; the site answers meanwhile, and LiveKit comes back. */
export async function failProvider(rehearsal: Rehearsal, command: string | undefined): Promise<string | undefined> {
	const { summit, target } = rehearsal;
	const before = rehearsal.pages.get('agenda')?.failures ?? 0;
	const began = performance.now();
	if (!(await fail(rehearsal, 'livekit', command)))
		return 'not tried: give the command that makes a provider fail (--fail)';
	let looked = 0;
	const isBack = await until(
		async () => {
			looked += 1;
			await rehearsal.visit('agenda', `/${summit.slug}/agenda`);
			const answer = await fetch(`${target.origin}/readyz`).catch(() => null);
			const state =
				answer && ((await answer.json()) as { engines: { livekit: { state: string } } }).engines.livekit.state;
			return looked > 2 && state === 'ready';
		},
		90_000,
		500
	);
	const failures = (rehearsal.pages.get('agenda')?.failures ?? 0) - before;
	rehearsal.check(
		'pages answer meanwhile',
		failures === 0,
		`${failures} of ${looked} failed`,
		'none failed',
		'Report this: the site must not need LiveKit.'
	);
	rehearsal.check(
		'the provider is back',
		isBack,
		isBack ? ms(performance.now() - began) : 'not back',
		'within 90 s',
		'Let the system restart LiveKit (docs/deployment.md).'
	);
	return undefined;
}
