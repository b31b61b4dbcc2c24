import type { ChildProcessHandle } from './processes.ts';

export interface Supervision {
	start: () => ChildProcessHandle | Promise<ChildProcessHandle>;
	/** Settles when the process does its work; rejects when it never will. */
	ready: (started: ChildProcessHandle) => Promise<void>;
	onState: (state: 'starting' | 'ready' | 'failed', detail?: string) => void;
}

interface Supervised {
	/** Settles when the process does its work for the first time; rejects when it never will. */
	ready: Promise<void>;
	current(): ChildProcessHandle | undefined;
	/** Works from the first moment. */
	stop(timeoutMs?: number): Promise<void>;
}

/** Keeps a process going: when it ends by itself it is started again, sooner at first, then every ten seconds. */
export function supervise({ start, ready, onState }: Supervision): Supervised {
	let current: ChildProcessHandle | undefined;
	let stopped = false;
	let hasServed = false;
	let failures = 0;
	let timer: NodeJS.Timeout | undefined;

	function restart(lifetimeMs: number): void {
		if (stopped) return;
		// One that held for a while starts again with a clean slate.
		failures = lifetimeMs > 60_000 ? 0 : failures + 1;
		onState(failures > 4 ? 'failed' : 'starting', 'It ended, and is being started again.');
		timer = setTimeout(() => void run().catch(() => undefined), Math.min(200 * 2 ** failures, 10_000));
	}

	async function run(): Promise<void> {
		const since = Date.now();
		let started: ChildProcessHandle;
		try {
			started = await start();
		} catch (error) {
			// Before its first service a failure is a mistake to report; later it may pass.
			if (hasServed) restart(0);
			throw error;
		}
		current = started;
		// It was stopped while it was being started.
		if (stopped) return started.stop();
		void started.ended.then(() => {
			// One that never came up is a mistake to report, not a process to keep going.
			if (hasServed && current === started) restart(Date.now() - since);
		});
		try {
			await ready(started);
		} catch (error) {
			// One that lives and does not serve is ended, and so started again.
			if (hasServed) await started.stop();
			throw error;
		}
		hasServed = true;
		if (!stopped) onState('ready');
	}

	async function stop(timeoutMs?: number): Promise<void> {
		stopped = true;
		clearTimeout(timer);
		await current?.stop(timeoutMs);
	}
	const first = run().catch(async (error: unknown) => {
		if (!stopped) onState('failed');
		await stop();
		throw error;
	});
	return { ready: first, current: () => current, stop };
}
