import { readStored, storeText } from '#lib/ui/stored.ts';

const memory = 'stage-volume';

/** The volume of the stage for a reader, and whether it is muted; stored on this device. */
export class Volume {
	/** 0 to 1. */
	level = $state(1);
	isMuted = $state(false);
	/** The factor for every track. */
	readonly factor = $derived(this.isMuted ? 0 : this.level);

	/** Restores the stored volume; in the browser. Muting is not restored from another day. */
	recall(): void {
		const stored = Number(readStored(memory) ?? 1);
		if (stored > 0 && stored <= 1) this.level = stored;
	}

	/** Sets the volume, 0 to 1; zero mutes, and anything else unmutes. */
	set(level: number): void {
		this.isMuted = level <= 0;
		if (level <= 0) return;
		this.level = Math.min(1, level);
		storeText(memory, String(this.level));
	}
}
