/* The one client of the server's event stream, for pages with a framework and without. */
import type { ContentEvent, LiveEvent } from './topics.ts';

interface EventHandlers {
	onEvent: (event: LiveEvent | ContentEvent) => void;
	/** Events may have been lost: of these topics, or of any. */
	onResync: (topics?: string[]) => void;
	onOpen?: () => void;
	onLost?: () => void;
}

/** What to subscribe to, as the query of `/api/events`. */
interface EventQuery {
	/** Separated by commas. */
	topics: string;
	/** Whether the reader's own topic is among them. */
	own?: boolean;
	/** The server sends what changed since this moment, in milliseconds. */
	since?: number | null;
}

/** Opens a stream of events; returns the function that closes it. */
export function openEvents(query: EventQuery, handlers: EventHandlers): () => void {
	let source: EventSource;
	let retry: ReturnType<typeof setTimeout> | undefined;

	function open(isRetry: boolean): void {
		source = new EventSource(addressOf(isRetry ? { ...query, since: null } : query));
		// A stream that only broke is opened by the browser, which names the last event that it received: the server then sends
		// what changed since. After a refusal nobody knows.
		let isUnknown = isRetry;
		source.onopen = () => {
			if (isUnknown) handlers.onResync();
			isUnknown = false;
			handlers.onOpen?.();
		};
		source.onerror = () => {
			handlers.onLost?.();
			// A refusal of the server ends an EventSource for good. It is tried again, not at once and not by all pages together.
			if (source.readyState === EventSource.CLOSED) retry = setTimeout(open, 3000 + Math.random() * 4000, true);
		};
		source.addEventListener('resync', ({ data }: MessageEvent<string>) =>
			handlers.onResync((JSON.parse(data) as { topics?: string[] }).topics)
		);
		source.onmessage = ({ data }: MessageEvent<string>) =>
			handlers.onEvent(JSON.parse(data) as LiveEvent | ContentEvent);
	}

	open(false);
	return () => {
		clearTimeout(retry);
		source.close();
	};
}

function addressOf({ topics, own = false, since = null }: EventQuery): string {
	return `/api/events?topics=${encodeURIComponent(topics)}${own ? '&own' : ''}${since === null ? '' : `&since=${since}`}`;
}
