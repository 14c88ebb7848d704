/** An event that ends in a check. */
export function Logo() {
	return (
		<svg class="logo" viewBox="0 0 16 16" aria-hidden="true">
			<circle cx="3" cy="6.5" r="1.4" />
			<path d="M4.2 8 7 12.6 14 3" />
		</svg>
	);
}
