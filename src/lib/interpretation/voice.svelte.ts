import { DeviceCheck } from '#lib/stage/checking.svelte.ts';
import type { Publishing } from '#lib/stage/publishing.svelte.ts';
import { rememberedDevices } from '#lib/stage/devices.ts';

/** An interpreter's own microphone or, for a sign language, camera: on, off, or muted for a cough. */
export class Voice {
	/** Switched off until it is switched on again. */
	isOff = $state(false);
	/** Muted while a key or the button is held down. */
	isCoughing = $state(false);
	/** The level meter; it opens the microphone on this device, and sends nothing. */
	readonly meter = new DeviceCheck();
	readonly #publishing: Publishing;
	readonly #isSigned: () => boolean;

	/** `isOnAir`: the run's own state of who is on air. Create it in a component's script. */
	constructor(publishing: Publishing, isOnAir: () => boolean, isSigned: () => boolean) {
		this.#publishing = publishing;
		this.#isSigned = isSigned;
		$effect(() => {
			if (!isOnAir()) void publishing.withdraw();
			else void publishing.offer(this.#devices(!this.isOff && !this.isCoughing));
		});
	}

	/** Whether it is sent when on air. */
	get isOn(): boolean {
		return !this.isOff && !this.isCoughing;
	}

	/** Opens the devices here, so that the level shows before anybody hears it. */
	async open(): Promise<void> {
		await this.meter.start(this.#devices(true));
	}

	/** Closes every device. */
	close(): void {
		this.meter.stop();
		void this.#publishing.withdraw();
	}

	// The devices chosen for the stage are used here as well; only on and off are the booth's own.
	#devices(on: boolean) {
		const { cameraId, microphoneId } = rememberedDevices();
		const isSigned = this.#isSigned();
		return { cameraId, microphoneId, camera: on && isSigned, microphone: on && !isSigned };
	}
}
