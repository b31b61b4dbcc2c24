// Gives the frame of an agenda the height of its agenda. It listens to frames of the site that it came from, and does nothing else.
(() => {
	const script = document.currentScript ?? [...document.scripts].findLast(({ src }) => src.endsWith('/embed.js'));
	if (!script) return;
	const site = new URL(script.src).origin;
	addEventListener('message', ({ data, origin, source }) => {
		if (origin !== site || !data || data.type !== 'global-summit:height') return;
		const height = Number(data.height);
		if (!(height >= 100 && height <= 60000)) return;
		for (const frame of document.querySelectorAll('iframe'))
			if (frame.contentWindow === source) frame.style.height = `${height}px`;
	});
	// Inserted after its frame was read, this script has missed what the frame said: each is asked to say it again.
	for (const frame of document.querySelectorAll('iframe'))
		if (frame.src.startsWith(`${site}/`)) frame.contentWindow?.postMessage({ type: 'global-summit:ask-height' }, site);
})();
