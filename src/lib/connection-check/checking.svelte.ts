import { loadEngine } from '#lib/stage/engine.ts';
import { paths, connectionVerdictOf, type PathResult, type Findings, type Path } from './paths.ts';
import { measureDown, measureUp } from './speed.ts';
import { note, tryPath, type CheckFindings } from './path-test.ts';

/** The path that is being tried. */
type Step = Path | 'down' | 'up';

/** One check of a connection, from its start to its report. Its results are not sent anywhere. */
export class ConnectionCheck {
	step = $state<Step | null>(null);
	/** When the last one was done, in milliseconds. */
	doneAt = $state<number | null>(null);
	findings = $state.raw<Findings>(nothing());
	readonly verdict = $derived(connectionVerdictOf(this.findings));
	readonly #address: string;
	#turn = 0;

	/** `address` is the check's own page. */
	constructor(address: string) {
		this.#address = address;
	}

	/** Tries every path, one after the other, and then the speed. */
	async start(): Promise<void> {
		const turn = ++this.#turn;
		this.doneAt = null;
		this.findings = nothing();
		if (this.findings.isSupported) await this.#tryAll(turn);
		for (const what of ['down', 'up'] as const) {
			if (turn !== this.#turn) return;
			this.step = what;
			const bits = await (what === 'down' ? measureDown : measureUp)(`${this.#address}/load`);
			if (turn === this.#turn) this.findings = { ...this.findings, [what]: bits };
		}
		if (turn !== this.#turn) return;
		this.step = null;
		this.doneAt = Date.now();
	}

	/** Stops it. */
	stop(): void {
		this.#turn += 1;
		this.step = null;
	}

	async #tryAll(turn: number): Promise<void> {
		const findings: CheckFindings = { answered: false, relays: [], endpoints: [] };
		const engine = await loadEngine().catch(() => null);
		const tried: PathResult[] = [];
		for (const path of paths) {
			if (turn !== this.#turn) return;
			this.step = path;
			// A pass is valid for a minute; each try has its own.
			const pass = await this.#pass();
			if (typeof pass === 'string' || !engine) {
				this.findings = { ...this.findings, streams: typeof pass === 'string' ? pass : 'no_answer' };
				return;
			}
			note(findings, socketOf(pass.url));
			tried.push(await tryPath(path, pass, engine, findings));
			this.findings = {
				...this.findings,
				streams: 'ready',
				websocket: findings.answered,
				tried: [...tried],
				endpoints: [...findings.endpoints].sort()
			};
		}
	}

	async #pass(): Promise<{ url: string; token: string } | 'away' | 'no_answer'> {
		try {
			const response = await fetch(`${this.#address}/pass`, { method: 'POST', signal: AbortSignal.timeout(8000) });
			if (response.ok) return (await response.json()) as { url: string; token: string };
			return response.status === 503 ? 'away' : 'no_answer';
		} catch {
			return 'no_answer';
		}
	}
}

function socketOf(address: string): string {
	const { protocol, hostname, port } = new URL(address);
	return `TCP ${hostname}:${port || (protocol === 'wss:' ? 443 : 80)} (WebSocket)`;
}

function nothing(): Findings {
	const isSupported = typeof RTCPeerConnection === 'function' && typeof WebSocket === 'function';
	return { isSupported, streams: null, websocket: null, tried: [], endpoints: [], down: null, up: null };
}
