/** The shapes inside an icon's SVG, imported as `icon:name`: https://lucide.dev/icons has the names. */
export type IconShapes = string & { readonly isIcon: true };

/** How every icon is drawn: attributes of the element that contains the shapes. */
export const iconStroke = {
	viewBox: '0 0 24 24',
	fill: 'none',
	stroke: 'currentColor',
	'stroke-width': 1.75,
	'stroke-linecap': 'round',
	'stroke-linejoin': 'round'
} as const;
