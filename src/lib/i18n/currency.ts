// ISO 4217's own figures. Intl is unreliable for them: Chrome and Node return 0 for a forint, Firefox returns 2.
const whole = new Set('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '));
const thousandths = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '));

/** Digits of a currency's minor unit: 2 for EUR, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
	const code = currency.toUpperCase();
	return whole.has(code) ? 0 : thousandths.has(code) ? 3 : 2;
}
