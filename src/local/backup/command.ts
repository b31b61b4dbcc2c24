import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { explain } from './explain.ts';

// npm changes to the folder of the package.
/** A file, named from where the command was given; the address of a bucket stays as it is. */
export const fromHere = (file: string): string =>
	/^\w+:\/\//.test(file) ? file : resolve(process.env.INIT_CWD ?? '.', file);

/** Ends the process after so long, whatever hangs in it. */
export function endAfter(milliseconds: number): void {
	setTimeout(() => process.exit(1), milliseconds).unref();
}

/** Runs a command to its end, which answers whether all was well: what it started is stopped, also by a signal, and what went wrong is one sentence. */
export async function runCommand(
	main: (onStop: (stop: () => Promise<void>) => void) => Promise<boolean>,
	usage: string
): Promise<void> {
	const stops: (() => Promise<void>)[] = [];
	let ending: Promise<void> | undefined;
	const end = () =>
		(ending ??= (async () => {
			for (const stop of stops.reverse()) await stop().catch((error: unknown) => console.error(explain(error)));
		})());
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
		process.on(signal, () => void end().then(() => process.exit(1)));
	// Who reads what it says may be gone before it ends, such as the app that began it.
	for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
	if (existsSync('.env')) process.loadEnvFile('.env');
	let code = 0;
	try {
		if (!(await main((stop) => stops.push(stop)))) code = 1;
	} catch (error) {
		const isUsage = String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS');
		console.error(`\n${explain(error)}${isUsage ? `\n${usage}` : ''}\n`);
		code = 1;
	}
	await end();
	process.exit(code);
}
