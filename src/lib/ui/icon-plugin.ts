import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

interface IconSet {
	icons: Record<string, { body: string }>;
	aliases: Record<string, { parent: string }>;
}

// What `iconStroke` states once for all of them.
const shared = ' fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round" stroke-width="2"';

/** The shapes of one icon of Lucide by its name. Throws when there is none. */
function shapesOf({ icons, aliases }: IconSet, name: string): string {
	const found = icons[name] ?? icons[aliases[name]?.parent ?? ''];
	if (!found) throw new Error(`Lucide has no icon named ${name}.`);
	return found.body.replaceAll(shared, '').replace(/^<g>(.*)<\/g>$/s, '$1');
}

/** `import phone from 'icon:phone'`: an icon for Icon.svelte. */
export function icons(): Plugin {
	let set: IconSet | undefined;
	return {
		name: 'icons',
		resolveId: (id) => (id.startsWith('icon:') ? `\0${id}` : null),
		load(id) {
			if (!id.startsWith('\0icon:')) return null;
			const file = fileURLToPath(import.meta.resolve('@iconify-json/lucide/icons.json'));
			set ??= JSON.parse(readFileSync(file, 'utf8')) as IconSet;
			return `export default ${JSON.stringify(shapesOf(set, id.slice('\0icon:'.length)))};`;
		}
	};
}
