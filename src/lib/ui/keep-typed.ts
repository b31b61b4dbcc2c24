type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/**
 * Remembers what was typed, chosen or opened before the script loaded, which hydration would overwrite: on a slow connection people are
 * faster. Call it while the document is as the server rendered it; the returned function restores everything.
 */
export function rememberTyped(root: ParentNode = document): () => void {
	const restores = [...root.querySelectorAll<Control>('input, textarea, select')].flatMap((control) => {
		const restore = restorerOf(control);
		return restore ? [{ control, restore }] : [];
	});
	const folds = [...root.querySelectorAll('details')].map((fold) => ({ fold, open: fold.open }));
	return () => {
		for (const { fold, open } of folds) fold.open = open;
		for (const { control, restore } of restores) {
			if (!control.isConnected) continue;
			restore();
			control.dispatchEvent(new Event('input', { bubbles: true }));
			control.dispatchEvent(new Event('change', { bubbles: true }));
		}
	};
}

// How to restore the present state of a control; null when nobody has changed it.
function restorerOf(control: Control): (() => void) | null {
	if (control instanceof HTMLSelectElement) {
		const chosen = control.value;
		return [...control.options].some((option) => option.selected && option.value !== initial(control))
			? () => (control.value = chosen)
			: null;
	}
	if (control.type === 'checkbox' || control.type === 'radio') {
		const box = control as HTMLInputElement;
		const { checked } = box;
		return checked === box.defaultChecked ? null : () => (box.checked = checked);
	}
	if (control.type === 'hidden' || control.type === 'file') return null;
	const { value } = control;
	return value === control.defaultValue ? null : () => (control.value = value);
}

// Without a selected option the first one is.
function initial(select: HTMLSelectElement): string | undefined {
	const options = [...select.options];
	return (options.findLast((option) => option.defaultSelected) ?? options[0])?.value;
}
