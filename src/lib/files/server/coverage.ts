/* Which characters a font has, read from its character map (the table `cmap` of OpenType). */

/** From the first to the last code point, both included. */
type Range = readonly [first: number, last: number];

const uint16 = (bytes: Buffer, at: number) => bytes.readUInt16BE(at);
const uint32 = (bytes: Buffer, at: number) => bytes.readUInt32BE(at);

function tableOf(bytes: Buffer, name: string): number {
	for (let n = 0; n < uint16(bytes, 4); n += 1) {
		const record = 12 + n * 16;
		if (bytes.toString('latin1', record, record + 4) === name) return uint32(bytes, record + 8);
	}
	throw new Error(`This font has no table ${name}.`);
}

// Format 12: groups of code points of every plane.
function groupsOf(bytes: Buffer, at: number): Range[] {
	return Array.from({ length: uint32(bytes, at + 12) }, (_, n) => {
		const group = at + 16 + n * 12;
		return [uint32(bytes, group), uint32(bytes, group + 4)];
	});
}

// Format 4: segments of the first plane. A character with glyph number 0 is missing.
function segmentsOf(bytes: Buffer, at: number): Range[] {
	const count = uint16(bytes, at + 6) / 2;
	const [ends, starts] = [at + 14, at + 16 + count * 2];
	const [deltas, offsets] = [starts + count * 2, starts + count * 4];
	const ranges: Range[] = [];
	for (let n = 0; n < count; n += 1) {
		const [first, last] = [uint16(bytes, starts + n * 2), uint16(bytes, ends + n * 2)];
		const [delta, offset] = [uint16(bytes, deltas + n * 2), uint16(bytes, offsets + n * 2)];
		for (let sign = first; sign <= last && sign < 0xffff; sign += 1) {
			const place = offsets + n * 2 + offset + (sign - first) * 2;
			const glyph = offset === 0 ? (sign + delta) & 0xffff : uint16(bytes, place);
			if (glyph !== 0) ranges.push([sign, sign]);
		}
	}
	return ranges;
}

/** The code points that a font (TTF or OTF) has a glyph for. */
export function coverageOf(font: Buffer): Set<number> {
	const cmap = tableOf(font, 'cmap');
	const tables = Array.from({ length: uint16(font, cmap + 2) }, (_, n) => cmap + uint32(font, cmap + 8 + n * 8));
	const signs = new Set<number>();
	for (const at of tables) {
		const format = uint16(font, at);
		const ranges = format === 12 ? groupsOf(font, at) : format === 4 ? segmentsOf(font, at) : [];
		for (const [first, last] of ranges) for (let sign = first; sign <= last; sign += 1) signs.add(sign);
	}
	return signs;
}
