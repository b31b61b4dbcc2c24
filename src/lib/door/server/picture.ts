import { create } from 'qrcode';

/** A QR code as one SVG path on a square of `size` modules, quiet zone included: the page draws it in its own colours. */
interface CodePicture {
	size: number;
	path: string;
}

const quiet = 4;

/** Draws a text as QR code with error correction M, which a scratched phone still passes. */
export function drawCode(text: string): CodePicture {
	const { modules } = create(text, { errorCorrectionLevel: 'M' });
	const rows: string[] = [];
	for (let y = 0; y < modules.size; y += 1) {
		for (let x = 0; x < modules.size; x += 1) {
			if (!modules.get(y, x)) continue;
			const start = x;
			while (x + 1 < modules.size && modules.get(y, x + 1)) x += 1;
			rows.push(`M${start + quiet} ${y + quiet}h${x - start + 1}v1h-${x - start + 1}z`);
		}
	}
	return { size: modules.size + quiet * 2, path: rows.join('') };
}
