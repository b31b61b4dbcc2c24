import { fieldId } from '#lib/forms/state.ts';
import { getContext, setContext } from 'svelte';

const key = Symbol('field ids');

/** Distinguishes the fields of a form from those of the same names in other forms of the page. */
export function distinguishFields(suffix: () => string | undefined): void {
	setContext(key, suffix);
}

/** The ids of fields in this form: call it while a component begins. */
export function fieldIds(): (name: string) => string {
	const suffix = getContext<(() => string | undefined) | undefined>(key);
	return (name) => {
		const own = suffix?.();
		return own === undefined ? fieldId(name) : `${fieldId(name)}-${own}`;
	};
}
