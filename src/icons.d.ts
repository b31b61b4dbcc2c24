declare module 'icon:*' {
	const shapes: import('#lib/ui/icon.ts').IconShapes;
	export default shapes;
}
