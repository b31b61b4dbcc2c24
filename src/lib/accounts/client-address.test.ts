import { expect, it } from 'vitest';
import { clientOf } from './client-address.ts';

it.each([
	['203.0.113.7', '203.0.113.7'],
	[' 203.0.113.7:51234 ', '203.0.113.7'],
	['::ffff:203.0.113.7', '203.0.113.7'],
	['::FFFF:203.0.113.7', '203.0.113.7'],
	['::ffff:cb00:7107', '203.0.113.7'],
	['0:0:0:0:0:ffff:cb00:7107', '203.0.113.7'],
	['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
	['2001:db8:1:2::9', '2001:db8:1:2::/64'],
	['2001:0DB8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
	['[2001:db8:1:3::9]:51234', '2001:db8:1:3::/64'],
	['2001:db8::1', '2001:db8:0:0::/64'],
	['fe80::1%eth0', 'fe80:0:0:0::/64'],
	['::1', '0:0:0:0::/64'],
	['unknown', 'unknown'],
	['', 'unknown'],
	['203.0.113.300', 'unknown'],
	['1::2::3', 'unknown'],
	['1:2:3', 'unknown'],
	['a'.repeat(5000), 'unknown'],
	['1:2:3:4:5:6:7:8:9', 'unknown'],
	['<script>', 'unknown']
])('%j is counted as %j', (address, group) => {
	expect(clientOf({ getClientAddress: () => address, platform: undefined })).toBe(group);
});
