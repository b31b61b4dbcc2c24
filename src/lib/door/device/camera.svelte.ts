import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url';

interface Detector {
	detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}

const pause = 120;
// One code held before the lens is one scan.
const again = 4000;

/** Reads codes from the camera. The decoder is loaded from our site only. */
export class DoorCamera {
	state = $state<'off' | 'starting' | 'on' | 'refused'>('off');
	#stream: MediaStream | null = null;
	#last: { text: string; at: number } = { text: '', at: 0 };
	readonly #read: (text: string) => void;

	constructor(read: (text: string) => void) {
		this.#read = read;
	}

	/** Shows the camera in `video` and reads until stopped. */
	async start(video: HTMLVideoElement): Promise<void> {
		this.state = 'starting';
		try {
			const [stream, detector] = await Promise.all([
				navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } } }),
				findDetector()
			]);
			this.#stream = stream;
			video.srcObject = stream;
			await video.play();
			this.state = 'on';
			void this.#watch(video, detector);
		} catch {
			this.stop();
			this.state = 'refused';
		}
	}

	stop(): void {
		for (const track of this.#stream?.getTracks() ?? []) track.stop();
		this.#stream = null;
		this.state = 'off';
	}

	async #watch(video: HTMLVideoElement, detector: Detector) {
		const stream = this.#stream;
		while (this.#stream === stream && stream?.active) {
			const [found] = await detector.detect(video).catch(() => []);
			const now = Date.now();
			if (found && (found.rawValue !== this.#last.text || now - this.#last.at > again)) this.#read(found.rawValue);
			if (found) this.#last = { text: found.rawValue, at: now };
			await new Promise((done) => setTimeout(done, pause));
		}
	}
}

async function findDetector(): Promise<Detector> {
	const own = (
		globalThis as { BarcodeDetector?: { new (options: object): Detector; getSupportedFormats(): Promise<string[]> } }
	).BarcodeDetector;
	if (own && (await own.getSupportedFormats()).includes('qr_code')) return new own({ formats: ['qr_code'] });
	const { BarcodeDetector, prepareZXingModule } = await import('barcode-detector/ponyfill');
	prepareZXingModule({
		overrides: { locateFile: (path: string, prefix: string) => (path.endsWith('.wasm') ? wasm : prefix + path) }
	});
	return new BarcodeDetector({ formats: ['qr_code'] });
}
