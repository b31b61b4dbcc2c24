import sharp from 'sharp';

/** The size of a sample speaker's picture, and how many of them a second. */
export const picture = { width: 640, height: 360, perSecond: 8 } as const;

const frames = 16;
const looks = [
	{ wall: '#22354f', light: '#5f7896', figure: '#0e1a2b' },
	{ wall: '#4a4136', light: '#a08b6d', figure: '#201b15' }
] as const;

/** The pictures of a sample speaker in the order in which they repeat: a drawn figure that moves a little. Raw RGBA. */
export function drawSpeaker(index: number): Promise<Uint8Array[]> {
	return Promise.all(
		Array.from({ length: frames }, async (_, at) => {
			const svg = speakerAt(index, (2 * Math.PI * at) / frames);
			return new Uint8Array(await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer());
		})
	);
}

// A silhouette before a window: nobody's face.
function speakerAt(index: number, angle: number): string {
	const { wall, light, figure } = looks[index % looks.length] ?? looks[0];
	const { width, height } = picture;
	const [x, y] = [4 * Math.sin(angle), 2 * Math.cos(2 * angle)];
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
		<defs><radialGradient id="wall" cx="0.3" cy="0.25" r="0.9"><stop stop-color="${light}"/><stop offset="1" stop-color="${wall}"/></radialGradient></defs>
		<rect width="${width}" height="${height}" fill="url(#wall)"/>
		<g fill="${figure}">
			<path d="M${140 + x / 2} 360c6-92 78-128 180-128s174 36 180 128z"/>
			<g transform="translate(${x} ${y}) rotate(${x / 2} 320 220)">
				<rect x="292" y="186" width="56" height="70" rx="26"/>
				<ellipse cx="320" cy="146" rx="62" ry="76"/>
			</g>
		</g>
	</svg>`;
}
