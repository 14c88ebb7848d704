import { PanelBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text';

/** Text that belongs beside the figures. */
export function note(title: string, width: number, height: number, content: string): PanelBuilder {
	return new PanelBuilder()
		.title(title)
		.span(width)
		.height(height)
		.mode(TextMode.Markdown)
		.content(content);
}
