// Prints what a browser loads (JS + CSS, gzip) up to the sign-in page and up to the dashboard,
// and fails above the budget. Reads the manifest of the last `npm run build`.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const pages = [
  { name: 'sign-in', budgetKb: 90, entries: ['index.html', 'src/views/SignInView.vue'] },
  {
    name: 'dashboard',
    budgetKb: 190,
    entries: [
      'index.html', 'src/views/SignInView.vue', 'src/views/shell/ShellView.vue',
      'src/views/dashboard/DashboardView.vue',
      ...['dashboard', 'chart', 'alarm', 'command'].map((area) => `src/i18n/zh-CN/${area}.json`),
    ],
  },
];

let manifest;
try {
  manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, 'utf8'));
} catch {
  console.error('size: no dist/.vite/manifest.json; run `npm run build` first');
  process.exit(2);
}

/** Files of an entry and of everything that it imports at once (not its lazy imports). */
function collect(key, files) {
  const chunk = manifest[key];
  if (!chunk) throw new Error(`size: ${key} is not in the manifest; was the view renamed?`);
  if (files.has(chunk.file)) return files;
  files.add(chunk.file);
  for (const css of chunk.css ?? []) files.add(css);
  for (const next of chunk.imports ?? []) collect(next, files);
  return files;
}

let over = false;
for (const page of pages) {
  const files = new Set(['boot.js']);
  for (const entry of page.entries) collect(entry, files);
  const bytes = [...files].map((file) => gzipSync(readFileSync(dist + file)).length);
  const kb = bytes.reduce((sum, size) => sum + size, 0) / 1024;
  const fits = kb <= page.budgetKb;
  over ||= !fits;
  console.log(
    `${page.name}: ${kb.toFixed(1)} KB gzip in ${files.size} files, budget ${page.budgetKb} KB` +
      (fits ? '' : ' — TOO LARGE'),
  );
}
process.exit(over ? 1 : 0);
