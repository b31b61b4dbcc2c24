import { middle, moved, squareOf, type Crop } from './crop.ts';

/** A chosen picture and its square, while a person adjusts it. */
export class Cropping {
	crop = $state<Crop>({ ...middle });
	/** The address of the picture in this browser; '' where it cannot be drawn. */
	source = $state('');
	#width = $state(0);
	#height = $state(0);

	/** The square in percent of the picture, for its frame. */
	frame = $derived.by(() => {
		if (!this.#width) return null;
		const { side, left, top } = squareOf(this.crop, this.#width, this.#height);
		const share = (part: number, of: number) => `${(part / of) * 100}%`;
		return {
			left: share(left, this.#width),
			top: share(top, this.#height),
			width: share(side, this.#width),
			height: share(side, this.#height)
		};
	});

	choose(file: File | undefined): void {
		this.forget();
		if (file?.type.startsWith('image/')) this.source = URL.createObjectURL(file);
	}

	/** The browser has drawn it. */
	loaded(width: number, height: number): void {
		this.#width = width;
		this.#height = height;
	}

	forget(): void {
		if (this.source) URL.revokeObjectURL(this.source);
		this.source = '';
		this.#width = this.#height = 0;
		this.crop = { ...middle };
	}

	/** Moves the square by fractions of the picture. */
	move(byWidth: number, byHeight: number): void {
		this.crop = moved(this.crop, this.#width, this.#height, byWidth, byHeight);
	}
}
