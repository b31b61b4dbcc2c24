/** Regions, as the sample's members name them, and the names people have there. */
interface SampleRegion {
	name: string;
	/** ISO 3166 codes by the set of names that fits them. */
	countries: Record<string, string>;
}

/** 118 countries in five regions. */
const sampleRegions: SampleRegion[] = [
	{
		name: 'Africa',
		countries: {
			east: 'KE TZ UG RW ET ZM MW BW NA MU',
			west: 'GH NG SL LR GM',
			french: 'SN CI CM BJ TG ML BF MG GA CD',
			arabic: 'EG MA TN DZ LY MR',
			portuguese: 'MZ AO CV',
			english: 'ZA LS'
		}
	},
	{
		name: 'Asia and the Pacific',
		countries: {
			south: 'IN BD LK NP PK MV BT',
			southeast: 'ID MY PH VN TH KH TL',
			eastern: 'JP KR MN SG',
			arabic: 'JO LB IQ AE QA OM KW BH SA',
			pacific: 'FJ WS TO VU PG SB KI',
			turkic: 'KZ KG UZ'
		}
	},
	{
		name: 'Eastern Europe',
		countries: { slavic: 'PL CZ SK UA BG HR SI RS BA MK ME', baltic: 'EE LV LT RO MD AL HU', caucasian: 'GE AM AZ' }
	},
	{
		name: 'Latin America and the Caribbean',
		countries: {
			spanish: 'UY AR CL PE CO EC BO PY MX GT HN CR PA DO SV',
			portuguese: 'BR',
			caribbean: 'JM TT BB GY BS LC'
		}
	},
	{
		name: 'Western Europe and others',
		countries: {
			english: 'GB IE AU NZ CA US MT',
			french: 'FR BE CH LU',
			nordic: 'SE NO DK FI IS',
			german: 'DE AT NL',
			mediterranean: 'IT GR CY',
			iberian: 'ES PT',
			turkic: 'TR'
		}
	}
];

const names: Record<string, [given: string, family: string]> = {
	east: [
		'Grace Wanja Amani Neema Josephine Samuel Tendai Daudi Makena Wairimu Zawadi Kato',
		'Odhiambo Mwangi Kimaro Nakato Uwimana Tadesse Phiri Chirwa Kamau Achieng Mutasa Okello'
	],
	west: [
		'Ama Kofi Efua Kwame Adaeze Emeka Ngozi Tunde Abena Musa Fatu Yaw',
		'Mensah Boateng Nwosu Adeyemi Okonkwo Kamara Sesay Jallow Owusu Bello Conteh Asante'
	],
	french: [
		'Awa Marguerite Aminata Ousmane Élodie Julien Mariam Thierry Fatoumata Benoît Solange Ibrahima',
		'Diop Lefèvre Traoré Ouédraogo Nguema Rakoto Marchand Delacourt Koné Mbarga Sow Verhaegen'
	],
	arabic: [
		'Farid Salma Nour Youssef Rania Karim Layla Omar Huda Sami Mariam Tariq',
		'Haddad Khoury Mansour Benali Saleh Rahmani Nasser Darwish Awad Zahrani Fakhri Qasim'
	],
	portuguese: [
		'Inês Helena Rui Beatriz Tomás Luísa Mateus Lurdes Celso Benvinda',
		'Machava Tavares Nogueira Chissano-Reis Monteiro Furtado Azevedo Sitoe Barbosa Lopes-Vaz'
	],
	english: [
		'Eleanor Rhys Thandi Moira Callum Priya Hugh Niamh Joanna Lindiwe Owen Caitlin',
		'Hartwell Okafor-Lane Brennan Pryce Dlamini Ashdown Whitlock Macrae Raghunathan Fairweather Quill Lockhart'
	],
	south: [
		'Anjali Rohan Dilani Farhana Kamal Sunita Imran Lakshmi Tashi Nadeem Meera Suresh',
		'Perera Chaudhury Raman Gurung Siddiqui Wangchuk Bhatt Jayawardena Haque Shrestha Nair Waheed'
	],
	southeast: [
		'Dewi Bayu Siti Arif Maria Ligaya Jomar Mai Anh Somchai Sokha Nurul',
		'Hartono Wibowo Santos Dalisay Nguyễn Trần Suwan Chea Rahim Pereira Lestari Aquino'
	],
	eastern: [
		'Haruka Kenji Hye-jin Min-ho Sarnai Bat-Erdene Wei Ling Ayumi Jae Naoko Daichi',
		'Morikawa Tanabe Baek Seo Ganbold Chua Ishiguro Yoon Kobori Lim Hayashida Ong'
	],
	pacific: [
		'Sione Tomasi Mele Losa Tevita Ana Alofa Ropate Kalolo Sera',
		'Latu Vakalolo Faleolo Taufa Tuimaseve Kalsakau Naivalu Tekiau Somare-Vagi Leota'
	],
	turkic: [
		'Aigerim Elif Nurlan Defne Timur Aizada Emre Selin Dilshod Zehra',
		'Yıldız Abenov Karimova Demirel Sadykov Toktosun Aksoy Rakhimov Öztürk-Lale Beisen'
	],
	slavic: [
		'Katarzyna Ana Petr Oksana Mila Jakub Ivana Dragan Zuzana Andriy Nevena Luka',
		'Wójcik Petrović Dvořák Kovalenko Georgieva Novak Hrvatin Lysenko Stojanov Vlček Babić Zielińska'
	],
	baltic: [
		'Liis Andris Rūta Ioana Mihai Zsófia Besnik Kristjan Ilze Elira',
		'Tamm Ozols Petrauskas Munteanu Farkas Hoxha Kask Bērziņš Rusu Szabó-Vári'
	],
	caucasian: [
		'Davit Nino Ani Tigran Leyla Giorgi Lusine Rauf',
		'Gelashvili Sargsyan Mammadli Beridze Hakobyan Kvaratskhel Aliyeva-Nur Abashidze'
	],
	spanish: [
		'Lucía Óscar Rosa Ileana Joaquín Marisol Esteban Paloma Ramiro Xiomara Julián Belén',
		'Ferrer Belmonte Quispe Duarte Olivares Huamán Villalba Rocha Izaguirre Paredes Cárdenas Montiel'
	],
	caribbean: [
		'Marlon Keisha Dionne Errol Camille Andre Shanice Winston',
		'Baptiste Campbell-Roy Sealy Persaud Joseph-Hill Grant Braithwaite Lashley'
	],
	nordic: [
		'Ingrid Jón Astrid Eero Sunniva Mikkel Þóra Aino Lars Freja',
		'Eldjárn Lindqvist Solberg Virtanen Dahlgaard Hallström Nygård Korhonen Steinsdóttir Ravn'
	],
	german: [
		'Noor Katharina Bram Jonas Liselotte Anouk Matthias Femke Clemens Greta',
		'van-Dalen Sommerfeld Achterberg Brandtner de-Wit Lindenau Hofstätter Vermeulen Rosenau Kaltenbach'
	],
	mediterranean: [
		'Chiara Stavros Elena Marco Despina Giulia Andreas Ioulia',
		'Bellandi Kallergis Marangoni Stavrou Ricciardi Papanikou Fontanelli Zenonos'
	],
	iberian: [
		'Leire Duarte Nuria Afonso Amaia Rita Xavier Montserrat',
		'Etxarri Falcão Soler-Prat Quintela Iriarte Bastos Ferrandis Almeida-Rego'
	]
};

/** Every country with its region and its set of names, in a fixed order. */
export const countries = sampleRegions.flatMap((region) =>
	Object.entries(region.countries).flatMap(([set, codes]) =>
		codes.split(' ').map((code) => ({ code, region: region.name, names: set }))
	)
);

/** The given and family names of a set. */
export function nameSet(set: string): { given: string[]; family: string[] } {
	const [given, family] = names[set] ?? ['Robin', 'Hale'];
	return { given: given.split(' '), family: family.split(' ').map((name) => name.replace(/^(van|de)-/, '$1 ')) };
}
