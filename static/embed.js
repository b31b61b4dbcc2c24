// Gives the frame of an agenda the height of its agenda. It listens to frames of the site that it came from, and does nothing else.
(() => {
	const site = new URL(document.currentScript.src).origin;
	addEventListener('message', ({ data, origin, source }) => {
		if (origin !== site || !data || data.type !== 'global-summit:height') return;
		const height = Number(data.height);
		if (!(height >= 100 && height <= 60000)) return;
		for (const frame of document.querySelectorAll('iframe'))
			if (frame.contentWindow === source) frame.style.height = `${height}px`;
	});
})();
