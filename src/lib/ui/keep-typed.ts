type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/**
 * Remembers what was typed, chosen or unfolded before the script came, which hydration would overwrite: on a slow line
 * people are faster than it. Call while the document is still as the server made it; the answer puts it all back.
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

// How to bring a control back to what it is now; null when nobody has touched it.
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

// Without a marked option the first one stands chosen.
function initial(select: HTMLSelectElement): string | undefined {
	const options = [...select.options];
	return (options.findLast((option) => option.defaultSelected) ?? options[0])?.value;
}
