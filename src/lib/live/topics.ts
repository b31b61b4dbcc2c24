/** One change, as the database tells it: ids only. */
export interface News {
	topic: string;
	kind: string;
	id: string | null;
}

/** A change of a run as its readers hear it: with what they may see of it, null when that is nothing any more. */
export interface Told extends News {
	content: unknown;
	/** When that was read, by the server's clock: milliseconds since 1970. */
	at: number;
	/** Counts what was sent of the topic: where one is missing, a change was. */
	sequence: number;
}

const shape =
	/^(?:summit|registered|person|session|organise|run|chat|desk|door|announced):[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a text names a topic: `summit:UUID`, and so registered (who may see what is for those registered, along with summit), person, session, organise, run and chat (all who watch it), desk (who run it), door (who see what goes on at the doors of a Summit), announced (who see whom announcements reached). */
export function isTopic(value: unknown): value is string {
	return typeof value === 'string' && shape.test(value);
}

/** The topics that a query string asks for, each once: at most 60, for the desk of all rooms hears each one's session. */
export function topicsAsked(parameter: string | null): string[] {
	return [...new Set((parameter ?? '').split(',').filter(isTopic))].slice(0, 60);
}

// The outbox is news for the worker, the site and sessions for what is kept or open in a process: nobody can ask for them.
const insideTopics = new Set(['outbox', 'site', 'sessions']);

/** Reads the payload of a notification; null for anything that is not news. */
export function parseNews(payload: string | undefined): News | null {
	try {
		const value: unknown = JSON.parse(payload ?? '');
		if (typeof value !== 'object' || value === null) return null;
		const { topic, kind, id } = value as Record<string, unknown>;
		const inside = typeof topic === 'string' && insideTopics.has(topic);
		if ((!inside && !isTopic(topic)) || typeof topic !== 'string' || typeof kind !== 'string') return null;
		return { topic, kind, id: typeof id === 'string' ? id : null };
	} catch {
		return null;
	}
}

const ofRuns = /^(?:run|chat|desk|door|announced):/;

/** Whether a topic is of a run, of doors or of announcements: whoever may no longer watch or run it hears no more of it. */
export function isOfRun(topic: string): boolean {
	return ofRuns.test(topic);
}

/** The topic along with a Summit's for those who may see what is for those registered; null for any other topic. */
export function registeredTopic(topic: string): string | null {
	return topic.startsWith('summit:') ? topic.replace('summit:', 'registered:') : null;
}

/** Under which topic a page hears of a change: what goes to those registered is a Summit's. */
export function heardAs(topic: string): string {
	return topic.replace(/^registered:/, 'summit:');
}

/** Whether a change comes with its content: of those that all hear who watch a run or the doors each does, but for news of rights. */
export function carriesContent({ topic, kind }: News): boolean {
	return /^(?:run|chat|door):/.test(topic) && kind !== 'rights' && /^[a-z_]{1,40}$/.test(kind);
}

/** Whether news says only that something changed which not all who hear it may read: whoever may looks again. */
export function isOlder(content: unknown): boolean {
	return typeof content === 'object' && content !== null && 'older' in content;
}

/** Whether a change is told every two seconds at most: five hundred readers see an announcement in a moment. */
export function isCalm({ topic, kind }: News): boolean {
	return topic.startsWith('announced:') && kind !== 'rights';
}

// What a rush of registrations changes, and no page that many read shows.
const silent = new Set(['seats', 'queue', 'registration', 'order', 'badge', 'announcement']);

/** Whether a change may show in what a process keeps of a Summit or its agenda. */
export function showsInKept({ topic, kind }: News): boolean {
	const behind = topic === 'outbox' || topic === 'sessions' || topic.startsWith('organise:') || isOfRun(topic);
	return !behind && !topic.startsWith('person:') && !silent.has(kind);
}
