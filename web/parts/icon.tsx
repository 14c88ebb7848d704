/** Drawn on 16 by 16 with one line, in the colour of the text. */
const paths = {
	check: 'M3 8.5 6.5 12 13 4.5',
	copy: 'M5.5 5.5V3h7.5v7.5h-2.5M3 5.5h7.5V13H3z',
	download: 'M8 2.5v8M4.5 7 8 10.5 11.5 7M3 13.5h10',
	raw: 'M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5',
	folder: 'M2 4h4l1.5 2H14v7H2z',
	open: 'M6 4l4 4-4 4',
	file: 'M4 2h5l3 3v9H4zM9 2v3h3',
	search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5 14 14',
	refresh: 'M13 8a5 5 0 1 1-1.6-3.7M13 2.5V5h-2.5',
	sun: 'M8 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM8 1.5v1.5M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1',
	moon: 'M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z',
	auto: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 2.5v11M8 5.5h4.8M8 8h5.5M8 10.5h4.8',
	wait: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 5v3.2l2.2 1.3',
	warn: 'M8 2.5 14.5 13.5h-13zM8 6.5v3.5M8 11.8v.2',
	cross: 'M4 4l8 8M12 4l-8 8',
	files: 'M2.5 4h11M2.5 8h11M2.5 12h7',
	link: 'M6.5 9.5l3-3M7 4.5l1-1a3 3 0 0 1 4.5 4.5l-1 1M9 11.5l-1 1A3 3 0 0 1 3.5 8l1-1',
	away: 'M6 3.5H3v9.5h9.5V10M9 3h4v4M13 3 7.5 8.5',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }) {
	return (
		<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
			<path d={paths[name]} />
		</svg>
	);
}
