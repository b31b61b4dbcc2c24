/** The square of a picture that is kept, in percent: its side of the shorter edge, and its position in the remaining space. */
export interface Crop {
	size: number;
	across: number;
	down: number;
}

/** The largest square, in the middle. */
export const middle: Crop = { size: 100, across: 50, down: 50 };
/** A smaller one would be a few pixels of a face. */
export const smallest = 20;

/** The square in pixels of a picture. */
export function squareOf({ size, across, down }: Crop, width: number, height: number) {
	const side = Math.max(1, Math.round((Math.min(width, height) * size) / 100));
	return {
		side,
		left: Math.round(((width - side) * across) / 100),
		top: Math.round(((height - side) * down) / 100)
	};
}

const within = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

/** The same square moved by fractions of the picture's width and height. */
export function moved(crop: Crop, width: number, height: number, byWidth: number, byHeight: number): Crop {
	const { side, left, top } = squareOf(crop, width, height);
	const share = (start: number, by: number, length: number) =>
		length === side ? 50 : within(((start + by * length) / (length - side)) * 100, 0, 100);
	return { ...crop, across: share(left, byWidth, width), down: share(top, byHeight, height) };
}

/** The crop of a form; the centre for missing or invalid numbers. */
export function cropFrom(read: (name: string) => unknown): Crop {
	const number = (name: string, least: number, otherwise: number) => {
		const value = read(name);
		return typeof value === 'string' && /^\d{1,3}(\.\d{1,6})?$/.test(value)
			? within(Number(value), least, 100)
			: otherwise;
	};
	return { size: number('size', smallest, 100), across: number('across', 0, 50), down: number('down', 0, 50) };
}
