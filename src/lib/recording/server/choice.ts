import { recorderBrowser } from './browser.ts';
import { bucketSettings } from './bucket.ts';

/** The recorder: LiveKit Egress where it is configured, else a Chromium beside this server, else none. */
export function recordsWith(): 'egress' | 'chromium' | null {
	if (hasEgress()) return 'egress';
	return recorderBrowser() === null ? null : 'chromium';
}

/**
 * Whether LiveKit Egress runs beside LiveKit, with a bucket that it may write and we may read. Only the configuration
 * says so.
 */
export function hasEgress(): boolean {
	const { LIVEKIT_EGRESS, LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET } = process.env;
	return (
		LIVEKIT_EGRESS === '1' && Boolean(LIVEKIT_URL && LIVEKIT_API_KEY && LIVEKIT_API_SECRET) && bucketSettings() !== null
	);
}
