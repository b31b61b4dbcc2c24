/* The papers that badges are printed on. Sizes in millimetres. No I/O. */

/** A layout of badges on paper. */
export interface Layout {
	key: string;
	/** The sheet. */
	page: readonly [width: number, height: number];
	/** One badge on it. */
	card: readonly [width: number, height: number];
	/** The name at its largest, in points. */
	largest: number;
	/** The side of the code with its quiet zone. */
	code: number;
	/** One badge a sheet, folded in four: the front, the back and the inside. */
	isFolded?: boolean;
}

/** Every layout, the most common first. */
export const layouts = [
	{ key: 'a6', page: [105, 148], card: [105, 148], largest: 40, code: 46 },
	{ key: 'a4-4', page: [210, 297], card: [105, 148.5], largest: 40, code: 46 },
	{ key: 'a4-8', page: [210, 297], card: [105, 74.25], largest: 26, code: 34 },
	{
		key: 'a4-fold',
		page: [210, 297],
		card: [105, 148.5],
		largest: 40,
		code: 46,
		isFolded: true
	},
	{ key: '62x100', page: [62, 100], card: [62, 100], largest: 24, code: 34 },
	{ key: '102x152', page: [102, 152], card: [102, 152], largest: 40, code: 48 }
] as const satisfies readonly Layout[];
export type LayoutKey = (typeof layouts)[number]['key'];

/** The layout of a key; undefined for an unknown one. */
export function layoutOf(key: string | null | undefined): Layout | undefined {
	return layouts.find((layout) => layout.key === key);
}
