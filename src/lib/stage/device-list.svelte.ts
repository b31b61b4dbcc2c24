import { onMount } from 'svelte';

/** The cameras and microphones of this device, kept up to date. Create it in a component's script. */
export class DeviceList {
	cameras = $state.raw<MediaDeviceInfo[]>([]);
	microphones = $state.raw<MediaDeviceInfo[]>([]);

	constructor() {
		onMount(() => {
			const media = (navigator as Partial<Navigator>).mediaDevices;
			const read = () => void this.read();
			read();
			media?.addEventListener('devicechange', read);
			return () => media?.removeEventListener('devicechange', read);
		});
	}

	/** Reads them again: browsers name devices only once one is in use. */
	async read(): Promise<void> {
		const media = (navigator as Partial<Navigator>).mediaDevices;
		const all = (await media?.enumerateDevices().catch(() => [])) ?? [];
		this.cameras = all.filter(({ kind, deviceId }) => kind === 'videoinput' && deviceId !== '');
		this.microphones = all.filter(({ kind, deviceId }) => kind === 'audioinput' && deviceId !== '');
	}
}
