import { regionOf } from '../../lib/members/country-region.ts';
import { countries } from './countries.ts';
import type { Random } from './prng.ts';

/** An invented organisation. */
export interface SampleMember {
	id: string;
	code: string;
	name: string;
	sector: 'government' | 'intergovernmental' | 'civil_society' | 'private_sector';
	country: string;
	region: string;
	names: string;
}

// Invented words, so that no name is mistaken for a real organisation.
const words = (
	'Harbourlight Kestrel Lumen Baobab Warmi Norðurljós Tern Halcyon Meridian Juniper Alder Lantern Heron Marula Saffron Cedarbrook ' +
	'Thistle Larkspur Ceibo Waratah Rowan Sandpiper Jacaranda Mistral Petrel Quetzal Amaranth Calder Willowbank Osprey Tamarind ' +
	'Ibis Sorrel Linden Avocet Hawthorn Mangrove Plover Aspen Coral Curlew Drift Ember Fennel Gannet Hazel Indigo Jasper'
).split(' ');

const kinds = {
	government: [
		'Office for Child Safety',
		'Unit for Crimes against Children',
		'Ministry Desk for Digital Affairs',
		'Directorate for the Rights of the Child',
		'Agency for Online Safety'
	],
	intergovernmental: [
		'Regional Centre for Child Rights',
		'Interagency Office on Child Protection',
		'Secretariat for Justice and Children',
		'Partnership for Safe Networks'
	],
	civil_society: [
		'Foundation',
		'Hotline Network',
		'Child Helpline',
		'Centre for Child Rights',
		'Trust for Children',
		'Survivors’ Council',
		'Youth Forum',
		'Research Institute'
	],
	private_sector: ['Platforms', 'Safe Signal Labs', 'Telecom', 'Games', 'Cloud', 'Payments', 'Hosting', 'Messaging']
} as const;

const numbers = { government: 84, intergovernmental: 16, civil_society: 104, private_sector: 58 } as const;

/** 262 invented members over all the sample's countries and four sectors. */
export function makeMembers(random: Random): SampleMember[] {
	const regionNames = new Intl.DisplayNames('en', { type: 'region' });
	const used = new Set<string>();
	return (Object.keys(numbers) as (keyof typeof numbers)[]).flatMap((sector, offset) => {
		// Each sector walks the countries from another place, so that together they cover all of them.
		const order = random.shuffle(countries);
		return Array.from({ length: numbers[sector] }, (_, index) => {
			const place = order[(index + offset * 30) % order.length] ?? order[0];
			if (!place) throw new Error('no countries');
			let name: string;
			do {
				name = `${random.pick(words)} ${random.pick(kinds[sector])}`;
				if (sector === 'government') name += `, ${regionNames.of(place.code) ?? place.code}`;
			} while (used.has(name));
			used.add(name);
			return {
				id: random.uuid(),
				code: random.code(6),
				name,
				sector,
				country: place.code,
				region: regionOf(place.code),
				names: place.names
			};
		});
	});
}
