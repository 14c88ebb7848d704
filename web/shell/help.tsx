import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../parts/icon.tsx';
import { keyHelp } from './keys.ts';

export function Help({ onClose }: { onClose(): void }) {
	const dialog = useRef<HTMLDialogElement>(null);
	useEffect(() => dialog.current?.showModal(), []);
	return (
		<dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={onClose}>
			<div class="help-head">
				<h2 id="help-title">Keys</h2>
				<button
					type="button"
					class="icon-button"
					aria-label="Close"
					onClick={() => dialog.current?.close()}
				>
					<Icon name="cross" />
				</button>
			</div>
			<dl class="keys">
				{keyHelp.map(([key, does]) => (
					<div key={key}>
						<dt>
							<kbd>{key}</kbd>
						</dt>
						<dd>{does}</dd>
					</div>
				))}
			</dl>
			<p class="quiet">
				A click on a line’s number selects it, with shift a range. The link in the address bar
				always leads back to what you see.
			</p>
		</dialog>
	);
}
