import type { LocalAudioTrack, LocalVideoTrack, Room, Track } from 'livekit-client';
import { CameraWatch, framesOf } from './camera-watch.ts';
import { problemOf, rememberDevices, rememberedDevices, type DeviceChoice, type DeviceProblem } from './devices.ts';
import type { StageEngine } from './engine.ts';
import { deviceState, type DeviceState, type OwnDevice } from './own-device.ts';

// Processing that clears a voice at home spoils the output of a mixer.
const plainSound = { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 2 };

// LiveKit has found another device by then, or has none.
const recoverAfter = 1500;

const checkCameraEvery = 2000;

/** What the person sends: what they have turned on, as far as the server allows it now. */
export class Publishing {
	/** What the person wants on; it survives a pause or a broken connection. */
	choice = $state<DeviceChoice>({ cameraId: null, microphoneId: null, camera: false, microphone: false });
	/** What the server allows now. */
	allowed = $state.raw<{ camera: boolean; microphone: boolean; screen: boolean }>({
		camera: false,
		microphone: false,
		screen: false
	});
	isSharing = $state(false);
	/** What is sent now: the shared screen or else the camera, and the microphone. */
	picture = $state.raw<MediaStream | null>(null);
	sound = $state.raw<MediaStream | null>(null);
	problems = $state.raw<Record<OwnDevice | 'screen', DeviceProblem | null>>({
		camera: null,
		microphone: null,
		screen: null
	});
	#sent = $state.raw<Record<OwnDevice, boolean>>({ camera: false, microphone: false });
	/** The server allows the camera once it is asked for. */
	asksForCamera = false;
	/** The output of a mixer: two channels, unprocessed. */
	isPlain = false;
	#room: Room | undefined;
	#engine: StageEngine | undefined;
	/** The person wants to be heard and seen here; a viewer never does. */
	isOffering = $state(false);
	#applying: Promise<void> = Promise.resolve();
	readonly #followed = new WeakSet<MediaStreamTrack>();
	#cameraTimer: ReturnType<typeof setInterval> | undefined;
	// For a while, so that it recovers.
	#isCameraClosed = false;

	/** The present problem, most severe first; null: none. */
	get problem(): { of: OwnDevice | 'screen'; why: DeviceProblem } | null {
		const of = (['microphone', 'camera', 'screen'] as const).find((one) => this.problems[one] !== null);
		const why = of && this.problems[of];
		return of && why ? { of, why } : null;
	}

	/** The present state of the person's device: what is sent, while `choice` is what they asked for. */
	stateOf(device: OwnDevice): DeviceState {
		return deviceState({
			isWanted: this.choice[device],
			isSent: this.#sent[device],
			isAllowed: this.allowed[device],
			isOnRequest: device === 'camera' && this.asksForCamera,
			isAnyAllowed: this.allowed.camera || this.allowed.microphone || this.allowed.screen,
			problem: this.problems[device]
		});
	}

	/** Follows a room from now on. */
	watch(engine: StageEngine, room: Room): void {
		this.#room = room;
		this.#engine = engine;
		room.on(engine.RoomEvent.ParticipantPermissionsChanged, (_, participant) => {
			if (participant === room.localParticipant) void this.apply();
		});
		const { RoomEvent } = engine;
		room.on(RoomEvent.LocalTrackUnpublished, () => this.#readSent());
		room.on(RoomEvent.LocalTrackPublished, () => this.#readSent());
		for (const change of [RoomEvent.TrackMuted, RoomEvent.TrackUnmuted] as const)
			room.on(change, (_, participant) => participant === room.localParticipant && this.#readSent());
		// A device that came back, or another one in its place, is used again.
		room.on(RoomEvent.MediaDevicesChanged, () => void this.apply());
		clearInterval(this.#cameraTimer);
		const watch = new CameraWatch();
		this.#cameraTimer = setInterval(() => void this.#checkCamera(watch), checkCameraEvery);
	}

	/** From now on the chosen devices are sent whenever the server allows it. */
	async offer(choice: DeviceChoice): Promise<void> {
		this.choice = choice;
		this.isOffering = true;
		await this.apply();
	}

	/** Stops sending, whatever is allowed. */
	async withdraw(): Promise<void> {
		this.isOffering = false;
		await this.apply();
	}

	/** Publishes exactly what is wanted and allowed. */
	apply(): Promise<void> {
		this.#applying = this.#applying.then(() => this.#apply()).catch(() => undefined);
		return this.#applying;
	}

	async #apply(): Promise<void> {
		const [room, engine] = [this.#room, this.#engine];
		if (!room || !engine || room.state !== engine.ConnectionState.Connected) return;
		this.#readAllowed(room, engine);
		await this.#set('microphone', this.isOffering && this.choice.microphone && this.allowed.microphone);
		await this.#set('camera', this.isOffering && this.choice.camera && this.allowed.camera && !this.#isCameraClosed);
		this.#readSent();
	}

	#readAllowed(room: Room, engine: StageEngine) {
		const permission = room.localParticipant.permissions;
		const may = (source: string) =>
			permission?.canPublish === true &&
			(permission.canPublishSources.length === 0 ||
				permission.canPublishSources.some((one) => engine.Track.sourceFromProto(one) === source));
		const { Source } = engine.Track;
		this.allowed = { camera: may(Source.Camera), microphone: may(Source.Microphone), screen: may(Source.ScreenShare) };
	}

	async #set(what: OwnDevice, on: boolean): Promise<void> {
		const local = this.#room?.localParticipant;
		if (!local) return;
		try {
			const { cameraId, microphoneId } = this.choice;
			if (what === 'camera' && local.isCameraEnabled !== on)
				await local.setCameraEnabled(on, cameraId ? { deviceId: cameraId } : undefined);
			if (what === 'microphone' && local.isMicrophoneEnabled !== on)
				await local.setMicrophoneEnabled(
					on,
					{ ...(microphoneId && { deviceId: microphoneId }), ...(this.isPlain && plainSound) },
					this.isPlain ? { dtx: false, forceStereo: true } : undefined
				);
			if (on && this.#endOf(what)) await this.#trackOf(what)?.restartTrack();
			this.#note(what, on ? this.#endOf(what) : null);
		} catch (error) {
			// The right may have been revoked while the device was opening; that is no fault of the device.
			if (this.allowed[what]) this.#note(what, problemOf(error));
		}
	}

	#note(of: OwnDevice | 'screen', why: DeviceProblem | null) {
		if (this.problems[of] !== why) this.problems = { ...this.problems, [of]: why };
	}

	/** Changes a device; while it is sent, from this moment on. */
	async choose(change: Partial<DeviceChoice>): Promise<void> {
		const before = this.choice;
		this.choice = { ...before, ...change };
		rememberDevices(this.choice);
		const room = this.#room;
		try {
			if (room && this.choice.cameraId !== before.cameraId)
				await room.switchActiveDevice('videoinput', this.choice.cameraId ?? 'default');
			if (room && this.choice.microphoneId !== before.microphoneId)
				await room.switchActiveDevice('audioinput', this.choice.microphoneId ?? 'default');
		} catch (error) {
			this.#note(change.cameraId === undefined ? 'microphone' : 'camera', problemOf(error));
			return;
		}
		await this.apply();
	}

	/** Switches the person's camera or microphone. */
	async toggle(what: 'camera' | 'microphone'): Promise<void> {
		this.choice = { ...this.choice, [what]: !this.choice[what] };
		rememberDevices(this.choice);
		await this.apply();
	}

	/** Keeps the microphone off after a host muted it, until the person switches it on. */
	async mute(): Promise<void> {
		if (!this.choice.microphone) return;
		this.choice = { ...this.choice, microphone: false };
		await this.apply();
	}

	/** Starts or ends sharing the screen. */
	async share(): Promise<void> {
		const local = this.#room?.localParticipant;
		if (!local) return;
		try {
			await local.setScreenShareEnabled(!local.isScreenShareEnabled, { audio: true });
			this.#note('screen', null);
		} catch (error) {
			// Closing the browser's own dialog is a decision; there is nothing to explain.
			const why = problemOf(error);
			if (why !== 'refused') this.#note('screen', why);
		}
		this.#readSent();
	}

	#readSent() {
		const [local, source] = [this.#room?.localParticipant, this.#engine?.Track.Source];
		this.isSharing = local?.isScreenShareEnabled ?? false;
		const streamOf = (of: Track.Source | undefined, isOn: boolean | undefined) => {
			const track = of && isOn ? local?.getTrackPublication(of)?.track?.mediaStreamTrack : undefined;
			return track ? new MediaStream([track]) : null;
		};
		this.picture = this.isSharing
			? streamOf(source?.ScreenShare, true)
			: streamOf(source?.Camera, local?.isCameraEnabled);
		this.sound = streamOf(source?.Microphone, local?.isMicrophoneEnabled);
		for (const what of ['camera', 'microphone'] as const) this.#follow(what);
		this.#sent = {
			camera: local?.isCameraEnabled === true && !this.#endOf('camera'),
			microphone: local?.isMicrophoneEnabled === true && !this.#endOf('microphone')
		};
	}

	#trackOf(what: OwnDevice): LocalAudioTrack | LocalVideoTrack | undefined {
		const { Camera, Microphone } = this.#engine?.Track.Source ?? {};
		const source = what === 'camera' ? Camera : Microphone;
		const track = source && this.#room?.localParticipant.getTrackPublication(source)?.track;
		return track as LocalAudioTrack | LocalVideoTrack | undefined;
	}

	#endOf(what: OwnDevice): 'ended' | null {
		return this.#trackOf(what)?.mediaStreamTrack.readyState === 'ended' ? 'ended' : null;
	}

	// A pulled-out device only ends its track. LiveKit then tries another one, and mutes where there is none.
	#follow(what: OwnDevice) {
		const media = this.#trackOf(what)?.mediaStreamTrack;
		if (!media || this.#followed.has(media)) return;
		this.#followed.add(media);
		media.addEventListener('ended', () => {
			if (this.#trackOf(what)?.mediaStreamTrack !== media || !this.choice[what]) return;
			this.#note(what, 'ended');
			this.#readSent();
			setTimeout(() => void this.apply(), recoverAfter);
		});
	}

	async #checkCamera(watch: CameraWatch): Promise<void> {
		const track = this.#trackOf('camera') as LocalVideoTrack | undefined;
		if (!track || !this.#sent.camera || document.hidden) {
			watch.check(null);
			return;
		}
		const found = watch.check(await framesOf(track));
		if (track !== this.#trackOf('camera')) return;
		if (found === 'failed') this.#note('camera', 'failed');
		if (found === 'fine' && this.problems.camera === 'failed') this.#note('camera', null);
		if (found !== 'reopen') return;
		// Other changes, above all switching the microphone off, do not wait for the camera.
		this.#isCameraClosed = true;
		await this.apply();
		await new Promise((done) => setTimeout(done, watch.pause));
		this.#isCameraClosed = false;
		await this.apply();
	}

	/** Forgets the room, and keeps what the person has turned on. */
	clear(): void {
		clearInterval(this.#cameraTimer);
		this.#room = undefined;
		this.allowed = { camera: false, microphone: false, screen: false };
		this.isSharing = false;
		this.picture = null;
		this.sound = null;
		this.#sent = { camera: false, microphone: false };
	}

	/** The stored choice of this device. */
	static remembered(camera = true): DeviceChoice {
		return rememberedDevices(camera);
	}
}
