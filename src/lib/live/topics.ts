/** One change, as the database announces it: ids only. */
export interface LiveEvent {
	topic: string;
	kind: string;
	id: string | null;
}

/** A live event with its content: what its readers may see, null when it no longer exists. */
export interface ContentEvent extends LiveEvent {
	content: unknown;
	/** When that was read, by the server's clock: milliseconds since 1970. */
	at: number;
	/** Numbers the events of the topic: where a number is missing, an event was lost. */
	sequence: number;
}

const shape =
	/^(?:summit|registered|person|session|organise|run|chat|desk|door|announced|board|meeting|staff):[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a text names a topic: `summit:UUID`, and so registered (who may see what is for those registered, along with summit), person, session, organise, run and chat (all who watch it), desk (who run it), door (who see what goes on at the doors of a Summit), announced (who see whom announcements reached), board (who build the agenda), meeting (who may be in the live room of a meeting or workshop), staff (its interpreters and captioners). */
export function isTopic(value: unknown): value is string {
	return typeof value === 'string' && shape.test(value);
}

/** The topics of a query string, each once: at most 60, since the stage desk follows each room's session. */
export function requestedTopics(parameter: string | null): string[] {
	return [...new Set((parameter ?? '').split(',').filter(isTopic))].slice(0, 60);
}

// The worker follows the outbox, caches follow the site, streams follow sessions: no client may request them.
const internalTopics = new Set(['outbox', 'site', 'sessions']);

/** Reads the payload of a notification; null for anything that is not a live event. */
export function parseLiveEvent(payload: string | undefined): LiveEvent | null {
	try {
		const value: unknown = JSON.parse(payload ?? '');
		if (typeof value !== 'object' || value === null) return null;
		const { topic, kind, id } = value as Record<string, unknown>;
		const inside = typeof topic === 'string' && internalTopics.has(topic);
		if ((!inside && !isTopic(topic)) || typeof topic !== 'string' || typeof kind !== 'string') return null;
		return { topic, kind, id: typeof id === 'string' ? id : null };
	} catch {
		return null;
	}
}

const restricted = /^(?:run|chat|desk|door|announced|board|meeting|staff):/;

/** Whether a topic is of a run, of doors, of announcements, of the board of the agenda, of a meeting, of a workshop or of the staff of either: a reader who may no longer watch or run it receives no more of it. */
export function isRestrictedTopic(topic: string): boolean {
	return restricted.test(topic);
}

// When those in a room write or raise hands is closed to its interpreters and captioners, who may be from outside.
const staffKinds = new Set('connections people breakouts room staff voice booth caption captions rights'.split(' '));

/** What the interpreters and captioners of a meeting or workshop receive of an event for the people in its room; null for nothing. */
export function staffEvent({ topic, kind, id }: LiveEvent): LiveEvent | null {
	if (!topic.startsWith('meeting:') || !staffKinds.has(kind)) return null;
	return { topic: topic.replace('meeting:', 'staff:'), kind, id };
}

/** The topic that accompanies a Summit's for those registered; null for any other topic. */
export function registeredTopic(topic: string): string | null {
	return topic.startsWith('summit:') ? topic.replace('summit:', 'registered:') : null;
}

/** The topic under which a page receives a change: events for those registered arrive under the Summit's. */
export function clientTopic(topic: string): string {
	return topic.replace(/^registered:/, 'summit:');
}

/** Whether a change comes with its content: those for all who watch a run or the doors do, except changes of rights. */
export function carriesContent({ topic, kind }: LiveEvent): boolean {
	return /^(?:run|chat|door):/.test(topic) && kind !== 'rights' && /^[a-z_]{1,40}$/.test(kind);
}

/** Whether an event only signals a change that not all subscribers may read: those who may read the data again. */
export function requiresReload(content: unknown): boolean {
	return typeof content === 'object' && content !== null && 'older' in content;
}

/** Whether a change is sent every two seconds at most: five hundred readers see an announcement in a moment. */
export function isThrottled({ topic, kind }: LiveEvent): boolean {
	return topic.startsWith('announced:') && kind !== 'rights';
}

// What a rush of registrations changes, and no page with many readers shows.
const silent = new Set(['seats', 'queue', 'registration', 'order', 'badge', 'announcement']);

/** Whether a change may show in what a process caches of a Summit or its agenda. */
export function affectsCache({ topic, kind }: LiveEvent): boolean {
	const behind =
		topic === 'outbox' || topic === 'sessions' || topic.startsWith('organise:') || isRestrictedTopic(topic);
	return !behind && !topic.startsWith('person:') && !silent.has(kind);
}
