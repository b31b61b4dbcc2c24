import { platform } from 'node:os';
import { untilServing } from './app.ts';
import { findLiveKit } from './livekit-binary.ts';
import { startProcess } from './processes.ts';
import type { StateFile } from './state.ts';
import { supervise } from './supervise.ts';

interface LiveKitOptions {
	ports: { http: number; tcp: number; udp: number; turn: number };
	apiKey: string;
	apiSecret: string;
	/** The app's webhook. */
	webhook: string;
	env: NodeJS.ProcessEnv;
	runFolder: string;
	state: StateFile;
	say: (line: string) => void;
	/** Called with each thing that the stack must undo when it stops. */
	onStop: (stop: () => Promise<void>) => void;
}

/** Brings LiveKit up behind the site; never throws, its state tells. */
export async function startLiveKit(options: LiveKitOptions): Promise<void> {
	const { ports, state, say, onStop } = options;
	let stopped = false;
	onStop(async () => void (stopped = true));
	try {
		let shown = '';
		const binary = await findLiveKit({
			env: options.env,
			onStop,
			onProgress(detail) {
				state.set('livekit', 'building', detail);
				// The console gets a line for each stage, the page every step.
				const stage = detail.split(':')[0] ?? detail;
				if (stage !== shown) say(stage);
				shown = stage;
			}
		});
		if (stopped) return;
		const supervised = supervise({
			start: () =>
				startProcess('livekit', binary, [], {
					// By environment: the command line of a process is open to everybody on the machine.
					env: { PATH: options.env.PATH, HOME: options.env.HOME, LIVEKIT_CONFIG: configuration(options) },
					runFolder: options.runFolder,
					// It keeps nothing, and would wait for its participants to leave.
					signal: 'KILL',
					onLine: () => undefined
				}),
			ready: (started) => untilServing(`http://127.0.0.1:${ports.http}/`, started),
			onState: (next, detail) => state.set('livekit', next, detail)
		});
		onStop(() => supervised.stop());
		await supervised.ready;
		if (!stopped && shown) say('Live rooms are ready.');
	} catch (error) {
		if (stopped) return;
		const detail = error instanceof Error ? error.message : String(error);
		state.set('livekit', 'off', detail);
		say(detail);
	}
}

// One port each, on the loopback interface alone. JSON is YAML.
function configuration({ ports, apiKey, apiSecret, webhook }: LiveKitOptions): string {
	return JSON.stringify({
		port: ports.http,
		bind_addresses: ['127.0.0.1'],
		rtc: {
			tcp_port: ports.tcp,
			udp_port: ports.udp,
			node_ip: '127.0.0.1',
			use_external_ip: false,
			enable_loopback_candidate: true,
			interfaces: { includes: [platform() === 'darwin' ? 'lo0' : 'lo'] },
			// Who joins waits for a key frame, and LiveKit asks a speaker for one only so often: with its second, those who join together wait for it.
			pli_throttle: { low_quality: '150ms', mid_quality: '150ms', high_quality: '150ms' }
		},
		// The relay, as networks that let nothing else out need it; here it leads to this machine alone.
		turn: {
			enabled: true,
			udp_port: ports.turn,
			bind_addresses: ['127.0.0.1'],
			allow_restricted_peer_cidrs: ['127.0.0.0/8']
		},
		keys: { [apiKey]: apiSecret },
		webhook: { api_key: apiKey, urls: [webhook] },
		logging: { level: 'error' }
	});
}
