// node png.mjs FILE.svg...: draws each beside itself. The font is brought along: a machine may have none.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';

const fonts = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) =>
	fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}`)),
);
for (const file of process.argv.slice(2)) {
	const drawn = new Resvg(readFileSync(file, 'utf8'), {
		font: { fontFiles: fonts, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' },
		fitTo: { mode: 'zoom', value: 2 },
	});
	writeFileSync(file.replace(/\.svg$/, '.png'), drawn.render().asPng());
}
