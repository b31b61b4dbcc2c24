/** Shows what is playing on a phone's lock screen, with its buttons, where the browser can. Returns a function that removes it. */
export function showOnLockScreen(
	title: string,
	place: string,
	{ play, pause }: { play: () => void; pause: () => void }
): () => void {
	if (!('mediaSession' in navigator)) return () => undefined;
	const { mediaSession } = navigator;
	mediaSession.metadata = new MediaMetadata({ title, artist: place });
	mediaSession.playbackState = 'playing';
	mediaSession.setActionHandler('play', play);
	mediaSession.setActionHandler('pause', pause);
	return () => {
		mediaSession.metadata = null;
		mediaSession.playbackState = 'none';
		mediaSession.setActionHandler('play', null);
		mediaSession.setActionHandler('pause', null);
	};
}
