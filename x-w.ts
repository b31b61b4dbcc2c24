import { chromium } from '@playwright/test';
const origin = 'http://localhost:4210';
const sample = await (await fetch(origin + '/sample')).text();
const ids = Object.fromEntries([...sample.matchAll(/name="person" value="([^"]+)"[^>]*><bdi>([^<]+)/g)].map(([, id, name]) => [name!.split(' ')[0], id]));
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium-headless-shell' });
for (const [who, path] of JSON.parse(process.argv[2]!)) {
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const answer = await fetch(origin + '/sample', { method: 'POST', redirect: 'manual', headers: { origin, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ person: ids[who], next: '' }) });
  await context.addCookies(answer.headers.getSetCookie().map((c) => c.split(';')[0]!).map((c) => ({ name: c.slice(0, c.indexOf('=')), value: c.slice(c.indexOf('=') + 1), url: origin })));
  const page = await context.newPage(); await page.goto(origin + path);
  for (const width of [390, 768, 1100, 1280, 1440, 1920]) { await page.setViewportSize({ width, height: 900 });
    const r = await page.evaluate(() => { const w = document.documentElement.clientWidth; const rtl = document.documentElement.dir === 'rtl'; return { over: document.documentElement.scrollWidth - w, who: [...document.querySelectorAll('body *')].filter((e) => { const b = e.getBoundingClientRect(); return b.width > 0 && (rtl ? b.left < -1 : b.right > w + 1); }).slice(0, 6).map((e) => e.tagName + '.' + String(e.className).slice(0, 30) + ' ' + (e.textContent ?? '').trim().slice(0, 25)) }; });
    if (r.over > 0) console.log(who, path, width, r.over, JSON.stringify(r.who)); }
  await page.screenshot({ path: '/tmp/me/shots/w.png' });
  await context.close();
}
await browser.close();
