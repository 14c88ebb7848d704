import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimInstance, peekInstance } from './instance.ts';

let folder = '';
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'instance-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const state = { command: 'npm start', pid: process.pid, ready: false, urls: {} };

test('a name is had once, and the second learns who has it', async () => {
	const first = await claimInstance(folder, 'start', state);
	const second = await claimInstance(folder, 'start', { ...state, command: 'other' });
	expect(first.mine).toBe(true);
	expect(second).toEqual({ mine: false, holder: state });
	if (first.mine) first.release();
});

test('another name and another folder are free', async () => {
	const elsewhere = mkdtempSync(join(tmpdir(), 'instance-'));
	const claims = [
		await claimInstance(folder, 'start', state),
		await claimInstance(folder, 'services', state),
		await claimInstance(elsewhere, 'start', state),
	];
	expect(claims.map(({ mine }) => mine)).toEqual([true, true, true]);
	for (const claim of claims) if (claim.mine) claim.release();
	rmSync(elsewhere, { recursive: true });
});

test('who waits for readiness learns when it comes', async () => {
	const claim = await claimInstance(folder, 'services', state);
	const waiting = peekInstance(folder, 'services', { untilReady: true });
	// By the time this answers, the one that connected before it is let in.
	await peekInstance(folder, 'services');
	if (claim.mine) claim.update({ ...state, ready: true });
	expect(await waiting).toEqual({ ...state, ready: true });
	if (claim.mine) claim.release();
});

test('nobody there is undefined, and a claim that was released is free', async () => {
	expect(await peekInstance(folder, 'start')).toBeUndefined();
	const claim = await claimInstance(folder, 'start', state);
	if (claim.mine) claim.release();
	expect((await claimInstance(folder, 'start', state)).mine).toBe(true);
});
