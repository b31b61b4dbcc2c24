/** The globe: an orthographic view of 24 hour meridians. Lengths are in radii, y grows downwards. */
interface Globe {
	/** Twelve great circles through the poles: their visible halves, as SVG paths. */
	hours: string[];
	/** The meridian of an offset from the pole to where it leaves view, and where it crosses the equator. */
	venue: Meridian;
	reader: Meridian | null;
	/** The reader is west of the venue: their meridian is the left one. */
	readerLeft: boolean;
}

interface Meridian {
	path: string;
	dot: [x: number, y: number];
}

type Vector = [x: number, y: number, z: number];

const radians = Math.PI / 180;
const tilt = 9 * radians;
const roll = 12 * radians;
const pole: Vector = turned([0, Math.cos(tilt), Math.sin(tilt)]);

// The axis leans a little to the start of reading; y points downwards in SVG.
function turned([x, y, z]: Vector): Vector {
	return [x * Math.cos(roll) - y * Math.sin(roll), -(x * Math.sin(roll) + y * Math.cos(roll)), z];
}

function onEquator(degrees: number): Vector {
	const d = degrees * radians;
	return turned([Math.sin(d), -Math.sin(tilt) * Math.cos(d), Math.cos(tilt) * Math.cos(d)]);
}

function round(value: number): string {
	return String(Math.round(value * 1000) / 1000);
}

// A great circle projects to an ellipse whose long axis is on the rim.
function circle(degrees: number) {
	const equator = onEquator(degrees);
	const normal: Vector = [
		pole[1] * equator[2] - pole[2] * equator[1],
		pole[2] * equator[0] - pole[0] * equator[2],
		pole[0] * equator[1] - pole[1] * equator[0]
	];
	const length = Math.hypot(normal[0], normal[1]) || 1;
	const rim: [number, number] = [-normal[1] / length, normal[0] / length];
	return { equator, rim, narrow: Math.abs(normal[2]), turn: Math.atan2(rim[1], rim[0]) / radians };
}

function arc(
	from: readonly number[],
	to: readonly number[],
	through: readonly number[],
	narrow: number,
	turn: number
): string {
	const [fx = 0, fy = 0] = from;
	const [tx = 0, ty = 0] = to;
	const [px = 0, py = 0] = through;
	const sweep = (tx - fx) * (py - fy) - (ty - fy) * (px - fx) < 0 ? 1 : 0;
	return `M${round(fx)} ${round(fy)}A1 ${round(narrow)} ${round(turn)} 0 ${sweep} ${round(tx)} ${round(ty)}`;
}

function meridian(degrees: number): Meridian {
	const { equator, rim, narrow, turn } = circle(degrees);
	const side = rim[0] * equator[0] + rim[1] * equator[1] >= 0 ? 1 : -1;
	const leaves: [number, number] = [rim[0] * side, rim[1] * side];
	return { path: arc(pole, leaves, equator, narrow, turn), dot: [equator[0], equator[1]] };
}

// Normalised to −180 … 180.
function wrapped(degrees: number): number {
	return ((((degrees + 180) % 360) + 360) % 360) - 180;
}

/** Draws the globe for the venue's and the reader's offsets from UTC (minutes); both meridians face the viewer. */
export function globeOfHours(venueOffset: number, readerOffset: number | null): Globe {
	const venue = venueOffset / 4;
	const apart = readerOffset === null ? 0 : wrapped(readerOffset / 4 - venue);
	const centre = readerOffset === null ? venue + 42 : venue + apart / 2;
	const hours = Array.from({ length: 12 }, (_, index) => {
		const { rim, narrow, turn } = circle(wrapped(index * 15 - (centre % 15)));
		return arc(rim, [-rim[0], -rim[1]], pole, narrow, turn);
	});
	return {
		hours,
		venue: meridian(wrapped(venue - centre)),
		reader: readerOffset === null ? null : meridian(wrapped(venue + apart - centre)),
		readerLeft: apart < 0
	};
}
