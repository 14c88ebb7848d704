import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createPrinter, tailLength, wantsColour } from './children.ts';

function printed(coloured = false) {
	const written: string[] = [];
	return { written, printer: createPrinter((text) => written.push(text), coloured) };
}

test('each line says whose it is, in one column', () => {
	const { written, printer } = printed();
	printer.line('server', 'hello');
	printer.line('emulator', 'there');
	expect(written).toEqual(['server   | hello\n', 'emulator | there\n']);
});

test('each name has a colour of its own, and the text has none', () => {
	const { written, printer } = printed(true);
	printer.line('a', 'x');
	printer.line('b', 'x');
	const [first = '', second = ''] = written;
	expect(first.endsWith(' x\n')).toBe(true);
	expect(first.slice(0, 5)).not.toBe(second.slice(0, 5));
});

test('lines stay whole however they arrive, and the newest are kept', async () => {
	const { written, printer } = printed();
	const stream = new PassThrough();
	const tail = printer.follow('server', stream, null);
	stream.write('hal');
	stream.end(`f\n${Array.from({ length: tailLength }, (_, index) => index).join('\n')}\n`);
	await once(stream, 'close');
	expect(written[0]).toBe('server   | half\n');
	expect(tail).toHaveLength(tailLength);
	expect(tail[0]).toBe('0');
});

test('colour is for terminals and for those who ask, never against NO_COLOR', () => {
	expect(wantsColour({}, true)).toBe(true);
	expect(wantsColour({}, false)).toBe(false);
	expect(wantsColour({ FORCE_COLOR: '1' }, false)).toBe(true);
	expect(wantsColour({ FORCE_COLOR: '0' }, false)).toBe(false);
	expect(wantsColour({ NO_COLOR: '1', FORCE_COLOR: '1' }, true)).toBe(false);
});
