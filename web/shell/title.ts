import { useEffect } from 'preact/hooks';

export function useTitle(...parts: readonly (string | null | undefined)[]): void {
	const title = [...parts, 'verifeed'].filter(Boolean).join(' · ');
	useEffect(() => {
		document.title = title;
	}, [title]);
}
