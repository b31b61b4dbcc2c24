// Stopped in this order: who uses something goes before what it uses.
const order = ['broadcast', 'app', 'archiver', 'livekit', 'supabase', 'mail', 'stripe', 'postgres', 'folder'] as const;
/** A part of the stack that can be stopped. */
type StackPart = (typeof order)[number];

/** What must be undone when the stack ends. */
export interface Stops {
	add(part: StackPart, stop: () => Promise<unknown>): void;
	run(): Promise<void>;
}

/** An empty collection. */
export function collectStops(): Stops {
	const stops: { part: StackPart; stop: () => Promise<unknown> }[] = [];
	return {
		add: (part, stop) => void stops.push({ part, stop }),
		async run() {
			for (const part of order) {
				const these = stops.filter((entry) => entry.part === part);
				await Promise.all(these.map(({ stop }) => stop().catch(() => undefined)));
			}
		}
	};
}
